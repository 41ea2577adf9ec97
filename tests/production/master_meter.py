"""Raw recordings for mastering, and what independent programs say of the master."""

import math
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from broadcaster.config import MasteringSettings
from broadcaster.model import Dbtp, Lufs, Seconds
from broadcaster.production.mastering import Mastered, master

RATE_HZ = 48_000
LEAD_IN_S, TAIL_S = 3.0, 1.0
SETTINGS = MasteringSettings(Lufs(-19.0), Dbtp(-1.5), 8.0, Seconds(LEAD_IN_S), Seconds(TAIL_S))
VOICE = Path("/usr/share/asterisk/sounds/es_MX_f_Allison/demo-instruct.wav")


def file_by_ffmpeg(path: Path) -> tuple[float, float]:
    """Integrated loudness and true peak of an audio file by ffmpeg's own meter."""
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path)]
    command += ["-af", "ebur128=peak=true:metadata=1,ametadata=print:file=-", "-f", "null", "-"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    integrated, peak = (re.findall(rf"r128\.{key}=(\S+)", shown)[-1] for key in ("I", "true_peak"))
    return float(integrated), 20 * math.log10(float(peak))


@dataclass(frozen=True)
class Master:
    """A master on disk."""

    path: Path
    said: Mastered

    def by_ffmpeg(self) -> tuple[float, float]:
        """Integrated loudness and true peak by ffmpeg's own meter."""
        return file_by_ffmpeg(self.path)

    def samples(self) -> np.ndarray:
        """Decoded, 16-bit."""
        command = ["ffmpeg", "-v", "error", "-i", str(self.path), "-f", "s16le", "-"]
        return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<i2")

    def sound(self) -> np.ndarray:
        """Decoded, between lead-in and tail, 1.0 = full scale."""
        decoded = self.samples()
        return decoded[round(LEAD_IN_S * RATE_HZ) : len(decoded) - round(TAIL_S * RATE_HZ)] / 32768


def mastered(
    folder: Path, signal: np.ndarray, rate_hz: int = RATE_HZ, settings: MasteringSettings = SETTINGS
) -> Master:
    """The master of frames ``(n,)`` or ``(n, channels)``."""
    spool, target = folder / "recording.f32", folder / "master.flac"
    signal.astype("<f4").tofile(spool)
    channels = 1 if signal.ndim == 1 else signal.shape[1]
    return Master(target, master(spool, rate_hz, channels, target, settings))


def spoken(seconds: float, rate_hz: int = RATE_HZ) -> np.ndarray:
    """A real voice, recorded by telephone; its peak is 1."""
    command = ["ffmpeg", "-v", "error", "-i", str(VOICE), "-t", str(seconds), "-ar", str(rate_hz), "-f", "f32le", "-"]
    voice = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<f4").astype(np.float64)
    voice /= np.abs(voice).max()
    return voice
