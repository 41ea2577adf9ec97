"""The limiter's arithmetic: by how much, and when, to lower the gain so that no true peak passes the ceiling. Pure.

It works on a grid of cells of 16 samples, of which only the true peak is known. The gain moves between *nodes*, the
cells' edges, in a straight line. What each node must take off is found in decibels:

1. a cell whose peak passes the ceiling asks for the excess, at the nodes on both sides and at the one before (the
   true-peak filter finds a peak up to six samples late), held a little longer for the smoothing of step 4;
2. going forward, the gain returns at no more than :data:`RELEASE_DB_A_CELL`;
3. going backward, it falls at no more than :data:`ATTACK_DB_A_CELL`: this is the look-ahead;
4. a short mean rounds the corners, and never gives less than was asked because of the hold.

A limiter that took off ``d`` dB is at rest again ``d`` / rate later, on both sides. So with the drive capped, a stretch
of the grid with margins on both sides gives exactly what the whole grid would: memory does not grow with length.
"""

from math import ceil

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.kweighting import CELL

GRID_RATE_HZ = 48_000
_CELL_MS = 1000 * CELL / GRID_RATE_HZ
ATTACK_DB_A_CELL = 1.6 * _CELL_MS
"""8 dB in 5 ms: short enough to be masked by the peak it serves, long enough not to click."""
RELEASE_DB_A_CELL = 0.12 * _CELL_MS
"""8 dB in 67 ms: a voice's pitch pulses (4–12 ms) hardly modulate the gain, and loudness is not lost after a click."""
SMOOTHING = 3
"""Nodes on either side that the rounding mean takes in: ± 1 ms."""

Decibels = NDArray[np.float64]


def margin_cells(most_db: float) -> int:
    """Cells on each side of a stretch that can have a say in it when the limiter takes off ``most_db`` at most."""
    return ceil(most_db / min(ATTACK_DB_A_CELL, RELEASE_DB_A_CELL)) + 2 * SMOOTHING + 4


def reduction_db(excess_db: NDArray[np.floating]) -> Decibels:
    """What to take off at each node, dB ≥ 0: one more than cells; node k is the edge before cell k.

    ``excess_db`` is each cell's true peak over the ceiling, after gain; negative where there is room.
    """
    asked = _held(np.maximum(excess_db, 0.0, dtype=np.float64))
    return _smoothed(_before(_after(asked)))


def _held(excess: Decibels) -> Decibels:
    """Per node the most asked by the cells near it, for SMOOTHING nodes more than there are on either side."""
    padded = np.concatenate([np.zeros(2 * SMOOTHING + 1), excess, np.zeros(2 * SMOOTHING + 2)])
    return _sliding_max(padded, 2 * SMOOTHING + 3)


def _sliding_max(values: Decibels, width: int) -> Decibels:
    """Maximum of ``width`` successive values, by doubling."""
    have, best = 1, values
    while have < width:
        step = min(have, width - have)
        best = np.maximum(best[:-step], best[step:])
        have += step
    return best


def _after(asked: Decibels) -> Decibels:
    """Release: a straight line down in decibels, or what is asked, whichever is more."""
    line = RELEASE_DB_A_CELL * np.arange(len(asked))
    released: Decibels = np.maximum.accumulate(asked + line) - line
    return released


def _before(asked: Decibels) -> Decibels:
    """Attack: the same towards the past."""
    line = ATTACK_DB_A_CELL * np.arange(len(asked))
    falling: Decibels = (np.maximum.accumulate(asked[::-1] + line) - line)[::-1]
    return falling


def _smoothed(nodes: Decibels) -> Decibels:
    """The mean of 2 × SMOOTHING + 1 nodes: as many fewer come out."""
    width = 2 * SMOOTHING + 1
    return np.convolve(nodes, np.full(width, 1 / width), mode="valid")


def linear(reduction: Decibels) -> NDArray[np.float64]:
    """Factors of a reduction in dB."""
    factors: NDArray[np.float64] = np.exp(reduction * (-np.log(10) / 20))
    return factors


def cell_power(factors: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a cell's energy is multiplied by, from the factors at the nodes: one fewer."""
    middle: NDArray[np.float64] = (factors[:-1] + factors[1:]) / 2
    power: NDArray[np.float64] = middle * middle
    return power


def apply(samples: NDArray[np.float32], factors: NDArray[np.float64]) -> NDArray[np.float32]:
    """Samples times the gain that runs straight from node to node; the last cell may be unfinished."""
    cells = -(-len(samples) // CELL)
    nodes = factors[: cells + 1].astype(np.float32)
    gains: NDArray[np.float32] = np.diff(nodes)[:, None] * _ALONG
    gains += nodes[:-1, None]
    limited: NDArray[np.float32] = gains.reshape(-1)[: len(samples)] * samples
    return limited


_ALONG = (np.arange(CELL) / CELL).astype(np.float32)
