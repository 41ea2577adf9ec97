"""Second-order filters in a row, for blocks of whole cells of one channel, at the speed of matrix products."""

from collections.abc import Sequence
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.kweighting import Biquad, Weighting


class Biquads:
    """Sections in a row, keeping their state from block to block."""

    def __init__(self, sections: Sequence[Biquad]) -> None:
        self._filter = Weighting(sections)

    def run(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """As many samples as given: whole cells."""
        return self._filter.cells(samples).reshape(-1)


def high_pass(corner_hz: float, rate_hz: float, order: int = 4) -> tuple[Biquad, ...]:
    """A Butterworth high-pass of even order, −3 dB at its corner, 6 dB an octave for each order.

    Each section is the cookbook's (R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients"), with
    the Q of a Butterworth's pole pair.
    """
    pairs = order // 2
    qualities = [1 / (2 * cos(pi * (2 * pair + 1) / (2 * order))) for pair in range(pairs)]
    return tuple(_section(corner_hz, rate_hz, quality) for quality in qualities)


def _section(corner_hz: float, rate_hz: float, quality: float) -> Biquad:
    turn = 2 * pi * corner_hz / rate_hz
    alpha, cosine = sin(turn) / (2 * quality), cos(turn)
    a0 = 1 + alpha
    b0 = (1 + cosine) / 2 / a0
    return Biquad(b0=b0, b1=-2 * b0, b2=b0, a1=-2 * cosine / a0, a2=(1 - alpha) / a0)
