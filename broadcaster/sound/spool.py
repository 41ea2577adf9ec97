"""The spool: decoded sound on its way to the meter, raw little-endian f32, written without a hole in its meaning.

Blocks of pure zeros become holes in the file, so hours of digital silence cost neither disk nor time.
"""

import math
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import numpy as np

from broadcaster.sound.room import check_room

_BLOCK = 1 << 18
_ZEROS = bytes(_BLOCK)


class SpoolFull(Exception):
    """The sound is longer than allowed."""


class Spool:
    """A file that takes at most ``limit`` bytes; a context manager. ``listen`` gets every block, whole frames each."""

    def __init__(
        self, path: Path, limit: int, wrote: Callable[[int], None], listen: Callable[[bytes], None] | None = None
    ) -> None:
        self.size = 0
        self.peak = 0.0
        """Largest sample so far, in either direction; infinite once one was no number."""
        self._path, self._limit, self._wrote, self._listen = path, limit, wrote, listen
        self._held = bytearray()

    def __enter__(self) -> "Spool":
        self._file = self._path.open("xb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._put(bytes(self._held))
            self._file.truncate(self.size)
        self._file.close()

    def take(self, chunk: bytes) -> None:
        """Add ``chunk``. Raises :class:`SpoolFull` and :class:`~broadcaster.sound.room.NoRoom`."""
        self._held += chunk
        whole = len(self._held) - len(self._held) % _BLOCK
        for at in range(0, whole, _BLOCK):
            self._put(bytes(self._held[at : at + _BLOCK]))
        del self._held[:whole]

    def _put(self, block: bytes) -> None:
        if self.size + len(block) > self._limit:
            raise SpoolFull
        if block == _ZEROS:
            self._file.seek(len(block), os.SEEK_CUR)
        else:
            check_room(self._path.parent)
            self._file.write(block)
            self.peak = max(self.peak, _peak(block))
        self.size += len(block)
        if self._listen:
            self._listen(block)
        self._wrote(self.size)


def _peak(block: bytes) -> float:
    samples = np.frombuffer(block, dtype="<f4", count=len(block) // 4)
    peak = max(float(samples.max()), -float(samples.min())) if len(samples) else 0.0
    return peak if math.isfinite(peak) else math.inf
