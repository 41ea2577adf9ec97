"""Plan and journals → :class:`~broadcaster.reports.summary.Summary`. Pure: the moment it tells of is given.

::

    journals ──▶ merged (each row once) ──▶ one line a promise ──▶ those of the period ──▶ counts, whole and by group
    plan ────────────────────────────────────▲
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from broadcaster.journal.events import Complained
from broadcaster.journal.row import Row
from broadcaster.model import Airing, Complaint, Market, MarketId
from broadcaster.reports.counting import by_group, count, tally
from broadcaster.reports.lines import from_plan, lines_of
from broadcaster.reports.merging import Known, markets_of, merge
from broadcaster.reports.reach import reach
from broadcaster.reports.summary import Kind, Line, Period, RecordSeen, Summary


@dataclass(frozen=True)
class _Asked:
    """What is asked for."""

    period: Period
    only: Collection[MarketId] | None

    def covers(self, market: MarketId, due: datetime) -> bool:
        """``due``: local."""
        return due.date() in self.period and (self.only is None or market in self.only)


def summarise(
    journals: Iterable[Iterable[Row]],
    plan: Sequence[Airing],
    markets: Mapping[MarketId, Market],
    period: Period,
    made: datetime,
    *,
    only: Collection[MarketId] | None = None,
) -> Summary:
    """What became of the promises due in ``period``, as known at ``made`` (aware, local: its zone is that of all days).

    ``plan``: the schedule as the files are now; it adds what no record at hand has promised yet. ``markets``: those of the
    station, by which groups are named; ``only``: of these markets, else of all.

    :raises JournalsDisagree: two rows of one key differ.
    """
    known, asked = merge(journals), _Asked(period, only)
    planned, unpromised = from_plan(known, plan, markets, made)
    lines = in_order(line for line in (*lines_of(known, made), *planned) if asked.covers(line.market, line.due))
    promised = _of(Kind.AIRING, lines)
    make_goods, by_hand = _of(Kind.MAKE_GOOD, lines), _of(Kind.BY_HAND, lines)
    return Summary(
        period=period,
        made=made,
        lines=promised,
        make_goods=make_goods,
        by_hand=by_hand,
        total=count(promised),
        markets=by_group(promised, lambda line: (line.market, name_of(line.market, markets))),
        districts=by_group(promised, lambda line: district_of(line.market, markets)),
        episodes=by_group(promised, lambda line: (f"{line.episode or 0:03}",) * 2),
        weeks=by_group(promised, lambda line: (line.week,) * 2),
        months=by_group(promised, lambda line: (line.month,) * 2),
        make_good_tally=tally(make_goods),
        by_hand_tally=tally(by_hand),
        records=tuple(_records(known, made)),
        silent=_silent(known, promised),
        unpromised=sum(asked.covers(each.market, each.due.astimezone(made.tzinfo)) for each in unpromised),
        reach=reach(known.rows, lines),
        complaints=_complaints(known, lines),
    )


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """By due time, then market."""
    return tuple(sorted(lines, key=lambda line: (line.due, line.market, line.airing)))


def _of(kind: Kind, lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.kind is kind)


def name_of(market: MarketId, markets: Mapping[MarketId, Market]) -> str:
    """As the station names it, else its id."""
    return markets[market].name if market in markets else market


def district_of(market: MarketId, markets: Mapping[MarketId, Market]) -> tuple[str, str]:
    """Its code and its name; empty for a market that the station has no longer."""
    return (markets[market].ubigeo_inei, markets[market].district) if market in markets else ("", "")


def _records(known: Known, made: datetime) -> Iterator[RecordSeen]:
    rows: dict[str, list[Row]] = {}
    for row in known.rows:
        rows.setdefault(row.node, []).append(row)
    for node, own in rows.items():
        newest = max(own, key=lambda row: row.utc)
        yield RecordSeen(
            node=node,
            markets=tuple(sorted({market for row in own for market in markets_of(row)})),
            rows=len(own),
            newest=newest.utc.astimezone(made.tzinfo),
            newest_key=newest.play,
        )


def _silent(known: Known, promised: Iterable[Line]) -> tuple[MarketId, ...]:
    heard_of = {market for row in known.rows for market in markets_of(row)}
    return tuple(sorted({line.market for line in promised} - heard_of))


def _complaints(known: Known, lines: Iterable[Line]) -> dict[Complaint, int]:
    airings = {line.airing for line in lines}
    events = (row.event for row in known.rows)
    found = Counter(each.about for each in events if isinstance(each, Complained) and each.airing in airings)
    return {about: found[about] for about in Complaint}
