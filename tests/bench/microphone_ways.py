"""The obvious ways to find a block of a master in what a microphone heard, to be measured beside the program's own."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.acoustic_search import BAND_HZ, EARLIEST, LATEST, RATE_HZ

Signal = NDArray[np.float64]
Way = Callable[[Signal, Signal], tuple[float, float]]
"""A block, and the recording from the earliest lag on → where it fits best (seconds) and how well."""


def plain(wanted: Signal, heard: Signal) -> tuple[float, float]:
    """Normalised cross-correlation of the whole block, in the band."""
    size = len(heard)
    band = np.fft.rfftfreq(size, 1 / RATE_HZ)
    inside = (band >= BAND_HZ[0]) & (band < BAND_HZ[1])
    master, recorded = np.fft.rfft(wanted, size) * inside, np.fft.rfft(heard) * inside
    filtered = np.concatenate([[0.0], np.cumsum(np.fft.irfft(recorded, size) ** 2)])
    values = np.fft.irfft(np.conj(master) * recorded, size)[: LATEST - EARLIEST]
    energies = filtered[len(wanted) :][: len(values)] - filtered[: len(values)]
    own = float(np.sum(np.fft.irfft(master, size) ** 2))
    return _best(values / np.sqrt(np.maximum(energies * own, 1e-12)))


def phase_transform(wanted: Signal, heard: Signal) -> tuple[float, float]:
    """GCC-PHAT of the whole block, in the band."""
    size = len(heard)
    band = np.fft.rfftfreq(size, 1 / RATE_HZ)
    cross = np.conj(np.fft.rfft(wanted, size)) * np.fft.rfft(heard)
    cross = np.where((band >= BAND_HZ[0]) & (band < BAND_HZ[1]), cross / np.maximum(np.abs(cross), 1e-12), 0)
    values = np.fft.irfft(cross, size)
    return _best(values[: LATEST - EARLIEST] / max(float(np.sqrt(np.mean(values**2))), 1e-12))


def _best(values: Signal) -> tuple[float, float]:
    top = int(np.argmax(np.abs(values)))
    return (EARLIEST + top) / RATE_HZ, float(abs(values[top]))


WAYS: Mapping[str, Way] = {"plain correlation": plain, "GCC-PHAT": phase_transform}
