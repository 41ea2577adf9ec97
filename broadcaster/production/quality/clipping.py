"""Recorded too loud: the tops of the waves are cut off flat, and the voice sounds torn.

Sound that was never clipped is the rarer the louder: counted by size, its samples thin out towards the loudest. Where
the tops were cut, the samples that belonged above pile up at one size. The pile stays when the recording is made
quieter afterwards, and mostly when an mp3 was made of it; a codec for speech rebuilds the waves and hides it.
"""

from collections.abc import Sequence
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
_COUNTED_HZ = 8000
"""Samples counted of each second, whatever the rate."""
_FEWEST = 6
"""So many pieces show how sizes thin out; of fewer nothing is said."""
_OFTEN, _WITHIN_S = 3, 5.0
"""A torn voice is torn in so many pieces within so many seconds: a knock on the microphone is over sooner."""
_OCTAVES, _STEPS = 10, 32
_LOWEST = 127 - 8 << 5
"""Sizes are counted from 2⁻⁸ of full scale up, in 32 steps an octave: the first bits of a float are its logarithm."""
_FAINT = 2 * _STEPS
"""A group whose loudest sample is under −36 dBFS is not judged."""
_MU_LAW_BIAS = np.float32(33 / 8192)
"""µ-law's steps double with every octave once this is added to a size; A-law's do without."""
_EVEN, _COARSE = np.full(3, 1 / 3), np.array([0.25, 0.5, 0.25])
"""Each size among its neighbours. The second levels out every other step: the codecs of telephones (ITU-T G.711) know only
16 sizes an octave."""
_TELEPHONE = {"pcm_mulaw", "pcm_alaw"}
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
    codec: str = ""
    pieces: set[Seconds] = field(default_factory=set)
    """Begin of each piece with clipped waves."""
    _group: list[tuple[Seconds, Counts]] = field(default_factory=list)
    _before: list[tuple[Seconds, Counts]] = field(default_factory=list)
    """The last group that was judged: a rest too short to show anything is judged with the end of it."""
    _frames: int = 0

    def feed(self, block: Samples) -> None:
        """The next frames ``(n, channels)``."""
        length, every = round(PIECE_S * self.rate_hz), max(round(self.rate_hz / _COUNTED_HZ), 1)
        for at in range(0, len(block), length):
            piece = np.ascontiguousarray(block[at : at + length : every]).reshape(-1)
            if self.codec == "pcm_mulaw":
                piece = np.abs(piece) + _MU_LAW_BIAS
            self._group.append((Seconds((self._frames + at) / self.rate_hz), _counted(piece)))
        self._frames += len(block)
        if len(self._group) >= GROUP:
            self._judge(self._group)
            self._before, self._group = self._group, []

    def finish(self) -> None:
        """Look at what is left since the last whole group."""
        if self._group:
            self._judge([*self._before, *self._group][-max(GROUP, len(self._group)) :])
        self._before, self._group = [], []

    def _judge(self, group: Sequence[tuple[Seconds, Counts]]) -> None:
        if len(group) < _FEWEST:
            return
        pile = _pile(np.sum([count for _, count in group], axis=0), _COARSE if self.codec in _TELEPHONE else _EVEN)
        if pile is None:
            return
        self.pieces |= {at_s for at_s, each in group if each[pile:].sum() > _HEARD * max(each.sum(), 1)}


def _counted(samples: NDArray[np.float32]) -> Counts:
    """How many samples have each size."""
    size = (samples.view(np.int32) & 0x7FFFFFFF) >> 18
    return np.bincount(size, minlength=1 << 13)[_LOWEST : _LOWEST + _OCTAVES * _STEPS]


def _pile(counts: Counts, kernel: NDArray[np.float64]) -> int | None:
    """The size from which samples are piled up; ``None`` where they thin out as they should."""
    sizes = np.flatnonzero(counts)
    top = int(sizes[-1]) if len(sizes) else 0
    if top < _FAINT + _STEPS:
        return None
    first = top - 2 * _STEPS
    widths = 2.0 ** (np.arange(first, top + 1) // _STEPS)
    density = counts[first : top + 1] / widths * widths[-1]
    smooth = np.convolve(np.pad(density, 1, mode="edge"), kernel, mode="valid")
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
    tops.finish()
    pieces = sorted(tops.pieces)
    for first, third in zip(pieces, pieces[_OFTEN - 1 :], strict=False):
        if third - first <= _WITHIN_S:
            return finding("clipped", at_s=first)
    return None
