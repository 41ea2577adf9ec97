"""True peak: what the sound reaches between the samples (ITU-R BS.1770-4, annex 2).

Four-fold oversampling, computed only where it can matter: no output of the filter exceeds the greatest sample under it
times the filter's L1 norm (2.02 for the standard's own), so wherever that product stays below the greatest peak already
found, the filter need not run. The result is exactly that of running it everywhere.
"""

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.kweighting import CELL

_FIRST = (
    (0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, 0.1373291015625),
    (0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500),
)
_SECOND = (
    (-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, 0.4650878906250),
    (0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375),
)


class Interpolator:
    """Three values between each sample and the next, by a filter of four phases; all sizes follow from its taps."""

    def __init__(self, phases: NDArray[np.float64]) -> None:
        self.history = phases.shape[1] - 1
        """Earlier samples that the filter needs: a cell's window begins this much before it."""
        self.cells_back = -(-self.history // CELL)
        """Cells in which they lie."""
        self.l1_norm = float(np.abs(phases).sum(axis=1).max())
        """The most that the filter makes of samples between −1 and 1."""
        self._matrix = _cell_matrix(phases)

    def peaks(self, samples: NDArray[np.float32], cells: NDArray[np.intp]) -> NDArray[np.float32]:
        """The greatest magnitude between the samples of each of these cells, counted from the first with a full history."""
        starts = cells * CELL + self.cells_back * CELL - self.history
        windows = samples[starts[:, None] + np.arange(self.history + CELL)]
        oversampled = self._matrix @ windows.T
        peaks: NDArray[np.float32] = np.abs(oversampled, out=oversampled).max(axis=0)
        return peaks


def _cell_matrix(phases: NDArray[np.float64]) -> NDArray[np.float32]:
    """The matrix that makes the cell's 64 oversampled values of a window of history and 16 samples."""
    oversampling, taps = phases.shape
    matrix = np.zeros((CELL, oversampling, taps - 1 + CELL), dtype=np.float32)
    for at in range(CELL):
        matrix[at, :, at : at + taps] = phases[:, ::-1]
    return matrix.reshape(CELL * oversampling, -1)


def _windowed_sinc(taps: int, beta: float, oversampling: int = 4) -> NDArray[np.float64]:
    """Phases of the ideal interpolator under a Kaiser window; the first passes the samples as they are."""
    half = taps // 2
    at = np.arange(1 - half, half + 1) - np.arange(oversampling)[:, None] / oversampling
    window = np.i0(beta * np.sqrt(1 - np.minimum((at / half) ** 2, 1)))
    phases: NDArray[np.float64] = np.sinc(at) * window
    phases /= phases.sum(axis=1, keepdims=True)
    return phases


STANDARD_PHASES = np.array([sum(_FIRST, ()), sum(_SECOND, ()), sum(_SECOND, ())[::-1], sum(_FIRST, ())[::-1]])
"""The filter of BS.1770-4, annex 2: twelve taps a phase; the last two phases mirror the first two."""

STANDARD = Interpolator(STANDARD_PHASES)
"""For measuring."""

STRICT = Interpolator(_windowed_sinc(taps=32, beta=6.0))
"""Nearer to the ideal above 15 kHz, where the standard's short filter and other meters differ by up to 1 dB on clicks and
hiss: for limiting, so that a master keeps its ceiling by every meter."""


class TruePeak:
    """The greatest true peak of one channel, block by block; feed :data:`FLUSH` zeros at the end to see the last one.

    ``floor`` keeps exact not only the greatest cell but every cell above ``floor`` times the greatest so far.
    """

    def __init__(self, filter_: Interpolator = STANDARD, floor: float = 1.0) -> None:
        self.peak = 0.0
        """Greatest so far, 1.0 = full scale: of the samples and of the values between them."""
        self._filter = filter_
        self._floor = floor
        self._tail = np.zeros(filter_.cells_back * CELL, dtype=np.float32)

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Peaks of each cell of a block of whole cells; where the filter cannot matter, of its samples alone.

        The filter looks back: a peak between samples is found up to a cell late.
        """
        joined = np.concatenate([self._tail, samples])
        self._tail = joined[len(samples) :]
        maxima = _cell_maxima(joined)
        peaks = maxima[self._filter.cells_back :].copy()
        if not len(peaks):
            return peaks
        self.peak = max(self.peak, float(peaks.max()))
        hot = np.flatnonzero(self._under(maxima) * self._filter.l1_norm > self.peak * self._floor)
        if len(hot):
            between = self._filter.peaks(joined, hot)
            peaks[hot] = np.maximum(peaks[hot], between)
            self.peak = max(self.peak, float(between.max()))
        return peaks

    def _under(self, maxima: NDArray[np.float32]) -> NDArray[np.float32]:
        """The greatest sample under the filter, for each cell."""
        back = self._filter.cells_back
        windows = [maxima[shift : len(maxima) - back + shift] for shift in range(back + 1)]
        under: NDArray[np.float32] = np.maximum.reduce(windows)
        return under


FLUSH = 2 * CELL
"""Zeros that bring out every value still between the last samples."""


def _cell_maxima(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The greatest magnitude of each cell, by halving: far faster than a reduction over short rows."""
    magnitudes: NDArray[np.float32] = np.abs(samples)
    for _ in range(CELL.bit_length() - 1):
        magnitudes = np.maximum(magnitudes[0::2], magnitudes[1::2])
    return magnitudes
