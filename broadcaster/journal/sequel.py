"""What came after an airing's end: what a microphone heard, who made it good, what people say. Pure: rows in, values out.

None of it changes the airing's own outcome: a missed airing stays missed, however often it is made good, and is made good once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from broadcaster.journal.ends import ends
from broadcaster.journal.events import Confirmed, Declared, Ended, Event, Listened, MakeGoodOrdered, Promise
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, Outcome

SAID: tuple[type[Event], ...] = (Confirmed, Declared, Listened)
"""What people, or the market's microphone, say of an airing after its end."""
SEQUELS: tuple[type[Event], ...] = (Ended, MakeGoodOrdered, *SAID)
"""All that :func:`sequels` reads."""


@dataclass(frozen=True)
class MakeGood:
    """One make-good of an airing."""

    airing: AiringId
    due: datetime
    outcome: Outcome | None
    """``None`` while it is to come."""


@dataclass(frozen=True)
class Confirmation:
    """What somebody who was there said, and when."""

    said: Confirmed
    utc: datetime


@dataclass(frozen=True)
class Declaration:
    """What was typed in from a control sheet, and when."""

    said: Declared
    utc: datetime


@dataclass(frozen=True)
class Sequel:
    """All of it, of one airing."""

    make_goods: tuple[MakeGood, ...] = ()
    """In the order in which they were ordered."""
    confirmed: Confirmation | None = None
    """The newest word of somebody who was there."""
    declared: Declaration | None = None
    """The newest line of a control sheet."""
    listened: Listened | None = None
    """What the microphone in the market made of its play."""

    @property
    def made_good(self) -> bool:
        """Whether it was aired after all: however many were, it counts once."""
        return any(each.outcome is Outcome.PLAYED for each in self.make_goods)


NOTHING = Sequel()


def sequels(rows: Iterable[Row]) -> dict[AiringId, Sequel]:
    """What came after each airing; nothing for an airing of which there is nothing to say. Each record's rows in order.

    Of what several records say, the newest counts.
    """
    kept = list(rows)
    ended = ends(kept)
    ordered: dict[AiringId, dict[AiringId, Promise]] = {}
    found: dict[AiringId, Sequel] = {}
    for row in kept:
        match row.event:
            case MakeGoodOrdered(airing=airing, promise=promise):
                ordered.setdefault(airing, {})[promise.airing] = promise
            case Listened(airing=airing) as heard:
                of_its_play = ended[airing].listened if airing in ended else None
                found[airing] = replace(found.get(airing, NOTHING), listened=of_its_play or heard)
    said_so = standing(row for row in kept if isinstance(row.event, Confirmed | Declared))
    for row in sorted(said_so, key=lambda row: row.utc):
        match row.event:
            case Confirmed(airing=airing) as said:
                found[airing] = replace(found.get(airing, NOTHING), confirmed=Confirmation(said, row.utc))
            case Declared(airing=airing) as said:
                found[airing] = replace(found.get(airing, NOTHING), declared=Declaration(said, row.utc))
    outcomes = {airing: end.said.outcome for airing, end in ended.items()}
    for missed, promises in ordered.items():
        found[missed] = replace(found.get(missed, NOTHING), make_goods=_made(promises, outcomes))
    return found


def standing(rows: Iterable[Row]) -> list[Row]:
    """Without what was typed in wrong and corrected since: a clock that was set back meanwhile makes it no newer."""
    kept = list(rows)
    corrected = {row.event.corrects for row in kept if isinstance(row.event, Declared)}
    return [row for row in kept if row.play not in corrected]


def _made(promises: Mapping[AiringId, Promise], ends: Mapping[AiringId, Outcome]) -> tuple[MakeGood, ...]:
    return tuple(MakeGood(name, promise.due, ends.get(name)) for name, promise in promises.items())
