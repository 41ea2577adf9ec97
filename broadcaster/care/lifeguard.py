"""Ends a program that hangs, from a thread of its own: exit code 70, and what every thread was doing goes to the log.

systemd does the same from outside, and is the only one who can when the interpreter itself stands still; but not every market's
computer has it start the program. The players end by themselves when this process does.
"""

import faulthandler
import os
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from broadcaster.clock import SystemClock
from broadcaster.model import ClockTrust

HUNG = 70
"""Exit code: an internal fault."""
STEP_S = 1.0


class Lifeguard:
    """From :meth:`watch` on it must be fed; after ``limit_s`` without, the process ends."""

    def __init__(self, limit_s: float, log: Path, step_s: float = STEP_S) -> None:
        self._limit_s = limit_s
        self._path, self._log = log, _opened(log)
        self._step_s = min(step_s, limit_s / 4)
        self._unfed_s = 0.0
        self._over = threading.Event()
        self._clock = SystemClock(trust=lambda: ClockTrust.UNVERIFIED)  # whose answer nothing can hold up

    def watch(self) -> None:
        """Begin; from now on a deadly signal (systemd's watchdog sends SIGABRT) leaves its trace in the log too."""
        faulthandler.enable(self._log)
        threading.Thread(target=self._wait, name="lifeguard", daemon=True).start()

    def feed(self) -> None:
        """All is well. Asked here, for the thread may wait for no disk: whether the log is another file by now."""
        self._follow()
        self._unfed_s = 0.0

    def _follow(self) -> None:
        try:
            if self._path.exists() and os.path.samestat(self._path.stat(), os.fstat(self._log.fileno())):
                return
            log = self._path.open("ab", buffering=0)
        except OSError:
            return
        self._log, before = log, self._log
        faulthandler.enable(log)
        if before is not sys.stderr.buffer:
            before.close()

    def stand_down(self) -> None:
        """Watch no longer."""
        self._over.set()

    def _wait(self) -> None:
        """Counts its own steps, not the clock: a computer that slept or stood still has starved nobody."""
        while not self._over.wait(self._step_s):
            self._unfed_s += self._step_s
            if self._unfed_s > self._limit_s:
                self._end()

    def _end(self) -> None:
        """Nothing here may wait for what hangs: no logger, no lock, no database."""
        try:
            self._log.write(f"{self._clock.now().utc:%Y-%m-%d %H:%M:%S}Z the program hangs and ends itself\n".encode())
            faulthandler.dump_traceback(self._log)
        finally:
            os._exit(HUNG)


def _opened(log: Path) -> BinaryIO:
    """Opened now, for a disk that hangs later; where it cannot be written, what is said goes to standard error."""
    try:
        return log.open("ab", buffering=0)
    except OSError:
        return sys.stderr.buffer
