"""Processes that write one file take turns, by a lock of the file's own that goes with the process that held it.

Where there are no such locks, nobody waits for anybody: on other systems nothing plays, so nothing writes beside.
"""

import errno
import os
import time
from importlib.util import find_spec

PAUSE_S = 0.005
TRIES = 600
"""Three seconds: whoever has the turn writes and syncs a few lines."""


def there_are_turns() -> bool:
    """Whether this system knows such locks."""
    return find_spec("fcntl") is not None


def take_turn(file: int) -> None:
    """Wait until nobody else has the turn at this open file; it ends when the file is closed.

    :raises TimeoutError: somebody keeps it.
    """
    if not there_are_turns():
        return
    import fcntl  # noqa: PLC0415  other systems have none

    for _ in range(TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pause()
        except OSError:  # a file system without locks
            return
        else:
            return
    raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))


def pause() -> None:
    """Before another try."""
    time.sleep(PAUSE_S)
