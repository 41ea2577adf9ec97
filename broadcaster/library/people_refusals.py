"""Why something about a person, or on a person's word, is not done. Nothing was written."""

from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_


class UnknownCode(BadInput):
    """The code is nobody's, or of somebody who decides nothing any more."""

    sentence = N_(
        "The code {code} is not registered, so nothing was changed. Check it with `broadcaster person list`, "
        "or ask the protection officer to register it."
    )


class NotAllowed(BadInput):
    """This person may not do this."""

    sentence = N_(
        "The code {code} may not do this, so nothing was changed. It takes {roles}; the protection officer gives roles."
    )


class BadPersonCode(BadInput):
    """Something that may be a person's name."""

    sentence = N_(
        "{code} cannot be a person's code: write letters, at least one digit, and hyphens, such as d-07. "
        "Never a name: it could put her at risk."
    )


class CodeKnown(BadInput):
    """The code was issued before."""

    sentence = N_("The code {code} is in the register already, so nothing was changed. Issue another one.")


class NoRole(BadInput):
    """A person who may do nothing is not registered."""

    sentence = N_("{code} needs at least one role, so nothing was changed. Name one with --role.")


class OfficerFirst(BadInput):
    """Nobody else is registered before there is somebody to register her."""

    sentence = N_(
        "The first person of a station must be the protection officer, so nothing was changed. "
        "Register her with `broadcaster person add CODE --role protection_officer`."
    )


class OfficerNeeded(BadInput):
    """Only the first protection officer comes without another."""

    sentence = N_(
        "Only the protection officer registers people, so nothing was changed. Add --as and her code; she types her PIN."
    )


class LastOfficer(BadInput):
    """Without her nobody could register, lift or change anything ever again."""

    sentence = N_("{code} is the only protection officer, so nothing was changed. Register another one first.")


class BadCohort(BadInput):
    """Free text could hold a name."""

    sentence = N_(
        "{cohort} cannot be a course: write its code with letters, digits and hyphens, such as 2021-1. Nothing was changed."
    )


class BadTraining(BadInput):
    """Training that ends before it begins."""

    sentence = N_("The training of {code} ends before it begins, so nothing was changed. Check the two dates.")


class DefenderUnknown(BadInput):
    """Nobody was given this code, or not as a producer."""

    sentence = N_(
        "The defender {code} is not registered, so nothing was changed. "
        "The protection officer adds her with `broadcaster defender add {code} --as CODE`."
    )


class DefenderIsRetired(BadInput):
    """The code takes no new episodes."""

    sentence = N_(
        "The defender {code} is retired and takes no new episodes, so nothing was changed. Use an active code."
    )


class BadPin(BadInput):
    """A PIN that cannot be set."""

    sentence = N_("A PIN is 4 to 12 digits and nothing else; nothing was changed. Choose one and try again.")


class NoPin(BadInput):
    """The code has no PIN yet."""

    sentence = N_(
        "The code {code} has no PIN yet, so nothing was changed. "
        "The protection officer sets it with `broadcaster person pin {code} --by CODE`."
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
        "The PIN of {code} is changed with the old one or the protection officer's, so nothing was changed. "
        "Give the old one, or ask her to change it with `--by`."
    )
