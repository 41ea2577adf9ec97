"""The season as weeks: which rows and columns, and what stands in each cell. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from broadcaster.model import MarketId, Plan
from broadcaster.web.office.looks import MEANINGS, Look, look
from broadcaster.web.office.season import Slot

WEEKS = 4
"""On one page."""


@dataclass(frozen=True)
class Cell:
    """One promise."""

    slot: Slot
    look: Look


@dataclass(frozen=True)
class Row:
    """All promises of one minute; a column a market, empty where it has none."""

    due: datetime
    cells: tuple[tuple[MarketId, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Week:
    """Monday to Sunday."""

    monday: datetime
    rows: tuple[Row, ...]
    fulfilled: int
    """Promises of the schedule heard whole, at their time or made good."""
    due: int
    """Promises of the schedule that were or are to be carried out."""


def weeks(slots: Sequence[Slot], markets: Sequence[MarketId]) -> tuple[Week, ...]:
    """``slots``: by due time; ``markets``: the columns, in their order."""
    return tuple(_week(list(own), markets) for _monday, own in groupby(slots, key=lambda slot: monday(slot.line.day)))


def _week(slots: list[Slot], markets: Sequence[MarketId]) -> Week:
    rows = tuple(_row(due, list(own), markets) for due, own in groupby(slots, key=lambda slot: slot.line.due))
    counted = [slot.line for slot in slots if slot.line.make_good_of is None and not slot.line.off_calendar]
    first = slots[0].line.due
    start = first - timedelta(days=first.weekday())
    return Week(start, rows, sum(line.fulfilled for line in counted), len(counted))


def _row(due: datetime, slots: list[Slot], markets: Sequence[MarketId]) -> Row:
    cells = ((market, tuple(_cells(slots, market))) for market in markets)
    return Row(due, tuple(cells))


def _cells(slots: list[Slot], market: MarketId) -> Iterator[Cell]:
    return (Cell(slot, look(slot)) for slot in slots if slot.line.market == market)


def legend(shown: Sequence[Week]) -> tuple[Look, ...]:
    """One look of each kind that is shown, in their order."""
    found = {
        cell.look.kind: cell.look
        for week in shown
        for row in week.rows
        for _market, cells in row.cells
        for cell in cells
    }
    return tuple(found[kind] for kind in MEANINGS if kind in found)


def columns(slots: Sequence[Slot], known: Sequence[MarketId]) -> tuple[MarketId, ...]:
    """The markets that have a promise: the station's in its order, then those that it has no longer."""
    here = {slot.line.market for slot in slots}
    return (*(market for market in known if market in here), *sorted(here.difference(known)))


def monday(day: date) -> date:
    """Of that day's week."""
    return day - timedelta(days=day.weekday())


def first_shown(plan: Plan, today: date) -> date:
    """The Monday with which the calendar opens: last week's, moved so that something of the schedule is in sight."""
    if not plan.airings:
        return monday(today) - timedelta(weeks=1)
    begin, end = monday(plan.airings[0].due.date()), monday(plan.airings[-1].due.date())
    return max(begin, min(monday(today) - timedelta(weeks=1), end - timedelta(weeks=WEEKS - 1)))
