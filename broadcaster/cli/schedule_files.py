"""``broadcaster schedule export`` and ``print``: the schedule as a file for an office's calendar and for its wall.

That it left is put on record, as with every document, where the station has a record.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.days import DAY, days
from broadcaster.cli.leaving import on_record
from broadcaster.cli.markets import market_option, wanted_markets
from broadcaster.cli.show import warn
from broadcaster.cli.signed import signed
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.locale.shown import shown
from broadcaster.reports.schedule_making import DOCUMENT, chosen, made

STANDARD_OUTPUT = Path("-")

from_option = click.option("--from", "first", type=DAY, metavar=N_("DATE"), help=N_("First date, such as 2021-06-01."))
until_option = click.option("--until", "last", type=DAY, metavar=N_("DATE"), help=N_("Last date, included."))


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
    _write(desk, "ics", file, days(first, last), market, code, pin_file)


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
    _write(desk, "pdf", file, days(first, last), market, code, pin_file)


def _write(  # noqa: PLR0917  what is asked for, and who signs
    desk: Desk,
    format_: str,
    file: Path,
    asked: tuple[date | None, date | None],
    named: Sequence[str],
    code: str | None,
    pin_file: Path | None,
) -> None:
    """On record first, and only then handed over."""
    wanted = chosen(desk.station, asked, wanted_markets(desk.station, named))
    content = made(wanted, format_, desk.clock.now().utc.astimezone(desk.station.timezone))
    on_record(desk, DOCUMENT, format_, wanted.span, wanted.markets, content, code, pin_file)
    _hand_over(content, file, len(wanted.airings))


def _hand_over(content: bytes, file: Path, airings: int) -> None:
    """Write the file, and say so where standard output is not the file."""
    from broadcaster.reports.delivery import deliver  # noqa: PLC0415  imported when there is something to deliver

    if file == STANDARD_OUTPUT:
        click.echo(content, nl=False)
        return
    deliver(content, file)
    sentence = ngettext("{name} is written: {number} airing.", "{name} is written: {number} airings.", airings)
    warn(sentence.format(name=shown(str(file)), number=airings))
