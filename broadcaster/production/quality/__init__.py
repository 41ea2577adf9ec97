"""What is wrong with a recording, and at which second: findings for its producer."""

from pathlib import Path

from broadcaster.config import Station
from broadcaster.model import Finding
from broadcaster.production.heard import Heard


def examine(_heard: Heard, _station: Station, _ready: Path) -> tuple[Finding, ...]:
    """What was noticed in a recording that was heard whole; files it wants kept with the episode go into ``_ready``.

    Raises :class:`~broadcaster.sound.findings.Refused` for what must not become an episode.
    """
    return ()
