"""The hum of the mains: steady lines at 50 or 60 Hz and their multiples, under everything that is said.

A hum keeps its pitch for hours, a voice not for a second. So over eight seconds a hum gathers in one line a tenth of a
hertz wide, while a voice spreads: the line is held against the middle of what lies beside it, and shorter frames say
from when on it is there.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Finding, Seconds
from broadcaster.sound.findings import finding
from broadcaster.sound.narrowband import Narrowband, Signal

MAINS_HZ = (50.0, 60.0)
HARMONICS = 6
_LOW_RATE_HZ = 1000
_LONG, _SHORT = 8192, 512
"""Samples of the frames that find a hum, and of those that place it: 8 s and half a second; hops are half of it."""
_LINE_HZ, _FROM_HZ, _TO_HZ = 0.35, 1.5, 8.0
_STANDS_OUT = 12.0
"""How many times stronger than the middle of what lies beside it a line must be, in power, two frames running."""
_AUDIBLE_DB = -35.0
"""All lines together, beside the voice: fainter hum is not heard behind it."""
_AT_ONCE = 1 << 15
"""Samples that are looked at together."""
_LEAST_LINES = 2
"""The fundamental alone is enough too: no voice reaches down to it."""

Lines = NDArray[np.float32]


@dataclass
class _Frames:
    """Cuts the sound into windowed frames of one size, half a frame apart, as it comes."""

    size: int
    held: Signal = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def __post_init__(self) -> None:
        self._window = np.hanning(self.size + 1)[: self.size].astype(np.float32)
        self._scale = 2 / (self.size * float((self._window.astype(np.float64) ** 2).sum()))

    def feed(self, sound: Signal) -> NDArray[np.float32]:
        """Power spectra ``(frames, bins)`` of the frames that are whole now; a row sums to the mean square."""
        self.held = np.concatenate([self.held, sound])
        hop = self.size // 2
        count = max(0, (len(self.held) - self.size) // hop + 1)
        frames = np.zeros((0, self.size), dtype=np.float32)
        if count:
            frames = np.lib.stride_tricks.sliding_window_view(self.held, self.size)[::hop] * self._window
        self.held = self.held[count * hop :]
        spectrum = np.fft.rfft(frames, axis=1)
        return ((spectrum.real**2 + spectrum.imag**2) * self._scale).astype(np.float32)


@dataclass
class MainsLines:
    """Takes narrow-band sound and keeps, of each long frame, every line and its neighbourhood; of each short one the line."""

    rate_hz: float
    _long: list[Lines] = field(default_factory=list)
    _short: list[Lines] = field(default_factory=list)
    _low: list[Signal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._narrow = Narrowband(self.rate_hz, _LOW_RATE_HZ)
        self._frames = (_Frames(_LONG), _Frames(_SHORT))
        hertz = [np.arange(size // 2 + 1) * self._narrow.rate_hz / size for size in (_LONG, _SHORT)]
        lines = [mains * k for mains in MAINS_HZ for k in range(1, HARMONICS + 1)]
        self._near = [np.flatnonzero(np.abs(hertz[0] - line) <= _LINE_HZ) for line in lines]
        reach = [np.arange(_FROM_HZ, _TO_HZ, hertz[0][1]) * side for side in (-1, 1)]
        self._beside = np.rint((np.array(lines)[:, None] + np.concatenate(reach)) / hertz[0][1]).astype(np.intp)
        self._wide = np.array([np.abs(hertz[1] - line) <= 2.5 for line in lines], dtype=np.float32).T

    def hop_s(self, size: int = _SHORT) -> float:
        """Time between two frames."""
        return size / 2 / self._narrow.rate_hz

    def feed(self, narrow: Signal) -> None:
        """The next samples, whole cells of both filters."""
        self._low.append(self._narrow.run(narrow))
        if sum(map(len, self._low)) >= _AT_ONCE:
            self._look()

    def _look(self) -> None:
        low = np.concatenate([np.zeros(0, dtype=np.float32), *self._low])
        self._low.clear()
        powers = self._frames[0].feed(low)
        if len(powers):
            line = [powers[:, bins].sum(axis=1) for bins in self._near]
            beside = np.median(powers[:, self._beside], axis=2).T * 3
            self._long.append(np.stack([np.array(line), beside]).astype(np.float32))
        self._short.append((self._frames[1].feed(low) @ self._wide).T)

    def found(self) -> Lines:
        """``(2, lines, long frames)``: each line's mean square and that of as much beside it; of 50 Hz, then of 60."""
        self._look()
        return np.concatenate([self._none(2), *self._long], axis=-1)

    def placed(self) -> Lines:
        """``(lines, short frames)``: the mean square near each line."""
        self._look()
        return np.concatenate([self._none(1)[0], *self._short], axis=-1)

    def _none(self, kinds: int) -> Lines:
        return np.zeros((kinds, len(self._near), 0), dtype=np.float32)


@dataclass(frozen=True)
class Hum:
    """A hum and where it is."""

    mains_hz: float
    first_s: Seconds
    share: float
    """Of the recording, 0 … 1."""


def find(kept: MainsLines, voice_db: float) -> Hum | None:
    """The more lasting of the two hums, where one is loud enough beside a voice of ``voice_db``."""
    found = [each for mains in range(len(MAINS_HZ)) if (each := _of(kept, mains, voice_db))]
    return max(found, key=lambda hum: hum.share, default=None)


def _of(kept: MainsLines, mains: int, voice_db: float) -> Hum | None:
    own = slice(mains * HARMONICS, (mains + 1) * HARMONICS)
    line, beside = kept.found()[:, own]
    out = line > _STANDS_OUT * np.maximum(beside, 1e-13)
    out[:, 1:] &= out[:, :-1] | np.pad(out[:, 2:], ((0, 0), (0, 1)))
    powers = (line * out).sum(axis=0)
    hums = (out[0] | (out.sum(axis=0) >= _LEAST_LINES)) & (powers > 10 ** ((voice_db + _AUDIBLE_DB) / 10))
    lasting = hums[1:] & hums[:-1]
    if not lasting.any():
        return None
    first = int(lasting.argmax())
    strongest = int((line * out)[:, first + 1].argmax())
    first_s = _begin(kept, own.start + strongest, float(line[strongest, first + 1]), first)
    return Hum(MAINS_HZ[mains], first_s, float(hums.mean()))


def _begin(kept: MainsLines, line: int, power: float, long_frame: int) -> Seconds:
    """From when on the line is there without a break, sought back from the first long frame that is full of it."""
    there = kept.placed()[line] > power / 4
    hop_s, long_s = kept.hop_s(), kept.hop_s(_LONG)
    at = min(round((long_frame + 1) * long_s / hop_s), len(there) - 1)
    while at > 0 and there[at - 1]:
        at -= 1
    return Seconds(at * hop_s)


def judge(kept: MainsLines, voice_db: float) -> Finding | None:
    """Whether a hum is heard, and from where on."""
    hum = find(kept, voice_db)
    if hum is None:
        return None
    return finding("hum") if hum.first_s < 1 else finding("hum", at_s=hum.first_s)
