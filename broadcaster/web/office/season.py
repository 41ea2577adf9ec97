"""The promises of some days, each as it ended or as it stands now: what the glance and the calendar are drawn from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from broadcaster.config import Station
from broadcaster.library.decisions import DECISIONS
from broadcaster.model import Airing, AiringId, MarketId, Plan, Reason, Seconds
from broadcaster.reports.agenda import previews
from broadcaster.reports.gathering import summary_of
from broadcaster.reports.ledger.figures import summary as summary_in
from broadcaster.reports.ledger.pages import markets
from broadcaster.reports.summary import Line, Period, Standing, Summary
from broadcaster.schedule.preview import Preview
from broadcaster.web.desk import Desk
from broadcaster.web.office.kept import ledger_of

MOST_MARKETS = 12
"""Side by side: beyond that only the station's own, since a country's would be no page."""


@dataclass(frozen=True)
class Slot:
    """One promise of the schedule, or a make-good."""

    line: Line
    stands: Preview | None = None
    """Of what is to come: whether it is ready, or what will stop it. ``None``: over, or no longer in the schedule."""


@dataclass(frozen=True)
class Days:
    """All of some days."""

    summary: Summary
    slots: tuple[Slot, ...]
    """The schedule's promises and the make-goods, by due time, then market."""

    def of(self, market: MarketId) -> Iterator[Slot]:
        """One market's."""
        return (slot for slot in self.slots if slot.line.market == market)


def days(desk: Desk, first: date, last: date, only: Collection[MarketId]) -> Days:
    """What was promised to these markets from ``first`` to ``last``, both included, as it stands now.

    :raises ConfigurationError, RecordUnavailable: the station's files have faults; its record cannot be read.
    """
    station, now = desk.station, desk.now()
    summary = _summary(desk, station, Period(first, last), now, only)
    lines = sorted((*summary.lines, *summary.make_goods), key=lambda line: (line.due, line.market, line.airing))
    coming = [line for line in lines if line.standing is Standing.TO_COME]
    stands = _standing(desk, station, desk.plan(), coming) if coming else {}
    return Days(summary, tuple(Slot(line, stands.get(line.airing)) for line in lines))


def _summary(desk: Desk, station: Station, period: Period, now: datetime, only: Collection[MarketId]) -> Summary:
    planned = desk.plan().airings
    found = summary_in(ledger_of(desk), planned, period, now, only)
    return summary_of(station, period, now, plan=planned, only=only) if found is None else found


def _standing(desk: Desk, station: Station, plan: Plan, coming: Sequence[Line]) -> Mapping[AiringId, Preview]:
    """``coming``: in order, at least one."""
    first, last = coming[0].due.date(), coming[-1].due.date()
    ordered = {_airing(line, station): line.make_good_of for line in coming if line.make_good_of is not None}
    found = previews(station, plan, desk.rows(DECISIONS), first, last, ordered=ordered)
    return {each.airing: each for each in found}


def _airing(line: Line, station: Station) -> Airing:
    silent = Reason.BLACKOUT if line.day in station.calendar.blackouts else None
    return Airing(line.airing, line.market, line.due, line.episode, Seconds(0.0), "", silent)


def in_sight(desk: Desk) -> tuple[MarketId, ...]:
    """The station's markets, and those of the record that it has no longer, where they are few."""
    own = tuple(desk.station.markets)
    every = (*own, *(MarketId(each) for each in markets(ledger_of(desk)) if each not in own))
    return every if len(every) <= MOST_MARKETS else own


def next_due(plan: Plan, now: datetime) -> date | None:
    """The day of the last of the markets' next airings; ``None``: nothing is to come."""
    following: dict[MarketId, datetime] = {}
    for airing in plan.airings:
        if airing.due > now and airing.cancelled is None:
            following.setdefault(airing.market, airing.due)
    return max(following.values()).date() if following else None
