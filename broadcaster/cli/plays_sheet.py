"""``broadcaster plays sheet``: the month's control sheet of a market, to print and to be filled in by hand."""

from calendar import monthrange
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import click

from broadcaster.cli.completion import market_ids
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.leaving import on_record
from broadcaster.cli.markets import market_named
from broadcaster.cli.show import warn
from broadcaster.cli.signed import signed
from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.locale.shown import shown

STANDARD_OUTPUT = Path("-")
DOCUMENT = "control_sheet"
"""What a sheet is called in the record."""
MONTH = click.DateTime(["%Y-%m"])


class NothingThatMonth(UsageError):
    """The market has no airing in that month."""

    sentence: ClassVar[str] = N_(
        "{market} has no airing in {month}, so no sheet was written. See the schedule with `broadcaster schedule preview`."
    )


@click.command(help=N_("Write the month's control sheet of a market, to print (PDF, A4); - is standard output."))
@click.option("--month", type=MONTH, required=True, metavar=N_("MONTH"), help=N_("The month, such as 2021-06."))
@click.option("--market", required=True, metavar="ID", shell_complete=market_ids, help=N_("The market."))
@click.option(
    "-o",
    "--output",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    metavar=N_("FILE.pdf"),
    help=N_("Where to write it."),
)
@signed
@pass_desk
def sheet(  # noqa: PLR0917  one argument an option
    desk: Desk, month: datetime, market: str, file: Path, code: str | None, pin_file: Path | None
) -> None:
    """Write a control sheet; the same airings give the same sheet and number."""
    from broadcaster.reports.control_sheet import control_sheet  # noqa: PLC0415  words for dates are heavy
    from broadcaster.reports.control_sheet_pdf import as_pdf  # noqa: PLC0415  so is drawing
    from broadcaster.reports.delivery import deliver  # noqa: PLC0415
    from broadcaster.schedule.load import load_plan  # noqa: PLC0415

    station = desk.station
    meant = station.markets[market_named(station.markets, market)]
    made = desk.clock.now().utc.astimezone(station.timezone).date()
    facts = control_sheet(station, meant, month.date(), load_plan(station), desk.read_rows(), made)
    if not facts.lines:
        raise NothingThatMonth(market=meant.name, month=f"{month:%Y-%m}")
    content, first = as_pdf(facts), month.date()
    days = first, first.replace(day=monthrange(first.year, first.month)[1])
    on_record(desk, DOCUMENT, "pdf", days, [meant.id], content, code, pin_file)
    if file == STANDARD_OUTPUT:
        click.echo(content, nl=False)
        return
    deliver(content, file)
    text = ngettext(
        "{name} is written: sheet {number}, {n} airing.",
        "{name} is written: sheet {number}, {n} airings.",
        len(facts.lines),
    )
    warn(text.format(name=shown(str(file)), number=facts.number, n=len(facts.lines)))
