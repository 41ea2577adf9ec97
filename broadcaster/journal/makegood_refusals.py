"""Why an airing is not made good, or its make-good not cancelled: nothing was changed.

Light to import: whoever stops a sound does not wait for the record.
"""

from typing import ClassVar

from broadcaster.errors import CheckFailed
from broadcaster.locale import gettext
from broadcaster.locale import mark as N_
from broadcaster.model import Outcome
from broadcaster.reasons import word
from broadcaster.schedule.room import NoRoom


class NotEnded(CheckFailed):
    """There is no end of that name to make good."""

    sentence: ClassVar[str] = N_(
        "The record has no end of an airing {airing}, so there is nothing to make good. "
        "See its name in `broadcaster plays --json`."
    )


class NotMissed(CheckFailed):
    """It went out, or was not to."""

    sentence: ClassVar[str] = N_(
        "The airing {airing} is on record as {outcome}, so it is not made good: only what was missed or broke off is."
    )

    def __str__(self) -> str:
        outcome = word(Outcome(str(self.facts["outcome"])))
        return gettext(self.sentence).format(airing=self.facts["airing"], outcome=outcome)


class ByHand(CheckFailed):
    """A sound ordered by hand was no airing of the schedule."""

    sentence: ClassVar[str] = N_(
        "{airing} was started by hand and is no airing of the schedule. Start it again with `broadcaster play`."
    )


class NoEpisodeGiven(CheckFailed):
    """The season gave that slot no episode."""

    sentence: ClassVar[str] = N_(
        "The airing {airing} had no episode, so there is nothing to make good. Give it one in the season's file."
    )


class AlreadyOrdered(CheckFailed):
    """One is to come."""

    sentence: ClassVar[str] = N_(
        "A make-good of {airing} is ordered already, for {time}. Nothing was changed: it counts once."
    )


class AlreadyMade(CheckFailed):
    """One went out."""

    sentence: ClassVar[str] = N_(
        "The airing {airing} was made good at {time} already. Nothing was changed: it counts once."
    )


class NothingOrdered(CheckFailed):
    """There is none to cancel."""

    sentence: ClassVar[str] = N_(
        "No make-good of {airing} is to come, so nothing was cancelled. See what is: broadcaster schedule preview."
    )


class Begun(CheckFailed):
    """It is too late to cancel it."""

    sentence: ClassVar[str] = N_(
        "The make-good of {airing} sounds already, or is about to, so it was not cancelled. "
        "To cut it: broadcaster stop --market {market}."
    )


class HadBegun(CheckFailed):
    """The program ended as it began, and has not yet said what became of it."""

    sentence: ClassVar[str] = N_(
        "The make-good of {airing} had begun when the program ended, so it was not cancelled. "
        "Start the program: it says how much of it was heard."
    )


class MomentPast(CheckFailed):
    """It cannot be aired then any more."""

    sentence: ClassVar[str] = N_("{time} is past, so nothing was ordered. Give a time to come, or --now.")


class MomentFar(CheckFailed):
    """Too far ahead to be meant."""

    sentence: ClassVar[str] = N_(
        "{time} is more than {days} days away, so nothing was ordered. "
        "Check the date, or put the airing into the season's file."
    )


class NoRoomThen(CheckFailed):
    """The market's hours or its other airings leave no room; ``free`` is the next minute of that day that does."""

    sentence: ClassVar[str] = N_("At {time} {why}, so nothing was ordered.")
    REASONS: ClassVar[dict[NoRoom, str]] = {
        NoRoom.SILENT: N_("{market} must be silent"),
        NoRoom.ENDS: N_("there is too little time before {market} must be silent"),
        NoRoom.TAKEN: N_("something else sounds at {market}, or is about to"),
    }

    def __str__(self) -> str:
        facts = self.facts
        why = gettext(self.REASONS[NoRoom(str(facts["why"]))]).format(market=facts["market"])
        said = gettext(self.sentence).format(time=facts["time"], why=why)
        free = str(facts["free"])
        after = N_("The next free minute of that day is {free}.") if free else N_("That day has no room left for it.")
        follows = gettext(after).format(free=free)
        return f"{said} {follows}"


REFUSALS: tuple[type[CheckFailed], ...] = (
    NotEnded,
    NotMissed,
    ByHand,
    NoEpisodeGiven,
    AlreadyOrdered,
    AlreadyMade,
    NothingOrdered,
    HadBegun,
    Begun,
    MomentPast,
    MomentFar,
    NoRoomThen,
)
"""All of them."""
