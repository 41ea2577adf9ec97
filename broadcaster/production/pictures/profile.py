"""What a waveform picture shows of a master: its swing, its loudness over time and its silences, in bounded memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Lufs, Seconds
from broadcaster.sound.blocks import Samples
from broadcaster.sound.kweighting import KWeighting
from broadcaster.sound.loudness import energy_of

RATE_HZ = 48_000
CELL = 1024
"""Samples of one cell, 21 ms: all that is kept of them is their least, their greatest and their energy."""
SHORT_TERM_S = 3.0
"""EBU Tech 3341's short-term window, here in whole cells: 3.008 s."""
QUIETEST_LUFS = -60.0
"""Loudness is not drawn below it."""
SILENT_LUFS = -54.0
"""A cell under this is silence: 35 LU below a master's programme."""
SILENCE_S = 1.5
"""Shorter pauses belong to speech."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Profile:
    """A master's sound, without its lead-in and tail, as so many columns."""

    duration_s: Seconds
    lows: Values
    """Least sample of each column, −1 … 0."""
    highs: Values
    """Greatest sample of each column, 0 … 1."""
    loudness: Values
    """Short-term loudness at each column's middle, LUFS, not under :data:`QUIETEST_LUFS`."""
    silences: tuple[tuple[Seconds, Seconds], ...]
    """Begin and end of each."""


def profile(blocks: Iterable[Samples], lead_in_s: float, duration_s: float, columns: int) -> Profile:
    """The profile of a mono master at 48 kHz, given in blocks ``(n, 1)``."""
    lows, highs, energies = _cells(_between(blocks, round(lead_in_s * RATE_HZ), round(duration_s * RATE_HZ)))
    columns = max(1, min(columns, len(energies)))
    edges = np.arange(columns) * len(energies) // columns
    return Profile(
        duration_s=Seconds(duration_s),
        lows=np.minimum(np.minimum.reduceat(lows, edges), 0.0),
        highs=np.maximum(np.maximum.reduceat(highs, edges), 0.0),
        loudness=_short_term(energies)[edges + np.diff([*edges, len(energies)]) // 2],
        silences=tuple(_silences(energies, duration_s)),
    )


def _between(blocks: Iterable[Samples], first: int, frames: int) -> Iterator[NDArray[np.float32]]:
    """The samples of one channel from ``first`` on, ``frames`` of them."""
    at, last = 0, first + frames
    for block in blocks:
        begin, end = max(first - at, 0), max(last - at, 0)
        if begin < min(end, len(block)):
            yield block[begin:end, 0]
        at += len(block)


def _cells(stretches: Iterable[NDArray[np.float32]]) -> tuple[Values, Values, Values]:
    """Least, greatest and K-weighted mean square of each cell; the last is filled up with zeros."""
    weighting, rest = KWeighting(RATE_HZ), np.zeros(0, dtype=np.float32)
    found: list[tuple[Values, Values, Values]] = []
    for stretch in stretches:
        rest = np.concatenate([rest, stretch])
        whole = len(rest) - len(rest) % CELL
        found.append(_reduced(rest[:whole], weighting))
        rest = rest[whole:]
    if len(rest) or not found:
        found.append(_reduced(np.pad(rest, (0, max(CELL, len(rest)) - len(rest))), weighting))
    lows, highs, energies = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return lows, highs, energies


def _reduced(samples: NDArray[np.float32], weighting: KWeighting) -> tuple[Values, Values, Values]:
    cells = samples.reshape(-1, CELL)
    squares = weighting.run(samples).reshape(-1, CELL) ** 2 if len(samples) else np.zeros((0, CELL))
    return cells.min(axis=1), cells.max(axis=1), squares.mean(axis=1)


def _short_term(energies: Values) -> Values:
    """Loudness of the three seconds around each cell; at both ends of as much as there is."""
    half, sums = round(SHORT_TERM_S * RATE_HZ / CELL / 2), np.concatenate([[0.0], np.cumsum(energies)])
    middles = np.arange(len(energies))
    first, last = np.maximum(middles - half, 0), np.minimum(middles + half, len(energies))
    means = (sums[last] - sums[first]) / np.maximum(last - first, 1)
    loudness: Values = -0.691 + 10 * np.log10(np.maximum(means, energy_of(QUIETEST_LUFS)))
    return loudness


def _silences(energies: Values, duration_s: float) -> Iterator[tuple[Seconds, Seconds]]:
    """Every run of silent cells that is longer than a pause in speech."""
    silent = energies < energy_of(Lufs(SILENT_LUFS))
    turns = np.flatnonzero(np.diff(np.concatenate([[False], silent, [False]]).astype(np.int8)))
    for begin, end in turns.reshape(-1, 2) * (CELL / RATE_HZ):
        if end - begin >= SILENCE_S:
            yield Seconds(float(begin)), Seconds(min(float(end), duration_s))
