"""How many people were within hearing, as far as somebody counted: an estimate that tells of nobody and is never added.

One number a market and month: that of the airing at which most people were counted. The same people come every week, so
neither airings nor months are added. A number from 1 to 4 is not shown, nor what it could be worked out from.
"""

from collections.abc import Iterable

from broadcaster.journal.events import Observed
from broadcaster.journal.row import Row
from broadcaster.locale import mark as N_
from broadcaster.model import AiringId, Counting, MarketId
from broadcaster.reports.summary import Line, Reach

SMALL = 5
"""Fewer people than this, and more than none, are not shown."""
METHODS = {
    Counting.HEADCOUNT: N_("counted one by one"),
    Counting.SAMPLE: N_("counted in a part of the market and multiplied"),
    Counting.ESTIMATE: N_("estimated by eye"),
}
"""What stands beside every number."""
HIDDEN = N_("fewer than 5")


def reach(rows: Iterable[Row], lines: Iterable[Line]) -> tuple[Reach, ...]:
    """By month, then market, of the airings of these lines. Of an airing the newest row counts."""
    newest = newest_counts(rows)
    return by_month((line.month, line.market, newest[line.airing]) for line in lines if line.airing in newest)


def newest_counts(rows: Iterable[Row]) -> dict[AiringId, Observed]:
    """Of each airing at which somebody counted, the newest row's word."""
    newest: dict[AiringId, Observed] = {}
    for row in sorted(rows, key=lambda row: (row.utc, row.node, row.epoch, row.seq)):
        if isinstance(row.event, Observed):
            newest[row.event.airing] = row.event
    return newest


def by_month(seen: Iterable[tuple[str, MarketId, Observed]]) -> tuple[Reach, ...]:
    """What was counted at airings, each with its month and market, by these two."""
    found: dict[tuple[str, MarketId], list[Observed]] = {}
    for month, market, said in seen:
        found.setdefault((month, market), []).append(said)
    return tuple(_one(month, market, said) for (month, market), said in sorted(found.items()))


def shown(people: int) -> int | None:
    """The number, unless it is a small one."""
    return None if 0 < people < SMALL else people


def _one(month: str, market: MarketId, seen: list[Observed]) -> Reach:
    most = max(seen, key=lambda each: (each.women + each.men, each.airing))
    women, men = shown(most.women), shown(most.men)
    return Reach(
        month=month,
        market=market,
        airings=len(seen),
        women=women,
        men=men,
        people=None if women is None or men is None else women + men,
        method=most.method,
    )
