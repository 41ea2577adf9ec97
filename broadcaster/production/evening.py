"""Gain over time that makes speech even before it is limited: a slow leveller, then a gentle compressor. Decided on the grid.

Both look at the K-weighted energy of the grid alone and answer a gain in decibels at points 5 ms apart; between points it runs
straight. Nothing here touches a sample: rendering multiplies this gain with the limiter's.

* **Leveller.** The level of a window of 2 s around each 100 ms, of those 100 ms only that are speech (:data:`GATE_LU`), is
  brought to the recording's own loudness, by ± 9 dB at most. Where the window holds no speech the gain runs on to the next
  that does: a pause is not turned up into its own noise.
* **Compressor.** What is still above the recording's loudness, over 20 ms, is let through at 2:1, by 6 dB at most; it falls at
  0.6 dB a millisecond, ahead of the syllable, and returns within some 100 ms.

High-pass filtering followed by fast amplitude compression is what makes speech better understood in loud noise: R. J.
Niederjohn and J. H. Grotelueschen, IEEE Trans. ASSP-24 (1976), 277-282. Theirs is stronger; this one stays
pleasant to hear for ten minutes. ``docs/mastering.md`` has the figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.production.levelling import HOP_CELLS, CellValues, Grid, write_grid
from broadcaster.sound.hops import Energies, sliding_mean
from broadcaster.sound.loudness import energy_of, integrated

WINDOW_HOPS = 20
"""Of the leveller: 2 s."""
MOST_DB = 9.0
"""The leveller raises and lowers by this much at most."""
GATE_LU = 15.0
"""100 ms this much under the recording's loudness are no speech, for the leveller."""
POINT_CELLS = 15
"""Cells from point to point: 5 ms."""
RATIO = 2.0
KNEE_DB = 6.0
"""Around the compressor's threshold the ratio grows from 1 to :data:`RATIO` over this much."""
MOST_COMPRESSED_DB = 6.0
_ATTACK_DB_A_POINT = 3.0
_RELEASE_DB_A_POINT = 0.3
_DETECTOR_POINTS = 4
_HOP_POINTS = HOP_CELLS // POINT_CELLS

Decibels = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A gain over time, dB, at points 5 ms apart from the first cell's beginning."""

    points: Decibels
    raised_db: float
    """The most the leveller raised; 0 where it never did."""
    lowered_db: float
    """The most the leveller lowered."""
    compressed_db: float
    """The most the compressor took off."""

    def nodes_db(self, first: int, last: int) -> Decibels:
        """Gain at the edges of cells ``first`` to ``last``: one more than cells."""
        points = np.arange(first, last + 1) / POINT_CELLS
        gain: Decibels = np.interp(points, np.arange(len(self.points)), self.points)
        return gain


def curve_of(grid: Grid) -> Curve | None:
    """The gain that evens the recording of a grid; ``None`` for silence."""
    loudness = integrated(np.pad(grid.hops, 3))
    if loudness is None:
        return None
    levelled = _at_points(_leveller(grid.hops, loudness), grid)
    compressed = _compressor(_point_energies(grid) * 10 ** (levelled / 10), loudness)
    return Curve(
        points=levelled - compressed,
        raised_db=max(float(levelled.max()), 0.0),
        lowered_db=max(float(-levelled.min()), 0.0),
        compressed_db=float(compressed.max()),
    )


def _leveller(hops: Energies, loudness: float) -> Decibels:
    """Gain at the middle of each hop."""
    speech = hops > energy_of(loudness - GATE_LU)
    around = (WINDOW_HOPS // 2, WINDOW_HOPS - WINDOW_HOPS // 2 - 1)
    energy = sliding_mean(np.pad(hops * speech, around), WINDOW_HOPS)
    share = sliding_mean(np.pad(speech.astype(np.float64), around), WINDOW_HOPS)
    known = np.flatnonzero(share > 0.5 / WINDOW_HOPS)
    level = 10 * np.log10(energy[known] / share[known] / energy_of(loudness))
    wanted: Decibels = np.interp(np.arange(len(hops)), known, -np.clip(level, -MOST_DB, MOST_DB))
    return _softened(wanted)


def _softened(gain: Decibels) -> Decibels:
    """The mean of a second, so that the gain has no corners."""
    half = WINDOW_HOPS // 4
    return sliding_mean(np.pad(gain, half, mode="edge"), 2 * half + 1)


def _at_points(hop_gain: Decibels, grid: Grid) -> Decibels:
    middles = (np.arange(len(hop_gain)) + 0.5) * _HOP_POINTS
    points: Decibels = np.interp(np.arange(_points_of(grid)), middles, hop_gain)
    return points


def _points_of(grid: Grid) -> int:
    return grid.cells // POINT_CELLS + 2


def _point_energies(grid: Grid) -> Energies:
    """Mean square of each 5 ms; silence after the last cell."""
    parts = [grid.cell_energies(first, last) for first, last in grid.stretches()]
    means = [np.pad(part, (0, -len(part) % POINT_CELLS)).reshape(-1, POINT_CELLS).mean(axis=1) for part in parts]
    joined = np.concatenate([np.zeros(0), *means])[: _points_of(grid)]
    return np.pad(joined, (0, _points_of(grid) - len(joined)))


def _compressor(energies: Energies, loudness: float) -> Decibels:
    """What to take off at each point, dB ≥ 0."""
    around = (_DETECTOR_POINTS // 2, _DETECTOR_POINTS - _DETECTOR_POINTS // 2 - 1)
    level = sliding_mean(np.pad(energies, around), _DETECTOR_POINTS)
    over = 10 * np.log10(np.maximum(level, 1e-30) / energy_of(loudness))
    return _moved(np.minimum(_over_the_knee(over) * (1 - 1 / RATIO), MOST_COMPRESSED_DB))


def _over_the_knee(over: Decibels) -> Decibels:
    """How much a level counts as above the threshold, with a soft knee (a parabola between the two straight lines)."""
    inside = (over + KNEE_DB / 2) ** 2 / (2 * KNEE_DB)
    return np.where(over <= -KNEE_DB / 2, 0.0, np.where(over >= KNEE_DB / 2, over, inside))


def _moved(asked: Decibels) -> Decibels:
    """What is asked, let go of and seized at no more than the two rates, with rounded corners."""
    falling = _RELEASE_DB_A_POINT * np.arange(len(asked))
    released = np.maximum.accumulate(asked + falling) - falling
    rising = _ATTACK_DB_A_POINT * np.arange(len(asked))
    seized = (np.maximum.accumulate(released[::-1] + rising) - rising)[::-1]
    return sliding_mean(np.pad(seized, 1, mode="edge"), 3)


def evened(grid: Grid, curve: Curve, folder: Path) -> Grid:
    """The grid as it is under the gain, kept in ``folder``.

    A cell's peak may be found a cell late, so it takes the greatest gain of the three edges that it may have seen.
    """

    def parts() -> Iterator[CellValues]:
        for first, last in grid.stretches():
            nodes = curve.nodes_db(first - 1, last)
            greatest = np.maximum(np.maximum(nodes[:-2], nodes[1:-1]), nodes[2:])
            middle = (nodes[1:-1] + nodes[2:]) / 2
            yield grid.cell_energies(first, last) * 10 ** (middle / 10), grid.peaks_db(first, last) + greatest

    return write_grid(grid, parts(), folder)
