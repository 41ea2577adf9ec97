"""The play log: filtered, page by page, and what is filtered as a file."""

from collections.abc import Sequence
from typing import Any

from litestar import get, post
from litestar.connection import Request
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery
from litestar.response import Response

from broadcaster.library.hearings import word as there
from broadcaster.model import Evidence, Outcome, Reason
from broadcaster.reasons import name, proof, word
from broadcaster.reports.documents.charts import Mark
from broadcaster.reports.playlines import Line, heard_of, said_of, start_of, tie
from broadcaster.reports.registering import register
from broadcaster.reports.summary import Period
from broadcaster.reports.tables.plays import FORMATS
from broadcaster.web.desk import Desk
from broadcaster.web.doors import open_to
from broadcaster.web.office import asked, log
from broadcaster.web.office.files import Form, as_file
from broadcaster.web.office.market_names import FEW, fitting, typed
from broadcaster.web.office.readers import ACTS, DECIDES
from broadcaster.web.pages import page
from broadcaster.web.visitor import Visitor

PATH = "/office/log"
DOCUMENT = "log"
"""What such an export is called in the record."""
_KINDS = {
    Outcome.PLAYED: Mark.PLAYED,
    Outcome.PARTIAL: Mark.PARTIAL,
    Outcome.MISSED: Mark.MISSED,
    Outcome.CANCELLED: Mark.CANCELLED,
}


@get(PATH, sync_to_thread=True, **open_to(*DECIDES))
def play_log(desk: Desk, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[str]:
    """What has ended, the newest first."""
    words = dict(request.query_params.items())
    names = log.places(desk)
    wanted = log.filter_of(words, names)
    lines, found = log.shown(desk, wanted, words.get("after"))
    return page(
        "office/log.html",
        desk,
        visitor,
        rows=[_row(line, names) for line in lines],
        wanted=wanted.words,
        names=names,
        few=FEW,
        typed=typed,
        outcomes={each.value: word(each) for each in Outcome},
        reasons=dict(sorted(((each.value, name(each)) for each in Reason), key=lambda found: found[1].casefold())),
        proofs={each.value: proof(each) for each in Evidence},
        first=wanted.address(PATH) if "after" in words else None,
        following=wanted.address(PATH, found.after) if found.after else None,
        formats=tuple(FORMATS) if visitor.may(*ACTS) else (),
    )


@get(f"{PATH}/markets", sync_to_thread=True, **open_to(*DECIDES))
def market_names(desk: Desk, part: FromQuery[str] = "") -> list[str]:
    """Names that hold what somebody has typed so far."""
    return fitting(part, log.places(desk))


@post(f"{PATH}/export", sync_to_thread=True, status_code=200, **open_to(*ACTS))
def export(data: Form, desk: Desk, visitor: Visitor) -> Response[bytes]:
    """What is filtered, on record before it leaves.

    :raises UsageError: it is nothing, or too much, or cannot be asked for.
    """
    format_ = asked.chosen(data.get("format", ""), FORMATS) or "csv"
    wanted, station, now = log.filter_of(data, log.places(desk)), desk.station, desk.now()
    lines = list(log.exported(desk, wanted, station))
    content = FORMATS[format_](station, lines, now)
    days = [line.due.date() for line in lines]
    period = Period(wanted.first or min(days), wanted.last or max(days))
    with desk.journal() as journal:
        register(journal, DOCUMENT, format_, period, log.market_ids(lines), content, visitor.code)
    return as_file(content, f"{DOCUMENT}-{period.first}-{period.last}.{format_}")


def _row(line: Line, names: dict[str, str]) -> dict[str, object]:
    """The words of a line's cells."""
    return {
        "line": line,
        "kind": _KINDS[line.outcome],
        "market": names.get(line.market, line.market),
        "outcome": word(line.outcome),
        "reason": name(line.reason),
        "heard": heard_of(line),
        "start": start_of(line),
        "proof": proof(line.evidence) if line.started else "",
        "microphone": there(line.listened.hearing, line.listened.talked_over) if line.listened else "",
        "tie": tie(line),
        "said": said_of(line),
    }


ROUTES: Sequence[HTTPRouteHandler] = (play_log, market_names, export)
