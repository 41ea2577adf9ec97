"""What became of an airing, why, and how far that can be proved."""

from collections.abc import Mapping
from enum import StrEnum


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
    ABSENT = "absent"
    PROCESS_DIED_BEFORE_SOUND = "process_died_before_sound"
    NO_AUDIO_DEVICE = "no_audio_device"
    OUTPUT_BUSY = "output_busy"
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
            Reason.ABSENT,
            Reason.PROCESS_DIED,
            Reason.PROCESS_DIED_BEFORE_SOUND,
            Reason.NO_AUDIO_DEVICE,
            Reason.OUTPUT_BUSY,
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
