"""The clocks, read."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

from broadcaster.clock.machine import MACHINE
from broadcaster.model import ClockTrust


@dataclass(frozen=True)
class Instant:
    """One reading of the clocks."""

    utc: datetime
    """Wall clock, aware, in UTC."""
    monotonic_s: float
    """Seconds of ``CLOCK_MONOTONIC``: the same for every process of this boot, blind to steps of the wall clock."""
    boot_id: str
    """The kernel's id of this boot."""
    trust: ClockTrust
    """How far the wall clock may be believed."""

    @property
    def believed(self) -> bool:
        """Whether anything vouches for the wall clock, or its moment is meant (a rehearsal's)."""
        return self.trust is not ClockTrust.UNVERIFIED


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> Instant:
        """The clocks, read once."""


@cache
def boot_id() -> str:
    """The kernel's random id of this boot (``/proc/sys/kernel/random/boot_id``); empty where there is none."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


class SystemClock:
    """The machine's own clocks. ``trust`` and ``boot`` may be injected.

    Its trust is the machine's word alone (:mod:`broadcaster.clock.machine`); what the record and the operator know of the
    time is added by :class:`~broadcaster.clock.keeper.Timekeeper`.
    """

    def __init__(self, trust: Callable[[], ClockTrust] = MACHINE, boot: str | None = None) -> None:
        self._trust = trust
        self._boot = boot_id() if boot is None else boot

    def now(self) -> Instant:
        return Instant(datetime.now(UTC), time.monotonic(), self._boot, self._trust())


class ShiftedClock:
    """The machine's clock moved to another moment and running on from there: rehearsals, simulations and tests.

    It reads ``start`` at the moment it is made and goes on by the monotonic clock, so that nothing but time moves it.
    """

    def __init__(self, start: datetime, trust: ClockTrust = ClockTrust.SHIFTED, boot: str | None = None) -> None:
        self._start = start.astimezone(UTC)
        self._zero = time.monotonic()
        self._trust = trust
        self._boot = boot_id() if boot is None else boot

    def now(self) -> Instant:
        monotonic = time.monotonic()
        return Instant(self._start + timedelta(seconds=monotonic - self._zero), monotonic, self._boot, self._trust)
