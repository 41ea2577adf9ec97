"""Recorded too loud: the tops of the waves are cut off flat, and the voice sounds torn.

Sound that was never clipped is the rarer the louder: counted by size, its samples thin out towards the loudest. Where
the tops were cut, the samples that belonged above pile up at one size. The pile stays when the recording is made
quieter afterwards, and mostly when an mp3 was made of it; a codec for speech rebuilds the waves and hides it.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Finding, Seconds
from broadcaster.sound.blocks import Samples
from broadcaster.sound.findings import finding

Counts = NDArray[np.int64]

PIECE_S = 0.5
GROUP = 20
"""Pieces that are judged together: ten seconds."""
_EVERY = 6
_OCTAVES, _STEPS = 10, 32
_LOWEST = 127 - 8 << 5
"""Sizes are counted from 2⁻⁸ of full scale up, in 32 steps an octave: the first bits of a float are its logarithm."""
_FAINT = 2 * _STEPS
"""A group whose loudest sample is under −36 dBFS is not judged."""
_PILED = 0.8
"""How far the pile must rise above the sizes below it, as a share of them."""
_NEAR_TOP = 20
"""A pile lies within this many steps of the loudest sample: 4 dB."""
_LEAST, _MOST = 0.0025, 0.55
"""Share of the samples in the pile: less is not heard, more is a tone and no clipped voice."""
_HEARD = 0.004
"""Share of a piece's samples in the pile from which the piece counts."""


@dataclass
class FlatTops:
    """Takes blocks and remembers the seconds at which tops are cut off."""

    rate_hz: float
    pieces: list[Seconds] = field(default_factory=list)
    """Begin of each piece with clipped waves."""
    _group: list[tuple[Seconds, Counts]] = field(default_factory=list)
    _frames: int = 0

    def feed(self, block: Samples) -> None:
        """The next frames ``(n, channels)``."""
        length = round(PIECE_S * self.rate_hz)
        for at in range(0, len(block), length):
            piece = np.ascontiguousarray(block[at : at + length : _EVERY]).reshape(-1)
            self._group.append((Seconds((self._frames + at) / self.rate_hz), _counted(piece)))
        self._frames += len(block)
        if len(self._group) >= GROUP:
            self.judge()

    def judge(self) -> None:
        """Look at what is held, the last group too."""
        counts = [count for _, count in self._group]
        pile = _pile(np.sum(counts, axis=0)) if counts else None
        if pile is not None:
            self.pieces += [at_s for at_s, each in self._group if each[pile:].sum() > _HEARD * max(each.sum(), 1)]
        self._group.clear()


def _counted(samples: NDArray[np.float32]) -> Counts:
    """How many samples have each size."""
    size = (samples.view(np.int32) & 0x7FFFFFFF) >> 18
    return np.bincount(size, minlength=1 << 13)[_LOWEST : _LOWEST + _OCTAVES * _STEPS]


def _pile(counts: Counts) -> int | None:
    """The size from which samples are piled up; ``None`` where they thin out as they should."""
    sizes = np.flatnonzero(counts)
    top = int(sizes[-1]) if len(sizes) else 0
    if top < _FAINT + _STEPS:
        return None
    first = top - 2 * _STEPS
    widths = 2.0 ** (np.arange(first, top + 1) // _STEPS)
    density = counts[first : top + 1] / widths * widths[-1]
    smooth = np.convolve(np.pad(density, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")
    above = smooth - np.minimum.accumulate(smooth)
    relative = above / (smooth - above + 8)
    relative[: len(relative) - _NEAR_TOP] = 0
    share = above[-_NEAR_TOP:].sum() / max(counts[max(first - 2 * _STEPS, 1) :].sum(), 1)
    peak = int(relative.argmax())
    if relative[peak] < _PILED or not _LEAST < share < _MOST:
        return None
    rising = np.flatnonzero(above[:peak] <= above[peak] / 4)
    return first + (int(rising[-1]) + 1 if len(rising) else peak)


def judge(tops: FlatTops) -> Finding | None:
    """Whether voices are torn, and where first."""
    tops.judge()
    if not tops.pieces:
        return None
    return finding("clipped", at_s=tops.pieces[0])
