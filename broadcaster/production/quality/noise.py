"""Too quiet against its noise: making it louder makes the wind, the street or the hiss louder too."""

import numpy as np

from broadcaster.model import Finding
from broadcaster.sound.findings import finding
from broadcaster.sound.voice import SILENCE_DB, Voice

ENOUGH_DB = 15.0
"""How far a voice must stand above what is left in its pauses."""
_PAUSE = 5
"""Frames that must be quiet together to be a pause: 160 ms."""
_WINDOW = 94
"""Frames in which a speaker pauses at least once: 3 s."""


def voice_level_db(voice: Voice) -> float:
    """The level of what sounds: the mean power of the frames within 20 dB of the loud ones."""
    if not len(voice):
        return SILENCE_DB
    loud = float(np.percentile(voice.level_db, 95))
    powers = 10 ** (voice.level_db[voice.level_db > loud - 20].astype(np.float64) / 10)
    return float(10 * np.log10(powers.mean())) if len(powers) else SILENCE_DB


def pause_level_db(voice: Voice) -> float | None:
    """The level of the pauses: the quietest 160 ms of each three seconds, their median; ``None`` where there are none."""
    if len(voice) < _WINDOW:
        return None
    powers = 10 ** (voice.level_db.astype(np.float64) / 10)
    smooth = np.convolve(powers, np.full(_PAUSE, 1 / _PAUSE), mode="valid")
    whole = len(smooth) // (_WINDOW - _PAUSE + 1) * (_WINDOW - _PAUSE + 1)
    quietest = smooth[:whole].reshape(-1, _WINDOW - _PAUSE + 1).min(axis=1)
    return float(10 * np.log10(max(float(np.median(quietest)), 1e-12))) if len(quietest) else None


def judge(voice: Voice, voice_db: float) -> Finding | None:
    """Whether the voice drowns."""
    pauses = pause_level_db(voice)
    return finding("noisy") if pauses is not None and voice_db - pauses < ENOUGH_DB else None
