"""A period's summary from the ledger: what :func:`~broadcaster.reports.summing.summarise` makes of all rows, without them.

The counts are summed in the database; of few airings the lines are made at once, of many when somebody looks at them.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, case, func, not_, select

from broadcaster.config import Station
from broadcaster.journal.events import Observed, Promise
from broadcaster.model import Airing, AiringId, Complaint, Counting, EpisodeNumber, MarketId, Outcome, Seconds
from broadcaster.reports.fates import Fate, fate_of
from broadcaster.reports.ledger.catching import about, named, real, some
from broadcaster.reports.ledger.computers import Told, told_of
from broadcaster.reports.ledger.entries import UNKNOWN, known_of, microseconds, read_words
from broadcaster.reports.ledger.fated import fates_of, sorts_of
from broadcaster.reports.ledger.keeping import Ledger, Sight
from broadcaster.reports.ledger.late import LateLines
from broadcaster.reports.ledger.pages import between
from broadcaster.reports.ledger.sorts import Sum
from broadcaster.reports.ledger.tables import AIRINGS, BESIDE, WITH_PEOPLE
from broadcaster.reports.lines import from_plan, lines_of
from broadcaster.reports.merging import Known
from broadcaster.reports.reach import by_month
from broadcaster.reports.summary import Group, Kind, Line, Period, Summary, Tally
from broadcaster.reports.summing import district_of, in_order, name_of

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
AT_HAND = 2_000
"""Airings of the period of which the lines are made at once, as of the same moment as the counts."""


@dataclass(frozen=True)
class _Asked:
    station: Station
    period: Period
    made: datetime
    only: Collection[MarketId] | None

    def where(self) -> list[ColumnElement[bool]]:
        """Which rows of the ledger; those of which only something was said are on no day."""
        wanted = [*between(self.period.first, self.period.last, self.station.timezone), AIRINGS.c.kind != UNKNOWN]
        return wanted if self.only is None else [*wanted, AIRINGS.c.market.in_(sorted(self.only))]

    def covers(self, airing: Airing) -> bool:
        day = airing.due.astimezone(self.made.tzinfo).date()
        return day in self.period and (self.only is None or airing.market in self.only)


def summary(
    ledger: Ledger, plan: Sequence[Airing], period: Period, made: datetime, only: Collection[MarketId] | None = None
) -> Summary | None:
    """What became of the promises due in ``period``, as known at ``made`` (aware, local); ``None``: there is no journal.

    :raises RecordUnavailable, UnknownSchema, UnknownPayload: the journal cannot be read.
    """
    found = summaries(ledger, plan, (period,), made, only)
    return None if found is None else found[0]


def summaries(
    ledger: Ledger,
    plan: Sequence[Airing],
    periods: Sequence[Period],
    made: datetime,
    only: Collection[MarketId] | None = None,
) -> list[Summary] | None:
    """The same of several periods in one look; lines of all but the first are made when somebody looks at them."""

    def summed(sight: Sight | None) -> list[Summary] | None:
        if sight is None:
            return None
        told = told_of(sight, made)
        each = [_Summing(sight, _Asked(ledger.station, period, made, only), told) for period in periods]
        return [one.whole(plan, at_hand=0 if number else AT_HAND) for number, one in enumerate(each)]

    return ledger.look(summed)


class _Summing:
    """One period's sums, made in one look at the ledger."""

    def __init__(self, sight: Sight, asked: _Asked, told: Told) -> None:
        self.sight = sight
        self.asked = asked
        self.told = told
        self.lengths: dict[EpisodeNumber, Seconds] = {}
        self.planned: list[Line] = []
        """What the schedule has beyond the ledger."""

    def whole(self, plan: Sequence[Airing], *, at_hand: int) -> Summary:
        """Lines of more airings than ``at_hand`` are made later."""
        self.planned, unpromised = self._from_plan([each for each in plan if self.asked.covers(each)])
        markets, named_ = self._by(AIRINGS.c.market), self.asked.station.markets
        episodes = self._by(AIRINGS.c.day, AIRINGS.c.episode)
        for line in self.planned:
            for sums, key in ((markets, (line.market,)), (episodes, (line.day.toordinal(), line.episode))):
                sums.setdefault(key, Sum()).take(line)
        days = ((date.fromordinal(day), sum_) for (day, _episode), sum_ in episodes.items())
        dates = _summed(days)
        weeks = (("{:04}-W{:02}".format(*day.isocalendar()[:2]), sum_) for day, sum_ in dates.items())
        total, tallies = Sum.of(dates.values()).counts(), self._tallies()
        number = total.planned + sum(tally.number for tally in tallies.values())
        lines = self.lines() if number <= at_hand else LateLines.of(self._lines_later, self._fates_later)
        seen, complaints = self._people()
        return Summary(
            period=self.asked.period,
            made=self.asked.made,
            lines=lines[Kind.AIRING],
            make_goods=lines[Kind.MAKE_GOOD],
            by_hand=lines[Kind.BY_HAND],
            total=total,
            markets=_groups(((key, name_of(key, named_)), sum_) for (key,), sum_ in markets.items()),
            districts=_groups((district_of(key, named_), sum_) for (key,), sum_ in markets.items()),
            episodes=_groups(((f"{key or 0:03}",) * 2, sum_) for (_day, key), sum_ in episodes.items()),
            weeks=_groups(((key,) * 2, sum_) for key, sum_ in weeks),
            months=_groups(((f"{day:%Y-%m}",) * 2, sum_) for day, sum_ in dates.items()),
            make_good_tally=tallies[Kind.MAKE_GOOD],
            by_hand_tally=tallies[Kind.BY_HAND],
            records=tuple(self.told.records),
            silent=tuple(sorted({key for (key,) in markets} - self.told.markets)),
            unpromised=unpromised,
            reach=by_month(seen),
            complaints=complaints,
        )

    # Counts

    def _by(self, *groups: ColumnElement[Any]) -> dict[tuple[Any, ...], Sum]:
        """The sums over the promises that are alike in these columns."""
        to_come = and_(AIRINGS.c.early.is_not(None), AIRINGS.c.due > microseconds(self.asked.made))
        counts_as = case((to_come, AIRINGS.c.early), else_=AIRINGS.c.sort).label("counts_as")
        counted = and_(AIRINGS.c.counted, not_(to_come))
        missing = case((and_(counted, AIRINGS.c.expected_s.is_(None)), func.coalesce(AIRINGS.c.episode, -1)))
        wanted = (
            select(
                *(*groups, counts_as, missing.label("without"), func.count().label("n")),
                func.sum(case((counted, AIRINGS.c.expected_s), else_=0.0)).label("promised"),
                func.sum(AIRINGS.c.heard_s).label("heard"),
                func.sum(AIRINGS.c.delay_s).label("delay"),
                func.max(AIRINGS.c.delay_s).label("worst"),
            )
            .where(*self.asked.where(), AIRINGS.c.kind == Kind.AIRING.value)
            .group_by(*groups, "counts_as", "without")
        )
        cells = self.sight.ledger.execute(wanted).all()
        sorts = sorts_of(self.sight.ledger)
        self._learn_lengths({EpisodeNumber(cell.without) for cell in cells if cell.without not in {None, -1}})
        found: dict[tuple[Any, ...], Sum] = defaultdict(Sum)
        for *key, sort, without, number, promised, heard, delay, worst in cells:
            length = None if without is None else self.lengths.get(without)
            unknown = number if without is not None and length is None else 0
            seconds = (promised or 0.0) + (length or 0.0) * number, heard, delay or 0.0, worst or 0.0
            found[tuple(key)].add(sorts[sort], number, seconds, unknown)
        return found

    def _learn_lengths(self, episodes: Collection[EpisodeNumber]) -> None:
        """How long each of these was at its newest airing of which that is known."""
        for episode in sorted(set(episodes) - self.lengths.keys()):
            newest = (
                select(AIRINGS.c.expected_s)
                .where(AIRINGS.c.episode == episode, AIRINGS.c.expected_s.is_not(None))
                .order_by(AIRINGS.c.due.desc(), AIRINGS.c.airing.desc())
                .limit(1)
            )
            if (length := self.sight.ledger.execute(newest).scalar()) is not None:
                self.lengths[episode] = Seconds(length)

    def _tallies(self) -> dict[Kind, Tally]:
        """Of what is no promise of the schedule."""
        wanted = (
            select(AIRINGS.c.kind, AIRINGS.c.outcome, func.count(), func.sum(AIRINGS.c.played_s))
            .where(*self.asked.where(), BESIDE)
            .group_by(AIRINGS.c.kind, AIRINGS.c.outcome)
        )
        found: dict[str, dict[str | None, tuple[int, float]]] = {}
        for kind, outcome, number, played in self.sight.ledger.execute(wanted):
            found.setdefault(kind, {})[outcome] = number, played
        return {kind: _tally(found.get(kind.value, {})) for kind in (Kind.MAKE_GOOD, Kind.BY_HAND)}

    # What is told beside them

    def _people(self) -> tuple[list[tuple[str, MarketId, Observed]], dict[Complaint, int]]:
        """What was counted at the airings of the period, and what was complained of."""
        wanted = select(AIRINGS.c.airing, AIRINGS.c.market, AIRINGS.c.day, AIRINGS.c.people)
        told = [
            (AiringId(airing), MarketId(market), f"{date.fromordinal(day):%Y-%m}", json.loads(people))
            for airing, market, day, people in self.sight.ledger.execute(wanted.where(*self.asked.where(), WITH_PEOPLE))
        ]
        unknown = {airing: people for airing, people in self._unknown() if people is not None}
        told += [
            (line.airing, line.market, line.month, json.loads(unknown[line.airing]))
            for line in self.planned
            if line.airing in unknown
        ]
        seen = [
            (month, market, Observed(airing, said[0], said[1], Counting(said[2]), said[3]))
            for airing, market, month, people in told
            if (said := people["seen"]) is not None
        ]
        complaints = Counter[str]()
        for *_line, people in told:
            complaints.update(people["complaints"])
        return seen, {about: complaints[about.value] for about in Complaint}

    def _unknown(self) -> Iterator[tuple[AiringId, str | None]]:
        """The airings of which only something was said."""
        found = select(AIRINGS.c.airing, AIRINGS.c.people).where(AIRINGS.c.due == 0, AIRINGS.c.kind == UNKNOWN)
        return ((AiringId(airing), people) for airing, people in self.sight.ledger.execute(found))

    def _from_plan(self, plan: Sequence[Airing]) -> tuple[list[Line], int]:
        """What the schedule has beyond the ledger, and how many airings were never promised."""
        promised = self._promised([each.id for each in plan])
        new = [each for each in plan if each.id not in promised]
        known = Known((), promised, {}, {}, self.told.accepted({each.market for each in new}))
        said = sorted({each.id for each in new} & {airing for airing, _people in self._unknown()}) if new else []
        if said:
            of_them = known_of(real(about(self.sight.journal, said), self.sight.ledger), {})
            known = Known((), known.promises, {}, {}, known.accepted, *_words(of_them))
        self._learn_lengths({each.episode for each in new if each.episode is not None})
        lines, unpromised = from_plan(known, new, self.asked.station.markets, self.asked.made, self.lengths)
        return lines, len(unpromised)

    def _promised(self, names: Sequence[AiringId]) -> dict[AiringId, Promise]:
        """Which of these the ledger knows, each with the last promise if there is one."""
        found: dict[AiringId, Promise] = {}
        for few in some(names):
            wanted = select(AIRINGS.c.airing, AIRINGS.c.market).where(
                AIRINGS.c.airing.in_(few), AIRINGS.c.kind != UNKNOWN
            )
            for airing, market in self.sight.ledger.execute(wanted):
                nothing = Promise(AiringId(airing), MarketId(market), self.asked.made, None, Seconds(0.0))
                found[AiringId(airing)] = nothing
        return found

    # Lines

    def lines(self) -> dict[Kind, tuple[Line, ...]]:
        """The lines of the period, from the rows about its airings and their make-goods."""
        ordered = in_order(self._lines())
        return {kind: tuple(line for line in ordered if line.kind is kind) for kind in Kind}

    def _lines(self) -> Iterator[Line]:
        wanted = select(AIRINGS.c.airing).where(*self.asked.where())
        inside = {AiringId(airing) for airing in self.sight.ledger.execute(wanted).scalars()}
        told = {name: read_words(name, words) for name, _root, words in named(self.sight.ledger, sorted(inside))}
        rows = real(about(self.sight.journal, sorted(told)), self.sight.ledger)
        known = known_of(rows, told)
        self._learn_lengths({each.episode for each in _all(known) if each.episode is not None})
        yield from (line for line in lines_of(known, self.asked.made, self.lengths) if line.airing in inside)
        yield from (line for line in self.planned if line.airing not in inside)  # promised since, perhaps

    def fates(self, kind: Kind) -> tuple[Fate, ...]:
        """What papers draw of the lines of one kind, without a look at any row about them."""
        wanted = *self.asked.where(), AIRINGS.c.kind == kind.value
        found = list(fates_of(self.sight.ledger, wanted, self.asked.made.tzinfo))
        since = self._promised([line.airing for line in self.planned])
        found += (fate_of(line) for line in self.planned if line.kind is kind and line.airing not in since)
        return tuple(sorted(found, key=lambda fate: (fate.due, fate.market)))

    def _lines_later(self) -> Mapping[Kind, tuple[Line, ...]]:
        return self._again(_Summing.lines, dict.fromkeys(Kind, ()))

    def _fates_later(self, kind: Kind) -> tuple[Fate, ...]:
        return self._again(lambda again: again.fates(kind), ())

    def _again(self, tell: "Callable[[_Summing], T]", nothing: T) -> T:
        """The same promises, in a look of its own."""

        def told(sight: Sight | None) -> T:
            if sight is None:
                return nothing
            again = _Summing(sight, self.asked, self.told)
            again.planned = self.planned
            return tell(again)

        with Ledger.open(self.asked.station) as ledger:
            return ledger.look(told)


def _all(known: Known) -> Iterator[Any]:
    """Promises and ends: what has an episode."""
    yield from known.promises.values()
    yield from (end.said for end in known.ends.values())


def _words(known: Known) -> tuple[Any, ...]:
    return known.confirmed, known.declared, known.reported


def _groups(found: Iterable[tuple[tuple[str, str], Sum]]) -> tuple[Group, ...]:
    """Each with its key and name; some come more than once."""
    return tuple(Group(key, name, sum_.counts()) for (key, name), sum_ in sorted(_summed(found).items()))


def _summed(found: Iterable[tuple[K, Sum]]) -> dict[K, Sum]:
    """By key, of which some come more than once."""
    sums: dict[K, list[Sum]] = {}
    for key, sum_ in found:
        sums.setdefault(key, []).append(sum_)
    return {key: same[0] if len(same) == 1 else Sum.of(same) for key, same in sums.items()}


def _tally(found: Mapping[str | None, tuple[int, float]]) -> Tally:
    """``found``: number and seconds by outcome; ``None``: without an end."""
    return Tally(
        **{outcome.value: found.get(outcome.value, (0, 0.0))[0] for outcome in Outcome},
        open=found.get(None, (0, 0.0))[0],
        played_s=sum(played for _number, played in found.values()),
    )
