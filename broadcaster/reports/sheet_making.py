"""The month's control sheet of a market as somebody takes it along: what it is made from, and its bytes.

The command line and the panel both ask here, so that a sheet is the same, number and all, whoever made it.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_

if TYPE_CHECKING:
    from broadcaster.config import Station
    from broadcaster.model import Market

DOCUMENT = "control_sheet"
"""What it is called in the record."""


class NothingThatMonth(UsageError):
    """The market has no airing in that month."""

    sentence: ClassVar[str] = N_(
        "{market} has no airing in {month}, so no sheet was written. See the schedule with `broadcaster schedule preview`."
    )


@dataclass(frozen=True)
class Made:
    """One sheet."""

    content: bytes
    """A PDF."""
    number: str
    airings: int
    """At least one."""
    days: tuple[date, date]
    """The month's first and last."""


def made(station: "Station", market: "Market", month: date, now: datetime) -> Made:
    """The sheet of ``month`` (any day of it) in the language spoken now; ``now``: local, aware.

    :raises NothingThatMonth: there is nothing to fill in.
    :raises ConfigurationError, RecordUnavailable: the station's files have faults; its record cannot be read.
    """
    from broadcaster.journal.reading import read  # noqa: PLC0415  the database is heavy
    from broadcaster.reports.control_sheet import READ, control_sheet  # noqa: PLC0415  so are words for dates
    from broadcaster.reports.control_sheet_pdf import as_pdf  # noqa: PLC0415  and drawing
    from broadcaster.schedule.load import load_plan  # noqa: PLC0415

    rows = read(station.database, kinds=READ)
    facts = control_sheet(station, market, month, load_plan(station), rows, now.date())
    if not facts.lines:
        raise NothingThatMonth(market=market.name, month=f"{month:%Y-%m}")
    last = monthrange(month.year, month.month)[1]
    return Made(as_pdf(facts), facts.number, len(facts.lines), (month.replace(day=1), month.replace(day=last)))
