"""The columns of the tables, as values: the head of each, what kind of cell it has, and what stands in it. Pure.

Moments are local; a spreadsheet has no zones, so the head of the table says which. Lengths are seconds: they can be added.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import MarketId
from broadcaster.reasons import heard, name, proof, word
from broadcaster.reports.summary import Line, Standing

T = TypeVar("T")
Value = str | float | int | date | datetime | None


class Cell(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    """Local; written without its zone where the format has none."""


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column."""

    head: str
    """Message id, unless :attr:`prescribed`."""
    cell: Cell
    value: Callable[[T], Value]
    width: int = 12
    """In letters, where it is shown."""
    prescribed: bool = False
    """The head is another's word: it is written as it is, in every language."""

    @property
    def title(self) -> str:
        """The head in the language spoken now."""
        return self.head if self.prescribed else _(self.head)


def airing_columns(station: Station) -> tuple[Column[Line], ...]:
    """One line a promise: everything that tables tell of it."""
    return (
        Column(N_("Airing"), Cell.TEXT, lambda line: line.airing, 34),
        *_place(station),
        Column(N_("Date"), Cell.DAY, lambda line: line.day),
        Column(N_("Due"), Cell.MOMENT, lambda line: line.due, 20),
        Column(N_("Began"), Cell.MOMENT, lambda line: line.started, 20),
        Column(N_("Ended"), Cell.MOMENT, lambda line: line.ended, 20),
        Column(N_("Length scheduled (s)"), Cell.NUMBER, lambda line: line.expected_s),
        Column(N_("Length aired (s)"), Cell.NUMBER, lambda line: line.played_s),
        Column(N_("Episode"), Cell.WHOLE, lambda line: line.episode, 9),
        Column(N_("Revision"), Cell.WHOLE, lambda line: line.revision, 9),
        Column(N_("Outcome"), Cell.TEXT, outcome, 14),
        Column(N_("Reason"), Cell.TEXT, lambda line: name(line.reason) if line.reason else None, 30),
        Column(N_("From the minute scheduled (s)"), Cell.NUMBER, lambda line: line.delay_s),
        *_made_good(),
        Column(N_("Carried out (1 or 0)"), Cell.WHOLE, lambda line: int(line.fulfilled)),
        Column(N_("Heard once (s)"), Cell.NUMBER, lambda line: line.heard_s),
        Column(N_("Proof"), Cell.TEXT, lambda line: proof(line.proof), 22),
        Column(N_("Confirmed"), Cell.TEXT, lambda line: heard(line.confirmed.heard) if line.confirmed else None, 16),
        Column(N_("Declared"), Cell.TEXT, lambda line: heard(line.declared.heard) if line.declared else None, 16),
        Column(N_("Control sheet"), Cell.TEXT, lambda line: line.declared.sheet if line.declared else None),
        Column(N_("By message"), Cell.TEXT, by_message, 34),
    )


def missed_columns(station: Station) -> tuple[Column[Line], ...]:
    """One line for each promise that was not heard whole at its time."""
    return (
        Column(N_("Date"), Cell.DAY, lambda line: line.day),
        Column(N_("Due"), Cell.MOMENT, lambda line: line.due, 20),
        *_place(station),
        Column(N_("Episode"), Cell.WHOLE, lambda line: line.episode, 9),
        Column(N_("Outcome"), Cell.TEXT, outcome, 14),
        Column(N_("Reason"), Cell.TEXT, lambda line: name(line.reason) if line.reason else None, 40),
        Column(N_("Length aired (s)"), Cell.NUMBER, lambda line: line.played_s),
        *_made_good(),
        Column(N_("Off the calendar (1 or 0)"), Cell.WHOLE, lambda line: int(line.off_calendar)),
    )


def outcome(line: Line) -> str:
    """The outcome's word; what has none yet is awaited or to come."""
    if line.outcome is not None:
        return word(line.outcome)
    return _("to come") if line.standing is Standing.TO_COME else _("record awaited")


def by_message(line: Line) -> str | None:
    """What a message says of a promise whose record is awaited, or had said otherwise than the record."""
    said = line.reported
    if said is None or not (line.provisional or line.reported_otherwise):
        return None
    text = _("{outcome} ({reason}), unproved") if not said.proved else "{outcome} ({reason})"
    return text.format(outcome=word(said.outcome), reason=name(said.reason))


def market_name(station: Station, market: MarketId) -> str:
    """As the station names it; its id where it no longer does."""
    return station.markets[market].name if market in station.markets else market


def _place(station: Station) -> tuple[Column[Line], ...]:
    def of(line: Line, what: str) -> str | None:
        market = station.markets.get(line.market)
        return getattr(market, what) if market else None

    return (
        Column(N_("Market"), Cell.TEXT, lambda line: market_name(station, line.market), 34),
        Column(N_("District"), Cell.TEXT, lambda line: of(line, "district"), 22),
        Column(N_("Ubigeo (INEI)"), Cell.TEXT, lambda line: of(line, "ubigeo_inei")),
    )


def _made_good() -> tuple[Column[Line], ...]:
    return (
        Column(N_("Made good (1 or 0)"), Cell.WHOLE, lambda line: int(line.made_good)),
        Column(
            N_("Make-good at"),
            Cell.MOMENT,
            lambda line: (line.redress.started or line.redress.due) if line.redress else None,
            20,
        ),
        Column(N_("Outcome of the make-good"), Cell.TEXT, _redress, 16),
    )


def _redress(line: Line) -> str | None:
    if line.redress is None:
        return None
    return word(line.redress.outcome) if line.redress.outcome else _("ordered")
