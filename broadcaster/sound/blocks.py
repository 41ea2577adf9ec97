"""PCM on disk, read in blocks.

A spool is raw little-endian float32, interleaved. It is read, never mapped: mapped pages count as the process's memory,
so a long recording would cost more than a short one.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLE = np.dtype("<f4")
BLOCK_FRAMES = 65_536
"""Frames of one block: small enough to stay in the processor's cache, and a multiple of every cell."""

Samples = NDArray[np.float32]
Progress = Callable[[float], None]
"""Told how much is done, 0 … 1."""


def no_progress(done: float) -> None:
    """Nobody is watching."""


def frames_in(spool: Path, channels: int) -> int:
    """Whole frames in the spool."""
    return spool.stat().st_size // (SAMPLE.itemsize * channels)


def read_blocks(spool: Path, channels: int, frames: int = BLOCK_FRAMES) -> Iterator[Samples]:
    """The spool as arrays ``(n, channels)``; ``n`` is ``frames`` but in the last. Not-a-number and infinities read as 0."""
    with spool.open("rb") as source:
        while raw := source.read(frames * channels * SAMPLE.itemsize):
            yield frames_of(raw, channels)


def frames_of(raw: bytes, channels: int) -> Samples:
    """Little-endian f32 as frames ``(n, channels)``. Not-a-number and infinities read as 0."""
    whole = len(raw) - len(raw) % (SAMPLE.itemsize * channels)
    block = np.frombuffer(raw[:whole], dtype=SAMPLE).reshape(-1, channels)
    if not np.isfinite(block).all():
        return np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
    return block
