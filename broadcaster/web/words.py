"""What is said on a page where a terminal's sentence names a command: the same, and what to do on the page."""

from collections.abc import Mapping
from types import MappingProxyType

from broadcaster.errors import BroadcasterError
from broadcaster.library import (
    approvals,
    approving,
    audible,
    calling,
    consents,
    gates,
    people_refusals,
    refusals,
    signing,
    unrecorded,
)
from broadcaster.library.helplines import SENTENCES as ABOUT_HELPLINES
from broadcaster.library.helplines import Standing
from broadcaster.library.objection import Objection
from broadcaster.library.words import FLAGS
from broadcaster.locale import gettext
from broadcaster.locale import mark as N_
from broadcaster.model import Flag
from broadcaster.production import refusals as admission
from broadcaster.reports import sheet_making

LACKING: Mapping[str, str] = {
    approvals.TWO_LACK: N_("Two people must listen to it and approve it, each with her own code."),
    approvals.ONE_LACKS: N_("One more person must listen to it and approve it."),
    consents.NONE_NAMED: N_("It names no consent, so it will not go out. Its producer names those of all its voices."),
    consents.UNKNOWN: N_(
        "The consent {consent} is not in the register, so it will not go out. Register the signed form under Consents."
    ),
    consents.UNCONFIRMED: N_(
        "Its producer has not confirmed that the consents cover every voice, so it will not go out. She does it on this page."
    ),
    gates.NOTHING_YET: N_("No recording of it has been admitted yet. Send one with Receive a recording."),
    gates.WRONG_PART: N_("It holds the shared part {part}, which says something wrong. Tell the coordinator."),
    ABOUT_HELPLINES[Standing.LAPSED]: N_(
        "Nobody has called the helpline {helpline} for too long, so the episode will not go out. "
        "Call it, and say so under Helplines."
    ),
    ABOUT_HELPLINES[Standing.NEVER_CALLED]: N_(
        "Nobody has called the helpline {helpline} yet, so the episode will not go out. Call it, and say so under Helplines."
    ),
    ABOUT_HELPLINES[Standing.UNKNOWN]: N_(
        "The helpline {helpline} is not among the station's, so the episode will not go out. "
        "Tell the coordinator, or send a new version."
    ),
    FLAGS[Flag.HELPLINE_STALE]: N_("A helpline it says was not called lately. Call it, and say so under Helplines."),
}
"""Sentences about what keeps an episode off the air, and the page's."""

REFUSED: Mapping[str, str] = {
    approving.NotClean.sentence: N_(
        "Episode {number} says what can put somebody at risk ({questions}), so it was not approved. "
        "Have it recorded again without that, and send the new version."
    ),
    approving.MinorsNeedForms.sentence: N_(
        "A minor speaks in episode {number} and none of its consents is a minor's, so it was not approved. "
        "Register the form under Consents and have the producer confirm it."
    ),
    audible.AudioChanged.sentence: N_(
        "The audio of episode {number} is missing or was changed, so it was not played. Send the recording again."
    ),
    calling.NoSuchHelpline.sentence: N_(
        "There is no helpline {helpline} at this station, so nothing was changed. It has these: {known}."
    ),
    calling.WrongInFile.sentence: N_(
        "The station's settings say that the helpline {helpline} is wrong, so nothing was changed. "
        "If it answers again, tell who keeps the settings."
    ),
    calling.AlreadyWrong.sentence: N_(
        "The helpline {helpline} is on record as wrong already: what says it does not air. Tell who keeps the settings."
    ),
    people_refusals.UnknownCode.sentence: N_(
        "The code {code} is not registered, so nothing was changed. Check it under People, "
        "or ask the protection officer to register it."
    ),
    people_refusals.NoRole.sentence: N_("{code} needs at least one role, so nothing was changed. Choose one."),
    people_refusals.OfficerFirst.sentence: N_(
        "The first person of a station must be the protection officer, so nothing was changed. She is registered at the box."
    ),
    people_refusals.OfficerNeeded.sentence: N_(
        "Only the protection officer registers people, so nothing was changed. She signs in and does it."
    ),
    people_refusals.DefenderUnknown.sentence: N_(
        "The defender {code} is not registered, so nothing was changed. The protection officer adds her under People."
    ),
    people_refusals.NoPin.sentence: N_(
        "The code {code} has no PIN yet, so nothing was changed. The protection officer sets it under People."
    ),
    people_refusals.PinIsSet.sentence: N_(
        "The PIN of {code} is changed with the old one or the protection officer's, so nothing was changed. "
        "Give the old one, or ask her."
    ),
    refusals.NothingAdmitted.sentence: N_(
        "No recording of episode {number} has been admitted, so there is nothing to show or change. See Episodes."
    ),
    refusals.MasterChanged.sentence: N_(
        "The audio of episode {number} is missing or was changed, so it was not approved. Send the recording again."
    ),
    refusals.NotSuspended.sentence: N_("Episode {number} is not suspended, so nothing was changed."),
    refusals.ConsentNotKnown.sentence: N_(
        "There is no consent {consent} on record, so nothing was withdrawn. "
        "If something sounds that must not, suspend the episode."
    ),
    refusals.VoiceNotKnown.sentence: N_(
        "There is nothing of the voice {voice} on record, so nothing was withdrawn. "
        "If something sounds that must not, suspend the episode."
    ),
    unrecorded.StoppedOnly.sentence: N_(
        "What sounded is stopped, everywhere. But the suspension of episode {number} could not be put on record, so it would "
        "sound again at its next hour. Pause the markets at the stall's screen, and call the coordinator."
    ),
    sheet_making.NothingThatMonth.sentence: N_(
        "{market} has no airing in {month}, so no sheet was made. See the schedule under Calendar."
    ),
    signing.GuardianNeeded.sentence: N_(
        "The consent of a minor needs the guardian's form too, so nothing was changed. Give its reference."
    ),
    signing.ConsentUnknown.sentence: N_("There is no consent {consent} in the register. See Consents."),
    signing.NoConsents.sentence: N_("Episode {number} names no consent, so there is nothing to confirm. Name them."),
    signing.ConsentUnusable.sentence: N_(
        "The consent {consent} is not in the register, or it ended or was taken back; nothing was confirmed. See Consents."
    ),
    signing.MinorsDiffer.sentence: N_(
        "A minor speaks in episode {number} and none of its consents is a minor's, so nothing was confirmed. "
        "Register the form under Consents."
    ),
    admission.NumberTaken.sentence: N_(
        "Episode {number} is there already, so nothing was added. Choose another number, or send a new version from its page."
    ),
    admission.NoDefender.sentence: N_("No producer was named, so nothing was added. Choose her code."),
    admission.HelplineUnknown.sentence: N_(
        "The helpline {helpline} is not among the station's, so nothing was added. It has these: {known}."
    ),
}
"""Sentences of refusals, and the page's."""


def said(error: BroadcasterError, here: Mapping[str, str] = MappingProxyType({})) -> str:
    """What went wrong and what to do, on a page; ``here``: sentences that this page says otherwise still."""
    for_page = here.get(error.sentence) or REFUSED.get(error.sentence)
    return str(error) if for_page is None else gettext(for_page).format(**error.facts)


def lacks(objection: Objection) -> str:
    """What keeps an episode off the air and what to do, on a page."""
    for_page = LACKING.get(objection.text, objection.text)
    return gettext(for_page).format(**objection.facts)
