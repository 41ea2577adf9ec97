"""Little or no speech: a song, a hum, a pocket recording. An episode is words."""

import numpy as np

from broadcaster.model import Finding, Seconds
from broadcaster.sound.findings import finding, refused
from broadcaster.sound.voice import Voice, Windows, speech, windows

JUDGED_S = 15.0
"""A shorter recording is not judged: a jingle need not speak."""
LITTLE = 0.25
"""Share of the time in which somebody must be heard speaking."""

_NOBODY, _EVERYWHERE = 0.02, 0.8
"""Share of windows that could be speech: hardly any, nearly all."""


def perhaps(seen: Windows) -> float:
    """Share of the windows that could be speech in much noise, or singing: refusing waits for less than that."""
    if not len(seen.voiced):
        return 0.0
    could = (seen.voiced > 0.08) & (seen.voiced < 0.97) & (seen.gliding > 0.2) & (seen.change > 0.6)
    return float(could.mean())


def judge(voice: Voice, duration_s: Seconds, name: str, *, drowned: bool = False) -> Finding | None:
    """How much of it is speech. Raises :class:`~broadcaster.sound.findings.Refused` where nobody can be speaking.

    ``drowned``: it is known to be noisy; then a voice that is nearly everywhere is blamed for the noise alone.
    """
    seen = windows(voice)
    if duration_s < JUDGED_S or not len(seen.voiced):
        return None
    share, could = float(np.mean(speech(seen))), perhaps(seen)
    if share == 0 and could < _NOBODY:
        raise refused("no_speech", name=name)
    if share >= LITTLE or (drowned and could > _EVERYWHERE):
        return None
    return finding("little_speech", percent=round(100 * share))
