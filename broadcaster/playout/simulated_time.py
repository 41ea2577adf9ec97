"""Simulated time: a loop on which sleeping costs nothing, and a clock and an alarm clock that live on it.

A season passes in seconds, always in the same order. Only threads are real: while one works, time stands still.
"""

import asyncio
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from broadcaster.clock import Clock, Instant
from broadcaster.model import ClockTrust
from broadcaster.playout.alarms import Action

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Skips the waiting: when nothing is there to be read and no thread works, the time waited for has come."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.working = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.working or timeout is None:
            return super().select(None)
        self.now_s += timeout
        return []


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps from one awaited moment to the next."""

    def __init__(self) -> None:
        self._simulated = _Selector()
        super().__init__(self._simulated)

    def time(self) -> float:
        return self._simulated.now_s

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> "asyncio.Future[T]":  # type: ignore[override]
        self._simulated.working += 1
        work = super().run_in_executor(executor, func, *args)
        work.add_done_callback(self._worked)
        return work

    def _worked(self, _work: "asyncio.Future[Any]") -> None:
        self._simulated.working -= 1


class SimulatedClock:
    """Reads ``start`` when its loop does; :meth:`step` moves the wall clock as a person or a time server would."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        start: datetime,
        boot: str = "simulated",
        trust: ClockTrust = ClockTrust.SHIFTED,
    ) -> None:
        self._loop = loop
        self._start = start.astimezone(UTC) - timedelta(seconds=loop.time())
        self._boot = boot
        self.trust = trust

    def now(self) -> Instant:
        monotonic = self._loop.time()
        return Instant(self._start + timedelta(seconds=monotonic), monotonic, self._boot, self.trust)

    def step(self, seconds: float) -> None:
        """Move the wall clock by that much."""
        self._start += timedelta(seconds=seconds)


class LoopAlarms:
    """An alarm clock on the loop's own timers, which may be simulated."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[str, tuple[datetime, Action]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._ringing: set[asyncio.Future[None]] = set()

    def at(self, name: str, moment: datetime, action: Action) -> None:
        self._waiting[name] = (moment, action)
        self._set(name)

    def _set(self, name: str) -> None:
        if name in self._timers:
            self._timers[name].cancel()
        left = (self._waiting[name][0] - self._clock.now().utc).total_seconds()
        self._timers[name] = asyncio.get_running_loop().call_later(max(0.0, left), self._ring, name)

    def _ring(self, name: str) -> None:
        del self._timers[name]
        _moment, action = self._waiting.pop(name)
        ringing = asyncio.ensure_future(action())
        self._ringing.add(ringing)
        ringing.add_done_callback(self._ringing.discard)

    def clock_stepped(self) -> None:
        for name in list(self._waiting):
            self._set(name)

    @property
    def next_s(self) -> float | None:
        """When the next alarm rings, in seconds of the loop's time."""
        return min((timer.when() for timer in self._timers.values()), default=None)

    def start(self) -> None:
        """They ring as soon as they are set."""

    def stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
