"""One daemon per station: a lock the kernel frees however its holder ends."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from broadcaster.errors import RecordUnavailable, StationLocked
from broadcaster.locale.system import clause

TRIES, PAUSE_S = 5, 0.05
"""A command that only asks whether the lock is held holds it for a moment."""


class StationLock:
    """Held from ``with`` to its end. The file stays; what counts is the lock on it.

    :raises StationLocked: another process holds it.
    """

    def __init__(self, station: Path) -> None:
        self._station = station
        self._file: int | None = None

    def __enter__(self) -> Self:
        path = _file(self._station)
        try:
            path.parent.mkdir(exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise RecordUnavailable(path=path, problem=clause(error)) from error
        if not any(_taken(self._file, attempt) for attempt in range(TRIES)):
            os.close(self._file)
            raise StationLocked(path=self._station)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            os.close(self._file)


def is_held(station: Path) -> bool:
    """Whether some process holds the station: a daemon, or a rehearsal. Makes no file."""
    try:
        file = os.open(_file(station), os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # another user's: somebody is at it
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _file(station: Path) -> Path:
    return station / "data" / "lock"


def _taken(file: int, attempt: int) -> bool:
    if attempt:
        time.sleep(PAUSE_S)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
