"""Energies of short stretches of sound, and of windows that slide over them: what every loudness figure is made of.

Windows slide in hops of 10 ms. EBU Tech 3341 asks for ten readings a second at least; with ten, the loudest 400 ms may
lie between two of them and read 0.6 LU less than it is, which the same document's case 13 does not allow.
"""

import numpy as np
from numpy.typing import NDArray

FINE_HOPS_A_SECOND = 100

Energies = NDArray[np.float64]
"""Mean square of K-weighted sound, channels summed; one value a hop or block."""


class FineHops:
    """Cuts weighted squares into hops of 10 ms, also where a hop is not a whole number of samples (11,025 Hz)."""

    def __init__(self, rate_hz: int) -> None:
        self._rate = rate_hz
        self._frames = 0
        self._hops = 0
        self._open = 0.0

    def feed(self, squares: Energies) -> Energies:
        """Mean squares of the hops that these next frames complete."""
        if not len(squares):
            return np.zeros(0)
        end = self._frames + len(squares)
        edges = self._edges(end)
        starts = np.append(0, edges[1:] - self._frames)
        ends_whole = starts[-1] == len(squares)
        sums = np.add.reduceat(squares, starts[:-1] if ends_whole else starts)
        sums = np.append(sums, 0.0) if ends_whole else sums
        sums[0] += self._open
        self._open = float(sums[-1])
        self._frames = end
        self._hops += len(edges) - 1
        means: Energies = sums[:-1] / np.diff(edges)
        return means

    def _edges(self, end: int) -> NDArray[np.intp]:
        """Frames at which the open hop begins and at which hops end, up to ``end``."""
        last = end * FINE_HOPS_A_SECOND // self._rate + 1
        edges = np.rint(np.arange(self._hops, last + 1) * self._rate / FINE_HOPS_A_SECOND).astype(np.intp)
        return edges[edges <= end]


class HopEnergies:
    """Gathers fine hops into coarser ones of ``width``, whole ones only, and keeps them all."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._open = np.zeros(0)
        self._means: list[Energies] = []

    def take(self, fine: Energies) -> None:
        """The next fine hops."""
        joined = np.concatenate([self._open, fine])
        whole = len(joined) - len(joined) % self._width
        self._means.append(joined[:whole].reshape(-1, self._width).mean(axis=1))
        self._open = joined[whole:]

    def means(self) -> Energies:
        """All whole hops so far."""
        self._means = [np.concatenate([np.zeros(0), *self._means])]
        return self._means[0]


class Window:
    """The mean of the last ``width`` fine hops, and the greatest it ever was."""

    def __init__(self, width: int) -> None:
        self.now: float | None = None
        """``None`` until the window is full for the first time."""
        self.greatest: float | None = None
        self._width = width
        self._tail = np.zeros(0)

    def take(self, fine: Energies) -> None:
        """The next fine hops."""
        joined = np.concatenate([self._tail, fine])
        self._tail = joined[max(0, len(joined) - self._width + 1) :]
        if len(joined) < self._width or not len(fine):
            return
        means = sliding_mean(joined, self._width)
        self.now = float(means[-1])
        self.greatest = max(float(means.max()), self.greatest or 0.0)


def sliding_mean(hops: Energies, width: int) -> Energies:
    """Means of ``width`` successive hops; empty when there are fewer."""
    if len(hops) < width:
        return np.zeros(0)
    return np.convolve(hops, np.full(width, 1 / width), mode="valid")
