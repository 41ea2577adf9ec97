"""What this computer's own parts say of its wall clock.

A time server's word is the mark that systemd-timesyncd leaves once it has set the clock, the kernel's own flag, or chrony's
report. Failing these, a hardware clock may speak for the wall clock: if it can be read, does not call its battery dead and
agrees with it. That is the machine's word alone; whether a hardware clock was ever seen to be right is on record, and judged
with the record (:mod:`broadcaster.clock.belief`).
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from broadcaster.clock.chrony import ChronyReport, read_chrony
from broadcaster.clock.kernel import KernelClock, read_kernel
from broadcaster.clock.rtc import RtcReading, read_rtc
from broadcaster.model import ClockTrust

MARK = Path("/run/systemd/timesync/synchronized")
MOST_ERROR_S = 16.0
"""A time server whose word may be wrong by more does not count; the kernel gives up there itself."""
RTC_APART_S = 60.0
"""A hardware clock this far from the wall clock says something else. Both drift apart by some seconds a day."""
STEPPED_S = 5.0
"""A wall clock that was moved by this much since timesyncd's mark is no longer the one it set."""
FRESH_S = 5.0
"""For so long one reading of the files and the kernel serves."""
CHRONY_FRESH_S = 30.0


class Source(StrEnum):
    """Who vouches for the wall clock."""

    TIMESYNCD = "timesyncd"
    KERNEL = "kernel"
    CHRONY = "chrony"
    RTC = "rtc"
    NONE = "none"


@dataclass(frozen=True)
class Readings:
    """All that was read."""

    mark_ns: int | None
    """When timesyncd last left its mark; ``None``: not since this boot."""
    kernel: KernelClock | None
    chrony: ChronyReport | None
    rtc: RtcReading | None
    mark_stale: bool = False
    """Whether the wall clock was moved since the mark, by somebody else than timesyncd."""


def vouched_by(readings: Readings) -> Source:
    """Who vouches for the wall clock, the best first."""
    if readings.kernel is not None and readings.kernel.synchronised and readings.kernel.max_error_s < MOST_ERROR_S:
        return Source.KERNEL if readings.mark_ns is None else Source.TIMESYNCD
    if readings.mark_ns is not None and not readings.mark_stale:
        return Source.TIMESYNCD
    if readings.chrony is not None and readings.chrony.synchronised and readings.chrony.error_s < MOST_ERROR_S:
        return Source.CHRONY
    return Source.RTC if agrees(readings.rtc) else Source.NONE


def agrees(rtc: RtcReading | None) -> bool:
    """Whether there is a hardware clock that agrees with the wall clock, and no word of a dead battery."""
    return rtc is not None and rtc.battery is not False and abs(rtc.difference_s) <= RTC_APART_S


def trust_of(source: Source) -> ClockTrust:
    """How far the machine's word goes."""
    if source is Source.NONE:
        return ClockTrust.UNVERIFIED
    return ClockTrust.RTC if source is Source.RTC else ClockTrust.SYNCED


def read_mark(mark: Path = MARK) -> int | None:
    """When systemd-timesyncd last left its mark, as nanoseconds of the file; ``None``: not since this boot."""
    try:
        return mark.stat().st_mtime_ns
    except OSError:
        return None


class Machine:
    """Asked often, so its answer serves for some seconds; chrony, who is slow, is asked in a thread after the first time.

    Called, it gives the trust. Each source may be injected.
    """

    def __init__(
        self,
        *,
        mark: Callable[[], int | None] = read_mark,
        kernel: Callable[[], KernelClock | None] = read_kernel,
        chrony: Callable[[], ChronyReport | None] = read_chrony,
        rtc: Callable[[], RtcReading | None] = read_rtc,
    ) -> None:
        self._mark, self._kernel, self._chrony, self._rtc = mark, kernel, chrony, rtc
        self._read: tuple[float, Readings] | None = None
        self._report: tuple[float, ChronyReport | None] | None = None
        self._asking = threading.Lock()
        self._marked: tuple[int | None, float] = (None, 0.0)
        """The mark as it was last new, and by how much the wall clock was ahead of the monotonic one then."""

    def __call__(self) -> ClockTrust:
        return trust_of(vouched_by(self.readings()))

    def readings(self) -> Readings:
        """What was read at most :data:`FRESH_S` ago."""
        now_s = time.monotonic()
        if self._read is None or now_s - self._read[0] >= FRESH_S:
            self._read = (now_s, self._look(now_s))
        return self._read[1]

    def _look(self, now_s: float) -> Readings:
        mark, kernel = self._mark(), self._kernel()
        stale = self._moved_since(mark, time.time() - now_s)
        readings = Readings(mark, kernel, None, self._rtc(), mark_stale=stale)
        if trust_of(vouched_by(readings)) is ClockTrust.SYNCED:
            return readings
        return Readings(mark, kernel, self._chrony_lately(now_s), readings.rtc, mark_stale=stale)

    def _moved_since(self, mark: int | None, ahead_s: float) -> bool:
        """Setting the clock by hand does not take timesyncd's mark away."""
        if mark is None or mark != self._marked[0]:
            self._marked = (mark, ahead_s)
        return abs(ahead_s - self._marked[1]) >= STEPPED_S

    def _chrony_lately(self, now_s: float) -> ChronyReport | None:
        if self._report is None:
            self._ask_chrony()
        elif now_s - self._report[0] >= CHRONY_FRESH_S and self._asking.acquire(blocking=False):
            threading.Thread(target=self._ask_and_release, name="chrony", daemon=True).start()
        return self._report[1] if self._report else None

    def _ask_and_release(self) -> None:
        try:
            self._ask_chrony()
        finally:
            self._asking.release()

    def _ask_chrony(self) -> None:
        self._report = (time.monotonic(), self._chrony())


MACHINE = Machine()
"""This computer."""
