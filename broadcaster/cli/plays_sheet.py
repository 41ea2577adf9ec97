"""``broadcaster plays sheet``: the month's control sheet of a market, to print and to be filled in by hand."""

from datetime import datetime
from pathlib import Path

import click

from broadcaster.cli.completion import market_ids
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.leaving import on_record
from broadcaster.cli.markets import market_named
from broadcaster.cli.show import warn
from broadcaster.cli.signed import signed
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.locale.shown import shown
from broadcaster.reports.sheet_making import DOCUMENT, made

STANDARD_OUTPUT = Path("-")
MONTH = click.DateTime(["%Y-%m"])


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
    from broadcaster.reports.delivery import deliver  # noqa: PLC0415  imported when there is something to deliver

    station = desk.station
    meant = station.markets[market_named(station.markets, market)]
    done = made(station, meant, month.date(), desk.clock.now().utc.astimezone(station.timezone))
    on_record(desk, DOCUMENT, "pdf", done.days, [meant.id], done.content, code, pin_file)
    if file == STANDARD_OUTPUT:
        click.echo(done.content, nl=False)
        return
    deliver(done.content, file)
    text = ngettext(
        "{name} is written: sheet {number}, {n} airing.",
        "{name} is written: sheet {number}, {n} airings.",
        done.airings,
    )
    warn(text.format(name=shown(str(file)), number=done.number, n=done.airings))
