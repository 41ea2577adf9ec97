"""Where in a noisy recording does a piece of a known sound lie? Correlation that a market cannot drown.

Plain correlation is ruled by whatever is loudest: a vendor's vowel, the hum of a freezer. *Phase transform* weighting
(C. Knapp and G. Carter, "The generalized correlation method for estimation of time delay", IEEE Trans. ASSP 24, 1976)
lets every frequency vote alike, but then also those in which there is nothing but noise. Between the two lies the cross
spectrum divided by a *power* of its magnitude; :data:`WHITENING` is the power that found most (``docs/microphone.md``).

The clocks of a sound card and of a microphone differ by up to two hundred millionths. Over five seconds that is a
millisecond: three periods of the highest frequencies, which then cancel each other. So each second is correlated by itself
and the five are added along every slope that such a clock can have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float32]

RATE_HZ = 8000
"""Sample rate of all that is compared: horns and telephones carry nothing above 4 kHz."""
BAND_HZ = (300.0, 3400.0)
"""What a horn loudspeaker and a cheap microphone both keep."""
PIECE = RATE_HZ
"""Samples that are correlated at a time: one second."""
EARLIEST, LATEST = -RATE_HZ // 2, 5 * RATE_HZ // 2
"""Samples by which a sound may come late: the air, a Bluetooth amplifier, a capture buffer; and early, by clocks that drift."""
SPAN = PIECE + LATEST - EARLIEST
"""Samples of the recording in which a piece is looked for."""
WHITENING = 0.7
FINE = 2
"""Values per sample of a correlogram: half a sample is a fifth of the highest period."""
STEEPEST = 7
"""Slopes tried to each side. One step is half a fine value each second, 31 ppm; seven are 219 ppm."""
STEP_PPM = 1e6 / (2 * FINE * RATE_HZ)

_LAGS = (LATEST - EARLIEST) * FINE
_REACH = STEEPEST
"""Fine values by which the first and the last piece are shifted at the steepest slope, at most (five pieces)."""
_BINS = slice(round(BAND_HZ[0] * SPAN / RATE_HZ), round(BAND_HZ[1] * SPAN / RATE_HZ))


@dataclass(frozen=True)
class Peak:
    """Where a block fits best."""

    lag: float
    """Samples by which its middle came later than expected."""
    ppm: float
    """How much slower it was recorded, in millionths."""
    score: float
    """The correlogram there, in units of its root mean square: noise alone gives 5 to 6."""


NOWHERE = Peak(0.0, 0.0, 0.0)


def find(pieces: Sequence[tuple[Signal, Signal]]) -> Peak:
    """The best place of a block's pieces, one behind the other: ``(PIECE,)`` of the master, ``(SPAN,)`` of the recording.

    A recording's piece begins :data:`EARLIEST` samples from where the master's is expected. Up to five pieces; one without
    sound in the master adds nothing.
    """
    middle = (len(pieces) - 1) / 2
    sounding = [(at - middle, correlogram(*piece)) for at, piece in enumerate(pieces) if piece[0].any()]
    if not sounding:
        return NOWHERE
    best = NOWHERE
    for slope in range(-STEEPEST, STEEPEST + 1):
        total = np.zeros(_LAGS - 2 * _REACH, dtype=np.float32)
        for seconds, values in sounding:
            shift = _REACH + round(seconds * slope / 2)
            total += values[shift : shift + len(total)]
        np.abs(total, out=total)  # a loudspeaker wired the other way round turns the sound over
        top = int(total.argmax())
        score = float(total[top]) / len(sounding) ** 0.5
        if score > best.score:
            best = Peak(EARLIEST + (top + _REACH) / FINE, slope * STEP_PPM, score)
    return best


def correlogram(wanted: Signal, heard: Signal) -> Signal:
    """How well ``wanted`` fits at every lag, :data:`FINE` values a sample, in units of the root mean square over all lags."""
    cross = np.conj(np.fft.rfft(wanted, SPAN)[_BINS]) * np.fft.rfft(heard)[_BINS]
    power = np.maximum((cross.real**2 + cross.imag**2).astype(np.float64), 1e-30)
    weight = power ** (-WHITENING / 2)
    energy = float(power @ weight**2)
    spectrum = np.zeros(SPAN * FINE // 2 + 1, dtype=np.complex64)
    spectrum[_BINS] = cross * weight
    values = np.fft.irfft(spectrum, SPAN * FINE)[:_LAGS].astype(np.float32)
    values *= SPAN * FINE / (2 * energy) ** 0.5
    return values
