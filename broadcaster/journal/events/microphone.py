"""A microphone in a market: whether it may listen, and what it made of a play. Of the sound itself nothing is kept anywhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from broadcaster.journal.events.airing import Ended
from broadcaster.journal.events.base import Event
from broadcaster.model import AiringId, Deaf, Evidence, Hearing, MarketId, PlayId, Seconds

UNHEARD = (Hearing.SILENT, Hearing.OTHER)
"""What a microphone says of a play that did not come out in the market."""


@dataclass(frozen=True, slots=True)
class MicrophoneOn(Event):
    """The protection officer lets a microphone listen during a market's plays. Without her it counts for nothing."""

    kind: ClassVar[str] = "microphone_on"
    market: MarketId
    source: str
    """The capture source's stable name on the sound server."""
    by: str
    """Her registered code."""


@dataclass(frozen=True, slots=True)
class MicrophoneOff(Event):
    """Somebody wants no microphone to listen there, from now on and at once."""

    kind: ClassVar[str] = "microphone_off"
    market: MarketId
    by: str
    """A registered code, or ``uid:1000``, the system's user."""


@dataclass(frozen=True, slots=True)
class Listened(Event):
    """What the microphone made of a play. It stands beside the play's outcome, and never over it."""

    kind: ClassVar[str] = "listened"
    airing: AiringId
    market: MarketId
    due: datetime
    play: PlayId
    source: str
    hearing: Hearing
    blocks: int = 0
    """Blocks of five seconds of the episode that could be judged."""
    found: int = 0
    """Those that were found, late by the same time as their neighbours."""
    score: float = 0.0
    """Their share, 0 … 1."""
    level_db: float | None = None
    """The episode above everything else, dB; ``None``: not found."""
    talked_over: int = 0
    """Blocks in which somebody else was so loud over it that nobody understood it."""
    missing: int = 0
    """Blocks that should have been found by how loud the others were, and were not."""
    lag_s: Seconds | None = None
    """How late it came."""
    heard_db: float | None = None
    """The episode itself at the microphone, dB relative to full scale."""
    problem: Deaf | None = None
    """Why it has nothing to say; it is ``unsure`` then."""

    def proves(self, ended: Ended) -> bool:
        """Whether that very play was heard in the market."""
        return self.hearing is Hearing.HEARD and self.play == ended.play

    def contradicts(self, ended: Ended) -> bool:
        """Whether that very play left the computer, as who listened to its output says, and did not come out there."""
        return self.hearing in UNHEARD and self.play == ended.play and ended.evidence is Evidence.MONITOR
