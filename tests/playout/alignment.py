"""Where each moment of a master lies in a recording that was played too slowly, too fast, or with pieces missing.

A player that keeps time by resampling (libvlc: up to 6,500 ppm, changing all the while) stretches a second by several
milliseconds: more than a period of a voice. So 400 ms around each block are looked for, stretched as much as fits best, close
to where the block before puts them. Where they are not, most of a second that begins there is looked for farther away.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import signal

RATE_HZ = 8000
BLOCK = RATE_HZ // 10
AROUND = 4 * BLOCK
"""So much around a block is looked for near the block before: longer than a voice keeps its pitch,"""
AHEAD = 8 * BLOCK
"""and so much from the block on where it was lost: longer than most words are, for words come twice."""
STRETCHES = tuple(part / 1e6 for part in range(-8000, 8001, 2000))
FEW_STRETCHES = (-0.004, 0.0, 0.004)
REACH = RATE_HZ * 6 // 1000
"""How far the lag may lie from where the one before and its stretch put it."""
LEAN = 0.02 / (RATE_HZ // 1000)
"""What each sample away from there takes off a score: a period of a voice farther fits almost as well."""
FAR = RATE_HZ * 3 // 2
"""How far a lost place is looked for."""
FITS = 0.8
"""Correlation from which on a piece lies there."""

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """Where a block's middle lies in the recording: ``middle + lag``, the sound there being ``1 + stretch`` times as long."""

    lag: int
    stretch: float
    score: float = 0.0

    def at(self, passed: int) -> Self:
        """Where a moment so many samples later, or earlier, lies by this place."""
        return replace(self, lag=round(self.lag + self.stretch * passed))


def path(wanted: Samples, heard: Samples, blocks: Iterable[int], lag: int) -> dict[int, Place]:
    """The places of the blocks that could be placed, beginning near ``lag``."""
    places: dict[int, Place] = {}
    before, last = Place(lag, 0.0), 0
    for block in blocks:
        middle = block * BLOCK + BLOCK // 2
        near = before.at(middle - last).lag
        place = best(wanted, heard, middle, AROUND, near, reach=REACH, lean=LEAN)
        if place.score < FITS:
            place = _again(wanted, heard, middle, near)
        if place.score:
            places[block], before, last = place, place, middle
    return places


def _again(wanted: Samples, heard: Samples, middle: int, near: int) -> Place:
    """A lost place, from what begins there; score 0 when it is nowhere."""
    ahead = best(wanted, heard, middle + (AHEAD - BLOCK) // 2, AHEAD, near, reach=FAR, stretches=FEW_STRETCHES)
    if ahead.score < FITS:
        return Place(near, 0.0)
    return ahead.at((BLOCK - AHEAD) // 2)


def best(
    wanted: Samples,
    heard: Samples,
    middle: int,
    length: int,
    near: int,
    *,
    reach: int,
    stretches: Iterable[float] = STRETCHES,
    lean: float = 0.0,
) -> Place:
    """The place within ``reach`` of ``near`` where ``length`` samples around ``middle`` fit best.

    Each sample away from ``near`` takes ``lean`` off a score; score 0: the recording ends before.
    """
    begin = max(0, middle - length // 2 + near - reach)
    part = heard[begin : max(0, middle - length // 2 + near + reach + length)]
    found = Place(near, 0.0)
    if len(part) < length:
        return found
    energy, most = _energy(part, length), -np.inf
    leaning = lean * np.abs(np.arange(len(part) - length + 1) + begin - (middle - length // 2) - near)
    for stretch in stretches:
        piece = stretched(wanted, middle, length, stretch)
        products = signal.correlate(part, piece, "valid", "direct" if reach <= REACH else "fft")
        scores = products / np.sqrt(np.maximum(energy * np.sum(piece**2), 1e-12))
        at = int(np.argmax(scores - leaning))
        if scores[at] - leaning[at] > most:
            most = scores[at] - leaning[at]
            found = Place(begin + at - (middle - length // 2), stretch, float(scores[at]))
    return found


def _energy(samples: Samples, length: int) -> Samples:
    total: Samples = np.concatenate(([0.0], np.cumsum(samples**2)))
    return np.asarray(total[length:] - total[:-length])


def stretched(wanted: Samples, middle: int, length: int, stretch: float) -> Samples:
    """``length`` samples around ``middle`` as they sound when they are ``1 + stretch`` times as long."""
    moments = middle + (np.arange(length) - length / 2) / (1 + stretch)
    return np.asarray(np.interp(moments, np.arange(len(wanted)), wanted))
