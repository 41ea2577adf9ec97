"""The nouns of the programme: frozen values, with their units in their types.

No noun here knows a file, a clock or a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

Seconds = NewType("Seconds", float)
Milliseconds = NewType("Milliseconds", float)
Lufs = NewType("Lufs", float)
"""Loudness, K-weighted, relative to full scale (ITU-R BS.1770)."""
LoudnessUnits = NewType("LoudnessUnits", float)
Dbtp = NewType("Dbtp", float)
"""True peak in decibels relative to full scale (ITU-R BS.1770, annex 2)."""
Sha256 = NewType("Sha256", str)
"""64 lower-case hexadecimal digits."""
MarketId = NewType("MarketId", str)
AiringId = NewType("AiringId", str)
"""``2021-06-18T10:00/mercado-central``: the local minute and the market; ``Z1`` after the minute in a fold's second pass."""
PlayId = NewType("PlayId", str)
"""``node-epoch-seq`` of the play's intent row."""
EpisodeNumber = NewType("EpisodeNumber", int)
EPISODE_NUMBERS = range(1, 1000)
"""All there can be: an episode's folder is named by three digits."""


class Outcome(StrEnum):
    """What became of an airing."""

    PLAYED = "played"
    PARTIAL = "partial"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why. The closed list; :data:`REASONS` says which go with which outcome."""

    ON_TIME = "on_time"
    LATE = "late"
    PROCESS_DIED = "process_died"
    PLAYER_CRASHED = "player_crashed"
    PLAYER_HUNG = "player_hung"
    AUDIO_LOST = "audio_lost"
    AUDIO_STALLED = "audio_stalled"
    WRONG_DEVICE = "wrong_device"
    SILENT_OUTPUT = "silent_output"
    NOT_HEARD = "not_heard"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    STOPPED_BY_OPERATOR = "stopped_by_operator"
    STOPPED_FOR_SAFETY = "stopped_for_safety"
    WINDOW_CLOSED = "window_closed"
    POWER_LOSS = "power_loss"
    SWITCHED_OFF = "switched_off"
    PROCESS_DIED_BEFORE_SOUND = "process_died_before_sound"
    NO_AUDIO_DEVICE = "no_audio_device"
    CLOCK_JUMP = "clock_jump"
    CLOCK_UNVERIFIED = "clock_unverified"
    NO_EPISODE = "no_episode"
    NOT_APPROVED = "not_approved"
    NO_CONSENT = "no_consent"
    NO_HELPLINE = "no_helpline"
    BAD_FILE = "bad_file"
    RECORD_UNAVAILABLE = "record_unavailable"
    PLAYER_FAILED = "player_failed"
    HOLIDAY = "holiday"
    BLACKOUT = "blackout"
    MARKET_CLOSED = "market_closed"
    SKIPPED = "skipped"
    PLAN_CHANGED = "plan_changed"
    HELD_BY_OPERATOR = "held_by_operator"
    LEASE_EXPIRED = "lease_expired"


REASONS: Mapping[Outcome, frozenset[Reason]] = {
    Outcome.PLAYED: frozenset({Reason.ON_TIME, Reason.LATE}),
    Outcome.PARTIAL: frozenset(
        {
            Reason.PROCESS_DIED,
            Reason.PLAYER_CRASHED,
            Reason.PLAYER_HUNG,
            Reason.AUDIO_LOST,
            Reason.AUDIO_STALLED,
            Reason.WRONG_DEVICE,
            Reason.SILENT_OUTPUT,
            Reason.NOT_HEARD,
            Reason.WITHDRAWN,
            Reason.SUSPENDED,
            Reason.STOPPED_BY_OPERATOR,
            Reason.STOPPED_FOR_SAFETY,
            Reason.WINDOW_CLOSED,
        }
    ),
    Outcome.MISSED: frozenset(
        {
            Reason.POWER_LOSS,
            Reason.SWITCHED_OFF,
            Reason.PROCESS_DIED,
            Reason.PROCESS_DIED_BEFORE_SOUND,
            Reason.NO_AUDIO_DEVICE,
            Reason.CLOCK_JUMP,
            Reason.CLOCK_UNVERIFIED,
            Reason.NO_EPISODE,
            Reason.NOT_APPROVED,
            Reason.NO_CONSENT,
            Reason.NO_HELPLINE,
            Reason.BAD_FILE,
            Reason.RECORD_UNAVAILABLE,
            Reason.PLAYER_FAILED,
        }
    ),
    Outcome.CANCELLED: frozenset(
        {
            Reason.HOLIDAY,
            Reason.BLACKOUT,
            Reason.MARKET_CLOSED,
            Reason.SKIPPED,
            Reason.PLAN_CHANGED,
            Reason.WITHDRAWN,
            Reason.SUSPENDED,
            Reason.HELD_BY_OPERATOR,
            Reason.STOPPED_BY_OPERATOR,
            Reason.LEASE_EXPIRED,
        }
    ),
}
"""The reasons each outcome admits."""


class Evidence(StrEnum):
    """How far a play can be proved, weakest first."""

    NONE = "none"
    PLAYER = "player"
    MONITOR = "monitor"
    MICROPHONE = "microphone"


class Hearing(StrEnum):
    """What a microphone in a market made of what it heard during a play."""

    HEARD = "heard"
    """The episode was found in it."""
    SILENT = "silent"
    """No louder than before the first word: as if the amplifier were off."""
    OTHER = "other_sound"
    """Something sounded, and it was not the episode."""
    UNSURE = "unsure"
    """Too little to tell."""


class Deaf(StrEnum):
    """Why a microphone that was to listen to a play has nothing to say of it."""

    NO_SOURCE = "no_source"
    """It was not there, or another one took its place."""
    MUTED = "muted"
    """It was muted or at volume zero."""
    SOURCE_LOST = "source_lost"
    """It broke off while the play sounded."""
    MASTER_UNREAD = "master_unread"
    """The audio that was to be recognised could not be read."""
    NO_ANSWER = "no_answer"
    """What listens broke down."""
    SWITCHED_OFF = "switched_off"
    """Somebody switched the microphone off meanwhile."""


class ClockTrust(StrEnum):
    """How far the wall clock was believed when a row was written."""

    SYNCED = "synced"
    RTC = "rtc"
    OPERATOR = "operator"
    UNVERIFIED = "unverified"
    SHIFTED = "shifted"


class Profile(StrEnum):
    """What a master is made for."""

    SPEECH = "speech"
    HORN = "horn"


class Severity(StrEnum):
    """What a finding about a recording means for it."""

    REFUSE = "refuse"
    WARN = "warn"
    NOTE = "note"


class HeardAs(StrEnum):
    """How an airing was heard in the market, as somebody who was there says."""

    WELL = "well"
    LOW = "low"
    NO = "no"


class Source(StrEnum):
    """What played an airing, as people say."""

    COMPUTER = "computer"
    USB = "usb"
    """The amplifier's own player, from a stick."""


class Cause(StrEnum):
    """Why an airing was heard badly or not at all, as people say: the letters of the control sheet."""

    POWER = "power"
    AMPLIFIER = "amplifier"
    """Off, broken or not connected."""
    CLOSED = "closed"
    """The market was."""
    NOISE = "noise"
    OTHER = "other"


class Counting(StrEnum):
    """How listeners were counted: what is printed beside every number of them."""

    HEADCOUNT = "headcount"
    """One by one, within hearing, once during the airing."""
    SAMPLE = "sample"
    """One by one in a part of the market, times the number of such parts."""
    ESTIMATE = "estimate"
    """By eye."""


class Complaint(StrEnum):
    """What a complaint was about. Whose, and in which words, is nowhere."""

    NOISE = "noise"
    CONTENT = "content"
    SAFETY = "safety"
    """Somebody was, or feared to be, put at risk."""


class Role(StrEnum):
    """What a registered code may do; a person may hold several."""

    PRODUCER = "producer"
    """A trained defender: makes episodes and confirms the consents of their voices."""
    APPROVER = "approver"
    PROTECTION_OFFICER = "protection_officer"
    """Registers people, lifts suspensions, may approve alone for a short while."""
    COORDINATOR = "coordinator"
    """Keeps the registers of consents and helplines."""


class Scope(StrEnum):
    """Where a voice may be heard, as the signed form says."""

    LOUDSPEAKERS = "loudspeakers"
    WHATSAPP = "whatsapp"
    USB = "usb"
    FACEBOOK = "facebook"
    ARCHIVE = "archive"


class Question(StrEnum):
    """What an approver answers about an episode she has heard whole: is it in there?"""

    NAMES = "names"
    ADDRESSES = "addresses"
    """Homes and workplaces too."""
    WHEREABOUTS = "whereabouts"
    """Times or places at which a defender can be found."""
    AGGRESSOR = "aggressor"
    TESTIMONY = "testimony"
    """A survivor telling her own story in her own voice: such stories are dramatised."""
    MINORS = "minors"
    """The one that may be yes: with a guardian's form."""


class Flag(StrEnum):
    """What people must know of an episode although it may air."""

    URGENT = "urgent"
    """The protection officer's approval alone carries it, for a short while."""
    HELPLINE_STALE = "helpline_stale"
    """Not every helpline it says was verified lately."""
    UNANNOUNCED = "unannounced"
    """The market's announcement is not ready or must not sound: the episode airs without it."""


class PartRole(StrEnum):
    """What a part is in an episode's rundown."""

    CHIME = "chime"
    IDENT = "ident"
    GREETING = "greeting"
    BLOCK = "block"
    SPOT = "spot"
    HELPLINE = "helpline"
    CREDITS = "credits"
    BED = "bed"
    """Music under the others; it takes no time of its own."""


class HolidayPolicy(StrEnum):
    """What a season does with a slot that falls on a public holiday."""

    AIR = "air"
    SKIP = "skip"
    SHIFT = "shift"


@dataclass(frozen=True)
class Hours:
    """A stretch of the local day, ``start`` included, ``end`` excluded; it may run over midnight."""

    start: time
    end: time

    def __contains__(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True)
class Output:
    """A sound output of this machine by its stable name."""

    id: str
    """The name the station gives it."""
    kind: str
    """``pulse``: a PulseAudio or PipeWire sink; ``alsa``: a sound card itself, without a sound server."""
    sink: str
    """The sink's name on the sound server; of a card, the name under which ALSA opens it."""
    card: str = ""
    """The card's id, as ``/proc/asound/cards`` shows it in brackets; never its number, which changes."""
    device: int = 0
    """Which of the card's devices."""

    @property
    def is_card(self) -> bool:
        """Whether the sound leaves by a card itself: no sound server, so no monitor to listen to."""
        return self.kind == "alsa"


def alsa_pcm(card: str, device: int) -> str:
    """The name under which ALSA opens a card's device, with whatever conversion of rate and form it needs."""
    return f"plughw:CARD={card},DEV={device}"


@dataclass(frozen=True)
class Announcement:
    """What a market lets sound before every episode: ids of shared parts, empty for none."""

    chime: str = ""
    """``chime`` is the program's own, unless a shared part has that id."""
    ident: str = ""


@dataclass(frozen=True)
class Market:
    """A place with loudspeakers."""

    id: MarketId
    name: str
    aliases: tuple[str, ...]
    district: str
    ubigeo_inei: str
    """INEI code of the district, six digits, as text."""
    output: str
    """Id of the :class:`Output` that serves it."""
    hours: Hours
    """When the market is open; nothing sounds outside."""
    quiet: tuple[Hours, ...]
    """When loudspeakers must be silent, whatever the market's hours."""
    volume: float
    """Volume of our stream, 0 … 1, never above ``volume_cap``."""
    volume_cap: float
    """The most the market allows, 0 … 1."""
    authorisation: str
    """Number of the permit to use the loudspeakers; empty when none is on record."""
    chime: str = ""
    ident: str = ""

    @property
    def announcement(self) -> Announcement | None:
        """What sounds here before every episode; ``None`` where nothing does."""
        return Announcement(self.chime, self.ident) if self.chime or self.ident else None

    def may_sound(self, moment: time) -> bool:
        """Whether the market is open and not in quiet hours at this local time of day."""
        return moment in self.hours and not any(moment in quiet for quiet in self.quiet)


@dataclass(frozen=True)
class Helpline:
    """A number or place to turn to, as dated in the station's register."""

    id: str
    name: str
    number: str
    hours: str
    languages: tuple[str, ...]
    cost: str
    valid_from: date | None
    valid_to: date | None
    verified_on: date | None
    wrong: bool
    """Known to be wrong: an episode that says it may not air, whatever else it says."""


@dataclass(frozen=True)
class Measure:
    """What a meter says of a piece of audio (ITU-R BS.1770-4, EBU Tech 3341 and 3342). ``None``: undefined, as in silence."""

    integrated_lufs: Lufs | None
    true_peak_dbtp: Dbtp | None
    loudness_range_lu: LoudnessUnits | None
    max_momentary_lufs: Lufs | None
    max_shortterm_lufs: Lufs | None
    duration_s: Seconds
    sample_rate_hz: int
    channels: int


@dataclass(frozen=True)
class Finding:
    """One thing noticed in a recording."""

    code: str
    severity: Severity
    at_s: Seconds | None
    """Second of the original at which it begins, where it has one."""
    text: str
    """One plain sentence with what to do, in the language spoken when it was found."""


@dataclass(frozen=True)
class Edition:
    """A master with an announcement before it, as one file: what sounds at the markets that have this announcement."""

    announcement: Announcement
    sha256: Sha256
    """Of the file."""
    parts: tuple[Sha256, ...]
    """The recordings in the announcement."""
    announcement_s: Seconds
    """How much later than in the master the episode begins: the announcement and the pause after it."""
    duration_s: Seconds
    """Length of the sound, announcement included, without lead-in and tail."""


@dataclass(frozen=True)
class EpisodeStatus:
    """What the planner is told about an episode."""

    number: EpisodeNumber
    revision: int
    master_sha256: Sha256 | None
    duration_s: Seconds | None
    """Length of the sound: the master without lead-in and tail."""
    reason: Reason | None
    """What keeps it off the air; ``None`` when it may air."""
    withdrawn_through: int = 0
    """The highest revision that must not sound again, newer ones notwithstanding; 0 when none was withdrawn."""
    lead_in_s: Seconds = Seconds(3.0)
    """Silence at the master's head, as it was made."""
    tail_s: Seconds = Seconds(1.0)
    """Silence at its end."""
    flags: tuple[Flag, ...] = ()
    """What people must know of it although it may air."""
    wrong_revisions: frozenset[int] = frozenset()
    """Revisions that say something known to be wrong: what sounds may be one of them, and not the one that governs."""
    editions: tuple[Edition, ...] = ()
    """Those that are ready, byte for byte, and may sound."""
    wrong_editions: frozenset[Sha256] = frozenset()
    """Editions whose announcement says something wrong: what sounds may be one of them."""
    edition: Edition | None = None
    """The one that sounds, once the market is known (:meth:`at`); ``None``: the master itself."""

    def at(self, market: Market) -> "EpisodeStatus":
        """What that market would hear: its announcement and the episode or, where that is not to be had, the episode."""
        if market.announcement is None:
            return replace(self, editions=())
        for edition in self.editions:
            if edition.announcement == market.announcement:
                return replace(self, editions=(), edition=edition, duration_s=edition.duration_s)
        return self.unannounced()

    def unannounced(self) -> "EpisodeStatus":
        """The episode without the announcement that it should have."""
        return replace(self, editions=(), flags=(*self.flags, Flag.UNANNOUNCED))

    @property
    def state(self) -> str:
        """``ready`` or the reason code that will stop it."""
        return self.reason.value if self.reason else "ready"


@dataclass(frozen=True)
class Airing:
    """A promise: this episode, this market, this minute."""

    id: AiringId
    market: MarketId
    due: datetime
    """When the first word falls, aware, in the station's zone."""
    episode: EpisodeNumber | None
    """``None`` when the season's order gives the slot no episode."""
    grace_s: Seconds
    """How late it may still start."""
    season: str
    """Stem of the season file."""
    cancelled: Reason | None
    """The calendar's reason not to air it (holiday, skipped, …), else ``None``."""


@dataclass(frozen=True)
class Plan:
    """All airings that follow from the season files, ordered by due time, then market."""

    airings: tuple[Airing, ...]
    notes: tuple["PlanNote", ...] = ()
    """What following the rules to the letter could not do."""
    changes: tuple["PlanChange", ...] = ()
    """Which airings an exception has made other than the rules, in the order of ``airings``. No part of the plan's hash."""
    same_day: frozenset[AiringId] = frozenset()
    """The airings that are made good the same day, by their season's rule. No part of the plan's hash."""


class NoteCode(StrEnum):
    """What a plan could not do to the letter."""

    GAP = "gap"
    """The local minute does not exist (clocks go forward): the airing stands as much later as the gap is long."""
    CLASH = "clash"
    """Another airing already holds this market's minute: this one is not in the plan."""
    OUTSIDE = "outside"
    """The slot was moved out of the season's dates: it is not in the plan."""
    LEFT_OVER = "left_over"
    """An episode of the order found no slot up to the season's end."""


@dataclass(frozen=True)
class PlanNote:
    """One thing a plan could not do to the letter."""

    code: NoteCode
    season: str
    market: MarketId
    slot: datetime | None
    """The rule's own local minute, naive; ``None`` for an episode without a slot."""
    episode: EpisodeNumber | None
    due: datetime | None = None
    """Where the airing stands instead, aware; ``None`` when it is not in the plan."""


@dataclass(frozen=True)
class PlanChange:
    """What an exception of a season file has made of one airing."""

    airing: AiringId
    action: str
    """``skip``, ``move``, ``replace`` or ``extra``."""
    amended: date
    """The day it was decided."""
    reason: str
    slot: datetime
    """The rule's own local minute, naive; of an extra airing its own."""
