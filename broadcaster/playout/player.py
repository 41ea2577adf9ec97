"""What the daemon expects of a player: the promise, without the libvlc that keeps it.

A player is a child process made for one play. It opens its master, says it is ready, waits for the moment it is given,
sounds, beats while it lives, and ends. It dies when its standard input closes. What it says is never evidence of sound.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from broadcaster.journal.events import ProcessId
from broadcaster.model import Output, Seconds


@dataclass(frozen=True)
class PlayOrder:
    """What to play, where."""

    master: Path
    output: Output
    volume: float
    """0 … 1."""
    slow_output: bool = False
    """The output's latency is over half a second: read further ahead."""


@dataclass(frozen=True)
class Ready:
    """The file is open and will be the one that sounds, whatever gets its name later; ``start`` may come."""


@dataclass(frozen=True)
class Playing:
    """The player believes that it plays."""


@dataclass(frozen=True)
class Beat:
    """A sign of life, four a second."""

    position_s: Seconds
    """Where the player believes to be, from the master's beginning, lead-in included."""


@dataclass(frozen=True)
class Finished:
    """The player reached what it takes for the end."""

    position_s: Seconds


@dataclass(frozen=True)
class PlayerFailed:
    """The player says it cannot play."""

    problem: str


@dataclass(frozen=True)
class OutputLost:
    """The output it plays on is gone. It lives on, silent, until it is ended."""


@dataclass(frozen=True)
class PlayerGone:
    """The process ended; always the last event."""

    exit_code: int | None


PlayerEvent = Ready | Playing | Beat | Finished | PlayerFailed | OutputLost | PlayerGone


class Player(Protocol):
    """One child made for one play."""

    @property
    def process(self) -> ProcessId: ...

    def events(self) -> AsyncIterator[PlayerEvent]:
        """What it says, in order, until :class:`PlayerGone`. One reader."""

    def start(self, at_monotonic_s: float) -> None:
        """Begin the master at this moment of ``CLOCK_MONOTONIC`` (at once if it is past)."""

    def set_volume(self, volume: float) -> None:
        """From now on sound at this volume, 0 … 1, reached within 0.3 s without a click; before ``start``: begin at it."""

    def stop(self, fade_s: float) -> None:
        """Fade out over ``fade_s`` seconds and end."""

    def kill(self) -> None:
        """End now. Safe to call twice."""


class Players(Protocol):
    """Makes players."""

    async def spawn(self, order: PlayOrder) -> Player: ...
