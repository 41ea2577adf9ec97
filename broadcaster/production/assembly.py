"""An episode put together from short parts: same loudness, soft edges, a pause after each.

The parts are already plain samples (pydub :class:`~pydub.AudioSegment`), whole in memory: this is for parts of seconds or
minutes that the program made or has already admitted, never for a stranger's file.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from pydub import AudioSegment

from broadcaster.model import Lufs, Measure
from broadcaster.sound.blocks import Samples
from broadcaster.sound.loudness import measure_blocks

RATE_HZ = 48_000
EDGE_MS = 8
"""Fade at both ends of a part, so that no cut clicks."""


@dataclass(frozen=True)
class Part:
    """One part of a rundown."""

    name: str
    """What it is in the rundown: ident, greeting, block, helpline, credits."""
    sound: AudioSegment
    pause_ms: int = 400
    """Silence after it."""


def samples_of(sound: AudioSegment) -> Samples:
    """The segment's frames ``(n, channels)``, 1.0 = full scale."""
    raw = np.array(sound.get_array_of_samples(), dtype=np.float32).reshape(-1, sound.channels)
    return (raw / np.float32(sound.max_possible_amplitude)).astype(np.float32)


def measure_of(sound: AudioSegment) -> Measure:
    """What the meter says of a segment."""
    return measure_blocks([samples_of(sound)], sound.frame_rate, sound.channels)


def levelled(sound: AudioSegment, loudness: Lufs, highest_dbfs: float = -1.0) -> AudioSegment:
    """The segment at ``loudness``, less where a sample would pass ``highest_dbfs``; silence stays as it is."""
    measured = measure_of(sound).integrated_lufs
    if measured is None:
        return sound
    return sound.apply_gain(min(loudness - measured, highest_dbfs - sound.max_dBFS))


def put_together(parts: Iterable[Part], loudness: Lufs) -> AudioSegment:
    """One recording, mono at 48 kHz: each part levelled, faded at its edges and followed by its pause."""
    whole = AudioSegment.silent(duration=0, frame_rate=RATE_HZ)
    for part in parts:
        sound = part.sound.set_channels(1).set_frame_rate(RATE_HZ).set_sample_width(2)
        whole += levelled(sound, loudness).fade_in(EDGE_MS).fade_out(EDGE_MS)
        whole += AudioSegment.silent(duration=part.pause_ms, frame_rate=RATE_HZ)
    return whole
