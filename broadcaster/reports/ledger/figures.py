"""A period's summary from the ledger: what :func:`~broadcaster.reports.summing.summarise` makes of all rows, without them.

The counts are summed in the database; of few airings the lines are made at once, of many when somebody looks at them.
"""

import json
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, case, func, not_, select

from broadcaster.config import Station
from broadcaster.journal.events import Observed, Promise
from broadcaster.journal.payload import utc_from
from broadcaster.model import Airing, AiringId, Complaint, Counting, EpisodeNumber, MarketId, Outcome, Seconds
from broadcaster.reports.counting import count
from broadcaster.reports.ledger.catching import about, named, real, some
from broadcaster.reports.ledger.entries import UNKNOWN, known_of, microseconds, read_words
from broadcaster.reports.ledger.keeping import Ledger, Sight
from broadcaster.reports.ledger.late import LateLines
from broadcaster.reports.ledger.pages import between
from broadcaster.reports.ledger.sorts import Sum, flat_of
from broadcaster.reports.ledger.tables import AIRINGS, BESIDE, NODES, SORTS, WITH_PEOPLE
from broadcaster.reports.lines import from_plan, lines_of
from broadcaster.reports.merging import Known
from broadcaster.reports.reach import by_month
from broadcaster.reports.summary import Group, Kind, Line, Period, RecordSeen, Summary, Tally
from broadcaster.reports.summing import district_of, in_order, name_of

K = TypeVar("K", bound=Hashable)
AT_HAND = 2_000
"""Airings of which the lines are made at once, as of the same moment as the counts."""


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
    asked = _Asked(ledger.station, period, made, only)
    inside = [each for each in plan if asked.covers(each)]
    return ledger.look(lambda sight: None if sight is None else _Summing(sight, asked, inside).whole())


@dataclass
class _Told:
    """What the ledger tells of all nodes together."""

    records: list[RecordSeen] = field(default_factory=list)
    markets: set[MarketId] = field(default_factory=set)
    accepted: dict[MarketId, tuple[datetime, datetime]] = field(default_factory=dict)


class _Summing:
    """One period's sums, made in one look at the ledger."""

    def __init__(self, sight: Sight, asked: _Asked, plan: Sequence[Airing]) -> None:
        self.sight = sight
        self.asked = asked
        self.told = _told(sight, asked.made)
        self.lengths: dict[EpisodeNumber, Seconds] = {}
        self.planned, self.unpromised = self._from_plan(plan)

    def whole(self) -> Summary:
        markets, named_ = self._by(AIRINGS.c.market), self.asked.station.markets
        episodes = self._by(AIRINGS.c.day, AIRINGS.c.episode)
        for line in self.planned:
            for sums, key in ((markets, (line.market,)), (episodes, (line.day.toordinal(), line.episode))):
                sums.setdefault(key, Sum()).take(count([line]))
        days = ((date.fromordinal(day), sum_) for (day, _episode), sum_ in episodes.items())
        dates = _summed(days)
        weeks = (("{:04}-W{:02}".format(*day.isocalendar()[:2]), sum_) for day, sum_ in dates.items())
        total, tallies = Sum.of(dates.values()).counts(), self._tallies()
        lines, make_goods, by_hand = self._lines(total.planned + sum(tally.number for tally in tallies.values()))
        seen, complaints = self._people()
        return Summary(
            period=self.asked.period,
            made=self.asked.made,
            lines=lines,
            make_goods=make_goods,
            by_hand=by_hand,
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
            unpromised=self.unpromised,
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
        sorts = {
            number: flat_of(text) for number, text in self.sight.ledger.execute(select(SORTS.c.id, SORTS.c.counts))
        }
        self._learn_lengths({EpisodeNumber(cell.without) for cell in cells if cell.without not in {None, -1}})
        found: dict[tuple[Any, ...], Sum] = {}
        for *key, sort, without, number, promised, heard, delay, worst in cells:
            length = None if without is None else self.lengths.get(without)
            unknown = number if without is not None and length is None else 0
            seconds = (promised or 0.0) + (length or 0.0) * number, heard, delay or 0.0, worst or 0.0
            found.setdefault(tuple(key), Sum()).add(sorts[sort], number, seconds, unknown)
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
        known = Known((), self._promised([each.id for each in plan]), {}, {}, self.told.accepted)
        new = [each for each in plan if each.id not in known.promises]
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

    def _lines(self, number: int) -> tuple[Sequence[Line], Sequence[Line], Sequence[Line]]:
        if number <= AT_HAND:
            made = self._of_kinds(self.made_lines())
            return made[Kind.AIRING], made[Kind.MAKE_GOOD], made[Kind.BY_HAND]
        late = LateLines.of(self._later)
        return late[Kind.AIRING], late[Kind.MAKE_GOOD], late[Kind.BY_HAND]

    def _later(self) -> Mapping[Kind, tuple[Line, ...]]:
        """The lines, in a look of their own."""
        with Ledger.open(self.asked.station) as ledger:
            return ledger.look(self._again)

    def _again(self, sight: Sight | None) -> Mapping[Kind, tuple[Line, ...]]:
        if sight is None:
            return self._of_kinds(())
        again = _Summing(sight, self.asked, ())
        again.planned = self.planned
        return self._of_kinds(again.made_lines())

    def made_lines(self) -> Iterator[Line]:
        """The lines of the period, from the rows about its airings and their make-goods."""
        wanted = select(AIRINGS.c.airing).where(*self.asked.where())
        inside = {AiringId(airing) for airing in self.sight.ledger.execute(wanted).scalars()}
        told = {name: read_words(name, words) for name, _root, words in named(self.sight.ledger, sorted(inside))}
        rows = real(about(self.sight.journal, sorted(told)), self.sight.ledger)
        known = known_of(rows, told)
        self._learn_lengths({each.episode for each in _all(known) if each.episode is not None})
        yield from (line for line in lines_of(known, self.asked.made, self.lengths) if line.airing in inside)
        yield from (line for line in self.planned if line.airing not in inside)  # promised since, perhaps

    @staticmethod
    def _of_kinds(lines: Iterable[Line]) -> dict[Kind, tuple[Line, ...]]:
        ordered = in_order(lines)
        return {kind: tuple(line for line in ordered if line.kind is kind) for kind in Kind}


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


def _told(sight: Sight, made: datetime) -> _Told:
    told = _Told()
    for row in sight.ledger.execute(select(NODES).where(NODES.c.rows > 0)):
        own = tuple(MarketId(name) for name in json.loads(row.markets))
        newest = utc_from(row.newest).astimezone(made.tzinfo)
        told.records.append(RecordSeen(row.node, own, row.rows, newest, row.newest_key))
        told.markets.update(own)
        for market, moments in json.loads(row.accepted).items():
            first, last = map(utc_from, moments)
            before = told.accepted.get(MarketId(market), (first, last))
            told.accepted[MarketId(market)] = min(before[0], first), max(before[1], last)
    told.records.sort(key=lambda record: record.node)
    return told
