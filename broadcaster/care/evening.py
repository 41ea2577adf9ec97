"""On the evening before an airing the running program looks whether all is ready, while there is time to mend it.

What it found is a row; ``status`` and ``doctor --last`` show it. A box that was off that evening looks as soon as it runs.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo

from broadcaster.care.doctor import Report, as_row, last_look, look
from broadcaster.config import Station
from broadcaster.journal.events import EVENING, DoctorRan, Promise
from broadcaster.playout.companions import Beside, Companion
from broadcaster.playout.playbill import Playbill

AFTER_S = 30.0
"""After the start: the airings come first."""
LOOK_S = 30.0
"""How often it is asked whether it is time."""
CLEAR = timedelta(minutes=2)
"""So near to an airing nothing else is done, and nothing could be mended any more."""

Examine = Callable[[Station, datetime], Awaitable[Report]]


async def in_a_thread(station: Station, now: datetime) -> Report:
    """The whole look, in a thread of its own that nothing waits for: also not the program's end, as it would for a pool's."""
    answer: Future[Report] = Future()

    def run() -> None:
        answer.set_running_or_notify_cancel()
        try:
            answer.set_result(look(station, now))
        except Exception as problem:
            answer.set_exception(problem)

    threading.Thread(target=run, name="evening look", daemon=True).start()
    return await asyncio.wrap_future(answer)


def looking_over(tell: Callable[[Report], None], examine: Examine = in_a_thread) -> Companion:
    """Looks when it is time, puts what it found on record, and tells it."""

    async def look_over(beside: Beside) -> None:
        await asyncio.sleep(AFTER_S)
        kept = last_look(await beside.bill.stage.record.rows([DoctorRan]))
        last = None if kept is None else kept.at
        while True:
            if _is_time(beside.bill, last):
                last = beside.bill.stage.clock.now().utc
                report = await examine(_served(beside.bill), last)
                await beside.bill.stage.record.append(as_row(report, EVENING))
                tell(report)
            await asyncio.sleep(LOOK_S)

    return look_over


def _is_time(bill: Playbill, last: datetime | None) -> bool:
    station, now = bill.stage.station, bill.stage.clock.now().utc
    evening, coming = station.care.evening_check, bill.coming()
    if evening is None or coming is None or bill.performances:
        return False
    return is_due(coming, evening, station.timezone, last, now)


def is_due(coming: Promise, evening: time, zone: tzinfo, last: datetime | None, now: datetime) -> bool:
    """Whether to look now: the evening before has come, and nobody has looked since. Pure.

    ``coming``: the next airing. ``evening``: local. ``last``: when it was looked last, aware.
    """
    eve = datetime.combine(coming.due.astimezone(zone).date() - timedelta(days=1), evening, zone)
    return eve <= now < coming.due - CLEAR and (last is None or last < eve)


def _served(bill: Playbill) -> Station:
    """The station, and the markets that this run of the program serves."""
    return replace(bill.stage.station, serves=bill.markets)
