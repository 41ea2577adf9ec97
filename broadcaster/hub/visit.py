"""A stick's whole visit: what it brings is taken in, and at a market's computer what was played goes back on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from broadcaster.config import Station
from broadcaster.hub.exchange import NotTaken, take_stick
from broadcaster.hub.incoming import Taken
from broadcaster.hub.outgoing import Written, write_for_office
from broadcaster.hub.pairing import AskCode, Met
from broadcaster.hub.receiving import Received, open_claims, settled
from broadcaster.hub.refusals import StickNotWritten
from broadcaster.journal.append import Journal

Share = Callable[[float], None]


@dataclass(frozen=True)
class Visit:
    """What came of it."""

    good: tuple[Met | Taken, ...]
    left: tuple[NotTaken, ...]
    """Of these markets the stick's part was left alone, and why."""
    back: Written | None = None
    """What it carries for the office now."""
    not_back: StickNotWritten | None = None
    """Why it carries nothing."""
    messages: tuple[Received, ...] = ()
    """What the record that came makes of messages that had come before it."""


def take_in(
    station: Station,
    journal: Journal,
    stick: Path,
    ask: AskCode,
    *,
    again: bool = False,
    share: Share = lambda _share: None,
) -> Visit:
    """Take in what is there, and make the stick ready for its way back where it came from the office.

    Raises as :func:`~broadcaster.hub.exchange.take_stick` does; a stick that cannot be written is told of, not raised.
    """
    were_open = open_claims(station)
    done = take_stick(station, journal, stick, ask, again=again, share=share)
    visit = Visit(
        good=tuple(each for each in done if not isinstance(each, NotTaken)),
        left=tuple(each for each in done if isinstance(each, NotTaken)),
        messages=tuple(settled(station, were_open)),
    )
    if not any(isinstance(each, Taken) and each.from_office for each in visit.good):
        return visit
    try:
        return replace(visit, back=write_for_office(station, journal, stick))
    except StickNotWritten as problem:
        return replace(visit, not_back=problem)
