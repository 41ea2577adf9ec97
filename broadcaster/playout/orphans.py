"""Ends what a dead daemon left running: by process id and start time, never by name."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from broadcaster.journal.events import ProcessId

PATIENCE_S = 1.0
"""How long a killed process may take to be gone."""
FIRST_REAL_PID = 2
"""A simulated process has a smaller number; so has init."""


def end_orphans(processes: Iterable[ProcessId]) -> int:
    """Kill those that still run and wait until they are gone; how many there were."""
    running = [process for process in processes if runs(process)]
    for process in running:
        _kill(process)
    deadline = time.monotonic() + PATIENCE_S
    while any(runs(process) for process in running) and time.monotonic() < deadline:
        time.sleep(0.01)
    return len(running)


def runs(process: ProcessId) -> bool:
    """Whether exactly this process runs: not another that got its number, not one that ended unreaped."""
    if process.pid < FIRST_REAL_PID:
        return False
    try:
        stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    state, *numbers = stat.rpartition(")")[2].split()
    return state not in {"Z", "X"} and int(numbers[18]) == process.start_ticks


def _kill(process: ProcessId) -> None:
    try:
        held = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    try:
        if runs(process):  # asked again now that the number is held
            signal.pidfd_send_signal(held, signal.SIGKILL)
    except ProcessLookupError:
        pass
    finally:
        os.close(held)
