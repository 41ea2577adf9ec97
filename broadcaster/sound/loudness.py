"""How loud, to an ear: the programme loudness meter of ITU-R BS.1770-4, as EBU Tech 3341 and 3342 use it.

Sound is K-weighted and squared; energies of 100 ms hops are all that is kept, so memory hardly grows with the length of
the recording. Every other figure is arithmetic on hops:

* *momentary*: 400 ms, *short-term*: 3 s, both read every 10 ms (EBU Tech 3341 asks for every 100 ms at least);
* *integrated*: mean energy of the 400 ms blocks above −70 LUFS and above 10 LU under their own mean (BS.1770-4, eq. 5–7);
* *loudness range*: 10th to 95th percentile of the short-term blocks above −70 LUFS and 20 LU under their mean (Tech 3342).

Incomplete blocks are not counted (BS.1770-4, annex 1), so a sound under 0.4 s has no loudness, and one under 3 s has no
short-term loudness or range. One channel counts as one channel: a mono file reads 3 LU less than the same sound on two.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Dbtp, LoudnessUnits, Lufs, Measure, Seconds
from broadcaster.sound.blocks import Progress, Samples, frames_in, no_progress, read_blocks
from broadcaster.sound.hops import FINE_HOPS_A_SECOND, Energies, FineHops, HopEnergies, Window, sliding_mean
from broadcaster.sound.kweighting import CELL, KWeighting
from broadcaster.sound.truepeak import FLUSH, TruePeak

HOPS_A_SECOND = 10
MOMENTARY_HOPS = 4
SHORT_TERM_HOPS = 30
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = 10.0
RANGE_GATE_LU = 20.0

_FINE_HOPS = FINE_HOPS_A_SECOND // HOPS_A_SECOND

SURROUND_WEIGHTS = (1.0, 1.0, 1.0, 1.41, 1.41)
"""Of left, right, centre, left and right surround (BS.1770-4, table 3); one and two channels weigh 1 each."""


def lufs(energy: float) -> Lufs | None:
    """Loudness of a mean square (BS.1770-4, eq. 2); ``None`` for silence."""
    return Lufs(-0.691 + 10 * float(np.log10(energy))) if energy > 0 else None


def energy_of(loudness: float) -> float:
    """The mean square that reads ``loudness`` LUFS."""
    return float(10 ** ((loudness + 0.691) / 10))


def integrated(hops: Energies) -> Lufs | None:
    """Gated programme loudness; ``None`` when no block passes the gates."""
    blocks = sliding_mean(hops, MOMENTARY_HOPS)
    blocks = _gated(blocks, RELATIVE_GATE_LU)
    return lufs(float(blocks.mean())) if len(blocks) else None


def loudness_range(hops: Energies) -> LoudnessUnits | None:
    """Tech 3342's range of the short-term loudness; ``None`` when no block passes its gates."""
    blocks = _gated(sliding_mean(hops, SHORT_TERM_HOPS), RANGE_GATE_LU)
    if not len(blocks):
        return None
    low, high = np.percentile(10 * np.log10(blocks), (10, 95))
    return LoudnessUnits(float(high - low))


def _gated(blocks: Energies, below_mean_lu: float) -> Energies:
    audible = blocks[blocks > energy_of(ABSOLUTE_GATE_LUFS)]
    return audible[audible > audible.mean() * 10 ** (-below_mean_lu / 10)] if len(audible) else audible


class Meter:
    """A loudness meter for a sound given block by block; all blocks but the last must be whole cells of 16 frames.

    ``weights`` are the channels' (see :data:`SURROUND_WEIGHTS`); without any, each weighs 1.
    """

    def __init__(self, sample_rate_hz: int, channels: int, weights: Sequence[float] | None = None) -> None:
        self._rate = sample_rate_hz
        self._weights = weights or (1.0,) * channels
        self._filters = [KWeighting(sample_rate_hz) for _ in self._weights]
        self._peaks = [TruePeak() for _ in self._weights]
        self._fine = FineHops(sample_rate_hz)
        self._hops = HopEnergies(_FINE_HOPS)
        self._momentary = Window(MOMENTARY_HOPS * _FINE_HOPS)
        self._short_term = Window(SHORT_TERM_HOPS * _FINE_HOPS)
        self._frames = 0

    def feed(self, block: Samples) -> None:
        """Frames ``(n, channels)``."""
        squares = np.zeros(len(block))
        for channel, (weight, weighting, peak) in enumerate(
            zip(self._weights, self._filters, self._peaks, strict=True)
        ):
            samples = np.ascontiguousarray(block[:, channel])
            squares += weight * weighting.run(samples) ** 2
            peak.feed(_whole_cells(samples))
        self._frames += len(block)
        fine = self._fine.feed(squares)
        for kept in (self._hops, self._momentary, self._short_term):
            kept.take(fine)

    @property
    def momentary(self) -> Lufs | None:
        """Of the last 400 ms; ``None`` before there are as many."""
        return _reading(self._momentary.now)

    @property
    def short_term(self) -> Lufs | None:
        """Of the last 3 s; ``None`` before there are as many."""
        return _reading(self._short_term.now)

    @property
    def max_momentary(self) -> Lufs | None:
        """The loudest 400 ms so far."""
        return _reading(self._momentary.greatest)

    @property
    def max_short_term(self) -> Lufs | None:
        """The loudest 3 s so far."""
        return _reading(self._short_term.greatest)

    @property
    def hop_means(self) -> Energies:
        """Mean squares of the whole hops of 100 ms so far."""
        return self._hops.means()

    def measure(self) -> Measure:
        """What the meter says at the end of the sound."""
        for channel in self._peaks:
            channel.feed(np.zeros(FLUSH, dtype=np.float32))
        hops = self._hops.means()
        return Measure(
            integrated_lufs=integrated(hops),
            true_peak_dbtp=decibels(max(channel.peak for channel in self._peaks)),
            loudness_range_lu=loudness_range(hops),
            max_momentary_lufs=self.max_momentary,
            max_shortterm_lufs=self.max_short_term,
            duration_s=Seconds(self._frames / self._rate),
            sample_rate_hz=self._rate,
            channels=len(self._weights),
        )


def _reading(energy: float | None) -> Lufs | None:
    return None if energy is None else lufs(energy)


def decibels(peak: float) -> Dbtp | None:
    """A linear peak in dB relative to full scale; ``None`` for silence."""
    return Dbtp(20 * float(np.log10(peak))) if peak > 0 else None


def _whole_cells(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    missing = -len(samples) % CELL
    return np.concatenate([samples, np.zeros(missing, dtype=np.float32)]) if missing else samples


def measure_blocks(blocks: Iterable[Samples], sample_rate_hz: int, channels: int) -> Measure:
    """The measure of a sound that comes in blocks ``(n, channels)``."""
    meter = Meter(sample_rate_hz, channels)
    for block in blocks:
        meter.feed(block)
    return meter.measure()


def measure_pcm(pcm: Path, sample_rate_hz: int, channels: int, progress: Progress = no_progress) -> Measure:
    """The measure of a spool of little-endian float32 frames, in bounded memory."""
    meter = Meter(sample_rate_hz, channels)
    frames, read = frames_in(pcm, channels), 0
    for block in read_blocks(pcm, channels):
        meter.feed(block)
        read += len(block)
        progress(read / frames)
    return meter.measure()
