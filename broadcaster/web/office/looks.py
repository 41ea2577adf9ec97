"""How a promise is shown in a cell or a card: a sign that needs no colour, its words, and why. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Outcome, Reason
from broadcaster.reasons import name, word
from broadcaster.reports.agenda import state_word
from broadcaster.reports.documents.charts import LOOKS, Mark, mark
from broadcaster.reports.fates import fate_of
from broadcaster.reports.summary import OFF_CALENDAR, Line, Standing
from broadcaster.schedule.preview import READY
from broadcaster.web.office.season import Slot

AWAITED, COMING, STOPPED, GONE = "awaited", "ready", "stopped", "gone"
"""Kinds beside the marks of charts: no record has come; it will go out; it will not; the schedule no longer has it."""
MEANINGS: Mapping[str, str] = {
    Mark.PLAYED: N_("It went out."),
    Mark.MADE_GOOD: N_("It failed and was made good later."),
    Mark.PARTIAL: N_("It broke off."),
    Mark.MISSED: N_("It did not go out."),
    Mark.CANCELLED: N_("It was not to sound, or was cancelled."),
    AWAITED: N_("It was due; the market's record has not come yet."),
    COMING: N_("It will air."),
    STOPPED: N_("As things stand it will not air."),
    GONE: N_("The schedule no longer has it."),
}
"""What the legend says of each."""


@dataclass(frozen=True)
class Look:
    """Words in the language spoken."""

    kind: str
    """A :class:`Mark` or one of this file's kinds: it names the sign and the style."""
    word: str
    why: str = ""
    """In a few words; empty where there is nothing to explain."""

    @property
    def meaning(self) -> str:
        return _(MEANINGS[self.kind])


def look(slot: Slot) -> Look:
    """Of one promise."""
    line = slot.line
    if line.standing is Standing.RECORDED:
        return _ended(line)
    if line.standing is Standing.AWAITED:
        return Look(AWAITED, _("record awaited"), by_message(line))
    if slot.stands is None:
        return Look(GONE, _("no longer planned"))
    if slot.stands.state == READY:
        return Look(COMING, state_word(READY))
    off = slot.stands.state in OFF_CALENDAR
    return Look(Mark.CANCELLED if off else STOPPED, state_word(slot.stands.state))


def by_message(line: Line) -> str:
    """What a message from the market said of what is still awaited."""
    if line.reported is None:
        return ""
    said = word(line.reported.outcome)
    if line.reported.outcome is not Outcome.PLAYED:
        said = f"{said}, {name(line.reported.reason)}"
    return _("by message: {said}").format(said=said)


def _ended(line: Line) -> Look:
    assert line.outcome is not None  # noqa: S101  it is on record
    assert line.reason is not None  # noqa: S101
    kind = mark(fate_of(line))
    said = _(LOOKS[kind].word) if kind is Mark.MADE_GOOD else word(line.outcome)
    why = "" if line.reason is Reason.ON_TIME else name(line.reason)
    return Look(kind, said, why)
