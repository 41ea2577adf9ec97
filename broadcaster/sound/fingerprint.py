"""Is this the same recording? Sixteen bits every 64 ms that survive a codec, a gain and a cut, and are no sound.

After J. Haitsma and T. Kalker, "A Highly Robust Audio Fingerprinting System" (ISMIR 2002): each bit says whether the
difference between two neighbouring bands grew or fell within 128 ms. Bands are those every phone keeps.
A word of 0 stands for a moment with nothing to hear.

Two recordings are compared in *probes* of three seconds: each is looked for in the other, and counts as found where a
neighbour is found beside it at the same distance. Chance pieces that are alike (a jingle's note, "sí") do not count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Seconds
from broadcaster.sound.narrowband import Narrowband
from broadcaster.sound.spectra import HOP_S, Powers, Spectra

Words = NDArray[np.uint16]

WORD_S = 2 * HOP_S
"""Time between two words."""
PROBE = 24
"""Every other word of 3.1 s."""
MOST_WRONG = 0.30
"""Share of bits that may differ where the same sound is meant; unlike sound differs in half of them."""
_BITS = 16
_LOWEST_HZ, _HIGHEST_HZ = 300.0, 3000.0
_WIDE = 12
"""Frames that a word looks at: 0.4 s."""
_QUIET_DB = 30.0
"""A frame so far below the loud ones holds nothing to recognise."""
_MOST_PROBES = 400
_FIRST_LOOK = 32
_AT_ONCE = 4096
"""Positions compared at once."""


class Fingerprinter:
    """Takes spectra as they come."""

    def __init__(self, hertz: NDArray[np.float64]) -> None:
        edges = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, _BITS + 2)
        bands = [(hertz >= low) & (hertz < high) for low, high in pairwise(edges)]
        self._sums = np.array(bands, dtype=np.float32).T
        self._held = np.zeros((0, _BITS + 1), dtype=np.float32)
        self._tilts: NDArray[np.float32] | None = None
        self._words: list[Words] = []
        self._levels: list[NDArray[np.float32]] = []

    def feed(self, powers: Powers) -> None:
        """The next frames' spectra."""
        held = np.concatenate([self._held, powers @ self._sums])
        count = max(0, (len(held) - _WIDE) // 2 + 1)
        if count:
            pairs = held[: (count - 1) * 2 + _WIDE].reshape(-1, 2, _BITS + 1).sum(axis=1)
            self._take(sum((pairs[at : at + count] for at in range(1, _WIDE // 2)), pairs[:count]))
        self._held = held[count * 2 :]

    def _take(self, wide: NDArray[np.float32]) -> None:
        tilts = np.diff(np.log(wide + np.float32(1e-12)), axis=1)
        before = np.repeat(tilts[:1], 2, axis=0) if self._tilts is None else self._tilts
        all_ = np.concatenate([before, tilts])
        grew = all_[2:] > all_[:-2]
        self._tilts = all_[-2:]
        words = (grew @ (1 << np.arange(_BITS))).astype(np.uint16)
        self._words.append(np.maximum(words, 1))
        self._levels.append(wide.sum(axis=1))

    def words(self) -> Words:
        """The fingerprint of everything so far."""
        levels = np.concatenate([np.zeros(0, dtype=np.float32), *self._levels])
        words = np.concatenate([np.zeros(0, dtype=np.uint16), *self._words])
        if len(levels):
            words[levels < np.percentile(levels, 95) * 10 ** (-_QUIET_DB / 10)] = 0
        return words


@dataclass(frozen=True)
class Alike:
    """How much of a recording was found in another."""

    share: float
    """Of the probes that hold something to hear, 0 … 1."""
    first_s: Seconds | None
    """Where in the recording it begins."""


NOTHING = Alike(0.0, None)


def audible(words: Words) -> int:
    """Words in which there is something to hear."""
    return int(np.count_nonzero(words))


def alike(recording: Words, other: Words) -> Alike:
    """How much of ``recording`` is found in ``other``."""
    best = NOTHING
    for phase in (0, 1):  # a cut shifts the grid of one by up to half of the other's
        found = _alike(recording[::2], other[phase::2])
        best = max(best, found, key=lambda each: each.share)
    return best


def _alike(recording: Words, other: Words) -> Alike:
    starts = _starts(recording)
    if not len(starts) or len(other) < PROBE:
        return NOTHING
    some = starts[:: max(1, len(starts) // _FIRST_LOOK)]
    if (_find(recording, some, other) < 0).all():
        return NOTHING
    found = _find(recording, starts, other)
    good = _together(starts, found)
    if not good.any():
        return NOTHING
    return Alike(float(good.mean()), Seconds(float(starts[good.argmax()]) * 2 * WORD_S))


def _starts(words: Words) -> NDArray[np.intp]:
    """Where the probes begin, one behind the other; of a very long recording some neighbouring pairs."""
    whole = np.arange(0, len(words) - PROBE + 1, PROBE, dtype=np.intp)
    heard = np.array([np.count_nonzero(words[at : at + PROBE]) >= PROBE * 2 // 3 for at in whole], dtype=bool)
    starts: NDArray[np.intp] = whole[heard]
    if len(starts) <= _MOST_PROBES:
        return starts
    pairs = starts[: len(starts) // 2 * 2].reshape(-1, 2)
    return pairs[:: -(-len(pairs) * 2 // _MOST_PROBES)].reshape(-1)


def _find(recording: Words, starts: Sequence[int] | NDArray[np.intp], other: Words) -> NDArray[np.intp]:
    """Where in ``other`` each probe lies best; −1 where none is near enough."""
    probes = np.array([_signs(recording[at : at + PROBE]) for at in starts])
    heard = np.abs(probes).sum(axis=1)
    best, where = np.full(len(probes), -np.inf), np.full(len(probes), -1, dtype=np.intp)
    for first in range(0, len(other) - PROBE + 1, _AT_ONCE):
        signs = _signs(other[first : first + _AT_ONCE + PROBE - 1])
        places = np.lib.stride_tricks.sliding_window_view(signs, PROBE * _BITS)[::_BITS]
        scores = np.ascontiguousarray(places) @ probes.T
        top = scores.argmax(axis=0)
        score = scores[top, np.arange(len(probes))]
        better = score > best
        best[better], where[better] = score[better], first + top[better]
    where[best < (1 - 2 * MOST_WRONG) * heard] = -1
    return where


def _signs(words: Words) -> NDArray[np.float32]:
    """Each bit as +1 or −1, the bits of a silent word as 0; flat."""
    bits = (words[:, None] >> np.arange(_BITS, dtype=np.uint16) & 1).astype(np.float32) * 2 - 1
    bits[words == 0] = 0
    return bits.reshape(-1)


def _together(starts: NDArray[np.intp], found: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which probes were found with a neighbour (up to three probes off) at the same distance, give or take a word."""
    good = np.zeros(len(starts), dtype=bool)
    distance = found - starts
    for step in (1, 2, 3):
        beside = (found[step:] >= 0) & (found[:-step] >= 0) & (np.abs(distance[step:] - distance[:-step]) <= 1)
        near = beside & (starts[step:] - starts[:-step] <= 3 * PROBE)
        good[step:] |= near
        good[:-step] |= near
    return good


def fingerprint_of(blocks: Iterable[NDArray[np.floating]], rate_hz: int) -> Words:
    """The fingerprint of one channel of sound that comes in blocks of any length."""
    narrow = Narrowband(rate_hz)
    spectra = Spectra(narrow.rate_hz)
    printer = Fingerprinter(spectra.hertz)
    held = np.zeros(0, dtype=np.float32)
    for block in blocks:
        held = np.concatenate([held, block.reshape(-1).astype(np.float32)])
        whole = len(held) - len(held) % narrow.cell
        printer.feed(spectra.feed(narrow.run(held[:whole])))
        held = held[whole:]
    printer.feed(spectra.feed(narrow.run(held)))
    return printer.words()
