"""The test signals of EBU Tech 3341 (v4, November 2023), Tech 3342 (v4) and ITU-R BS.1770-5, made from their descriptions.

Two of each EBU document cannot be made: they are recordings of real programmes (3341 cases 7 and 8, 3342 cases 5 and 6).
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float32]
"""Frames ``(n, channels)``."""
SURROUND = 5
"""Channels of case 6: left, right, centre, left and right surround."""


@dataclass(frozen=True)
class Case:
    """One line of a document's table, or a part of it."""

    document: str
    number: str
    signal: str
    """What is heard, in words."""
    reading: str
    """``I``, ``LRA``, ``TP``; ``M`` or ``S`` at the end; ``max M``, ``max S``; ``M over time``, ``S over time`` from
    ``settled_s`` on."""
    expected: tuple[float, ...]
    """One for each piece."""
    below: float
    above: float
    pieces: Callable[[int], Iterator[Signal]]
    """For a sample rate: the sounds, each metered on its own; with ``one_run`` one after the other by one meter."""
    one_run: bool = False
    settled_s: float = 0.0


def tone(level_dbfs: float, seconds: float, rate_hz: int, frequency_hz: float = 1000.0, channels: int = 2) -> Signal:
    """A sine whose peaks reach ``level_dbfs``, the same on all channels."""
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    sine = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * frequency_hz * at)
    return np.repeat(sine.astype(np.float32)[:, None], channels, axis=1)


def silence(seconds: float, rate_hz: int) -> Signal:
    return np.zeros((round(seconds * rate_hz), 2), dtype=np.float32)


def _tones(*steps: tuple[float, float]) -> Callable[[int], Iterator[Signal]]:
    """Tones of (level, seconds) without a gap, as one piece."""

    def make(rate_hz: int) -> Iterator[Signal]:
        yield np.concatenate([tone(level, seconds, rate_hz) for level, seconds in steps])

    return make


def _after_silence(step_s: float, tone_s: float) -> Callable[[int], Iterator[Signal]]:
    """Twenty files: each begins a step later and ends in one second of silence."""

    def make(rate_hz: int) -> Iterator[Signal]:
        for i in range(20):
            parts = silence(i * step_s, rate_hz), tone(-23, tone_s, rate_hz), silence(1, rate_hz)
            yield np.concatenate(parts)

    return make


def _rising(step_s: float, tone_s: float) -> Callable[[int], Iterator[Signal]]:
    """Twenty parts of one run, each 1 dB louder and a step later in its time."""

    def make(rate_hz: int) -> Iterator[Signal]:
        for i in range(20):
            sound = tone(-38 + i, tone_s, rate_hz)
            yield np.concatenate([silence(i * step_s, rate_hz), sound, silence(tone_s - i * step_s, rate_hz)])

    return make


def _five_channels(rate_hz: int) -> Iterator[Signal]:
    levels = (-28, -28, -24, -30, -30)
    yield np.concatenate([tone(level, 20, rate_hz, channels=1) for level in levels], axis=1)


def _one_of_five(which: int) -> Callable[[int], Iterator[Signal]]:
    def make(rate_hz: int) -> Iterator[Signal]:
        sound = np.zeros((5 * rate_hz, SURROUND), dtype=np.float32)
        sound[:, which] = tone(0, 5, rate_hz, 997, channels=1)[:, 0]
        yield sound

    return make


def _faded(sound: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """10 ms in and out: a cut is a click with a peak of its own."""
    at = np.arange(len(sound))
    faded: NDArray[np.float64] = sound * np.minimum(np.minimum(at, at[::-1]) / (0.01 * rate_hz), 1.0)
    return faded


def _between_samples(divisor: int, phase_deg: float, amplitude: float) -> Callable[[int], Iterator[Signal]]:
    """A sine of a whole part of the sample rate: where its crests fall between samples is its phase."""

    def make(rate_hz: int) -> Iterator[Signal]:
        sine = amplitude * np.sin(2 * np.pi * np.arange(rate_hz) / divisor + math.radians(phase_deg))
        yield np.repeat(_faded(sine, rate_hz).astype(np.float32)[:, None], 2, axis=1)

    return make


def _one_loud_period(offset: int) -> Callable[[int], Iterator[Signal]]:
    """fs/6 at half scale with one period of fs/4 at full scale amid it, made at 4 fs, limited in band, and thinned out."""

    def make(rate_hz: int) -> Iterator[Signal]:
        soft = 0.5 * np.sin(2 * np.pi * np.arange(24 * 1000) / 24)
        loud = np.sin(2 * np.pi * np.arange(16) / 16)
        fine = np.convolve(_faded(np.concatenate([soft, loud, soft]), 4 * rate_hz), _quarter_band(), "same")
        yield np.repeat(fine[offset::4].astype(np.float32)[:, None], 2, axis=1)

    return make


def _quarter_band() -> NDArray[np.float64]:
    """Passes what is below an eighth of the sample rate: the band that a fourth of the samples can hold."""
    at = np.arange(-127, 128)
    taps: NDArray[np.float64] = np.sinc(at / 4) * np.kaiser(len(at), 8)
    taps /= taps.sum()
    return taps


def _frequency(frequency_hz: float) -> Callable[[int], Iterator[Signal]]:
    def make(rate_hz: int) -> Iterator[Signal]:
        yield tone(-23, 5, rate_hz, frequency_hz)

    return make


_SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)
_HIGH_PASS = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
"""Coefficients for 48 kHz, as BS.1770's tables 1 and 2 print them: numerator, denominator."""


def weighted_db(frequency_hz: float) -> float:
    """What the standard's own filter adds to a sine, in dB."""
    step = np.exp(-2j * np.pi * frequency_hz / 48_000)
    gains = [np.polyval(above[::-1], step) / np.polyval(below[::-1], step) for above, below in (_SHELF, _HIGH_PASS)]
    return 20 * math.log10(abs(gains[0] * gains[1]))


def _cases() -> Iterator[Case]:
    yield from _levels()
    yield from _moving_windows()
    yield from _true_peaks()
    yield from _ranges()
    yield from _recommendation()


def _levels() -> Iterator[Case]:
    doc = "Tech 3341"
    for number, level in (("1", -23.0), ("2", -33.0)):
        for reading in ("M", "S", "I"):
            words = f"1 kHz at −{-level:.0f} dBFS, 20 s"
            yield Case(doc, number, words, reading, (level,), 0.1, 0.1, _tones((level, 20)))
    steps = (-36, 10), (-23, 60), (-36, 10)
    yield Case(doc, "3", "10 s at −36, 60 s at −23, 10 s at −36 dBFS", "I", (-23,), 0.1, 0.1, _tones(*steps))
    quiet = (-72, 10)
    words = "as 3 between 10 s at −72 dBFS"
    yield Case(doc, "4", words, "I", (-23,), 0.1, 0.1, _tones(quiet, *steps, quiet))
    uneven = (-26, 20), (-20, 20.1), (-26, 20)
    yield Case(doc, "5", "20 s at −26, 20.1 s at −20, 20 s at −26 dBFS", "I", (-23,), 0.1, 0.1, _tones(*uneven))
    words = "5.0: L, R at −28, C at −24, Ls, Rs at −30 dBFS, 20 s"
    yield Case(doc, "6", words, "I", (-23,), 0.1, 0.1, _five_channels)


def _moving_windows() -> Iterator[Case]:
    doc, rising = "Tech 3341", tuple(map(float, range(-38, -18)))
    steady = (-23.0,)
    words = "(1.34 s at −20, 1.66 s at −30 dBFS) five times"
    yield Case(doc, "9", words, "S over time", steady, 0.1, 0.1, _tones(*((-20, 1.34), (-30, 1.66)) * 5), settled_s=3.0)
    words = "20 files: i · 0.15 s of silence, 3 s at −23 dBFS, 1 s of silence"
    yield Case(doc, "10", words, "max S", steady * 20, 0.1, 0.1, _after_silence(0.15, 3))
    words = "one run: i · 0.15 s of silence, 3 s at −38 + i dBFS, silence"
    yield Case(doc, "11", words, "max S", rising, 0.1, 0.1, _rising(0.15, 3), one_run=True)
    words = "(0.18 s at −20, 0.22 s at −30 dBFS) 25 times"
    yield Case(
        doc, "12", words, "M over time", steady, 0.1, 0.1, _tones(*((-20, 0.18), (-30, 0.22)) * 25), settled_s=1.0
    )
    words = "20 files: i · 20 ms of silence, 0.4 s at −23 dBFS, 1 s of silence"
    yield Case(doc, "13", words, "max M", steady * 20, 0.1, 0.1, _after_silence(0.02, 0.4))
    words = "one run: i · 20 ms of silence, 0.4 s at −38 + i dBFS, silence"
    yield Case(doc, "14", words, "max M", rising, 0.1, 0.1, _rising(0.02, 0.4), one_run=True)


def _true_peaks() -> Iterator[Case]:
    doc = "Tech 3341"
    sines = (
        ("15", 4, 0.0, 0.50, -6.0),
        ("16", 4, 45.0, 0.50, -6.0),
        ("17", 6, 60.0, 0.50, -6.0),
        ("18", 8, 67.5, 0.50, -6.0),
        ("19", 4, 45.0, 1.41, 3.0),
    )
    for number, divisor, phase, amplitude, expected in sines:
        words = f"fs/{divisor}, {phase:g}°, amplitude {amplitude:.2f}"
        yield Case(doc, number, words, "TP", (expected,), 0.4, 0.2, _between_samples(divisor, phase, amplitude))
    for offset in range(4):
        words = f"fs/6 at 0.50 with one period of fs/4 at 1.00, {offset} samples later at 4 fs"
        yield Case(doc, str(20 + offset), words, "TP", (0.0,), 0.4, 0.2, _one_loud_period(offset))


def _ranges() -> Iterator[Case]:
    cases = (
        ("1", (-20, -30), 10.0),
        ("2", (-20, -15), 5.0),
        ("3", (-40, -20), 20.0),
        ("4", (-50, -35, -20, -35, -50), 15.0),
    )
    for number, levels, expected in cases:
        words = f"20 s each at {', '.join(f'−{-level}' for level in levels)} dBFS"
        steps = [(float(level), 20.0) for level in levels]
        yield Case("Tech 3342", number, words, "LRA", (expected,), 1.0, 1.0, _tones(*steps))


def _recommendation() -> Iterator[Case]:
    doc = "BS.1770-5"
    for which, name in enumerate(("left", "right", "centre", "left surround", "right surround")):
        expected = -3.01 + 10 * math.log10(1.41 if "surround" in name else 1.0)
        words = f"997 Hz at 0 dBFS, {name} alone"
        yield Case(doc, "annex 1", words, "I", (expected,), 0.1, 0.1, _one_of_five(which))
    for frequency_hz in (25, 100, 500, 2000, 4000, 10_000):
        expected = -23.0 - 0.691 + weighted_db(frequency_hz)
        words = f"{frequency_hz} Hz at −23 dBFS, weighted by tables 1 and 2"
        yield Case(doc, "annex 1", words, "I", (expected,), 0.1, 0.1, _frequency(frequency_hz))


CASES = tuple(_cases())
