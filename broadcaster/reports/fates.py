"""What papers draw of each promise: far less than its line, so that a ledger tells it without any row about it. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from broadcaster.model import EpisodeNumber, HeardAs, MarketId, Outcome, Reason
from broadcaster.reports.ledger.late import LateLines
from broadcaster.reports.summary import Line


class Fate(NamedTuple):
    """What became of one promise of the schedule; fields as of its :class:`~broadcaster.reports.summary.Line`."""

    market: MarketId
    due: datetime
    """Local, aware."""
    episode: EpisodeNumber | None
    outcome: Outcome | None
    reason: Reason | None
    off_calendar: bool
    made_good: bool
    heard: HeardAs | None
    """What somebody who was there said: the sheet's word, which is signed, before the tap's."""

    @property
    def day(self) -> date:
        """The local day on which it was due."""
        return self.due.date()

    @property
    def fulfilled(self) -> bool:
        """Whether the market has heard it whole, at its time or made good."""
        return self.outcome is Outcome.PLAYED or self.made_good


def fates(lines: Sequence[Line]) -> Sequence[Fate]:
    """Of each of them, in their order. Lines that are not made yet stay so."""
    return lines.fates if isinstance(lines, LateLines) else tuple(map(fate_of, lines))


def fate_of(line: Line) -> Fate:
    """Of one of them."""
    said = line.declared or line.confirmed
    return Fate(
        market=line.market,
        due=line.due,
        episode=line.episode,
        outcome=line.outcome,
        reason=line.reason,
        off_calendar=line.off_calendar,
        made_good=line.made_good,
        heard=None if said is None else said.heard,
    )
