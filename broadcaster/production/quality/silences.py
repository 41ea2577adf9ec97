"""Nothing to hear: before the first sound, after the last, or for long in between.

A market takes four seconds of silence for the end, and a player that waits for it takes the stall's time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Finding, Seconds
from broadcaster.sound.findings import finding
from broadcaster.sound.spectra import HOP_S
from broadcaster.sound.voice import Voice

BELOW_VOICE_DB = 35.0
"""A frame so far below the voice is silent."""
HEAD_S, MIDDLE_S, TAIL_S = 2.0, 4.0, 3.0
"""The shortest silence that is remarked upon."""
_MOST_NAMED = 3
"""Silences in the middle that are named; more are the same fault."""


@dataclass(frozen=True)
class Silence:
    """A stretch without sound."""

    at_s: Seconds
    lasts_s: Seconds


def stretches(level_db: NDArray[np.float32], voice_db: float) -> list[Silence]:
    """Every silent stretch of two frames or more."""
    quiet = level_db < voice_db - BELOW_VOICE_DB
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(np.int8)))
    return [
        Silence(Seconds(float(begin) * HOP_S), Seconds(float(end - begin) * HOP_S))
        for begin, end in zip(edges[::2], edges[1::2], strict=True)
        if end - begin > 1
    ]


def judge(voice: Voice, voice_db: float, duration_s: Seconds) -> Iterator[Finding]:
    """Head, middle and tail, in the recording's order."""
    named = 0
    for silence in stretches(voice.level_db, voice_db):
        ends_s, seconds = silence.at_s + silence.lasts_s, round(silence.lasts_s)
        if ends_s > duration_s - 0.2:
            if silence.lasts_s >= TAIL_S:
                yield finding("silent_tail", at_s=silence.at_s, seconds=seconds)
        elif silence.at_s <= 0:
            if silence.lasts_s >= HEAD_S:
                yield finding("silent_head", at_s=Seconds(0.0), seconds=seconds)
        elif silence.lasts_s >= MIDDLE_S and named < _MOST_NAMED:
            named += 1
            yield finding("silent_middle", at_s=silence.at_s, seconds=seconds)
