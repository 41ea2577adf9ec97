"""Loud here, soft there: in a market the soft parts are lost, whatever the volume."""

import numpy as np

from broadcaster.model import Finding, LoudnessUnits, Seconds
from broadcaster.sound.findings import finding
from broadcaster.sound.hops import Energies

WIDE_LU = 15.0
"""Loudness range of a recording from which its soft parts drown beside its loud ones."""
_SHORT_TERM = 30
"""Hops of 100 ms: the three seconds of EBU Tech 3342."""


def judge(hops: Energies, loudness_range: LoudnessUnits | None) -> Finding | None:
    """Whether the soft parts are too soft, and where the first of them begins."""
    if loudness_range is None or loudness_range < WIDE_LU:
        return None
    return finding("uneven", at_s=_softest(hops))


def _softest(hops: Energies) -> Seconds:
    """Where the first long soft stretch begins: the 10th percentile of what the range counts, or less."""
    sums = np.cumsum(np.concatenate([[0.0], hops]))
    blocks = (sums[_SHORT_TERM:] - sums[:-_SHORT_TERM]) / _SHORT_TERM
    counted = blocks > max(blocks.mean() / 100, 1e-7)
    soft = counted & (blocks <= np.percentile(blocks[counted], 15))
    return Seconds(float(soft.argmax()) / 10)
