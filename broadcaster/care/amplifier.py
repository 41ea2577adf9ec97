"""What only a person can do before an airing: switch the amplifier on, turn the music down. She is told in time."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from broadcaster.model import MarketId

if TYPE_CHECKING:  # heavy, and ``status`` needs only to know how long before
    from broadcaster.journal.events import Promise
    from broadcaster.playout.companions import Beside, Companion

AHEAD = timedelta(minutes=10)
"""How long before an airing an amplifier should be warm."""
LOOK_S = 5.0

Tell = Callable[[datetime, Sequence[MarketId]], None]
"""Given when the airing is due, and at which markets."""


def reminding(tell: Tell) -> "Companion":
    """Tells her once, ten minutes before; of an airing that was nearer at the start, the start itself tells."""

    async def remind(beside: "Beside") -> None:
        told = beside.bill.stage.clock.now().utc + AHEAD
        while True:
            bill = beside.bill
            now, held = bill.stage.clock.now().utc, bill.stage.held
            told = min(told, now + AHEAD)  # a clock that was set back makes nobody silent
            markets = [market for market in bill.markets if market not in held]
            coming = [promise for market in markets if (promise := bill.coming(market)) is not None]
            if (due := falls_due(coming, told, now)) is not None:
                tell(due, at(coming, due))
                told = due
            await asyncio.sleep(LOOK_S)

    return remind


def falls_due(coming: "Iterable[Promise]", told: datetime, now: datetime) -> datetime | None:
    """The airing that she is to be told of now: the next one after ``told`` that is near enough. Pure."""
    near = (promise.due for promise in coming if told < promise.due <= now + AHEAD)
    return min(near, default=None)


def at(coming: "Collection[Promise]", due: datetime) -> tuple[MarketId, ...]:
    """Where. Pure."""
    return tuple(promise.market for promise in coming if promise.due == due)
