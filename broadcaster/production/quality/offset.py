"""A constant voltage under the sound: a recorder's or a cable's fault, taken out of the master, worth repairing."""

from collections.abc import Sequence

from broadcaster.model import Finding
from broadcaster.sound.findings import finding

NOTABLE = 0.02
"""Of full scale (−34 dBFS): less is common and costs nothing."""


def judge(means: Sequence[float]) -> Finding | None:
    """What the channels' mean samples say."""
    return finding("offset") if max(map(abs, means), default=0.0) > NOTABLE else None
