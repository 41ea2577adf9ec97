"""What really happened: to be held against the record, which knows only what the computer saw.

Moments are seconds of the world's time, which no clock of the computer's can move.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from broadcaster.journal.row import Row
from broadcaster.model import EpisodeStatus, Market, MarketId, Sha256
from broadcaster.playout.simulated.disk import Acknowledged, Key

EVERYWHERE = ""


@dataclass(frozen=True)
class Sound:
    """One stretch of a master that came out of an output."""

    market: MarketId
    master: str
    """The file's path."""
    sha256: Sha256 | None
    """Of the file as its player opened it."""
    pid: int
    """Of its player: no two are the same, over all lives."""
    begins_s: float
    """Lead-in included."""
    first_word_s: float
    last_word_s: float
    """When the voice fell silent; not after ``first_word_s``: it never spoke."""
    ends_s: float

    @property
    def spoken_s(self) -> float:
        """How long there was a voice."""
        return max(0.0, self.last_word_s - self.first_word_s)


@dataclass(frozen=True)
class Life:
    """One run of the daemon's process."""

    begins_s: float
    ends_s: float
    boot: str
    how: str
    """``killed``, ``power``, ``stopped``, or the name of the error it ended with."""


@dataclass(frozen=True)
class Decision:
    """The library's word on an episode from then on."""

    at_s: float
    status: EpisodeStatus


@dataclass(frozen=True)
class Trouble:
    """Something stood in the way."""

    kind: str
    from_s: float
    until_s: float
    market: str = EVERYWHERE


@dataclass(frozen=True)
class Told:
    """The program said something to the people in front of it."""

    at_s: float
    what: str
    about: str = ""
    """The airing, where it is about one."""
    reason: str = ""


@dataclass
class History:
    """All of it. ``rows`` are read at the very end."""

    sounds: list[Sound] = field(default_factory=list)
    lives: list[Life] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Faults of the program's own: exceptions that nobody meant to be raised, a secret in a log."""
    opened: list[str] = field(default_factory=list)
    """What the daemon's process opened that is not for it to open: a master, a socket, another program."""
    wall: list[tuple[float, datetime]] = field(default_factory=list)
    """What the computer's clock said when it was set, by the moment: it runs on from there."""
    settings: list[tuple[float, Mapping[MarketId, Market]]] = field(default_factory=list)
    """The markets' hours as they were written into the station's files."""
    acknowledged: Mapping[Key, Acknowledged] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    intact: bool = True
    """Whether the chain of the rows holds."""
