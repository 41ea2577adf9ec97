"""An airing's life: the intent, the heartbeats, the end."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from broadcaster.journal.events.base import Event, ProcessId
from broadcaster.model import (
    AiringId,
    EpisodeNumber,
    Evidence,
    MarketId,
    Milliseconds,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
)


@dataclass(frozen=True, slots=True)
class Intent(Event):
    """A sound is about to be made; durable before the first sample. The play's id is this row's key."""

    kind: ClassVar[str] = "intent"
    airing: AiringId
    market: MarketId
    episode: EpisodeNumber
    revision: int
    master_sha256: Sha256
    due: datetime
    late_s: Seconds
    """The lateness decided: 0 on the minute."""
    expected_s: Seconds
    """Length of the sound without lead-in and tail."""
    sink: str
    player: ProcessId
    witness: ProcessId | None
    edition_sha256: Sha256 | None = None
    """What the player opened: the master with the market's announcement before it; ``None``: the master itself."""
    announced: tuple[Sha256, ...] = ()
    """The recordings in that announcement."""


@dataclass(frozen=True, slots=True)
class Heartbeat(Event):
    """The play goes on; at most ten seconds lie between two."""

    kind: ClassVar[str] = "heartbeat"
    play: PlayId
    heard_s: Seconds
    """Seconds of the sound so far, as far as the evidence goes."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Ended(Event):
    """The terminal row of an airing: exactly one each."""

    kind: ClassVar[str] = "ended"
    airing: AiringId
    market: MarketId
    due: datetime
    outcome: Outcome
    reason: Reason
    episode: EpisodeNumber | None = None
    revision: int | None = None
    master_sha256: Sha256 | None = None
    play: PlayId | None = None
    """The play that gave the outcome; ``None`` when there was no sound."""
    started: datetime | None = None
    ended: datetime | None = None
    played_s: Seconds = Seconds(0.0)
    expected_s: Seconds | None = None
    evidence: Evidence = Evidence.NONE
    late_s: Seconds = Seconds(0.0)
    start_error_ms: Milliseconds | None = None
    make_good_of: AiringId | None = None
    notes: tuple[str, ...] = field(default=())
    """Codes of what else was noticed: ``witness_failed``, ``mixed_output``, …"""
