"""What a performance stands on: the station, the clock, the record, the library, and what makes sound."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from broadcaster.clock import Clock
from broadcaster.config import Station
from broadcaster.errors import Fault
from broadcaster.journal.events import Ended, Promise
from broadcaster.model import EpisodeNumber, Market, MarketId, Reason
from broadcaster.playout.player import Players
from broadcaster.playout.record import RecordWriter
from broadcaster.playout.repertoire import Repertoire
from broadcaster.playout.speaker import Speakers
from broadcaster.playout.witness import Witnesses


@dataclass(frozen=True)
class Equipment:
    """What makes sound and hears it."""

    players: Players
    witnesses: Witnesses
    speakers: Speakers
    recording: Callable[[MarketId], Path | None] = lambda _market: None
    """Where a witness keeps what a market would have heard; ``None``: nowhere."""


class Teller(Protocol):
    """Tells the people in front of the program what happens."""

    def all_set(self, coming: Promise | None) -> None:
        """The daemon is ready; the airing that comes next, if any."""

    def on_air(self, promise: Promise, episode: EpisodeNumber, until: datetime) -> None:
        """A sound began."""

    def waiting(self, promise: Promise, reason: Reason) -> None:
        """An airing cannot begin as things stand; it is tried again within its grace."""

    def ended(self, ended: Ended) -> None:
        """An airing came to its end."""

    def settled(self, endings: Sequence[Ended]) -> None:
        """What became of the airings that the last run left open; called once, before everything else."""

    def made_good(self, promise: Promise) -> None:
        """A season's rule promised anew what was missed."""

    def clock_stepped(self, by_s: float) -> None:
        """The wall clock was moved."""

    def clock_doubted(self, says: datetime, *, certain: bool) -> None:
        """Nothing vouches for the wall clock, which ``says`` this; ``certain``: it is known to be wrong."""

    def changed(self, coming: Promise | None, waiting: Sequence[str]) -> None:
        """Changed files are in force; what comes next; the keys that wait for a restart."""

    def change_refused(self, faults: Sequence[Fault]) -> None:
        """Changed files are wrong: the last good ones stay in force."""

    def stopped(self) -> None:
        """The daemon ends, in order."""


@dataclass(frozen=True)
class Stage:
    """All of it."""

    station: Station
    clock: Clock
    record: RecordWriter
    repertoire: Repertoire
    equipment: Equipment
    teller: Teller
    held: set[MarketId] = field(default_factory=set)
    """The markets that the operator paused."""
    held_until: dict[MarketId, datetime] = field(default_factory=dict)
    """When those pauses end that nobody need lift."""
    volumes: dict[MarketId, float] = field(default_factory=dict)
    """The volumes that were changed since the start, 0 … 1; they count for what is under way too."""
    in_use: set[str] = field(default_factory=set)
    """The outputs on which something sounds or is about to: never two voices."""
    failing: set[str] = field(default_factory=set)
    """The parts of the daemon that did not answer when they were last asked: ``alarms``, ``players``, ``record``."""

    def volume(self, market: Market) -> float:
        """At what volume the market sounds now, never above its cap."""
        return self.volumes.get(market.id, min(market.volume, market.volume_cap))
