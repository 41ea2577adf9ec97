"""One channel at 48 kHz on disk: what a master is made of; and the progress of reading it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Seconds
from broadcaster.sound.blocks import BLOCK_FRAMES, Progress, read_blocks
from broadcaster.sound.limiter import GRID_RATE_HZ

RATE_HZ = GRID_RATE_HZ
AUDIBLE_DC = 1e-4
"""An offset of less than −80 dBFS is left alone."""

Block = TypeVar("Block", bound=NDArray[np.floating])


@dataclass(frozen=True)
class Recording:
    """One channel at 48 kHz on disk, with the constant offset to be taken away."""

    spool: Path
    offset: float
    frames: int

    @property
    def duration_s(self) -> Seconds:
        return Seconds(self.frames / RATE_HZ)

    def blocks(self, frames: int = BLOCK_FRAMES) -> Iterator[NDArray[np.float32]]:
        """The samples, without offset."""
        for block in read_blocks(self.spool, 1, frames):
            yield block[:, 0] - np.float32(self.offset) if self.offset else block[:, 0]


def watched(blocks: Iterable[Block], frames: float, progress: Progress) -> Iterator[Block]:
    """The blocks, telling ``progress`` the share of ``frames`` that has gone by."""
    gone = 0
    for block in blocks:
        yield block
        gone += len(block)
        progress(min(gone / frames, 1.0))


def part(progress: Progress, begin: float, end: float) -> Progress:
    """A step's own progress, 0 … 1, as its part of the whole."""
    return lambda share: progress(begin + (end - begin) * share)
