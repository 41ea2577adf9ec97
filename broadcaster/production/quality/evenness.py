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
    """Where the first soft stretch begins: three seconds in the lower third between what the range counts as soft and loud."""
    sums = np.cumsum(np.concatenate([[0.0], hops]))
    blocks = (sums[_SHORT_TERM:] - sums[:-_SHORT_TERM]) / _SHORT_TERM
    counted = blocks > max(float(blocks.mean()) / 100, 1e-7)
    low, high = np.percentile(10 * np.log10(blocks[counted]), (10, 95))
    soft = counted & (blocks < 10 ** ((low + (high - low) / 3) / 10))
    return Seconds(float(soft.argmax()) / 10)
