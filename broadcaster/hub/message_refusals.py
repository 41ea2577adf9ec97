"""Why a message about an airing cannot be made, or is not kept: each with its sentence. Then nothing was written."""

from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_


class NothingEnded(BadInput):
    """No airing has ended here at all."""

    sentence = N_(
        "No airing has ended at this computer yet, so there is nothing to tell. See what is to come: broadcaster status."
    )


class NothingToTell(BadInput):
    """None that was asked for has ended here."""

    sentence = N_(
        "Of {what} no airing has ended at this computer yet, so there is nothing to tell. See: broadcaster plays."
    )


class NoMessage(BadInput):
    """Nothing in the text begins as a message's code does."""

    sentence = N_(
        "There is no message about an airing in that text, so nothing was kept. "
        "Copy it whole, with its last line, which begins with EM1."
    )


class NotWhole(BadInput):
    """A letter differs, or some are missing."""

    sentence = N_(
        "The code {code} of the message is cut short, or a letter of it was changed, so nothing was kept. "
        "Copy the message once more, whole."
    )


class NewerMessage(BadInput):
    """It says what this program does not know."""

    sentence = N_(
        "The message was made by a newer program, so it was not kept. Bring this computer up to date, or wait for the stick."
    )


class OfNoMarket(BadInput):
    """None of the station's markets."""

    sentence = N_(
        "The message is about a market that this station does not have, so nothing was kept. Is it meant for another office?"
    )


class Forged(BadInput):
    """The market's computer is known here, and did not make it."""

    sentence = N_(
        "The message about {airing} was not made by the computer of that market which is known here, so nothing was kept. "
        "Call the market; if nobody sent it from there, tell the coordinator."
    )


class NoSuchPromise(BadInput):
    """Nobody promised it."""

    sentence = N_(
        "The message is about {airing}, which is neither on record nor in the schedule here, so nothing was kept. "
        "If the schedule was changed at the market, wait for its stick."
    )


class NotDueYet(BadInput):
    """It cannot have ended."""

    sentence = N_(
        "The message is about {airing}, which is still to come, so nothing was kept. "
        "Compare the time of both computers with a phone."
    )


class RecordKnowsBetter(BadInput):
    """The market's record covers that time and has no end of it."""

    sentence = N_(
        "The message is older than the record of {market}, which is here up to {moment} and knows of no end of {airing}; "
        "nothing was kept. Call the market and ask what happened."
    )
