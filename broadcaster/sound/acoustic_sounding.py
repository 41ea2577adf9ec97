"""Where in a master is there anything that a microphone could find?"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.acoustic_search import BAND_HZ, RATE_HZ

FRAME = RATE_HZ // 10
BELOW_LOUD_DB = 25.0
"""A frame so far below the loud ones (95th percentile) holds a pause, a breath, a tail."""
FLOOR_DB = -60.0
_AT_ONCE = 100 * FRAME
"""Samples looked at together: ten seconds."""


class Sounding:
    """Which tenths of a second sound."""

    def __init__(self, flags: NDArray[np.bool_]) -> None:
        self._flags = flags

    def seconds(self, start: int, stop: int) -> float:
        """How much sounds between two samples."""
        return float(np.count_nonzero(self._flags[start // FRAME : -(-stop // FRAME)])) * FRAME / RATE_HZ


def sounding(master: NDArray[Any]) -> Sounding:
    """Of a whole master, 16-bit integers or floats of full scale 1."""
    scale = 32768.0 if master.dtype == np.int16 else 1.0
    parts = [_levels(master[at : at + _AT_ONCE] / scale) for at in range(0, len(master), _AT_ONCE)]
    levels = np.concatenate([np.zeros(0), *parts])
    loud = float(np.percentile(levels, 95)) if len(levels) else 0.0
    return Sounding(levels >= max(loud - BELOW_LOUD_DB, FLOOR_DB))


def _levels(sound: NDArray[Any]) -> NDArray[np.float64]:
    """dB relative to full scale of each whole frame in the band."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float32)
    bins = slice(round(BAND_HZ[0] * FRAME / RATE_HZ), round(BAND_HZ[1] * FRAME / RATE_HZ))
    powers = np.abs(np.fft.rfft(frames, axis=1)[:, bins]) ** 2
    levels: NDArray[np.float64] = 10 * np.log10(powers.sum(axis=1, dtype=np.float64) * 2 / FRAME**2 + 1e-12)
    return levels
