"""One life of the daemon's process: the real one on simulated time, run piece by piece, ended in order or killed anywhere."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from broadcaster.clock import Clock
from broadcaster.errors import BroadcasterError, StationLocked
from broadcaster.model import ClockTrust
from broadcaster.playout.alarms import Alarms
from broadcaster.playout.companions import Beside
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.orders import Order
from broadcaster.playout.playbill import Playbill
from broadcaster.playout.simulated.loop import SteppedLoop
from broadcaster.playout.simulated_time import LoopAlarms, SimulatedClock

STILL_S = 4.0
"""How long nothing must have happened before idle time is leapt over: what looks every few seconds has looked by then."""
AWAKE_S = 1.0
"""How long before the next alarm the leap ends."""
DOUBTED_S = 60.0
"""How long the leap is at most by a clock that is not believed: what makes it believed may come at any time."""
PIECE_S = 5.0
ROUNDS = 20
CLOCK_S = 45.0
"""How long after its clock was set the daemon may take until it has noticed, and done what follows."""


class Life:
    """``setting``: made for the clock of this life. ``begins_s``: ``CLOCK_MONOTONIC``; ``wall``: what the clock says then."""

    def __init__(
        self,
        setting: Callable[[SimulatedClock], Setting],
        *,
        begins_s: float,
        wall: datetime,
        boot: str,
        trust: ClockTrust = ClockTrust.SHIFTED,
        lag: Callable[[], float] | None = None,
        still_s: float = STILL_S,
    ) -> None:
        self.loop = SteppedLoop(begins_s, lag)
        self.problems: list[str] = []
        self.loop.set_exception_handler(self._note)
        self.clock = SimulatedClock(self.loop, wall, boot, trust)
        self.bill: Playbill | None = None
        self._alarms: LoopAlarms | None = None
        self._still_s = still_s
        self._awake_until_s = begins_s + still_s
        self._doubted = False
        chosen = setting(self.clock)
        self.setting = replace(chosen, alarms=self._make_alarms, companions=(*chosen.companions, self._see))
        self.daemon = Daemon(self.setting)
        self._running: asyncio.Task[None] = self.loop.create_task(self.daemon.run(signals=False))

    def _make_alarms(self, clock: Clock) -> Alarms:
        self._alarms = LoopAlarms(clock)
        return self._alarms

    async def _see(self, beside: Beside) -> None:
        self.bill = beside.bill

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        problem = context.get("exception")
        self.problems.append(f"{context.get('message')}: {problem!r}")

    @property
    def now_s(self) -> float:
        """``CLOCK_MONOTONIC``."""
        return self.loop.time()

    @property
    def over(self) -> bool:
        """Whether the daemon has ended."""
        return self._running.done()

    @property
    def error(self) -> BaseException | None:
        """What it ended with, if it did not end in order."""
        return None if not self.over or self._running.cancelled() else self._running.exception()

    def stir(self, for_s: float = 0.0) -> None:
        """Something happens: for so long, and a while in any case, no time is leapt over."""
        self._awake_until_s = max(self._awake_until_s, self.now_s + max(for_s, self._still_s))

    def run(self, until_s: float) -> None:
        """Live until that moment of ``CLOCK_MONOTONIC``, or until the daemon ends.

        :raises Killed: somebody wanted it killed on the way.
        """
        while not self.over and self.now_s < until_s:
            self.loop.settle()
            self._leap(until_s)
            self.loop.run_until_complete(self._live(min(until_s, self.now_s + PIECE_S)))

    async def _live(self, until_s: float) -> None:
        await asyncio.wait({self._running}, timeout=max(0.0, until_s - self.now_s))

    def _leap(self, until_s: float) -> None:
        """Over the time in which nothing is performed and nothing was changed."""
        if self.bill is None or self._alarms is None:
            return
        sure_again = self._doubted and not self.bill.in_doubt
        if self.bill.performances or sure_again:
            self.stir()
        elif self.now_s >= self._awake_until_s and not self.loop.busy:
            rings_s = self._alarms.next_s
            if self.bill.in_doubt:  # until it is, it is looked at again and again
                until_s = min(until_s, self.now_s + DOUBTED_S)
            self.loop.leap(until_s if rings_s is None else min(until_s, rings_s - AWAKE_S))
        self._doubted = self.bill.in_doubt

    def obey(self, order: Order, by: str) -> None:
        """Somebody orders something; what comes of it is the daemon's. While it starts, nobody answers at its socket."""
        self.stir()
        if self.bill is not None:
            self._beside(lambda: self.daemon.obey(order, by))

    def start_rival(self) -> None:
        """A second daemon on the same station: it must give way by itself."""

        async def live() -> None:
            with suppress(StationLocked):
                await Daemon(replace(self.setting, alarms=LoopAlarms, companions=())).run(signals=False)
                self.problems.append("a second daemon lived beside the first")

        self.loop.create_task(live())

    def _beside(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        async def do() -> None:
            with suppress(BroadcasterError):
                await work()

        self.loop.create_task(do())

    def stop(self, cause: str = "sigterm") -> None:
        """End in order."""
        self.loop.run_until_complete(asyncio.sleep(0))  # it has at least begun
        self.daemon.stop(cause)
        self.loop.run_until_complete(asyncio.wait({self._running}, timeout=60.0))

    def bury(self) -> None:
        """Nothing of it is left: no task, no lock. What it still tries to do happens to nobody."""
        self.loop.kill_after(None)
        for _round in range(ROUNDS):  # a task that was just told something may miss that it is cancelled
            left = asyncio.all_tasks(self.loop)
            if not left:
                break
            for task in left:
                task.cancel()
            with suppress(RuntimeError):  # the piece of life that was cut short may still stop the loop
                self.loop.run_until_complete(asyncio.wait(left, timeout=1.0))
        if self.over and not self._running.cancelled():
            self._running.exception()  # looked at: nobody need be told that it was not
        self.loop.close()
