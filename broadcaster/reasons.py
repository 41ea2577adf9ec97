"""What people are told about an outcome, its reason and its proof: one plain sentence or word for each.

A reason's sentence says what happened, what follows and what to do. It names no episode and no minute: it stands in a
table beside them. It names no button either: the same sentence is said in a terminal and printed on paper.
"""

from collections.abc import Mapping

from broadcaster.locale import gettext
from broadcaster.locale import mark as N_
from broadcaster.model import Cause, Evidence, HeardAs, Outcome, Reason, Source

SENTENCES: Mapping[Reason, str] = {
    Reason.ON_TIME: N_("It went out on time."),
    Reason.LATE: N_("It went out late, within what is allowed."),
    Reason.PROCESS_DIED: N_("The program stopped by itself. Call the coordinator."),
    Reason.PLAYER_CRASHED: N_("The player stopped by itself. Call the coordinator if it should still air today."),
    Reason.PLAYER_HUNG: N_("The player froze and was stopped. Call the coordinator if it should still air today."),
    Reason.AUDIO_LOST: N_("The sound output was lost. Check the speaker's cable."),
    Reason.AUDIO_STALLED: N_("The sound output froze. Check the speaker's cable."),
    Reason.WRONG_DEVICE: N_("The sound moved to another output, so it was cut. Check the speaker's cable."),
    Reason.SILENT_OUTPUT: N_("The sound output was muted or at zero. Turn its volume up."),
    Reason.NOT_HEARD: N_("Not all of it was heard on the output. Check the speaker's cable."),
    Reason.WITHDRAWN: N_(
        "The episode was withdrawn and will not sound again. If you have copies on USB or phone, delete them."
    ),
    Reason.SUSPENDED: N_("The episode is suspended. It will not go out until the protection officer lifts that."),
    Reason.STOPPED_BY_OPERATOR: N_("The operator stopped it. Call the coordinator if it should still air today."),
    Reason.STOPPED_FOR_SAFETY: N_("It was stopped for somebody's safety. Do not air it again; call the coordinator."),
    Reason.WINDOW_CLOSED: N_("Its time ran out before it ended, so it was cut."),
    Reason.POWER_LOSS: N_("The power went out. Call the coordinator if it should still air today."),
    Reason.SWITCHED_OFF: N_(
        "The program was switched off at that time. Call the coordinator if it should still air today."
    ),
    Reason.ABSENT: N_(
        "The program was not running at that time, and nothing tells why. "
        "Call the coordinator if it should still air today."
    ),
    Reason.PROCESS_DIED_BEFORE_SOUND: N_("The program stopped by itself before any sound. Call the coordinator."),
    Reason.NO_AUDIO_DEVICE: N_("The sound output was not found. Check the speaker's cable."),
    Reason.OUTPUT_BUSY: N_("Something else was sounding there. Call the coordinator if it should still air today."),
    Reason.CLOCK_JUMP: N_("The computer's time jumped past it. Compare the time with your phone."),
    Reason.CLOCK_UNVERIFIED: N_(
        "Nobody confirmed the computer's time, so it was not aired. Compare it with your phone."
    ),
    Reason.NO_EPISODE: N_("The episode is missing. Tell the coordinator."),
    Reason.NOT_APPROVED: N_("The episode lacks an approval. It will not go out yet. Tell the coordinator."),
    Reason.NO_CONSENT: N_("The consent for the voices is not on record. It will not go out. Tell the coordinator."),
    Reason.NO_HELPLINE: N_(
        "The episode names no helpline known to be right. It will not go out. Tell the coordinator."
    ),
    Reason.BAD_FILE: N_("The episode's audio is missing or damaged. It will not go out. Tell the coordinator."),
    Reason.RECORD_UNAVAILABLE: N_(
        "It could not be put on record, and without a record nothing airs. Delete nothing; call the coordinator."
    ),
    Reason.PLAYER_FAILED: N_("The player could not start. Call the coordinator if it should still air today."),
    Reason.HOLIDAY: N_("A public holiday: no airing."),
    Reason.BLACKOUT: N_("On that date nothing is aired."),
    Reason.MARKET_CLOSED: N_("The market is closed or in its quiet hours at that time: no airing."),
    Reason.SKIPPED: N_("The coordinator took it out of the schedule."),
    Reason.PLAN_CHANGED: N_("The schedule changed and no longer has it."),
    Reason.HELD_BY_OPERATOR: N_("The operator had paused this market. It stays silent until it is resumed."),
    Reason.LEASE_EXPIRED: N_(
        "No stick has come from the coordination for too long, so this computer stays silent. "
        "Ask the coordination for a stick, or for a code by telephone."
    ),
}
"""Every reason's sentence, as its message id."""

NAMES: Mapping[Reason, str] = {
    Reason.ON_TIME: N_("on time"),
    Reason.LATE: N_("late, within tolerance"),
    Reason.PROCESS_DIED: N_("the program stopped"),
    Reason.PLAYER_CRASHED: N_("the player stopped by itself"),
    Reason.PLAYER_HUNG: N_("the player froze"),
    Reason.AUDIO_LOST: N_("sound output lost"),
    Reason.AUDIO_STALLED: N_("sound output frozen"),
    Reason.WRONG_DEVICE: N_("sound on another output"),
    Reason.SILENT_OUTPUT: N_("output muted"),
    Reason.NOT_HEARD: N_("not all of it left the output"),
    Reason.WITHDRAWN: N_("episode withdrawn"),
    Reason.SUSPENDED: N_("episode suspended"),
    Reason.STOPPED_BY_OPERATOR: N_("stopped by the operator"),
    Reason.STOPPED_FOR_SAFETY: N_("stopped for safety"),
    Reason.WINDOW_CLOSED: N_("its time was over"),
    Reason.POWER_LOSS: N_("power cut"),
    Reason.SWITCHED_OFF: N_("program switched off"),
    Reason.ABSENT: N_("program not running, why is not known"),
    Reason.PROCESS_DIED_BEFORE_SOUND: N_("the program stopped before any sound"),
    Reason.NO_AUDIO_DEVICE: N_("sound output not found"),
    Reason.OUTPUT_BUSY: N_("something else sounded there"),
    Reason.CLOCK_JUMP: N_("the computer's time jumped"),
    Reason.CLOCK_UNVERIFIED: N_("the computer's time was not confirmed"),
    Reason.NO_EPISODE: N_("episode missing"),
    Reason.NOT_APPROVED: N_("episode not approved"),
    Reason.NO_CONSENT: N_("consent not on record"),
    Reason.NO_HELPLINE: N_("no helpline known to be right"),
    Reason.BAD_FILE: N_("audio missing or damaged"),
    Reason.RECORD_UNAVAILABLE: N_("the record could not be written"),
    Reason.PLAYER_FAILED: N_("the player did not start"),
    Reason.HOLIDAY: N_("public holiday"),
    Reason.BLACKOUT: N_("day without airings"),
    Reason.MARKET_CLOSED: N_("market closed or in quiet hours"),
    Reason.SKIPPED: N_("taken out of the schedule"),
    Reason.PLAN_CHANGED: N_("schedule changed"),
    Reason.HELD_BY_OPERATOR: N_("market paused by the operator"),
    Reason.LEASE_EXPIRED: N_("permission to play expired"),
}
"""Every reason in a few words, for the tables of documents, as its message id."""

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PLAYED: N_("aired"),
    Outcome.PARTIAL: N_("incomplete"),
    Outcome.MISSED: N_("missed"),
    Outcome.CANCELLED: N_("cancelled"),
}

PROOFS: Mapping[Evidence, str] = {
    Evidence.NONE: N_("no proof"),
    Evidence.PLAYER: N_("the player says so"),
    Evidence.MONITOR: N_("left the computer"),
    Evidence.MICROPHONE: N_("heard in the market"),
}

HEARD: Mapping[HeardAs, str] = {
    HeardAs.WELL: N_("heard well"),
    HeardAs.LOW: N_("heard softly"),
    HeardAs.NO: N_("not heard"),
}

SOURCES: Mapping[Source, str] = {
    Source.COMPUTER: N_("from the computer"),
    Source.USB: N_("from the amplifier's USB"),
}

CAUSES: Mapping[Cause, str] = {
    Cause.POWER: N_("no power"),
    Cause.AMPLIFIER: N_("amplifier off or broken"),
    Cause.CLOSED: N_("market closed"),
    Cause.NOISE: N_("noise, or other music"),
    Cause.OTHER: N_("something else"),
}


def sentence(reason: Reason) -> str:
    """What happened, what follows and what to do, in the language spoken now."""
    return gettext(SENTENCES[reason])


def name(reason: Reason) -> str:
    """The reason in a few words, in the language spoken now."""
    return gettext(NAMES[reason])


def word(outcome: Outcome) -> str:
    """The outcome's word for people, in the language spoken now."""
    return gettext(OUTCOMES[outcome])


def proof(evidence: Evidence) -> str:
    """How far a play is proved, as people say it, in the language spoken now."""
    return gettext(PROOFS[evidence])


def heard(said: HeardAs) -> str:
    """How people say it was heard, in the language spoken now."""
    return gettext(HEARD[said])


def source(played_by: Source) -> str:
    """What played it, as people say, in the language spoken now."""
    return gettext(SOURCES[played_by])


def cause(why: Cause) -> str:
    """Why it was heard badly or not at all, as people say, in the language spoken now."""
    return gettext(CAUSES[why])
