"""The library's decisions: who, what came in, who said yes, who said no more."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import EpisodeNumber, Seconds, Sha256


@dataclass(frozen=True, slots=True)
class DefenderRegistered(Event):
    """A trained producer was given a code."""

    kind: ClassVar[str] = "defender_registered"
    code: str
    cohort: str = ""
    trained_from: date | None = None
    trained_until: date | None = None


@dataclass(frozen=True, slots=True)
class DefenderRetired(Event):
    """A code takes no new episodes."""

    kind: ClassVar[str] = "defender_retired"
    code: str


@dataclass(frozen=True, slots=True)
class Admitted(Event):
    """A recording was accepted as a revision of an episode and mastered."""

    kind: ClassVar[str] = "admitted"
    episode: EpisodeNumber
    revision: int
    original_sha256: Sha256
    master_sha256: Sha256
    duration_s: Seconds
    """Length of the sound without lead-in and tail."""
    defenders: tuple[str, ...]
    consent: str
    """Reference of the filed consent form; empty when none was given."""
    helplines: tuple[str, ...]
    sample: bool = False
    lead_in_s: Seconds = Seconds(3.0)
    """Silence at the master's head; the station's setting may be another by now."""
    tail_s: Seconds = Seconds(1.0)
    """Silence at its end."""


@dataclass(frozen=True, slots=True)
class Approved(Event):
    """One registered person listened and said yes, to exactly this master."""

    kind: ClassVar[str] = "approved"
    episode: EpisodeNumber
    revision: int
    master_sha256: Sha256
    approver: str
    urgent: bool = False
    """The protection officer's single yes, which carries the episode alone for 72 hours."""


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    """Consent was taken back: no revision of the episode so far sounds again, anywhere."""

    kind: ClassVar[str] = "withdrawn"
    episode: EpisodeNumber
    through_revision: int
    by: str


@dataclass(frozen=True, slots=True)
class Suspended(Event):
    """Somebody said "stop this now"; only the protection officer lifts it."""

    kind: ClassVar[str] = "suspended"
    episode: EpisodeNumber
    by: str


@dataclass(frozen=True, slots=True)
class SuspensionLifted(Event):
    """The protection officer lifted a suspension."""

    kind: ClassVar[str] = "suspension_lifted"
    episode: EpisodeNumber
    by: str


@dataclass(frozen=True, slots=True)
class PinSet(Event):
    """An approver's PIN was set or changed; the PIN itself is never on record."""

    kind: ClassVar[str] = "pin_set"
    code: str
    by: str
    """Who allowed it: the code itself, or the protection officer's."""
