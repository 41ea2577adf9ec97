"""What can be done about each reason: the measures that reports propose. An office edits them in its own copy. Pure."""

from collections.abc import Mapping

from broadcaster.locale import gettext
from broadcaster.locale import mark as N_
from broadcaster.model import Reason

_POWER = N_("Agree with the market on a steady supply, and connect the computer to a battery.")
_PROGRAM = N_("Have the computer looked at by the coordination, with what the program's check says.")
_SOUND = N_("Check cable, amplifier and output with the market, before each airing.")
_CLOCK = N_("Compare the computer's time with a phone when it is switched on.")
_CONTENT = N_("Have each episode recorded, consented to and approved a week before its airing.")
_PROTECTION = N_("Go through the case with the protection officer before anything airs again.")
_PEOPLE = N_("Talk with the operator and the market about why it was stopped, and about another time of day.")
_CALENDAR = N_("Announce the change to the market in good time.")
_ROOM = N_("Leave more time between two airings of the same market.")
_LEASE = N_("Bring the stick with the season to the market before its permission ends.")

MEASURES: Mapping[Reason, str] = {
    Reason.LATE: _PROGRAM,
    Reason.PROCESS_DIED: _PROGRAM,
    Reason.PLAYER_CRASHED: _PROGRAM,
    Reason.PLAYER_HUNG: _PROGRAM,
    Reason.AUDIO_LOST: _SOUND,
    Reason.AUDIO_STALLED: _SOUND,
    Reason.WRONG_DEVICE: _SOUND,
    Reason.SILENT_OUTPUT: _SOUND,
    Reason.NOT_HEARD: _SOUND,
    Reason.WITHDRAWN: _PROTECTION,
    Reason.SUSPENDED: _PROTECTION,
    Reason.STOPPED_BY_OPERATOR: _PEOPLE,
    Reason.STOPPED_FOR_SAFETY: _PROTECTION,
    Reason.WINDOW_CLOSED: _PEOPLE,
    Reason.POWER_LOSS: _POWER,
    Reason.SWITCHED_OFF: _POWER,
    Reason.ABSENT: _CLOCK,
    Reason.PROCESS_DIED_BEFORE_SOUND: _PROGRAM,
    Reason.NO_AUDIO_DEVICE: _SOUND,
    Reason.OUTPUT_BUSY: _ROOM,
    Reason.CLOCK_JUMP: _CLOCK,
    Reason.CLOCK_UNVERIFIED: _CLOCK,
    Reason.NO_EPISODE: _CONTENT,
    Reason.NOT_APPROVED: _CONTENT,
    Reason.NO_CONSENT: _CONTENT,
    Reason.NO_HELPLINE: _CONTENT,
    Reason.BAD_FILE: _CONTENT,
    Reason.RECORD_UNAVAILABLE: _PROGRAM,
    Reason.PLAYER_FAILED: _PROGRAM,
    Reason.HOLIDAY: _CALENDAR,
    Reason.BLACKOUT: _CALENDAR,
    Reason.MARKET_CLOSED: _CALENDAR,
    Reason.SKIPPED: _CALENDAR,
    Reason.PLAN_CHANGED: _CALENDAR,
    Reason.HELD_BY_OPERATOR: _PEOPLE,
    Reason.LEASE_EXPIRED: _LEASE,
}
"""By reason; what went well needs none."""


def measure(reason: Reason) -> str:
    """What to do about it, in the language spoken now; empty where nothing is to be done."""
    return gettext(MEASURES[reason]) if reason in MEASURES else ""
