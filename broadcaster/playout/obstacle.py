"""Why an attempt to play came to no sound, and what is to be made of it."""

from dataclasses import dataclass

from broadcaster.model import Reason
from broadcaster.playout.ensemble import Ensemble
from broadcaster.playout.verdict import trouble

BEFORE_SOUND = {
    Reason.PLAYER_CRASHED: Reason.PLAYER_FAILED,
    Reason.PLAYER_HUNG: Reason.PLAYER_FAILED,
    Reason.AUDIO_LOST: Reason.NO_AUDIO_DEVICE,
    Reason.AUDIO_STALLED: Reason.NO_AUDIO_DEVICE,
    Reason.WRONG_DEVICE: Reason.NO_AUDIO_DEVICE,
}
"""What a trouble is called while nothing has sounded yet."""


@dataclass(frozen=True)
class Obstacle:
    """Why nothing sounded."""

    reason: Reason | None
    """``None``: it was ended by the library or the daemon."""
    players_fault: bool = False
    """Each such failure lets the next player wait longer for its turn; anything else is looked at again every two seconds."""


def before_sound(ensemble: Ensemble) -> Obstacle:
    """What a trouble is while nothing has sounded."""
    if ensemble.facts.cut is not None:
        return Obstacle(None)
    found = trouble(ensemble.facts, ensemble.now_s)
    return Obstacle(
        BEFORE_SOUND.get(found, Reason.PLAYER_FAILED) if found else Reason.PLAYER_FAILED, players_fault=True
    )
