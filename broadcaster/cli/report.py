"""``broadcaster report``: what became of what was promised, as each office takes it. That it left is put on record."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.days import DAY, DaysTurned
from broadcaster.cli.markets import market_option, wanted_markets
from broadcaster.cli.show import warn
from broadcaster.cli.signed import signed, who
from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.locale.shown import shown
from broadcaster.reports.making import DATA, OF_ONE_MARKET, PAPERS, TABLES, Asked, made, missing, register

if TYPE_CHECKING:
    from broadcaster.reports.summary import Summary

STANDARD_OUTPUT = Path("-")
FORMATS = (*TABLES, "pdf", "docx", "html")


class WhichDocument(UsageError):
    """A paper's format without a document, or one that it does not come in."""

    sentence: ClassVar[str] = N_(
        "As {format} there are these documents: {documents}. Say which with --document, so that the report can be made."
    )


class NoDocument(UsageError):
    """A document as a table."""

    sentence: ClassVar[str] = N_("{format} holds tables, not a document, so no report was made. Leave out --document.")


class OneMarket(UsageError):
    """A certificate is of one market."""

    sentence: ClassVar[str] = N_("A certificate is for one market, so none was made. Name it with --market.")


@click.command(help=N_("What became of what was scheduled, as tables or as a document for an office."))
@click.option(
    "--from", "first", type=DAY, required=True, metavar=N_("DATE"), help=N_("First date, such as 2021-06-01.")
)
@click.option("--until", "last", type=DAY, required=True, metavar=N_("DATE"), help=N_("Last date, included."))
@click.option("--format", "format_", type=click.Choice(FORMATS), required=True, help=N_("The form it takes."))
@click.option("--document", type=click.Choice(list(PAPERS)), help=N_("Which document, as pdf, docx or html."))
@market_option
@click.option(
    "--with",
    "others",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=N_("FILE.db"),
    help=N_("Another station's record, read beside this one's; may be given more than once."),
)
@click.option(
    "-o",
    "--output",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    metavar=N_("FILE"),
    help=N_("Where to write it; - is standard output."),
)
@signed
@pass_desk
def report(  # noqa: PLR0917  one argument an option
    desk: Desk,
    first: datetime,
    last: datetime,
    format_: str,
    document: str | None,
    market: tuple[str, ...],
    others: tuple[Path, ...],
    file: Path,
    code: str | None,
    pin_file: Path | None,
) -> None:
    """Make a report, put on record that it leaves, and hand it over."""
    asked = _asked(desk, first, last, format_, document, market, others)
    with desk.open_journal() as journal:
        by = who(journal, code, pin_file)
        now = desk.clock.now().utc.astimezone(desk.station.timezone)
        content, summary = made(desk.station, journal, asked, now)
        register(journal, asked, summary, content, by)
    _hand_over(content, file, summary)


def _asked(  # noqa: PLR0917  as the command has them
    desk: Desk,
    first: datetime,
    last: datetime,
    format_: str,
    document: str | None,
    market: Sequence[str],
    others: tuple[Path, ...],
) -> Asked:
    if last < first:
        raise DaysTurned(first=first.date(), last=last.date())
    if format_ in TABLES:
        if document is not None:
            raise NoDocument(format=format_)
    elif document is None or format_ not in PAPERS[document]:
        fitting = ", ".join(name for name, formats in PAPERS.items() if format_ in formats)
        raise WhichDocument(format=format_, documents=fitting)
    if document == OF_ONE_MARKET and len(market) != 1:
        raise OneMarket
    markets = wanted_markets(desk.station, market) if market else desk.station.serves or None
    return Asked(document or DATA, format_, first.date(), last.date(), markets, others)


def _hand_over(content: bytes, file: Path, summary: "Summary") -> None:
    """Write the file, and say so where standard output is not the file; then what is missing in it."""
    from broadcaster.reports.delivery import deliver  # noqa: PLC0415  imported when there is something to deliver

    if file == STANDARD_OUTPUT:
        click.echo(content, nl=False)
    else:
        deliver(content, file)
        planned, total = summary.total.planned, summary.total
        text = ngettext(
            "{name} is written: {n} airing scheduled, {fulfilled} of {due} carried out.",
            "{name} is written: {n} airings scheduled, {fulfilled} of {due} carried out.",
            planned,
        )
        warn(text.format(name=shown(str(file)), n=planned, fulfilled=total.fulfilled, due=total.due))
    for sentence in missing(summary):
        warn(sentence)
