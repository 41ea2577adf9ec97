"""What people counted in a market: listeners and complaints. Counts only; nothing about anybody."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import AiringId, Complaint, Counting


@dataclass(frozen=True, slots=True)
class Observed(Event):
    """Somebody counted who was within hearing of an airing. The newest of an airing counts, all are kept."""

    kind: ClassVar[str] = "observed"
    airing: AiringId
    women: int
    men: int
    method: Counting
    by: str
    """A registered code, or ``uid:1000``, the system's user."""


@dataclass(frozen=True, slots=True)
class Complained(Event):
    """Somebody complained about an airing. Who, and in which words, is nowhere; each row is one complaint."""

    kind: ClassVar[str] = "complained"
    airing: AiringId
    about: Complaint
    by: str
    """Who put it on record: a registered code, or ``uid:1000``, the system's user."""
