"""The daemon's life, and the station's files as it takes them while it runs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import AiringId, EpisodeNumber, MarketId, Reason, Seconds, Sha256


@dataclass(frozen=True, slots=True)
class Started(Event):
    """The daemon took the station."""

    kind: ClassVar[str] = "started"
    version: str
    pid: int
    markets: tuple[MarketId, ...]
    rehearsal: bool = False


FINISHED = "finished"
"""The cause of a stop when the time is over that was given: a rehearsal's end."""
ERROR = "error"
"""The cause of a stop that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Stopped(Event):
    """The daemon left in order; its absence before a later ``started`` means it died."""

    kind: ClassVar[str] = "stopped"
    cause: str
    """``sigterm``, ``sigint``, :data:`FINISHED` or :data:`ERROR`."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One airing as promised."""

    airing: AiringId
    market: MarketId
    due: datetime
    """In UTC, whatever zone it was given in: in a zone of its own, arithmetic forgets which of two equal hours is meant."""
    episode: EpisodeNumber | None
    grace_s: Seconds
    cancelled: Reason | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "due", self.due.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class PlanAccepted(Event):
    """The daemon took a plan: all airings due from then to the season's end are promises."""

    kind: ClassVar[str] = "plan_accepted"
    plan_sha256: Sha256
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class SettingsTaken(Event):
    """A changed ``config.toml`` was read."""

    kind: ClassVar[str] = "settings_taken"
    taken: tuple[str, ...]
    """Dotted paths of the keys that are in force from now on."""
    waiting: tuple[str, ...] = ()
    """Dotted paths of the keys that count only after a restart."""


@dataclass(frozen=True, slots=True)
class ChangeRefused(Event):
    """Changed files are wrong: the last good plan and settings stay in force."""

    kind: ClassVar[str] = "change_refused"
    faults: tuple[str, ...]
    """File and key of each fault."""
