"""Why a decision is not taken: each refusal with its sentence. Nothing was written."""

from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_


class UnknownCode(BadInput):
    """The code is not among the station's approvers."""

    sentence = N_(
        "The code {code} is not among the station's approvers, so nothing was changed. Check the code and try again."
    )


class BadPin(BadInput):
    """A PIN that cannot be set."""

    sentence = N_("A PIN is 4 to 12 digits and nothing else; nothing was changed. Choose one and try again.")


class NoPin(BadInput):
    """The code has no PIN yet."""

    sentence = N_(
        "The code {code} has no PIN yet, so nothing was changed. Set it with `broadcaster approver pin {code}`."
    )


class WrongPin(BadInput):
    """The PIN is not the one that was set."""

    sentence = N_("The PIN of {code} is not right, so nothing was changed. {left} more tries are left.")


class TooManyTries(BadInput):
    """Wrong PINs came too often."""

    sentence = N_(
        "There were too many wrong PINs for {code}, so nothing was changed. Wait {minutes} minutes and try again."
    )


class PinIsSet(BadInput):
    """A PIN can be changed only by who knows the old one, or by the protection officer."""

    sentence = N_(
        "The code {code} has a PIN already, so nothing was changed. "
        "Give the old one, or ask the protection officer to change it with hers."
    )


class NotOfficer(BadInput):
    """Only the protection officer may do this."""

    sentence = N_("Only the protection officer may do this, and {code} is not; nothing was changed. Tell her.")


class SamplesOnly(BadInput):
    """A demonstrator's code decides about samples only."""

    sentence = N_("The code {code} is for samples only and decides nothing about episode {number}. Use another code.")


class SameHand(BadInput):
    """One person cannot be the second."""

    sentence = N_("{code} has already approved episode {number}. The second approval must come from another person.")


class NothingAdmitted(BadInput):
    """There is no such episode, or nothing but a sample's folder that nobody admitted."""

    sentence = N_(
        "No recording of episode {number} has been admitted, so there is nothing to show or change. "
        "See `broadcaster episode list`."
    )


class MasterChanged(BadInput):
    """The audio on disk is not the audio that was admitted."""

    sentence = N_(
        "The audio of episode {number} is missing or was changed, so it was not approved. "
        "Add it again with `broadcaster episode revise {number}`."
    )


class EpisodeWithdrawn(BadInput):
    """Nothing brings withdrawn audio back."""

    sentence = N_(
        "Episode {number} was withdrawn and will not sound again. If you have copies on USB or phone, delete them."
    )


class AlreadySuspended(BadInput):
    """The episode is suspended as it is."""

    sentence = N_("Episode {number} is suspended already and will not go out. Only the protection officer lifts that.")


class NotSuspended(BadInput):
    """There is nothing to lift."""

    sentence = N_("Episode {number} is not suspended, so nothing was changed. See `broadcaster episode show {number}`.")


class BadDefenderCode(BadInput):
    """Something that may be a person's name."""

    sentence = N_(
        "{code} cannot be a defender's code: write letters, at least one digit, and hyphens, such as d-07. "
        "Never a name: it could put her at risk."
    )


class DefenderKnown(BadInput):
    """The code was issued before."""

    sentence = N_("The code {code} is in the register already, so nothing was changed. Issue another one.")


class DefenderUnknown(BadInput):
    """Nobody was given this code."""

    sentence = N_(
        "The defender {code} is not registered, so nothing was changed. Add her with `broadcaster defender add {code}`."
    )


class DefenderIsRetired(BadInput):
    """The code takes no new episodes."""

    sentence = N_(
        "The defender {code} is retired and takes no new episodes, so nothing was changed. Use an active code."
    )


class BadTraining(BadInput):
    """Training that ends before it begins."""

    sentence = N_("The training of {code} ends before it begins, so nothing was changed. Check the two dates.")


class IsSuspended(BadInput):
    """What is suspended leaves the library as little as it goes on air."""

    sentence = N_("Episode {number} is suspended, so no copy of it was made. Only the protection officer lifts that.")


class CopyUnknown(BadInput):
    """No copy has this code."""

    sentence = N_(
        "There is no copy {copy} on record, so nothing was changed. See the codes with `broadcaster episode copies N`."
    )


class CopyGone(BadInput):
    """It was said before."""

    sentence = N_("The copy {copy} is on record as removed already. Nothing more is to be done.")


class NotSigned(BadInput):
    """The suspension stands; only whose code it is could not be made sure of."""

    sentence = N_("Episode {number} is suspended all the same. Only your code is not on record beside it: {problem}")


class ConsentNotKnown(BadInput):
    """Nobody registered it and no episode names it."""

    sentence = N_(
        "There is no consent {consent} on record, so nothing was withdrawn. If something sounds that must not, suspend it: "
        "`broadcaster episode suspend N`."
    )


class ConsentIsWithdrawn(BadInput):
    """It was taken back before."""

    sentence = N_(
        "The consent {consent} was withdrawn before, and so was all that it carried. Nothing more is to be done."
    )


class VoiceNotKnown(BadInput):
    """No consent and no episode knows this code."""

    sentence = N_(
        "There is nothing of the voice {voice} on record, so nothing was withdrawn. If something sounds that must not, "
        "suspend it: `broadcaster episode suspend N`."
    )


class VoiceIsWithdrawn(BadInput):
    """All of it was taken back before."""

    sentence = N_(
        "The voice {voice} was withdrawn before, with all its consents and episodes. Nothing more is to be done."
    )
