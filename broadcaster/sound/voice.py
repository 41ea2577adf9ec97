"""Is somebody speaking? What a voice does and neither music, noise nor a tone does, measured without a model.

Two habits of speech are enough, over windows of three seconds:

* its *pitch glides*: between neighbouring frames a speaking voice moves by a little nearly always, an instrument stays
  on its note, a tone or a hum does not move at all (after J. Saunders, "Real-time discrimination of broadcast
  speech/music", ICASSP 1996, and E. Scheirer and M. Slaney, ICASSP 1997, who found pitch and spectral change the best signs);
* its *spectrum changes* several times a second, from vowel to consonant.

``docs/findings.md`` has what was measured with it, beside the usual detector of telephones.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.spectra import LOWEST_HZ, SIZE, Powers

PITCH_HZ = (LOWEST_HZ, 400.0)
VOICED = 0.6
"""Share of a frame's energy that repeats after one period of its pitch, above which it is voiced."""
BAND_HZ = (200.0, 3600.0)
"""What counts as level: the band of a telephone, which every recording has."""
SILENCE_DB = -120.0
_BANDS_HZ = (150.0, 310.0, 465.0, 655.0, 870.0, 1120.0, 1400.0, 1790.0, 2340.0, 3120.0, 3600.0)
_LAG = 4
"""Frames over which the spectrum is compared with itself: 128 ms."""

WINDOW, STEP = 94, 31
"""Frames of a window and between two of them: 3 s, 1 s."""
_ACTIVE_DB = 25.0
_LEAST_PAIRS = 6
_AT_ONCE = 1024
"""Windows looked at together."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Voice:
    """What is kept of every frame."""

    level_db: NDArray[np.float32]
    """Mean square in :data:`BAND_HZ`, dB relative to full scale; not below :data:`SILENCE_DB`."""
    period: NDArray[np.float32]
    """Of the pitch, in samples of the narrow band; 0 in an unvoiced frame."""
    change: NDArray[np.float32]
    """Mean difference of the band levels to 128 ms before, nepers."""

    def __len__(self) -> int:
        return len(self.level_db)


class VoiceMeter:
    """Takes spectra as they come and gives what is kept of each frame."""

    def __init__(self, hertz: NDArray[np.float64], rate_hz: float) -> None:
        low, high = (int(rate_hz / hz) for hz in reversed(PITCH_HZ))
        self._periods = slice(low, high + 1)
        window = np.hanning(SIZE + 1)[:SIZE]
        fades = np.fft.irfft(np.abs(np.fft.rfft(window)) ** 2)
        self._fades = np.maximum(fades[self._periods] / fades[0], 0.2).astype(np.float32)
        self._first = low
        edges = [*pairwise(_BANDS_HZ), BAND_HZ]
        self._sums = np.array([(hertz > a) & (hertz <= b) for a, b in edges], dtype=np.float32).T
        self._before: NDArray[np.float32] | None = None

    def feed(self, powers: Powers) -> Voice:
        """What is kept of these frames."""
        sums = powers @ self._sums
        level = 10 * np.log10(np.maximum(sums[:, -1], 10 ** (SILENCE_DB / 10)))
        return Voice(level.astype(np.float32), self._period(powers), self._change(sums[:, :-1]))

    def _period(self, powers: Powers) -> NDArray[np.float32]:
        """The period after which most of a frame's sound repeats (its autocorrelation, the window's own taken out)."""
        if not len(powers):
            return np.zeros(0, dtype=np.float32)
        repeats = np.fft.irfft(powers, axis=1)
        alike = repeats[:, self._periods] / self._fades
        best = alike.argmax(axis=1)
        voiced = alike[np.arange(len(alike)), best] > VOICED * repeats[:, 0] + 1e-12
        return np.where(voiced, self._first + best, 0).astype(np.float32)

    def _change(self, bands: NDArray[np.float32]) -> NDArray[np.float32]:
        floor = 1e-4 * bands.sum(axis=1, keepdims=True) + 1e-12
        logs = np.log(bands + floor)
        before = np.repeat(logs[:1], _LAG, axis=0) if self._before is None else self._before
        all_ = np.concatenate([before, logs])
        self._before = all_[-_LAG:]
        changed: NDArray[np.float32] = np.abs(all_[_LAG:] - all_[:-_LAG]).mean(axis=1, dtype=np.float32)
        return changed


@dataclass(frozen=True)
class Windows:
    """What each window of :data:`WINDOW` frames shows; one every :data:`STEP` frames."""

    voiced: NDArray[np.float64]
    """Share of frames with a pitch."""
    gliding: NDArray[np.float64]
    """Of the neighbouring voiced frames, the share between which the pitch moved a little."""
    change: NDArray[np.float64]
    """Mean spectral change of the frames that are not pauses."""


def windows(voice: Voice) -> Windows:
    """Every whole window; what is shorter than one has none."""
    count = max(0, (len(voice) - WINDOW) // STEP + 1)
    parts = [_look(voice, first, min(first + _AT_ONCE, count)) for first in range(0, count, _AT_ONCE)]
    voiced, gliding, change = np.concatenate([np.zeros((3, 0)), *parts], axis=1)
    return Windows(voiced, gliding, change)


def _look(voice: Voice, first: int, last: int) -> NDArray[np.float64]:
    part = slice(first * STEP, (last - 1) * STEP + WINDOW)
    level, period, change = (_windowed(each[part]) for each in (voice.level_db, voice.period, voice.change))
    loud = np.partition(level, int(WINDOW * 0.95), axis=1)[:, int(WINDOW * 0.95), None]
    active = (level > loud - _ACTIVE_DB) & (level > SILENCE_DB)
    voiced = (period > 0) & active
    pairs = voiced[:, 1:] & voiced[:, :-1]
    octaves = np.abs(np.diff(np.log2(np.maximum(period, 1)), axis=1))
    moves = pairs & (octaves > 0.005) & (octaves < 0.2)
    many = pairs.sum(axis=1)
    steady = active.copy()
    steady[:, _LAG:] &= active[:, :-_LAG]
    return np.array(
        [
            voiced.mean(axis=1),
            np.where(many >= _LEAST_PAIRS, moves.sum(axis=1) / np.maximum(many, 1), 0.0),
            (change * steady).sum(axis=1) / np.maximum(steady.sum(axis=1), 1),
        ]
    )


def _windowed(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.lib.stride_tricks.sliding_window_view(values, WINDOW)[::STEP]


def speech(seen: Windows) -> Flags:
    """In which windows somebody surely speaks."""
    some = (seen.voiced > 0.25) & (seen.voiced < 0.93)
    return some & (seen.gliding > 0.40) & (seen.change > 1.5)
