"""``broadcaster schedule export`` and ``print``: the schedule as a file for an office's calendar and for its wall.

That it left is put on record, as with every document, where the station has a record.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.days import DAY, days
from broadcaster.cli.leaving import on_record
from broadcaster.cli.markets import market_option, wanted_markets
from broadcaster.cli.show import warn
from broadcaster.cli.signed import signed
from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.locale.shown import shown

if TYPE_CHECKING:
    from broadcaster.model import Airing, Plan
    from broadcaster.schedule.season import Season

STANDARD_OUTPUT = Path("-")
DOCUMENT = "schedule"
"""What an export of the schedule is called in the record."""

from_option = click.option("--from", "first", type=DAY, metavar=N_("DATE"), help=N_("First date, such as 2021-06-01."))
until_option = click.option("--until", "last", type=DAY, metavar=N_("DATE"), help=N_("Last date, included."))


class NothingToWrite(UsageError):
    """No airing lies on the dates and in the markets asked for."""

    sentence: ClassVar[str] = N_("Nothing is scheduled there, so no file was written. Choose other dates or markets.")


@click.command(help=N_("Write the schedule as a calendar file (.ics), without titles; - is standard output."))
@click.argument("file", metavar=N_("FILE.ics"), type=click.Path(path_type=Path))
@from_option
@until_option
@market_option
@signed
@pass_desk
def export(  # noqa: PLR0917  one argument an option
    desk: Desk,
    file: Path,
    first: datetime | None,
    last: datetime | None,
    market: tuple[str, ...],
    code: str | None,
    pin_file: Path | None,
) -> None:
    """One event an airing; the same files give the same bytes."""
    from broadcaster.library.catalogue import statuses  # noqa: PLC0415  the database is heavy
    from broadcaster.reports.calendar_file import calendar_file  # noqa: PLC0415  so is the calendar

    plan, seasons = _read(desk)
    airings = _wanted(desk, plan, first, last, market)
    today = desk.clock.now().utc.astimezone(desk.station.timezone).date()
    known = statuses(desk.station, desk.read_rows(), today, samples_may_air=False)
    content = calendar_file(desk.station, plan, seasons, airings, known)
    _register(desk, "ics", airings, content, code, pin_file)
    _hand_over(content, file, len(airings))


@click.command(
    "print", help=N_("Write the schedule as a page to print (PDF, A4), without titles; - is standard output.")
)
@click.argument("file", metavar=N_("FILE.pdf"), type=click.Path(path_type=Path))
@from_option
@until_option
@market_option
@signed
@pass_desk
def print_(  # noqa: PLR0917  one argument an option
    desk: Desk,
    file: Path,
    first: datetime | None,
    last: datetime | None,
    market: tuple[str, ...],
    code: str | None,
    pin_file: Path | None,
) -> None:
    """Markets with their hours and permits, airings, amendments, and the plan's short name."""
    from broadcaster.reports.timetable import timetable  # noqa: PLC0415  words for dates are heavy
    from broadcaster.reports.timetable_pdf import as_pdf  # noqa: PLC0415  so is drawing

    plan, seasons = _read(desk)
    airings = _wanted(desk, plan, first, last, market)
    made = desk.clock.now().utc.astimezone(desk.station.timezone)
    facts = timetable(desk.station, plan, seasons, airings, made, days=days(first, last))
    content = as_pdf(facts)
    _register(desk, "pdf", airings, content, code, pin_file)
    _hand_over(content, file, len(airings))


def _read(desk: Desk) -> "tuple[Plan, Sequence[Season]]":
    from broadcaster.schedule.load import plan_of  # noqa: PLC0415  the calendar is heavy
    from broadcaster.schedule.season import read_seasons  # noqa: PLC0415

    seasons = read_seasons(desk.station)
    return plan_of(desk.station, seasons), seasons


def _wanted(
    desk: Desk, plan: "Plan", first: datetime | None, last: datetime | None, named: Sequence[str]
) -> "Sequence[Airing]":
    """The airings asked for.

    :raises NothingToWrite: there is none.
    """
    from broadcaster.schedule.preview import between  # noqa: PLC0415  imported when a command needs a plan

    markets = wanted_markets(desk.station, named)
    airings = [airing for airing in between(plan, *days(first, last)) if airing.market in markets]
    if not airings:
        raise NothingToWrite
    return airings


def _register(  # noqa: PLR0917  what is put on record, and who signs
    desk: Desk, format_: str, airings: "Sequence[Airing]", content: bytes, code: str | None, pin_file: Path | None
) -> None:
    days = [airing.due.date() for airing in airings]
    markets = dict.fromkeys(airing.market for airing in airings)
    on_record(desk, DOCUMENT, format_, (min(days), max(days)), markets, content, code, pin_file)


def _hand_over(content: bytes, file: Path, airings: int) -> None:
    """Write the file, and say so where standard output is not the file."""
    from broadcaster.reports.delivery import deliver  # noqa: PLC0415  imported when there is something to deliver

    if file == STANDARD_OUTPUT:
        click.echo(content, nl=False)
        return
    deliver(content, file)
    sentence = ngettext("{name} is written: {number} airing.", "{name} is written: {number} airings.", airings)
    warn(sentence.format(name=shown(str(file)), number=airings))
