"""The daemon: starts in order, stops in reverse, and between the two wakes every airing at its moment.

::

    lock ─▶ journal ─▶ recovery ─▶ plan accepted ─▶ alarms ─▶ the loop
                                                               ├── an alarm: an airing is performed (playbill)
                                                               ├── the socket: somebody orders something (hand)
                                                               ├── every second: did somebody decide or order anything?
                                                               ├── every three: were the station's files changed? (reload)
                                                               └── every ten: was the clock moved?
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from broadcaster import __version__
from broadcaster.clock import Clock
from broadcaster.clock.belief import ALWAYS, Known
from broadcaster.clock.keeper import Timekeeper
from broadcaster.config import Station
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.append import Journal
from broadcaster.journal.events import ERROR, FINISHED, Started, Stopped
from broadcaster.journal.fold import ending_by_themselves, holds, terminal
from broadcaster.journal.mend import open_or_mend
from broadcaster.journal.recovering import newest_of
from broadcaster.journal.row import Row
from broadcaster.journal.timeline import learn
from broadcaster.model import MarketId, Plan, Reason
from broadcaster.playout.acceptance import Acceptance
from broadcaster.playout.alarms import Alarms, ScheduledAlarms
from broadcaster.playout.clockwatch import ClockWatch
from broadcaster.playout.companions import Beside, Companion, accompany
from broadcaster.playout.control import Answer, ControlServer
from broadcaster.playout.hand import Hand
from broadcaster.playout.lock import StationLock
from broadcaster.playout.orders import Order
from broadcaster.playout.orphans import end_orphans
from broadcaster.playout.playbill import Playbill
from broadcaster.playout.record import RecordWriter
from broadcaster.playout.recovery import Recovery
from broadcaster.playout.reload import Reloader
from broadcaster.playout.repertoire import Repertoire
from broadcaster.playout.stage import Equipment, Stage, Teller

WATCH_S = 1.0
"""How often the library is asked whether it has decided anything: a withdrawal stops a play within two seconds."""
FILES_S = 3.0
"""How often the station's files are looked at; a change counts once it has settled for as long."""
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
    """Any moment: a shifted clock makes the daemon live then. Its trust is the machine's word alone."""
    equipment: Equipment
    teller: Teller
    repertoire: Callable[[RecordWriter], Repertoire]
    database: str
    """URL of the journal it writes; a rehearsal's is not the station's."""
    rehearsal: bool = False
    locked: bool = False
    """The caller holds the station's lock already."""
    held: Collection[MarketId] = ()
    """Markets that are paused, besides those that its own journal says so of: a rehearsal aloud heeds the station's."""
    control: Path | None = None
    """Where it can be spoken to; ``None``: nowhere."""
    watched: bool = False
    """Whether the station's files may be changed while it runs."""
    companions: Sequence[Companion] = ()
    """What lives beside the airings: care of the box."""
    built: datetime = ALWAYS
    """When this program was built: an earlier clock is wrong."""
    alarms: Callable[[Clock], Alarms] = ScheduledAlarms
    open_journal: Callable[[str, Clock, ZoneInfo], Journal] = open_or_mend


class Daemon:
    """One run. ``await run()`` until a signal, :meth:`stop` or the end of the time it was given."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self.clock = Timekeeper(setting.clock, Known(setting.built))
        self._alarms = setting.alarms(self.clock)
        self._ending: asyncio.Future[str]
        self._bill: Playbill
        self._hand: Hand
        self._files: Reloader
        self._acceptance: Acceptance
        self._clockwatch: ClockWatch

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
            rows = await record.rows_to_recover()
            self.clock.learn(lambda known: learn(known, rows))
            recovery = await self._settle(rows, record)
            await record.append(self._started())
            await self._acceptance.put_on_record(recovery.accepted)
            stack.push_async_callback(self._leave, record)
            self._make_ready(rows, record, recovery)
            self._alarms.start()
            stack.callback(self._alarms.stop)
            await self._attend(stack, for_s)
            self._setting.teller.all_set(self._bill.coming())
            self._acceptance.ask()
            try:
                await self._ending
            finally:
                await asyncio.gather(self._hand.close(), self._bill.close(self._why_it_ends()))

    def stop(self, cause: str) -> None:
        """Leave in order: sounds are faded out, what has not sounded stays promised. From the loop's thread."""
        if not self._ending.done():
            self._ending.set_result(cause)

    async def obey(self, order: Order, by: str) -> Answer:
        """Do what somebody orders while it runs; raises the refusal. See :mod:`broadcaster.playout.orders`."""
        return await self._hand.obey(order, by)

    # The start

    async def _open_record(self, stack: AsyncExitStack) -> RecordWriter:
        setting = self._setting
        record = RecordWriter(setting.open_journal(setting.database, self.clock, setting.station.timezone))
        stack.push_async_callback(record.close)
        return record

    async def _settle(self, rows: list[Row], record: RecordWriter) -> Recovery:
        """End the orphans, then write the ends of what the last daemon left open."""
        setting = self._setting
        resting = set(setting.station.markets).difference(setting.markets)
        self._acceptance = Acceptance(self.clock, record, setting.teller)
        recovery = self._acceptance.at_the_start(rows, setting.plan, setting.markets, resting)
        ended = end_orphans(recovery.orphans)
        if ended:
            log.warning("ended %d orphans of the last daemon", ended)
        for ending in recovery.endings:
            await record.append(ending)
        self._setting.teller.settled(recovery.endings)
        return recovery

    def _started(self) -> Started:
        setting = self._setting
        return Started(__version__, os.getpid(), tuple(sorted(setting.markets)), rehearsal=setting.rehearsal)

    def _make_ready(self, rows: list[Row], record: RecordWriter, recovery: Recovery) -> None:
        """The playbill with its promises, the hand, and the eye on the files."""
        now = self.clock.now().utc
        ended = (*terminal(rows).values(), *recovery.endings)
        over = [each for each in ended if each.due <= now or each.started]  # what was taken back ahead is still to come
        last = sorted(over, key=lambda each: each.due)
        stage = self._set_stage(record, rows)
        self._bill = Playbill(stage, self._alarms, self._setting.markets, absence=recovery.absence, last=last)
        self._bill.in_doubt = self._acceptance.in_doubt
        self._bill.promise(recovery.accepted.promises)
        self._files = Reloader(self._bill, self._setting.plan)
        self._clockwatch = ClockWatch(self.clock, self._bill, self._alarms, self._acceptance, lambda: self._files.plan)
        self._hand = Hand(self._bill, self._files, newest_of(rows), rehearsal=self._setting.rehearsal)

    def _set_stage(self, record: RecordWriter, rows: list[Row]) -> Stage:
        setting, paused = self._setting, holds(rows, self.clock.now().utc)
        return Stage(
            station=setting.station,
            clock=self.clock,
            record=record,
            repertoire=setting.repertoire(record),
            equipment=setting.equipment,
            teller=setting.teller,
            held={*paused, *setting.held}.intersection(setting.markets),
            held_until=ending_by_themselves(paused),
        )

    def _heed_signals(self, stack: AsyncExitStack, signals: Mapping[signal.Signals, str]) -> None:
        """From the first moment to the last: a start that is asked to end is ended in order too."""
        loop = asyncio.get_running_loop()
        for number, cause in signals.items():
            loop.add_signal_handler(number, self.stop, cause)
            stack.callback(loop.remove_signal_handler, number)

    async def _attend(self, stack: AsyncExitStack, for_s: float | None) -> None:
        """What goes on beside the airings."""
        for work in self._watches():
            watching = asyncio.create_task(work)
            watching.add_done_callback(self._fell)
            stack.callback(watching.cancel)
        if self._setting.control is not None:
            await stack.enter_async_context(ControlServer(self._setting.control, self._hand.obey))
        if for_s is not None:
            stack.callback(asyncio.get_running_loop().call_later(for_s, self.stop, FINISHED).cancel)

    def _watches(self) -> list[Coroutine[Any, Any, None]]:
        always = [self._watch_library(), self._watch_orders(), self._clockwatch.watch()]
        always += [accompany(companion, Beside(self._bill, self._alarms)) for companion in self._setting.companions]
        return [*always, self._watch_files()] if self._setting.watched else always

    def _fell(self, watching: "asyncio.Task[None]") -> None:
        """Without its watches the daemon would go on blindly: it ends loudly instead."""
        problem = None if watching.cancelled() else watching.exception()
        if problem is not None and not self._ending.done():
            self._ending.set_exception(problem)

    # Beside the airings

    async def _watch_library(self) -> None:
        """Stop what has just been withdrawn or suspended; then look at the masters, which may take a second each."""
        seen: object = None
        looking = asyncio.ensure_future(asyncio.sleep(0))
        while True:
            try:
                version = await self._bill.stage.repertoire.version()
                if version != seen:
                    await self._bill.heed_decisions()
                    if looking.done():
                        looking = asyncio.ensure_future(self._look_at_masters())
                seen = version
            except (RecordUnavailable, OSError) as problem:
                log.warning("the library cannot be asked: %s", problem)
            await asyncio.sleep(WATCH_S)

    async def _look_at_masters(self) -> None:
        try:
            await self._bill.look_at_masters()
        except (RecordUnavailable, OSError) as problem:
            log.warning("the masters cannot be looked at: %s", problem)

    async def _watch_orders(self) -> None:
        """Obey what commands wrote into the record that could not reach the socket."""
        seen: object = None
        while True:
            try:
                version = await self._bill.stage.record.changes()
                if version != seen:
                    await self._hand.read()
                    await self._clockwatch.hear()
                seen = version
            except (RecordUnavailable, OSError) as problem:
                log.warning("the record cannot be asked for orders: %s", problem)
            await asyncio.sleep(WATCH_S)

    async def _watch_files(self) -> None:
        """Take over what was changed in the station's files."""
        while True:
            try:
                await self._files.watch()
            except (RecordUnavailable, OSError) as problem:
                log.warning("changed files are not taken, for that could not be put on record: %s", problem)
            await asyncio.sleep(FILES_S)

    # The end

    def _why_it_ends(self) -> Reason:
        """What is said of a sound that the daemon's own end cuts short."""
        if not self._orderly:
            return Reason.PROCESS_DIED
        return Reason.WINDOW_CLOSED if self._ending.result() == FINISHED else Reason.STOPPED_BY_OPERATOR

    @property
    def _orderly(self) -> bool:
        """Whether somebody or its time ended it, not a fault."""
        return self._ending.done() and not self._ending.cancelled() and self._ending.exception() is None

    async def _leave(self, record: RecordWriter) -> None:
        await record.promptly(Stopped(self._ending.result() if self._orderly else ERROR))
        self._setting.teller.stopped()
