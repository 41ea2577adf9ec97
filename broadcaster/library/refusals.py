"""Why a decision is not taken: each refusal with its sentence. Nothing was written."""

from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_


class NotOfficer(BadInput):
    """Only the protection officer may do this."""

    sentence = N_("Only the protection officer may do this, and {code} is not; nothing was changed. Tell her.")


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


class NewerVersion(BadInput):
    """What she heard is not what would be decided about."""

    sentence = N_(
        "A new version of episode {number} has come meanwhile, so nothing was recorded. Listen to the new one, then decide."
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
