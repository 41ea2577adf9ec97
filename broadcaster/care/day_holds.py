"""A pause that was meant for the rest of a day ends with it, on record, and nobody need think of it."""

import asyncio
import logging
from collections.abc import Collection, Iterable
from datetime import datetime

from broadcaster.errors import RecordUnavailable
from broadcaster.journal.events import Held, Resumed
from broadcaster.journal.fold import holds, lapsed
from broadcaster.journal.row import Row
from broadcaster.model import MarketId
from broadcaster.playout.companions import Beside

LOOK_S = 20.0
BY_ITSELF = "end_of_day"
"""Who resumed the market, as the record says."""

log = logging.getLogger(__name__)


def held_for_the_day(rows: Iterable[Row], now: datetime | None) -> Collection[MarketId]:
    """The markets with a pause that ends by itself and has not ended yet, whatever else pauses them. Pure.

    ``now`` (aware); ``None``: nobody knows, so only what the record says has ended.
    """
    of_a_day = [row for row in rows if not isinstance(row.event, Held) or row.event.until is not None]
    return holds(of_a_day, now)


async def ending_day_holds(beside: Beside) -> None:
    """A companion."""
    while True:
        try:
            await look(beside)
        except RecordUnavailable as problem:
            log.warning("a pause that is over is not lifted yet: %s", problem)
        await asyncio.sleep(LOOK_S)


async def look(beside: Beside) -> None:
    """Once; by a clock that nobody vouches for nothing is over yet."""
    stage = beside.bill.stage
    now = stage.clock.now()
    if not now.believed:
        return
    for market in lapsed(await stage.record.rows([Held, Resumed]), now.utc):
        await stage.record.append(Resumed(market, BY_ITSELF))  # on record first, for that lets something sound
        stage.held_until.pop(market, None)
        stage.held.discard(market)
