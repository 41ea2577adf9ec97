"""What the daemon expects of a witness: the promise, without the sound server that keeps it.

A witness is a child process made for one play, independent of the player. It records the output's monitor before the
player starts, finds the player's stream by its process id, sets its volume, watches that it stays on the configured output,
unmuted, and compares what the monitor gives with the master.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from broadcaster.journal.events import ProcessId
from broadcaster.model import Milliseconds, Output, Reason, Seconds


@dataclass(frozen=True)
class WatchOrder:
    """What should be heard, where, when, from whom."""

    master: Path
    lead_in_s: Seconds
    tail_s: Seconds
    output: Output
    volume: float
    player_pid: int
    starts_monotonic_s: float
    """When the master, lead-in first, is to begin on ``CLOCK_MONOTONIC``; the first word is due ``lead_in_s`` later."""
    recording: Path | None = None
    """Where to keep what the market would have heard (WAV), for rehearsals."""


@dataclass(frozen=True)
class Watching:
    """The monitor is being recorded; the player may start."""

    latency_s: Seconds
    """The output's latency as the server gives it."""


@dataclass(frozen=True)
class StreamSeen:
    """The player's stream is on the configured output, its volume and mute set and read back."""

    uncorked_monotonic_s: float | None


@dataclass(frozen=True)
class Heard:
    """What has been heard so far; at least once a second while the play lasts."""

    heard_s: Seconds
    """Seconds of the sound, silences between heard blocks included."""
    active_blocks: int
    """100 ms blocks of the master that hold sound and were due by now."""
    heard_blocks: int
    """Those of them that were found in their place."""
    start_error_ms: Milliseconds | None
    """First word minus the moment it was due; ``None`` until it is known."""
    final: bool = False
    """The master's whole length was due: the last word of the witness."""


@dataclass(frozen=True)
class Alarm:
    """Something is wrong with the sound now."""

    reason: Reason
    """``audio_lost``, ``audio_stalled``, ``wrong_device``, ``silent_output`` or ``not_heard``."""


@dataclass(frozen=True)
class Noticed:
    """Something worth a note that stops nothing: ``mixed_output``, …"""

    code: str


@dataclass(frozen=True)
class WitnessFailed:
    """The witness cannot say anything about this play, and why (no monitor, recorder lost, …)."""

    problem: str


@dataclass(frozen=True)
class WitnessGone:
    """The process ended; always the last event."""

    exit_code: int | None


WitnessEvent = Watching | StreamSeen | Heard | Alarm | Noticed | WitnessFailed | WitnessGone


class Witness(Protocol):
    """One child made for one play."""

    @property
    def process(self) -> ProcessId: ...

    def events(self) -> AsyncIterator[WitnessEvent]:
        """What it says, in order, until :class:`WitnessGone`. One reader."""

    def end(self) -> None:
        """Say the last word (a final :class:`Heard`) and end."""

    def kill(self) -> None:
        """End now. Safe to call twice."""


class NoMonitor(OSError):
    """Nothing can listen to this output: a card without a sound server has no monitor."""


class Witnesses(Protocol):
    """Makes witnesses."""

    async def spawn(self, order: WatchOrder) -> Witness:
        """Raises :class:`NoMonitor` where there can be no witness."""
