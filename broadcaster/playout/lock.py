"""One daemon per station: a lock the kernel frees however its holder ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from broadcaster.errors import RecordUnavailable, StationLocked
from broadcaster.locale.system import clause


class StationLock:
    """Held from ``with`` to its end. The file stays; what counts is the lock on it.

    :raises StationLocked: another process holds it.
    """

    def __init__(self, station: Path) -> None:
        self._station = station
        self._file: int | None = None

    def __enter__(self) -> Self:
        path = self._station / "data" / "lock"
        try:
            path.parent.mkdir(exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise RecordUnavailable(path=path, problem=clause(error)) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise StationLocked(path=self._station) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            os.close(self._file)
