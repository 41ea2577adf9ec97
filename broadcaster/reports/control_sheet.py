"""The monthly control sheet of a market: what is printed on it before it is filled in by hand. Pure.

People write down what they heard; the sheet tells them nothing of what the machine recorded, so that the two can be compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from broadcaster.config import Station
from broadcaster.journal.events import (
    ClockHeld,
    Ended,
    Event,
    MakeGoodCancelled,
    MakeGoodOrdered,
    PlanAccepted,
    PlayOrdered,
    make_good_of,
)
from broadcaster.journal.fold import promises, terminal
from broadcaster.journal.row import Row
from broadcaster.journal.sheets import sheet_number
from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.model import AiringId, EpisodeNumber, Market, MarketId, Outcome, Plan, Reason
from broadcaster.reports.timetable import hours_of
from broadcaster.schedule.preview import forbidden

SPARE = 3
"""Empty lines for what was not planned when the sheet was printed."""
UNPLANNED = frozenset({Reason.PLAN_CHANGED, Reason.SKIPPED})
"""Airings that the schedule no longer has, or took out: nobody waits for them."""
READ: tuple[type[Event], ...] = (PlanAccepted, PlayOrdered, MakeGoodOrdered, MakeGoodCancelled, ClockHeld, Ended)
"""All rows that a sheet is made of."""


@dataclass(frozen=True)
class SheetLine:
    """One airing, to be filled in."""

    airing: AiringId
    day: str
    time: str
    episode: str
    note: str
    """That it makes another good."""


@dataclass(frozen=True)
class ControlSheet:
    """What is printed."""

    programme: str
    organisations: str
    market: str
    district: str
    hours: str
    quiet: str
    authorisation: str
    """Its number; empty when none is on record."""
    month: str
    number: str
    """Of the sheet; the same airings give the same."""
    made: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True)
class _Slot:
    airing: AiringId
    due: datetime
    episode: EpisodeNumber | None


def control_sheet(  # noqa: PLR0917  all that a sheet is made of
    station: Station, market: Market, month: date, plan: Plan, rows: Iterable[Row], made: date
) -> ControlSheet:
    """The sheet of ``month`` (any day of it): what the schedule has, what was promised and what was ordered."""
    slots = _slots(station, market, month, plan, list(rows))
    return ControlSheet(
        programme=station.name,
        organisations=" · ".join(each.name for each in station.organisations),
        market=market.name,
        district=market.district,
        hours=hours_of(market.hours),
        quiet=", ".join(hours_of(quiet) for quiet in market.quiet),
        authorisation=market.authorisation,
        month=_month(month),
        number=sheet_number(market.id, month, (slot.airing for slot in slots)),
        made=f"{made:%d/%m/%Y}",
        lines=tuple(_line(slot) for slot in slots),
    )


def _slots(station: Station, market: Market, month: date, plan: Plan, rows: list[Row]) -> list[_Slot]:
    ends = terminal(rows)
    found: dict[AiringId, _Slot] = {}
    for promise in promises(rows).values():
        if promise.cancelled is None and _expected(ends.get(promise.airing)):
            found[promise.airing] = _Slot(promise.airing, promise.due, promise.episode)
    for ended in ends.values():
        if _expected(ended):
            found[ended.airing] = _Slot(ended.airing, ended.due, ended.episode)
    for airing in plan.airings:
        if airing.id not in ends and forbidden(airing, station.markets) is None:
            found[airing.id] = _Slot(airing.id, airing.due, airing.episode)
    local = (_Slot(each.airing, each.due.astimezone(station.timezone), each.episode) for each in found.values())
    mine = [each for each in local if _is_of(each.airing, market.id) and _same_month(each.due, month)]
    return sorted(mine, key=lambda slot: (slot.due, slot.airing))


def _expected(ended: Ended | None) -> bool:
    """Whether somebody at the market may have waited for it. For a make-good that was cancelled nobody does."""
    if ended is not None and ended.make_good_of is not None and ended.outcome is Outcome.CANCELLED:
        return False
    return ended is None or ended.reason not in UNPLANNED


def _is_of(airing: AiringId, market: MarketId) -> bool:
    return airing.rpartition("/")[2] == market


def _same_month(due: datetime, month: date) -> bool:
    return (due.year, due.month) == (month.year, month.month)


def _line(slot: _Slot) -> SheetLine:
    return SheetLine(
        airing=slot.airing,
        day=f"{format_date(slot.due.date(), 'EEE', locale=language()).rstrip('.')} {slot.due.day}",
        time=f"{slot.due:%H:%M}",
        episode="" if slot.episode is None else str(slot.episode),
        note="" if make_good_of(slot.airing) is None else _("Make-good"),
    )


def _month(month: date) -> str:
    return str(format_date(month, "LLLL y", locale=language()))
