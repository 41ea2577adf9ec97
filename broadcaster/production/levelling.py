"""Which gain makes a recording as loud as it must be, with its peaks limited: solved on a grid, before any sound is made.

A :class:`Grid` knows of every cell of 16 samples its K-weighted energy and its true peak. Loudness under a gain and the
limiter that the gain needs is then arithmetic on the grid, so the gain can be searched for in a few cheap steps instead of
rendering and measuring again and again. The grid lies in two files: a long recording costs no more memory than a short one.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Dbtp, Lufs
from broadcaster.sound import limiter
from broadcaster.sound.hops import Energies
from broadcaster.sound.kweighting import CELL, KWeighting, mean_squares
from broadcaster.sound.loudness import HOPS_A_SECOND, MOMENTARY_HOPS, integrated
from broadcaster.sound.room import check_room
from broadcaster.sound.truepeak import FLUSH, STRICT, TruePeak

HOP_CELLS = limiter.GRID_RATE_HZ // HOPS_A_SECOND // CELL
STRETCH_CELLS = 128 * HOP_CELLS
"""Cells worked on at a time, 12.8 s."""
_CELL_TYPE = np.dtype("<f4")
_SILENCE_DB = -300.0


@dataclass(frozen=True)
class Grid:
    """Energy and true peak of each cell of a 48 kHz mono recording; the last cell is filled up with zeros."""

    energies: Path
    """Mean square, K-weighted; f32, one a cell."""
    peaks: Path
    """True peak in dBFS; f32, one a cell. Exact where it is within the greatest allowed drive of the recording's peak."""
    cells: int
    margin: int
    """Cells beside a stretch that its limiter must know."""

    def peaks_db(self, first: int, last: int) -> NDArray[np.float32]:
        """Peaks of cells ``first`` to ``last``; silence where there are none."""
        inside = _read(self.peaks, max(first, 0), min(last, self.cells))
        return np.pad(inside, (max(-first, 0), max(last - self.cells, 0)), constant_values=_SILENCE_DB)

    def stretches(self) -> Iterator[tuple[int, int]]:
        """First and last cell of each stretch."""
        for first in range(0, self.cells, STRETCH_CELLS):
            yield first, min(first + STRETCH_CELLS, self.cells)

    @cached_property
    def hops(self) -> Energies:
        """Mean square of each hop of 100 ms."""
        return np.concatenate([np.zeros(0), *(self.hop_means(a, b, None) for a, b in self.stretches())])

    @cached_property
    def stretch_peaks_db(self) -> list[float]:
        """The greatest peak of each stretch and of the cells beside it that a limiter might carry into it."""
        return [float(self.peaks_db(a - self.margin, b + self.margin).max()) for a, b in self.stretches()]

    @property
    def peak_db(self) -> float:
        """The recording's true peak."""
        return max(self.stretch_peaks_db, default=_SILENCE_DB)

    def cell_energies(self, first: int, last: int) -> Energies:
        """Mean squares of cells ``first`` to ``last``."""
        return _read(self.energies, first, last).astype(np.float64)

    def hop_means(self, first: int, last: int, power: NDArray[np.float64] | None) -> Energies:
        """Mean squares of a stretch's hops, each cell's energy times its ``power``; silence follows the last cell."""
        energies = self.cell_energies(first, last)
        if power is not None:
            energies *= power
        hops = np.pad(energies, (0, -len(energies) % HOP_CELLS)).reshape(-1, HOP_CELLS)
        means: Energies = hops.mean(axis=1)
        return means


def _read(path: Path, first: int, last: int) -> NDArray[np.float32]:
    count = max(last - first, 0)
    return np.fromfile(path, dtype=_CELL_TYPE, count=count, offset=first * _CELL_TYPE.itemsize)


class GridWriter:
    """Writes a :class:`Grid` into ``folder``, cells by cells.

    Peaks are exact where they are within ``max_drive_db`` and ``evened_db`` of the greatest.
    """

    def __init__(self, folder: Path, max_drive_db: float, evened_db: float = 0.0) -> None:
        self._margin = limiter.margin_cells(max_drive_db)
        self._true_peak = TruePeak(STRICT, floor=10 ** (-(max_drive_db + evened_db) / 20))
        self._files = (folder / "energies.f32", folder / "peaks.f32")
        self._energies, self._peaks = (file.open("wb") for file in self._files)
        self._cells = 0

    def take(self, samples: NDArray[np.float32], energies: NDArray[np.float32]) -> None:
        """Samples of whole cells, and each cell's K-weighted energy."""
        self._energies.write(energies.astype(_CELL_TYPE, copy=False).data)
        self._peaks.write(_in_db(self._true_peak.feed(samples)).data)
        self._cells += len(energies)

    def finish(self) -> Grid:
        """The whole grid; the true peak's filter is brought to its end."""
        self.take(np.zeros(FLUSH, dtype=np.float32), np.zeros(FLUSH // CELL, dtype=np.float32))
        self.close()
        return Grid(*self._files, cells=self._cells, margin=self._margin)

    def close(self) -> None:
        """Leave the files as they are."""
        self._energies.close()
        self._peaks.close()


def make_grid(blocks: Iterable[NDArray[np.float32]], folder: Path, max_drive_db: float, evened_db: float = 0.0) -> Grid:
    """The grid of mono blocks at 48 kHz (whole cells but for the last), kept in ``folder``.

    Raises :class:`~broadcaster.sound.room.NoRoom`.
    """
    weighting = KWeighting(limiter.GRID_RATE_HZ)
    with closing(GridWriter(folder, max_drive_db, evened_db)) as writer:
        for block in blocks:
            check_room(folder)
            whole = np.pad(block, (0, -len(block) % CELL))
            writer.take(whole, mean_squares(weighting.cells(whole)))
        return writer.finish()


CellValues = tuple[NDArray[np.floating], NDArray[np.floating]]
"""Energies and peaks (dBFS) of some cells in a row."""


def write_grid(like: Grid, parts: Iterable[CellValues], folder: Path) -> Grid:
    """A grid of other values, kept in ``folder``."""
    files = (folder / "evened-energies.f32", folder / "evened-peaks.f32")
    with files[0].open("wb") as energies, files[1].open("wb") as peaks:
        for part in parts:
            check_room(folder)
            energies.write(part[0].astype(_CELL_TYPE).data)
            peaks.write(part[1].astype(_CELL_TYPE).data)
    return Grid(*files, cells=like.cells, margin=like.margin)


def _in_db(peaks: NDArray[np.float32]) -> NDArray[np.float32]:
    return (20 * np.log10(np.maximum(peaks, 1e-15))).astype(_CELL_TYPE)


@dataclass(frozen=True)
class Drive:
    """A gain for the whole recording, and the ceiling its limiter holds."""

    gain_db: float
    ceiling_dbtp: float
    capped: bool
    """The limiter may not do more, and the loudness is not reached."""


def reductions(grid: Grid, drive: Drive, index: int) -> NDArray[np.float64] | None:
    """Factors at the nodes of stretch ``index`` (cells + 1); ``None`` where nothing is limited."""
    over = drive.gain_db - drive.ceiling_dbtp
    if grid.stretch_peaks_db[index] + over <= 0:
        return None
    first, last = index * STRETCH_CELLS, min((index + 1) * STRETCH_CELLS, grid.cells)
    nodes = limiter.reduction_db(grid.peaks_db(first - grid.margin, last + grid.margin) + over)
    return limiter.linear(nodes[grid.margin : grid.margin + last - first + 1])


def loudness_at(grid: Grid, drive: Drive) -> Lufs | None:
    """Integrated loudness that the drive would give."""
    parts = [np.zeros(0)]
    for index, (first, last) in enumerate(grid.stretches()):
        factors = reductions(grid, drive, index)
        power = None if factors is None else limiter.cell_power(factors)
        parts.append(grid.hop_means(first, last, power))
    return _in_silence(np.concatenate(parts) * 10 ** (drive.gain_db / 10))


def _in_silence(hops: Energies) -> Lufs | None:
    """Integrated loudness as the master has it, between its lead-in and its tail."""
    return integrated(np.pad(hops, MOMENTARY_HOPS - 1))


def solve(grid: Grid, target: Lufs, ceiling: Dbtp, max_drive_db: float) -> Drive | None:
    """The drive that reaches ``target`` or, where the limiter would have to take off more than ``max_drive_db``, the most
    allowed. ``None`` for silence.

    A secant on the gain: each step costs a pass over the grid; two to five land within 0.005 LU.
    """
    start = _in_silence(grid.hops)
    if start is None:
        return None
    most = ceiling + max_drive_db - grid.peak_db
    gain = min(target - start, most)
    slope = 1.0
    missing = before = gain_before = 0.0
    for step in range(_STEPS):
        reached = loudness_at(grid, Drive(gain, ceiling, capped=False))
        missing = target - (start if reached is None else reached)
        if abs(missing) < _CLOSE_LU or (gain >= most and missing > 0):
            break
        if step:
            slope = min(max((before - missing) / (gain - gain_before), 0.25), 1.0)
        before, gain_before = missing, gain
        gain = min(gain + missing / slope, most)
    return Drive(round(gain, 4), ceiling, capped=missing > _CLOSE_LU)


_STEPS = 8
_CLOSE_LU = 0.005
