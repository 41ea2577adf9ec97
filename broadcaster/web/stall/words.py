"""What is said at the stall of a refusal: the same as at a terminal, and what to touch instead of what to type."""

from collections.abc import Mapping

from broadcaster.care.timekeeping import ClockWrong
from broadcaster.errors import BroadcasterError
from broadcaster.journal import makegood_refusals as makegoods
from broadcaster.locale import mark as N_
from broadcaster.playout import messenger, orders
from broadcaster.web import words

REFUSED: Mapping[str, str] = {
    orders.NoDaemon.sentence: N_(
        "The program is not running on this computer, so nothing goes out. Restart the computer; if this stays, "
        "call the coordinator."
    ),
    messenger.NothingToStop.sentence: N_(
        "The program is not running on this computer, so nothing of it sounds. If something is heard, switch the "
        "amplifier off."
    ),
    messenger.TakesNoOrders.sentence: N_(
        "Another work with this computer (a rehearsal, perhaps) is under way and takes no orders. Wait for its end."
    ),
    orders.OnlyRehearsing.sentence: N_(
        "A rehearsal is under way: only STOP is obeyed. Wait for its end and try again."
    ),
    orders.NotUnderstood.sentence: N_(
        "The program that is running is of another version, so nothing was done. Restart the computer and try again."
    ),
    orders.NotAllowed.sentence: N_(
        "This panel may give no orders to the program that runs, so nothing was done. Call the coordinator."
    ),
    orders.MarketHeld.sentence: N_("This market is paused, so nothing sounds there. Touch RESUME first."),
    orders.MarketBusy.sentence: N_(
        "Something already sounds here, or is about to. Wait for its end, or touch STOP first."
    ),
    orders.AiringSoon.sentence: N_("The next airing begins at {time}, too soon for anything before it. Wait."),
    orders.OutOfHours.sentence: N_("This market must be silent at this hour, so nothing sounds. Wait for its hours."),
    orders.TimeUnsure.sentence: N_(
        "Nobody confirmed this computer's time, so it is not known whether anything may sound now. "
        "Compare it with your phone and touch YES above."
    ),
    ClockWrong.sentence: N_(
        "This computer says that it is {moment}, which is before this program was made, so that cannot be right. "
        "Correct its date and time, or call the coordinator."
    ),
    makegoods.NotEnded.sentence: N_("There is nothing here to air after all. Look at the screen again."),
    makegoods.ByHand.sentence: N_("This was started by hand and is no airing of the schedule. Call the coordinator."),
    makegoods.NoEpisodeGiven.sentence: N_(
        "That airing had no episode, so there is nothing to air. Tell the coordinator."
    ),
}
"""Sentences of refusals, and the stall's."""


def said(error: BroadcasterError) -> str:
    """What went wrong and what to touch or whom to call."""
    return words.said(error, REFUSED)
