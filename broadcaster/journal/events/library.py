"""The library's decisions: who, what came in, who said yes, who said no more."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import EpisodeNumber, Question, Seconds, Sha256


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
    """Reference of the one filed consent form of a row written before ``consents``; empty since."""
    helplines: tuple[str, ...]
    sample: bool = False
    lead_in_s: Seconds = Seconds(3.0)
    """Silence at the master's head; the station's setting may be another by now."""
    tail_s: Seconds = Seconds(1.0)
    """Silence at its end."""
    consents: tuple[str, ...] = ()
    """References of the consents of all its recognisable voices. Read :attr:`consent_refs`."""
    helpline_numbers: tuple[str, ...] = ()
    """What each of ``helplines`` had as its number when this was admitted: the one that is spoken in it."""
    by: str = ""
    """The code of who brought it, where the program knows: empty for what was typed at a terminal."""

    @property
    def consent_refs(self) -> tuple[str, ...]:
        """The consents it names, also where an old row names its only one."""
        return self.consents or ((self.consent.strip(),) if self.consent.strip() else ())


@dataclass(frozen=True, slots=True)
class Answer:
    """What an approver answered to one question of the checklist."""

    question: Question
    yes: bool


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
    answers: tuple[Answer, ...] = ()
    """Her checklist; empty in rows from before there was one, which count for nothing since."""


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    """Consent was taken back: no revision of the episode so far sounds again, anywhere."""

    kind: ClassVar[str] = "withdrawn"
    episode: EpisodeNumber
    through_revision: int
    by: str
    consent: str = ""
    """The reference of the consent that was taken back, where that is why."""
    voice: str = ""
    """The code of the voice that was taken back, where that is why."""


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
