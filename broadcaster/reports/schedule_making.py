"""The schedule as somebody takes it along, for a calendar or for a wall: what is asked for, and its bytes.

The command line and the panel both ask here, so that a page is the same whoever made it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.model import MarketId

if TYPE_CHECKING:
    from broadcaster.config import Station
    from broadcaster.model import Airing, Plan
    from broadcaster.schedule.season import Season

DOCUMENT = "schedule"
"""What it is called in the record."""
FORMATS = ("ics", "pdf")
"""For a calendar, and for a wall."""


class NothingScheduled(UsageError):
    """No airing lies on the dates and in the markets asked for."""

    sentence: ClassVar[str] = N_("Nothing is scheduled there, so no file was written. Choose other dates or markets.")


@dataclass(frozen=True)
class Chosen:
    """The airings asked for, and the schedule that they are of."""

    station: "Station"
    plan: "Plan"
    seasons: "Sequence[Season]"
    days: tuple[date | None, date | None]
    """The first and the last asked for; ``None``: no bound."""
    airings: "Sequence[Airing]"
    """By due time; at least one."""

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day that have one."""
        found = [airing.due.date() for airing in self.airings]
        return min(found), max(found)

    @property
    def markets(self) -> tuple[MarketId, ...]:
        """Those that have one."""
        return tuple(dict.fromkeys(airing.market for airing in self.airings))


def chosen(station: "Station", days: tuple[date | None, date | None], markets: Collection[MarketId]) -> Chosen:
    """What the station's files schedule in these markets, from the first to the last of ``days``, both included.

    :raises NothingScheduled: there is none.
    :raises ConfigurationError: the files have faults.
    """
    from broadcaster.schedule.load import plan_of  # noqa: PLC0415  the calendar is heavy
    from broadcaster.schedule.preview import between  # noqa: PLC0415
    from broadcaster.schedule.season import read_seasons  # noqa: PLC0415

    seasons = read_seasons(station)
    plan = plan_of(station, seasons)
    here = frozenset(markets)
    airings = [airing for airing in between(plan, *days) if airing.market in here]
    if not airings:
        raise NothingScheduled
    return Chosen(station, plan, seasons, days, airings)


def made(wanted: Chosen, format_: str, now: datetime) -> bytes:
    """Its bytes in the language spoken now, as one of :data:`FORMATS`; ``now``: local, aware."""
    return _calendar(wanted, now.date()) if format_ == "ics" else _page(wanted, now)


def _calendar(wanted: Chosen, today: date) -> bytes:
    from broadcaster.journal.reading import read  # noqa: PLC0415  the database is heavy
    from broadcaster.library.catalogue import statuses  # noqa: PLC0415
    from broadcaster.library.decisions import DECISIONS  # noqa: PLC0415
    from broadcaster.reports.calendar_file import calendar_file  # noqa: PLC0415  so is the calendar

    station = wanted.station
    known = statuses(station, read(station.database, kinds=DECISIONS), today, samples_may_air=False)
    return calendar_file(station, wanted.plan, wanted.seasons, wanted.airings, known)


def _page(wanted: Chosen, now: datetime) -> bytes:
    from broadcaster.reports.timetable import timetable  # noqa: PLC0415  words for dates are heavy
    from broadcaster.reports.timetable_pdf import as_pdf  # noqa: PLC0415  so is drawing

    return as_pdf(timetable(wanted.station, wanted.plan, wanted.seasons, wanted.airings, now, days=wanted.days))
