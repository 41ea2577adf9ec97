"""Reports: choose one, see it, take it with you. That it leaves is put on record first."""

from collections.abc import Sequence
from typing import Any

from litestar import get, post
from litestar.connection import Request
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery
from litestar.response import Response

from broadcaster.errors import BroadcasterError
from broadcaster.reports.making import NothingPromised, made, missing, register
from broadcaster.reports.summary import Summary
from broadcaster.web.desk import Desk
from broadcaster.web.doors import open_to
from broadcaster.web.office import asked, reports
from broadcaster.web.office.files import TYPES, Form, as_file
from broadcaster.web.office.market_names import FEW, fitting, typed
from broadcaster.web.office.readers import ACTS
from broadcaster.web.pages import page
from broadcaster.web.visitor import Visitor
from broadcaster.web.words import said

PATH = "/office/reports"
MOST_MARKETS = 100
"""That a page shows, and a preview is made of: of a country's it would be megabytes."""
FRAMED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
"""A document brings its own styles and stands within our page; nothing in it can run or be fetched."""


@get(PATH, sync_to_thread=True, **open_to(*ACTS))
def choose(desk: Desk, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[str]:
    """The form; below it what would be reported."""
    words = dict(request.query_params.items())
    wanted = reports.chosen(words, desk)
    names = reports.places(desk)
    summary, nothing = _seen(desk, wanted) if words else (None, "")
    return page(
        "office/reports.html",
        desk,
        visitor,
        wanted=wanted,
        kinds=reports.NAMES,
        names=names,
        few=FEW,
        typed=typed,
        most=MOST_MARKETS,
        summary=summary,
        nothing=nothing,
        figures=list(reports.figures(summary.total)) if summary else [],
        missing=list(missing(summary)) if summary else [],
        month=wanted.first if words else desk.now(),
    )


def _seen(desk: Desk, wanted: reports.Chosen) -> tuple[Summary | None, str]:
    """The figures, or why there are none."""
    try:
        return reports.told(desk, wanted), ""
    except (NothingPromised, reports.WhichMarket) as error:
        return None, said(error)


@get(f"{PATH}/markets", sync_to_thread=True, **open_to(*ACTS))
def market_names(desk: Desk, part: FromQuery[str] = "") -> list[str]:
    """Names that hold what somebody has typed so far."""
    return fitting(part, reports.places(desk))


@get(f"{PATH}/preview", sync_to_thread=True, **open_to(*ACTS))
def preview(desk: Desk, request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document as it would leave, within our page."""
    wanted = reports.chosen(dict(request.query_params.items()), desk)
    try:
        content = reports.as_page(desk, wanted)
    except BroadcasterError as error:
        return Response(said(error).encode(), status_code=422, media_type="text/plain", headers=FRAMED)
    return Response(content, media_type=TYPES["html"], headers=FRAMED)


@post(f"{PATH}/file", sync_to_thread=True, status_code=200, **open_to(*ACTS))
def take(data: Form, desk: Desk, visitor: Visitor) -> Response[bytes]:
    """The file, as the command line makes it.

    :raises UsageError, BadInput: it cannot be made, and why.
    """
    wanted = reports.chosen(data, desk)
    format_ = asked.chosen(data.get("format", ""), wanted.formats) or next(iter(wanted.formats))
    ask = wanted.as_asked(format_, desk)
    with desk.journal() as journal:
        content, summary = made(desk.station, journal, ask, desk.now())
        register(journal, ask, summary, content, visitor.code)
    return as_file(content, wanted.file_name(format_))


ROUTES: Sequence[HTTPRouteHandler] = (choose, market_names, preview, take)
