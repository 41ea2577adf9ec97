"""The daemon: starts in order, stops in reverse, and between the two wakes every airing at its moment.

::

    lock ─▶ journal ─▶ recovery ─▶ plan accepted ─▶ alarms ─▶ the loop
                                                               ├── an alarm: an airing is performed
                                                               ├── every second: has the library decided anything?
                                                               └── every ten: was the clock moved?
"""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from broadcaster import __version__
from broadcaster.clock import Clock, Instant
from broadcaster.config import Station
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.append import Journal
from broadcaster.journal.events import ERROR, Promise, Started, Stopped
from broadcaster.model import AiringId, MarketId, Outcome, Plan, Reason
from broadcaster.playout.accounts import silent
from broadcaster.playout.alarms import Alarms, ScheduledAlarms
from broadcaster.playout.cueing import ALARM_S
from broadcaster.playout.lock import StationLock
from broadcaster.playout.orphans import end_orphans
from broadcaster.playout.performance import Performance
from broadcaster.playout.record import RecordWriter
from broadcaster.playout.recovery import Recovery, recover
from broadcaster.playout.repertoire import Repertoire
from broadcaster.playout.stage import Equipment, Stage, Teller

WATCH_S = 1.0
"""How often the library is asked whether it has decided anything: a withdrawal stops a play within two seconds."""
TICK_S = 10.0
"""How often wall clock and monotonic clock are compared."""
STEP_S = 1.0
"""A wall clock that moved this much against the monotonic one was stepped."""
FAREWELL_S = 8.0
"""How long the airings may take to fade out and be put on record when the daemon ends."""
SIGNALS = {signal.SIGTERM: "sigterm", signal.SIGINT: "sigint"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setting:
    """What makes one run of the daemon different from another: the station's own, a rehearsal, a simulation, a test."""

    station: Station
    plan: Plan
    markets: Collection[MarketId]
    """The markets it serves."""
    clock: Clock
    """Any moment: a shifted clock makes the daemon live then."""
    equipment: Equipment
    teller: Teller
    repertoire: Callable[[RecordWriter], Repertoire]
    database: str
    """URL of the journal it writes; a rehearsal's is not the station's."""
    rehearsal: bool = False
    locked: bool = False
    """The caller holds the station's lock already."""
    alarms: Callable[[Clock], Alarms] = ScheduledAlarms
    open_journal: Callable[[str, Clock, ZoneInfo], Journal] = Journal.open


class Daemon:
    """One run. ``await run()`` until a signal, :meth:`stop` or the end of the time it was given."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._clock = setting.clock
        self._alarms = setting.alarms(setting.clock)
        self._ending: asyncio.Future[str]
        self._stage: Stage
        self._absence: Reason | None = None
        self._promised: tuple[Promise, ...] = ()
        self._waiting: dict[AiringId, Promise] = {}
        self._performances: dict[AiringId, Performance] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, for_s: float | None = None, *, signals: bool = True) -> None:
        """Take the station, keep its promises, leave it in order.

        ``for_s``: end after that many seconds. ``signals``: end in order on SIGTERM and SIGINT (main thread only).

        :raises StationLocked: another daemon holds the station.
        :raises RecordUnavailable: the journal cannot be opened or written.
        """
        self._ending = asyncio.get_running_loop().create_future()
        async with AsyncExitStack() as stack:
            self._heed_signals(stack, SIGNALS if signals else {})
            if not self._setting.locked:
                stack.enter_context(StationLock(self._setting.station.root))
            record = await self._open_record(stack)
            recovery = await self._settle(record)
            await record.append(self._started())
            await record.append(recovery.accepted)
            stack.push_async_callback(self._leave, record)
            self._stage = self._set_stage(record)
            self._alarm(recovery)
            stack.callback(self._alarms.stop)
            self._attend(stack, for_s)
            self._setting.teller.all_set(self._coming())
            try:
                await self._ending
            finally:
                await self._end_performances()

    def stop(self, cause: str) -> None:
        """Leave in order: sounds are faded out, what has not sounded stays promised. From the loop's thread."""
        if not self._ending.done():
            self._ending.set_result(cause)

    # The start

    async def _open_record(self, stack: AsyncExitStack) -> RecordWriter:
        setting = self._setting
        record = RecordWriter(setting.open_journal(setting.database, self._clock, setting.station.timezone))
        stack.push_async_callback(record.close)
        return record

    async def _settle(self, record: RecordWriter) -> Recovery:
        """End the orphans, then write the ends of what the last daemon left open."""
        rows = await record.rows()
        recovery = recover(rows, self._setting.plan, self._setting.markets, self._clock.now())
        ended = end_orphans(recovery.orphans)
        if ended:
            log.warning("ended %d orphans of the last daemon", ended)
        for ending in recovery.endings:
            await record.append(ending)
        self._setting.teller.settled(recovery.endings)
        self._absence = recovery.absence
        return recovery

    def _started(self) -> Started:
        setting = self._setting
        return Started(__version__, os.getpid(), tuple(sorted(setting.markets)), rehearsal=setting.rehearsal)

    def _set_stage(self, record: RecordWriter) -> Stage:
        setting = self._setting
        return Stage(
            station=setting.station,
            clock=setting.clock,
            record=record,
            repertoire=setting.repertoire(record),
            equipment=setting.equipment,
            teller=setting.teller,
        )

    def _alarm(self, recovery: Recovery) -> None:
        self._promised = recovery.accepted.promises
        for promise in self._promised:
            self._waiting[promise.airing] = promise
            self._alarms.at(promise.airing, promise.due - timedelta(seconds=ALARM_S), self._waker(promise))
        self._alarms.start()

    def _waker(self, promise: Promise) -> Callable[[], Awaitable[None]]:
        async def wake() -> None:
            self._begin(promise)

        return wake

    def _heed_signals(self, stack: AsyncExitStack, signals: Mapping[signal.Signals, str]) -> None:
        """From the first moment to the last: a start that is asked to end is ended in order too."""
        loop = asyncio.get_running_loop()
        for number, cause in signals.items():
            loop.add_signal_handler(number, self.stop, cause)
            stack.callback(loop.remove_signal_handler, number)

    def _attend(self, stack: AsyncExitStack, for_s: float | None) -> None:
        """What goes on beside the airings."""
        for work in (self._watch_library(), self._watch_clock()):
            watching = asyncio.create_task(work)
            watching.add_done_callback(self._fell)
            stack.callback(watching.cancel)
        if for_s is not None:
            stack.callback(asyncio.get_running_loop().call_later(for_s, self.stop, "finished").cancel)

    def _fell(self, watching: "asyncio.Task[None]") -> None:
        """Without its watches the daemon would go on blindly: it ends loudly instead."""
        problem = None if watching.cancelled() else watching.exception()
        if problem is not None and not self._ending.done():
            self._ending.set_exception(problem)

    # The airings

    def _begin(self, promise: Promise) -> None:
        """An alarm rang."""
        if self._waiting.pop(promise.airing, None) is None or self._ending.done():
            return
        task = asyncio.create_task(self._perform(promise), name=promise.airing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _perform(self, promise: Promise) -> None:
        if promise.market not in self._stage.station.markets:
            await self._stage.record.insist(silent(promise, Outcome.CANCELLED, Reason.PLAN_CHANGED))
            return
        absence = self._absence if promise.due <= self._clock.now().utc else None
        performance = Performance(promise, self._stage, next_due=self._next_due(promise), absence=absence)
        self._performances[promise.airing] = performance
        try:
            await performance.perform()
        finally:
            del self._performances[promise.airing]

    def _next_due(self, promise: Promise) -> datetime | None:
        """When the next airing on the same output is due: a market has its output for itself."""
        sounding = (other for other in self._promised if other.cancelled is None)
        later = (other.due for other in sounding if other.market == promise.market)
        return min((due for due in later if due > promise.due), default=None)

    def _coming(self) -> Promise | None:
        now = self._clock.now().utc
        sounding = [promise for promise in self._waiting.values() if promise.cancelled is None and promise.due >= now]
        return min(sounding, key=lambda promise: (promise.due, promise.market), default=None)

    # Beside them

    async def _watch_library(self) -> None:
        """Stop what has just been withdrawn or suspended."""
        seen: object = None
        while True:
            try:
                version = await self._stage.repertoire.version()
                if version != seen:
                    await self._look_up()
                seen = version
            except RecordUnavailable as problem:
                log.warning("the library cannot be asked: %s", problem)
            await asyncio.sleep(WATCH_S)

    async def _look_up(self) -> None:
        """Also while nothing is performed: a master whose hash is known by then does not hold up its airing."""
        today = self._clock.now().utc.astimezone(self._stage.station.timezone).date()
        statuses = await self._stage.repertoire.statuses(today)
        for performance in list(self._performances.values()):
            status = statuses.get(performance.promise.episode) if performance.promise.episode else None
            if status is not None and status.reason in {Reason.WITHDRAWN, Reason.SUSPENDED}:
                performance.cut(status.reason)

    async def _watch_clock(self) -> None:
        """A stepped wall clock: every alarm keeps its moment of it."""
        before = self._clock.now()
        while True:
            await asyncio.sleep(TICK_S)
            now = self._clock.now()
            step = _stepped(before, now)
            if abs(step) >= STEP_S:
                log.warning("the clock was moved by %.1f s", step)
                self._setting.teller.clock_stepped(step)
            self._alarms.clock_stepped()
            before = now

    # The end

    async def _end_performances(self) -> None:
        reason = Reason.STOPPED_BY_OPERATOR if self._orderly else Reason.PROCESS_DIED
        for performance in list(self._performances.values()):
            performance.leave(reason)
        if self._tasks:  # one that cannot be put on record now is settled at the next start
            await asyncio.wait(self._tasks, timeout=FAREWELL_S)

    @property
    def _orderly(self) -> bool:
        """Whether somebody or its time ended it, not a fault."""
        return self._ending.done() and not self._ending.cancelled() and self._ending.exception() is None

    async def _leave(self, record: RecordWriter) -> None:
        await record.append(Stopped(self._ending.result() if self._orderly else ERROR))
        self._setting.teller.stopped()


def _stepped(before: Instant, now: Instant) -> float:
    """By how many seconds the wall clock was moved between two instants."""
    return (now.utc - before.utc).total_seconds() - (now.monotonic_s - before.monotonic_s)
