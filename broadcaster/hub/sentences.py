"""What came of a stick or a message, in words that are the same in a terminal and on a page."""

from collections.abc import Iterator, Sequence

from broadcaster.hub.incoming import Taken
from broadcaster.hub.outgoing import Written
from broadcaster.hub.receiving import Received, State
from broadcaster.locale import gettext as _
from broadcaster.locale import ngettext
from broadcaster.locale.moments import complete, date_with_year
from broadcaster.model import Outcome, Reason
from broadcaster.reasons import name, word


def of_taken(taken: Taken) -> Iterator[str]:
    """What a stick brought, in the language spoken now."""
    if not taken.rows and not taken.files:
        yield _("This stick was taken before: everything on it is here already.")
    else:
        text = ngettext("{market}: {n} new row", "{market}: {n} new rows", taken.rows)
        files = ngettext("{n} file", "{n} files", len(taken.files))
        said = text.format(market=taken.market, n=taken.rows)
        yield f"{said}, {files.format(n=len(taken.files))}."
    if taken.silenced:
        text = ngettext(
            "{n} of them keeps something from sounding, from now on.",
            "{n} of them keep something from sounding, from now on.",
            taken.silenced,
        )
        yield text.format(n=taken.silenced)
    if taken.lease is not None:
        text = _("This computer may play until {day}; before that, bring another stick.")
        yield text.format(day=f"{taken.lease:%d/%m/%Y}")
    if taken.restart:
        yield _("The helplines changed: start the program anew, or the computer, so that it takes them.")


def of_written(done: Written) -> Iterator[str]:
    """What went onto a stick, and where it is to be taken."""
    text = _("The stick is ready: {rows} rows, {files} files ({copied} copied now, {size} MB).")
    yield text.format(rows=done.rows, files=done.files, copied=done.copied, size=f"{done.bytes / 1e6:.1f}")
    if done.to_office:
        yield _("Take it to the office.")
    elif done.until is not None:
        text = _("{market} may play it until {day}. Take the stick there, and bring it back.")
        yield text.format(market=done.market, day=f"{done.until:%d/%m/%Y}")


def of_messages(messages: Sequence[Received]) -> Iterator[str]:
    """What the record makes of messages that had come before it: how many it confirms, and each that differs."""
    good = sum(each.state is State.CONFIRMED for each in messages)
    if good:
        text = ngettext(
            "The record confirms {n} message that had come before it.",
            "The record confirms {n} messages that had come before it.",
            good,
        )
        yield text.format(n=good)
    yield from (" ".join(of_message(each)) for each in messages if each.state is not State.CONFIRMED)


def of_message(one: Received) -> Iterator[str]:
    """What people are told of a message: what it says, how far it is proved, and what the record makes of it."""
    told = _("{market}, {when}: {outcome}.")
    yield complete(told.format(market=one.market, when=date_with_year(one.due), outcome=_end(one.outcome, one.reason)))
    facts = {"said": _end(one.outcome, one.reason), "recorded": _end(*one.recorded) if one.recorded else ""}
    match one.state:
        case State.PROVISIONAL if one.kept:
            yield _("Kept as provisional: it counts as nothing until the market's stick confirms it.")
            if not one.proved:
                yield _("Nobody can tell that it came from the market's computer: it is not paired with this office.")
        case State.PROVISIONAL:
            yield _("It was kept before; nothing was changed. The market's stick has not come yet.")
        case State.CONFIRMED:
            yield _("The market's record says the same.")
        case State.DIFFERS:
            text = _("It differs from the market's record, which counts: {recorded}. Ask the market what happened.")
            yield text.format(**facts)
        case State.CODE_DIFFERS:
            yield _(
                "The market's record says the same, but its code is another: it was changed or replaced since. "
                "Check it: broadcaster plays verify, and call the coordinator."
            )
    if one.before is not None:
        text = _("An earlier message about it said something else ({before}); the newest counts. Ask the market.")
        yield text.format(before=_end(*one.before))


def _end(outcome: Outcome, reason: Reason) -> str:
    return f"{word(outcome)} ({name(reason)})"
