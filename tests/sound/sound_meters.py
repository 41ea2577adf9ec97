"""A spool of a signal, and what independent meters say of it."""

import math
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyebur128
from numpy.typing import NDArray

Signal = NDArray[np.float32]
"""Frames ``(n, channels)``."""


@dataclass(frozen=True)
class Spool:
    """A signal written down as the program keeps it."""

    path: Path
    signal: Signal
    rate_hz: int

    @property
    def channels(self) -> int:
        return int(self.signal.shape[1])


def write_spool(folder: Path, signal: np.ndarray, rate_hz: int = 48_000) -> Spool:
    frames = (signal if signal.ndim == 2 else signal[:, None]).astype("<f4")
    frames.tofile(folder / "spool.f32")
    return Spool(folder / "spool.f32", frames, rate_hz)


def by_ffmpeg(spool: Spool, *, peak: bool = True) -> tuple[float, float, float]:
    """Integrated loudness, true peak (where asked for: it is slow) and loudness range by ffmpeg's own meter."""
    command = ["ffmpeg", "-hide_banner", "-nostats", "-f", "f32le", "-ar", str(spool.rate_hz)]
    command += ["-ac", str(spool.channels), "-i", str(spool.path)]
    command += [
        "-af",
        f"ebur128=peak={'true' if peak else 'none'}:metadata=1,ametadata=print:file=-",
        "-f",
        "null",
        "-",
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return _last("r128.I", done.stdout), _peak(done) if peak else math.nan, _last("r128.LRA", done.stdout)


def _peak(done: subprocess.CompletedProcess[str]) -> float:
    """Each frame's peak has three decimals, too few for a quiet sound: then the summary, to a tenth of a decibel."""
    highest = max(map(float, re.findall(r"true_peaks_ch\d+=(\S+)", done.stdout)))
    return 20 * math.log10(highest) if highest > 0.05 else float(re.findall(r"Peak:\s+(\S+) dBFS", done.stderr)[-1])


def _last(key: str, shown: str) -> float:
    return float(re.findall(rf"{key}=(\S+)", shown)[-1])


def by_libebur128(spool: Spool) -> tuple[float, float, float]:
    """The same by libebur128."""
    mode = pyebur128.MeasurementMode
    state = pyebur128.R128State(spool.channels, spool.rate_hz, mode.MODE_I | mode.MODE_LRA | mode.MODE_TRUE_PEAK)
    state.add_frames(spool.signal.astype(np.float64).reshape(-1), len(spool.signal))
    peak = max(pyebur128.get_true_peak(state, channel) for channel in range(spool.channels))
    return pyebur128.get_loudness_global(state), 20 * math.log10(peak), pyebur128.get_loudness_range(state)
