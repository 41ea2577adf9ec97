"""A station's daemon as ``broadcaster run`` starts it, by a shifted clock: ``watched_daemon.py FOLDER MOMENT BOOT [PART]``.

At the signal SIGUSR1 the ``PART`` of it breaks and stays broken: what wakes the airings, what starts the players, the thread
of the record, or the loop itself. The file ``broken`` in the folder says that it has come to that.
"""

import gc
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NoReturn, TypeVar

from broadcaster.cli.serve import serve
from broadcaster.clock import ShiftedClock
from broadcaster.config import load_station
from broadcaster.errors import BroadcasterError
from broadcaster.model import ClockTrust
from broadcaster.playout.alarms import ScheduledAlarms
from broadcaster.playout.record import RecordWriter

T = TypeVar("T")


def living(kind: type[T]) -> T:
    return next(one for one in gc.get_objects() if isinstance(one, kind))


def break_alarms() -> None:
    """As a persistent job store does when its database is locked: the scheduler says that it runs, and runs nothing."""

    def locked(*_: object) -> NoReturn:
        raise OSError("database is locked")

    for store in living(ScheduledAlarms)._scheduler._jobstores.values():
        store.get_due_jobs = locked


def break_players() -> None:
    """Handles have leaked away: three are left, of which a child takes two before it wants more, and the log one."""
    last = max(int(handle.name) for handle in Path("/proc/self/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (last + 3, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def break_record() -> None:
    """The thread that writes waits for ever."""
    lock = living(RecordWriter)._journal.store._lock

    def hold() -> None:
        lock.acquire()
        time.sleep(1000)

    threading.Thread(target=hold, daemon=True).start()


def break_loop() -> None:
    time.sleep(1000)


BREAK: dict[str, Callable[[], None]] = {
    "alarms": break_alarms,
    "players": break_players,
    "record": break_record,
    "loop": break_loop,
}

if __name__ == "__main__":
    folder, moment, boot, *parts = sys.argv[1:]

    def break_part(*_: object) -> None:
        Path(folder, "broken").touch()
        BREAK[parts[0]]()

    if parts:
        signal.signal(signal.SIGUSR1, break_part)
    station = load_station(Path(folder))
    clock = ShiftedClock(datetime.fromisoformat(moment), ClockTrust.SYNCED, boot)
    try:
        serve(station, list(station.markets), clock)
    except BroadcasterError as problem:
        print(problem, file=sys.stderr)
        sys.exit(problem.exit_code)
