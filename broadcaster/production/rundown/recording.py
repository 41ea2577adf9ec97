"""The built sound written as a wav file of 24 bits, and how loud each stretch of it came out."""

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Lufs
from broadcaster.production.rundown.mono import RATE_HZ
from broadcaster.sound.blocks import Progress
from broadcaster.sound.kweighting import CELL, KWeighting, mean_squares
from broadcaster.sound.loudness import integrated
from broadcaster.sound.room import check_room

BYTES_A_FRAME = 3
_STEPS = 1 << 23
"""Of a 24-bit sample, in either direction."""
_HOP_CELLS = RATE_HZ // 10 // CELL


class Energies:
    """K-weighted energy of each cell of 16 samples, kept of a whole recording: 12 kB a second."""

    def __init__(self) -> None:
        self._weighting = KWeighting(RATE_HZ)
        self._cells: list[NDArray[np.float32]] = []

    def feed(self, block: NDArray[np.float32]) -> None:
        """The next samples; only the last block may not be whole cells."""
        whole = np.pad(block, (0, -len(block) % CELL))
        self._cells.append(mean_squares(self._weighting.cells(whole)))

    def loudness(self, first: int, last: int) -> Lufs | None:
        """Integrated loudness from frame ``first`` to ``last``, to the nearest cells."""
        cells = np.concatenate([np.zeros(0, dtype=np.float32), *self._cells])[first // CELL : last // CELL]
        hops = cells[: len(cells) - len(cells) % _HOP_CELLS].astype(np.float64).reshape(-1, _HOP_CELLS)
        return integrated(hops.mean(axis=1))


def write(blocks: Iterator[NDArray[np.float32]], target: Path, frames: int, progress: Progress) -> Energies:
    """Write the blocks to ``target``. Raises :class:`~broadcaster.sound.room.NoRoom`."""
    done, energies = 0, Energies()
    with wave.open(str(target), "wb") as recording:
        recording.setparams((1, BYTES_A_FRAME, RATE_HZ, 0, "NONE", "not compressed"))
        for block in blocks:
            check_room(target.parent)
            recording.writeframesraw(_as_written(block))
            energies.feed(block)
            done += len(block)
            progress(min(done / max(frames, 1), 1.0))
    return energies


def _as_written(block: NDArray[np.float32]) -> bytes:
    steps = np.rint(block.astype(np.float64) * _STEPS).clip(-_STEPS, _STEPS - 1).astype("<i4")
    return steps.view(np.uint8).reshape(-1, 4)[:, :BYTES_A_FRAME].tobytes()
