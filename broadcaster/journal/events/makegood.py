"""An airing made good: a second promise for one that was missed, or that broke off. The missed one stays missed."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.journal.events.daemon import Promise
from broadcaster.model import AiringId

MAKE_GOOD = "makegood/"
"""What the name of a make-good begins with, where an airing's begins with its date."""
BY_RULE = "rule:same_day"
"""Who ordered it when nobody did: the season's rule."""


@dataclass(frozen=True, slots=True)
class MakeGoodOrdered(Event):
    """Somebody, or a season's rule, wants a missed airing aired after all; durable before anything is done for it."""

    kind: ClassVar[str] = "make_good_ordered"
    airing: AiringId
    """The airing that was missed."""
    promise: Promise
    """A promise like any other; its airing is :func:`make_good_id`."""
    by: str
    """Who: ``uid:1000``, the system's user at the box, or :data:`BY_RULE`."""


@dataclass(frozen=True, slots=True)
class MakeGoodCancelled(Event):
    """Somebody no longer wants a make-good that was ordered and has not begun; its terminal row follows."""

    kind: ClassVar[str] = "make_good_cancelled"
    airing: AiringId
    """The make-good."""
    by: str
    """Who: ``uid:1000``, the system's user at the box."""


def make_good_id(missed: AiringId, attempt: int) -> AiringId:
    """The name of the ``attempt``-th make-good of an airing: ``makegood/1/2021-06-18T10:00/unicachi``."""
    return AiringId(f"{MAKE_GOOD}{attempt}/{missed}")


def make_good_of(airing: AiringId) -> AiringId | None:
    """The missed airing that a make-good is for, read off its name; ``None`` of any other airing."""
    if not airing.startswith(MAKE_GOOD):
        return None
    _prefix, _attempt, missed = airing.split("/", 2)
    return AiringId(missed)
