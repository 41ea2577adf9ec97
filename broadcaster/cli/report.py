"""``broadcaster report``: what became of what was promised, as each office takes it. That it left is put on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.days import DAY, DaysTurned
from broadcaster.cli.markets import market_option, wanted_markets
from broadcaster.cli.show import warn
from broadcaster.cli.signed import signed, who
from broadcaster.errors import UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.locale.shown import shown

if TYPE_CHECKING:
    from broadcaster.journal.append import Journal
    from broadcaster.model import MarketId
    from broadcaster.reports.summary import Summary

STANDARD_OUTPUT = Path("-")
DATA = "data"
"""What an export of tables is called in the record."""
TABLES = ("csv", "json", "xlsx", "hxl", "r4v")
PAPERS: Mapping[str, tuple[str, ...]] = {
    "certificate": ("pdf", "docx"),
    "monthly": ("pdf", "docx"),
    "donor": ("pdf", "docx", "html"),
    "page": ("html",),
    "practice": ("docx",),
}
"""Documents and their formats, told here again: to read what there is must not load what makes it."""
FORMATS = (*TABLES, "pdf", "docx", "html")


class NothingPromised(UsageError):
    """No airing lies on the dates and in the markets asked for."""

    sentence: ClassVar[str] = N_("Nothing was promised there, so no report was made. Choose other dates or markets.")


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


@dataclass(frozen=True)
class _Asked:
    """What is to be made."""

    document: str
    format: str
    first: date
    last: date
    markets: "tuple[MarketId, ...] | None"
    """``None``: all."""
    others: tuple[Path, ...]


@click.command(help=N_("What became of what was promised, as tables or as a document for an office."))
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
        content, summary = _made(desk, journal, asked)
        _register(journal, asked, summary, content, by)
    _hand_over(content, file, summary)


def _asked(  # noqa: PLR0917  as the command has them
    desk: Desk,
    first: datetime,
    last: datetime,
    format_: str,
    document: str | None,
    market: Sequence[str],
    others: tuple[Path, ...],
) -> _Asked:
    if last < first:
        raise DaysTurned(first=first.date(), last=last.date())
    if format_ in TABLES:
        if document is not None:
            raise NoDocument(format=format_)
    elif document is None or format_ not in PAPERS[document]:
        fitting = ", ".join(name for name, formats in PAPERS.items() if format_ in formats)
        raise WhichDocument(format=format_, documents=fitting)
    if document == "certificate" and len(market) != 1:
        raise OneMarket
    markets = wanted_markets(desk.station, market) if market else desk.station.serves or None
    return _Asked(document or DATA, format_, first.date(), last.date(), markets, others)


def _made(desk: Desk, journal: "Journal", asked: _Asked) -> "tuple[bytes, Summary]":
    """The report's bytes, and what it was made from.

    :raises NothingPromised: there is nothing to report.
    """
    from broadcaster.reports.gathering import codes_of_day, journals  # noqa: PLC0415  the database is heavy
    from broadcaster.reports.summary import Period  # noqa: PLC0415
    from broadcaster.reports.summing import summarise  # noqa: PLC0415
    from broadcaster.schedule.load import load_plan  # noqa: PLC0415  so is the calendar

    station, now = desk.station, desk.clock.now().utc.astimezone(desk.station.timezone)
    rows, plan = journals(station, asked.others), load_plan(station).airings

    def of(first: date) -> "Summary":
        return summarise(rows, plan, station.markets, Period(first, asked.last), now, only=asked.markets)

    summary = of(asked.first)
    if not summary.lines:
        raise NothingPromised
    if asked.document == DATA:
        from broadcaster.reports.tables import make  # noqa: PLC0415  only what is asked for is loaded

        return make(asked.format, station, summary), summary
    from broadcaster.library.decisions import decisions_of  # noqa: PLC0415
    from broadcaster.reports import documents  # noqa: PLC0415

    request = documents.Request(
        station=station,
        summary=summary,
        so_far=of(min(asked.first, asked.last.replace(month=1, day=1))),
        made=now.date(),
        codes=codes_of_day(station, asked.others, min(asked.last, now.date())),
        roles={each.code: each.roles for each in decisions_of(journal).people.values()},
        market=asked.markets[0] if asked.document == "certificate" and asked.markets else None,
    )
    return documents.make(asked.document, asked.format, request), summary


def _register(journal: "Journal", asked: _Asked, summary: "Summary", content: bytes, by: str) -> None:
    """On record before it leaves: what, of which days and markets, in which bytes, by whom."""
    from broadcaster.journal.events import Exported  # noqa: PLC0415  the record is heavy
    from broadcaster.model import MarketId, Sha256  # noqa: PLC0415

    markets = tuple(MarketId(group.key) for group in summary.markets)
    digest = Sha256(sha256(content).hexdigest())
    journal.append(Exported(asked.document, asked.format, asked.first, asked.last, markets, digest, by))


def _hand_over(content: bytes, file: Path, summary: "Summary") -> None:
    """Write the file, and say so where standard output is not the file; then what is missing in it."""
    from broadcaster.reports.delivery import deliver  # noqa: PLC0415  imported when there is something to deliver

    if file == STANDARD_OUTPUT:
        click.echo(content, nl=False)
    else:
        deliver(content, file)
        planned, total = summary.total.planned, summary.total
        text = ngettext(
            "{name} is written: {n} airing promised, {fulfilled} of {due} carried out.",
            "{name} is written: {n} airings promised, {fulfilled} of {due} carried out.",
            planned,
        )
        warn(text.format(name=shown(str(file)), n=planned, fulfilled=total.fulfilled, due=total.due))
    _say_what_is_missing(summary)


def _say_what_is_missing(summary: "Summary") -> None:
    if awaited := summary.total.awaited:
        text = ngettext(
            "It is provisional: of {n} airing no record has come yet. Bring the market's record and make it again.",
            "It is provisional: of {n} airings no record has come yet. Bring the markets' records and make it again.",
            awaited,
        )
        warn(text.format(n=awaited))
    if contested := summary.total.contested:
        text = ngettext(
            "Two records tell different things of {n} airing; the one in which most was heard counts.",
            "Two records tell different things of {n} airings; the one in which most was heard counts.",
            contested,
        )
        warn(text.format(n=contested))
    if summary.unpromised:
        warn(
            _(
                "The schedule has airings from before its market's record began, or since added to the past: not counted."
            )
        )
