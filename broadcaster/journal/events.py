"""The vocabulary of the journal: everything a row can say.

An event is a frozen value with only JSON-friendly fields: text, numbers, booleans, ``None``, tuples, enums, nested values and
aware datetimes (kept as UTC text). A row keeps its event as a versioned JSON payload; fields are only ever added, with a
default, and never change their meaning.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

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
class Event:
    """Base of all events; ``kind`` is the row's word for it."""

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process that cannot be mistaken for another that got the same number later."""

    pid: int
    start_ticks: int
    """Field 22 of ``/proc/PID/stat``: start time in clock ticks after boot."""


# The daemon's life


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
    episode: EpisodeNumber | None
    grace_s: Seconds
    cancelled: Reason | None = None


@dataclass(frozen=True, slots=True)
class PlanAccepted(Event):
    """The daemon took a plan: all airings due from then to the season's end are promises."""

    kind: ClassVar[str] = "plan_accepted"
    plan_sha256: Sha256
    promises: tuple[Promise, ...]


# An airing's life


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


# The operator's hand

MANUAL = "manual/"
"""What the name of a sound ordered by hand begins with, where an airing's begins with its date."""


@dataclass(frozen=True, slots=True)
class PlayOrdered(Event):
    """Somebody starts an episode by hand; durable before anything else is done for it. A promise like any other."""

    kind: ClassVar[str] = "play_ordered"
    promise: Promise
    """Its airing is ``manual/…``; due when the first word is to fall."""
    by: str
    """Who: ``uid:1000``, the system's user at the box."""
    override: str | None = None
    """Why it may sound outside the permitted hours; ``None``: it may not."""


@dataclass(frozen=True, slots=True)
class StopOrdered(Event):
    """Somebody stops what sounds, or is about to, at these markets."""

    kind: ClassVar[str] = "stop_ordered"
    markets: tuple[MarketId, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Held(Event):
    """Somebody pauses a market: what sounds there ends, later airings are cancelled until it is resumed."""

    kind: ClassVar[str] = "held"
    market: MarketId
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """Somebody lets a paused market sound again."""

    kind: ClassVar[str] = "resumed"
    market: MarketId
    by: str


@dataclass(frozen=True, slots=True)
class TestOrdered(Event):
    """Somebody wants to hear a market's speaker; durable before the sound."""

    __test__: ClassVar[bool] = False  # its name is no test's
    kind: ClassVar[str] = "test_ordered"
    market: MarketId
    sink: str
    by: str
    override: str | None = None


@dataclass(frozen=True, slots=True)
class Tested(Event):
    """What came of a test."""

    __test__: ClassVar[bool] = False  # its name is no test's
    kind: ClassVar[str] = "tested"
    test: PlayId
    """Key of the row that ordered it."""
    market: MarketId
    heard: bool
    """Whether the whole test left the computer, as far as ``evidence`` goes."""
    evidence: Evidence
    reason: Reason | None = None
    """Why it was not heard."""
    start_error_ms: Milliseconds | None = None


@dataclass(frozen=True, slots=True)
class VolumeSet(Event):
    """Somebody set a market's volume."""

    kind: ClassVar[str] = "volume_set"
    market: MarketId
    volume: float
    """0 … 1, what the station's file says from now on."""
    by: str
    read_back: float | None = None
    """What the sound server says of the stream that sounds now; ``None`` when none does."""


# The station's files, changed while the daemon runs


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


# The library's decisions


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


EVENTS: tuple[type[Event], ...] = (
    Started,
    Stopped,
    PlanAccepted,
    Intent,
    Heartbeat,
    Ended,
    PlayOrdered,
    StopOrdered,
    Held,
    Resumed,
    TestOrdered,
    Tested,
    VolumeSet,
    SettingsTaken,
    ChangeRefused,
    DefenderRegistered,
    DefenderRetired,
    Admitted,
    Approved,
    Withdrawn,
    Suspended,
    SuspensionLifted,
    PinSet,
)
BY_KIND: dict[str, type[Event]] = {event.kind: event for event in EVENTS}
