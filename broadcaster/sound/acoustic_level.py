"""How loud was the master above everything else? The part of a recording that follows from it, and the part that does not.

Both sounds are cut into frames of half a second, the recording's each brought to the moment of the master's. In every
frequency the recording is made from the master's frame, the one an eighth of a second before and the one after, by the
three factors that fit best over the block: a *short channel* that can be any horn, hall and microphone, as far as
they answer within a quarter of a second or so (after R. Talmon, I. Cohen and S. Gannot, "Relative transfer function
identification using convolutive transfer function approximation", IEEE Trans. ASLP 17, 2009). What the channel gives is the
master; what is left is everything else: a shout, a neighbour's radio, and an echo that comes later.

Three factors fit a little to anything. The rest is made greater by as much as it loses so on average, as the variance of
a regression's residuals is (:data:`BY_CHANCE`).
"""

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.acoustic_search import BAND_HZ, RATE_HZ, Peak, Signal

FRAME, HOP = 4096, 1024
TAPS = 3
"""Frames of the master from which one of the recording is made: the one after, its own, the one before."""
BY_CHANCE = 4.25
"""Frames' worth of a recording that is not the master's and yet fits: 0.119 of 36 frames of noise, 0.212 of 20. It would be
:data:`TAPS` if neighbouring frames had no samples in common."""
QUIETEST_DB = -120.0
"""Digital silence."""
LEAST, MOST = 1e-4, 0.9999
"""Shares of the recording between which the master's is kept: 40 dB below and above the rest."""

_BINS = slice(round(BAND_HZ[0] * FRAME / RATE_HZ), round(BAND_HZ[1] * FRAME / RATE_HZ))
_RADIANS = (2 * np.pi / FRAME * np.arange(_BINS.start, _BINS.stop)).astype(np.float32)
_WINDOW = np.hanning(FRAME + 1)[:FRAME].astype(np.float32)
_SCALE = 2 / (FRAME * float((_WINDOW.astype(np.float64) ** 2).sum()))

Spectra = NDArray[np.complex64]


def power_db(sound: Signal) -> float:
    """Mean square in the band, dB relative to full scale; one frame at least."""
    return decibels(_energy(_spectra(sound)[::2]) * _SCALE)


def decibels(power: float) -> float:
    """Of a mean square; not below :data:`QUIETEST_DB`."""
    return 10 * float(np.log10(max(power, 10 ** (QUIETEST_DB / 10))))


def above_everything_else_db(wanted: Signal, heard: Signal, peak: Peak) -> float:
    """Level of what follows from ``wanted`` in ``heard`` over the rest of it, in dB; NaN where nothing is to be heard.

    ``heard`` begins at the whole sample at or before ``peak.lag`` and is as long as ``wanted``: three seconds at least.
    """
    recorded = _in_step(_spectra(heard), peak)
    all_ = _energy(recorded)
    if not all_ > 0:
        return float("nan")
    rest = (all_ - _follows(_taps(wanted), recorded)) / (1 - BY_CHANCE / len(recorded))
    ours = min(max(1 - rest / all_, LEAST), MOST)
    return 10 * float(np.log10(ours / (1 - ours)))


def _follows(taps: Spectra, recorded: Spectra) -> float:
    """Energy of the recording that its best filter makes of the master's frames ``(bins, frames, taps)``."""
    turned = taps.conj().transpose(0, 2, 1)
    square = (turned @ taps).astype(np.complex128)
    product = (turned @ recorded.T[:, :, None]).astype(np.complex128)
    trace = np.trace(square, axis1=1, axis2=2).real / TAPS
    square += (1e-6 * trace + 1e-12)[:, None, None] * np.eye(TAPS)
    return float((product.conj() * np.linalg.solve(square, product)).real.sum()) / len(recorded)


def _taps(wanted: Signal) -> Spectra:
    """For each frame the master's next one, its own and the one before."""
    frames = _spectra(np.pad(wanted, HOP))
    count = len(frames) - TAPS + 1
    return np.stack([frames[tap : tap + count] for tap in reversed(range(TAPS))], axis=2).transpose(1, 0, 2)


def _spectra(sound: Signal) -> Spectra:
    """``(frames, bins)`` of the band."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]
    return np.fft.rfft(frames * _WINDOW, axis=1)[:, _BINS].astype(np.complex64)


def _energy(spectra: Spectra) -> float:
    """Of a frame, on average."""
    return float((spectra.real**2 + spectra.imag**2).sum(dtype=np.float64)) / len(spectra)


def _in_step(recorded: Spectra, peak: Peak) -> Spectra:
    """Every frame moved by what it is late: the fraction of a sample, and the clocks' drift since the middle."""
    late = peak.lag % 1 + peak.ppm * 1e-6 * HOP * (np.arange(len(recorded)) - (len(recorded) - 1) / 2)
    turned: Spectra = recorded * np.exp(np.complex64(1j) * late[:, None].astype(np.float32) * _RADIANS)
    return turned
