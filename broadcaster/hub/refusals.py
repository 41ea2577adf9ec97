"""Why a stick is not taken, or not written: each with its sentence. Then nothing was changed."""

from broadcaster.errors import BadInput, BroadcasterError, UsageError
from broadcaster.locale import mark as N_


class NothingOnStick(BadInput):
    """There is nothing of ours on it for this computer."""

    sentence = N_(
        "{name} holds nothing for this computer, so nothing was changed. "
        "Is it the right stick? It is written with `broadcaster bundle export`."
    )


class ForAnotherMarket(BadInput):
    """It is somebody else's."""

    sentence = N_("This stick is for {markets}, not for this computer; nothing was changed. Use the one for {here}.")


class HalfCopied(BadInput):
    """It was pulled out, or copied in part."""

    sentence = N_(
        "The stick was not written to its end ({problem} is missing), so nothing was changed. Write it anew at the office."
    )


class Tampered(BadInput):
    """A byte is not what it was."""

    sentence = N_(
        "The stick is damaged or was changed ({problem}), so nothing was changed here. "
        "Write it anew; if it happens again, take another stick."
    )


class NotSealedForUs(BadInput):
    """Nobody here has the key."""

    sentence = N_(
        "The stick cannot be opened with this computer's key: it was damaged, or written for another computer. "
        "Nothing was changed. Write it anew, or pair the two again."
    )


class SignedByAnother(BadInput):
    """Not by whom we know."""

    sentence = N_(
        "The stick was not signed by the one who is known here, so nothing was changed. "
        "Do not use it; keep it and call the coordinator."
    )


class NotPaired(BadInput):
    """Nobody to trust yet."""

    sentence = N_(
        "This computer is not paired with {name} yet, so nothing was changed. "
        "Begin with `broadcaster bundle export --to STICK --market ID` at the office."
    )


class OlderStick(BadInput):
    """A newer one was here."""

    sentence = N_("A newer stick was taken here already, so this older one was left alone and nothing was changed.")


class StickBefore(BadInput):
    """Rows between are missing."""

    sentence = N_(
        "Something that came before this stick is not here, so nothing was changed. "
        "Write it anew with `--everything`, where it was written."
    )


class FileNotThere(BadInput):
    """A master that the sender thought was here."""

    sentence = N_(
        "The audio {name} is neither here nor on the stick, so nothing was changed. "
        "Write the stick anew with `--everything`."
    )


class SeasonDoesNotFit(BadInput):
    """The season or the helplines do not fit the settings here."""

    sentence = N_("What the stick brings does not fit this computer's settings, so nothing was changed: {problem}.")


class WrongCode(BadInput):
    """The card on the stick is not the one that the code was read from."""

    sentence = N_(
        "The code is not the one of the key on this stick, so nothing was changed. "
        "Ask for it once more; if it still differs, somebody changed the stick: do not use it, call the coordinator."
    )


class AnotherOffice(BadInput):
    """A box has one office."""

    sentence = N_(
        "This computer belongs to another office already, so nothing was changed. "
        "If the office has a new computer, pair it again: broadcaster bundle import {name} --pair-again."
    )


class CodeNeeded(UsageError):
    """There is nobody to ask."""

    sentence = N_(
        "A new key is on the stick, and nobody could be asked for its code, so nothing was changed. "
        "Have it read out at the other computer (`broadcaster bundle status`) and give it with --code."
    )


class NoSeason(BadInput):
    """Nothing says how long it may be played."""

    sentence = N_(
        "No season in schedules/ airs at {market}, so there is nothing to bring there. Write the season first."
    )


class LeaseOutside(BadInput):
    """In the past, or beyond what a season allows."""

    sentence = N_(
        "A stick lets a computer play until a day from {first} to {last}; choose one of these. The stick was left as it was."
    )


class LeaseDayOutside(UsageError):
    """In the past, or later than a code can say."""

    sentence = N_(
        "A code lets a computer play until a day from {first} to {last}; choose one of these. No code was made."
    )


class LeaseCodeWrong(BadInput):
    """Not the office's, not for this box, or used up."""

    sentence = N_(
        "This code is not for this computer, or was typed wrong, so nothing was changed. Have it read out once more; "
        "{left} more tries are left."
    )


class TooManyLeaseCodes(BadInput):
    """Wrong codes came too often."""

    sentence = N_(
        "There were too many wrong codes, so this one was not looked at and nothing was changed. "
        "Wait {minutes} minutes and type the code that the office reads out."
    )


class NotABox(BadInput):
    """It has no office."""

    sentence = N_("This station belongs to no office: it produces for itself and needs no such code.")


class StickNotWritten(BroadcasterError):
    """The stick would not take it."""

    exit_code = 74
    sentence = N_(
        "The stick could not be written to its end ({problem}); what was on it before is good still. "
        "Try again, or take another."
    )


class StickNotRead(BroadcasterError):
    """The stick, or this computer's disk, would not."""

    exit_code = 74
    sentence = N_(
        "The stick could not be read to its end ({problem}). What is on record is whole; put it in again and repeat."
    )
