"""What of the schedule people take along: a file for their calendar, a page for the wall, a market's control sheet.

Made as the command line makes them; that one leaves is put on record first.
"""

from collections.abc import Sequence
from typing import ClassVar

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.model import MarketId
from broadcaster.reports import schedule_making, sheet_making
from broadcaster.reports.registering import register
from broadcaster.reports.summary import Period
from broadcaster.web.desk import Desk
from broadcaster.web.doors import open_to
from broadcaster.web.office import asked, reports
from broadcaster.web.office.files import Form, as_file
from broadcaster.web.office.market_names import meant
from broadcaster.web.office.readers import ACTS
from broadcaster.web.visitor import Visitor

SCHEDULE = "/office/calendar/file"
SHEET = "/office/reports/sheet"
MOST = 5_000
"""Airings of one file, which takes some seconds: a season of three hundred markets."""


class TooManyAirings(UsageError):
    """Nobody pins that to a wall, and no calendar takes it in."""

    sentence: ClassVar[str] = N_(
        "That is more than {most} airings, so no file was made. Choose fewer days, or one market at a time."
    )


class SheetOfWhichMarket(UsageError):
    """A control sheet is of one market."""

    sentence: ClassVar[str] = N_("A control sheet is for one market, so none was made. Choose which.")


@post(SCHEDULE, sync_to_thread=True, status_code=200, **open_to(*ACTS))
def take_schedule(data: Form, desk: Desk, visitor: Visitor) -> Response[bytes]:
    """The schedule, or some of its days or one market's.

    :raises UsageError: there is nothing in it, or too much, or it cannot be asked for.
    :raises ConfigurationError: the season's files have faults.
    """
    station, days = desk.station, asked.days(data)
    market = meant(data.get("market", ""), reports.places(desk))
    format_ = asked.chosen(data.get("format", ""), schedule_making.FORMATS) or schedule_making.FORMATS[0]
    wanted = schedule_making.chosen(station, days, (MarketId(market),) if market else tuple(station.markets))
    if len(wanted.airings) > MOST:
        raise TooManyAirings(most=MOST)
    content, period = schedule_making.made(wanted, format_, desk.now()), Period(*wanted.span)
    with desk.journal() as journal:
        register(journal, schedule_making.DOCUMENT, format_, period, wanted.markets, content, visitor.code)
    named = (schedule_making.DOCUMENT, market, str(period.first), str(period.last))
    return as_file(content, f"{'-'.join(filter(None, named))}.{format_}")


@post(SHEET, sync_to_thread=True, status_code=200, **open_to(*ACTS))
def take_sheet(data: Form, desk: Desk, visitor: Visitor) -> Response[bytes]:
    """One month's of one market.

    :raises UsageError: there is nothing in it, or it cannot be asked for.
    :raises ConfigurationError: the season's files have faults.
    """
    station, month = desk.station, asked.month(data.get("month", ""))
    market = MarketId(meant(data.get("market", ""), reports.places(desk)))
    if not market:
        raise SheetOfWhichMarket
    sheet = sheet_making.made(station, station.markets[market], month, desk.now())
    with desk.journal() as journal:
        register(journal, sheet_making.DOCUMENT, "pdf", Period(*sheet.days), [market], sheet.content, visitor.code)
    return as_file(sheet.content, f"{sheet_making.DOCUMENT}-{market}-{month:%Y-%m}.pdf")


ROUTES: Sequence[HTTPRouteHandler] = (take_schedule, take_sheet)
