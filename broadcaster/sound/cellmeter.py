"""The loudness meter for sound at 48 kHz whose K-weighted energy is known cell by cell: every figure without a sample.

At 48 kHz a hop of 10 ms is thirty cells of 16 samples exactly, so what :class:`~broadcaster.sound.loudness.Meter` finds from
squares of samples follows from energies of cells alike. Mastering needs those energies anyway.
"""

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Measure
from broadcaster.sound.hops import FINE_HOPS_A_SECOND
from broadcaster.sound.kweighting import CELL, KWeighting, mean_squares
from broadcaster.sound.loudness import Meter
from broadcaster.sound.truepeak import TruePeak

RATE_HZ = 48_000
_HOP_CELLS = RATE_HZ // CELL // FINE_HOPS_A_SECOND

Cells = NDArray[np.float32]


class CellMeter(Meter):
    """A meter at 48 kHz; its channels' true peaks are watched by :attr:`peaks`, which the caller feeds."""

    def __init__(self, channels: int) -> None:
        super().__init__(RATE_HZ, channels)
        self._open = np.zeros(0, dtype=np.float32)

    @property
    def peaks(self) -> list[TruePeak]:
        """One a channel."""
        return self._peaks

    def take(self, energies: Cells, frames: int) -> None:
        """Energies of the next cells, channels summed, and how many frames they stand for."""
        self._frames += frames
        joined = np.concatenate([self._open, energies])
        whole = len(joined) - len(joined) % _HOP_CELLS
        self._open = joined[whole:]
        fine = joined[:whole].reshape(-1, _HOP_CELLS).mean(axis=1, dtype=np.float64)
        for kept in (self._hops, self._momentary, self._short_term):
            kept.take(fine)


class MonoMeter:
    """A :class:`CellMeter` for one channel that comes in blocks of any length."""

    def __init__(self) -> None:
        self._meter = CellMeter(1)
        self._weighting = KWeighting(RATE_HZ)
        self._rest = np.zeros(0, dtype=np.float32)

    def feed(self, samples: NDArray[np.float32]) -> None:
        """The next samples, 1.0 = full scale."""
        joined = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(joined) - len(joined) % CELL
        self._rest = joined[whole:]
        self._cells(joined[:whole], whole)

    def _cells(self, samples: NDArray[np.float32], frames: int) -> None:
        self._meter.peaks[0].feed(samples)
        self._meter.take(mean_squares(self._weighting.cells(samples)), frames)

    def measure(self) -> Measure:
        """What the meter says at the end of the sound."""
        rest = self._rest
        self._cells(np.pad(rest, (0, -len(rest) % CELL)), len(rest))
        return self._meter.measure()
