"""What people say of an airing is put on record: beside what the machine knows, never over it.

Anybody at the station's computer may, as its system's user; with a registered code and its PIN the row says the code. Each
act is refused (exit 65) with a sentence; then nothing was written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Confirmed, Declared, Ended, Event, MakeGoodOrdered, PlanAccepted, PlayOrdered
from broadcaster.journal.fold import promises, terminal
from broadcaster.journal.row import Row
from broadcaster.journal.sheets import is_of, read_number
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import AiringId, MarketId
from broadcaster.schedule.load import load_plan

READ: tuple[type[Event], ...] = (Ended, PlanAccepted, PlayOrdered, MakeGoodOrdered, Declared)
"""All that is read here."""


class AiringUnknown(BadInput):
    """Neither the record nor the schedule has it."""

    sentence = N_(
        "There is no airing {airing} on record or in the schedule, so nothing was written. "
        "Its name stands on the control sheet, such as {example}."
    )


class NotYet(BadInput):
    """Nobody has heard it yet."""

    sentence = N_("The airing {airing} is still to come, so nothing was written. Say it once it is over.")


class NotEndedYet(BadInput):
    """The machine has not said its own word."""

    sentence = N_(
        "The record does not yet say what became of {airing}, so nothing was written. If the computer was off, start the "
        "program; if it was played from the amplifier's own USB, type the sheet's line in with `broadcaster plays declare`."
    )


class BadSheet(BadInput):
    """No number of a sheet."""

    sentence = N_(
        "{sheet} is not the number of a control sheet, so nothing was written. It stands at the top right of the sheet, "
        "such as K7F3-9QXM."
    )


class OtherSheet(BadInput):
    """The number of another market's or month's sheet."""

    sentence = N_(
        "The control sheet {sheet} is not of {market} in that month, so nothing was written. Check its number and the airing."
    )


class TypedBefore(BadInput):
    """The same line, saying the same."""

    sentence = N_(
        "The line of {airing} on sheet {sheet} was typed in before and says the same, so nothing was written."
    )


class TypedOtherwise(BadInput):
    """The same line, saying something else."""

    sentence = N_(
        "The line of {airing} on sheet {sheet} was typed in before and says something else, so nothing was written. "
        "If that was wrong, add --correct: both stay on record, and the newest counts."
    )


@dataclass(frozen=True)
class Heard:
    """What is known of the airings that somebody may speak of."""

    rows: Sequence[Row]
    """Of the kinds in :data:`READ`."""
    planned: Mapping[AiringId, datetime]
    """What the schedule has, each with its minute: a box that was dead has not promised it yet."""
    zone: tzinfo

    def due(self, airing: AiringId) -> datetime:
        """When it was due, in the station's zone.

        :raises AiringUnknown: nobody knows it.
        """
        ended, promise = terminal(self.rows).get(airing), promises(self.rows).get(airing)
        due = ended.due if ended else promise.due if promise else self.planned.get(airing)
        if due is None:
            raise AiringUnknown(airing=shown(airing), example="2021-06-18T10:00/unicachi")
        return due.astimezone(self.zone)


def known(journal: Journal, station: Station) -> Heard:
    """What the record and the schedule have.

    :raises ConfigurationError: the season's files are wrong.
    """
    planned = {airing.id: airing.due for airing in load_plan(station).airings}
    return Heard(journal.rows(kinds=READ), planned, station.timezone)


def confirm(journal: Journal, heard: Heard, said: Confirmed) -> Row:
    """Put on record how an airing that is over was heard."""
    due = heard.due(said.airing)
    if due > journal.clock.now().utc:
        raise NotYet(airing=said.airing)
    if said.airing not in terminal(heard.rows):
        raise NotEndedYet(airing=said.airing)
    sheet = sheet_of(said.sheet, said.airing, due) if said.sheet else ""
    return journal.append(replace(said, sheet=sheet))


def declare(journal: Journal, heard: Heard, said: Declared, *, correct: bool = False) -> Row:
    """Put a line of a control sheet on record; ``correct``: over what was typed in before, which stays on record too."""
    due = heard.due(said.airing)
    if due > journal.clock.now().utc:
        raise NotYet(airing=said.airing)
    said = replace(said, sheet=sheet_of(said.sheet, said.airing, due))
    before = _before(heard.rows, said)
    if before is not None:
        row, earlier = before
        if _same(earlier, said):
            raise TypedBefore(airing=said.airing, sheet=said.sheet)
        if not correct:
            raise TypedOtherwise(airing=said.airing, sheet=said.sheet)
        said = replace(said, corrects=row.play)
    return journal.append(said)


def other_sheets(rows: Iterable[Row], said: Declared) -> list[str]:
    """Other sheets from which the same airing was typed in."""
    declared = (row.event for row in rows if isinstance(row.event, Declared))
    return sorted({each.sheet for each in declared if each.airing == said.airing and each.sheet != said.sheet})


def sheet_of(typed: str, airing: AiringId, due: datetime) -> str:
    """The number of the airing's sheet as it is kept; ``due`` in the station's zone.

    :raises BadSheet, OtherSheet: it is none, or another's.
    """
    number, market = read_number(typed), MarketId(airing.rpartition("/")[2])
    if number is None:
        raise BadSheet(sheet=shown(typed))
    if not is_of(number, market, due.date()):
        raise OtherSheet(sheet=number, market=market)
    return number


def _before(rows: Iterable[Row], said: Declared) -> tuple[Row, Declared] | None:
    """The newest row of the same line."""
    found = None
    for row in rows:
        if isinstance(row.event, Declared) and (row.event.airing, row.event.sheet) == (said.airing, said.sheet):
            found = row, row.event
    return found


def _same(one: Declared, other: Declared) -> bool:
    """Whether the lines say the same, whoever typed them."""
    return replace(one, by=other.by, corrects=other.corrects) == other
