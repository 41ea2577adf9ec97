"""One airing explained: the whole chain from its promise to what is proved of it, and where it broke."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.response import Response

from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import AiringId
from broadcaster.reports.explanation import explain
from broadcaster.reports.explanation.told import BESIDE, case_of, lines, title, where_it_broke
from broadcaster.reports.ledger.one_airing import rows_about
from broadcaster.web.desk import Desk
from broadcaster.web.doors import open_to
from broadcaster.web.office.kept import ledger_of
from broadcaster.web.office.readers import DECIDES
from broadcaster.web.pages import page
from broadcaster.web.visitor import Visitor

PATH = "/office/airing"
LONGEST = 120
"""Letters of an airing's name."""


class NoSuchAiring(BadInput):
    """Neither the record nor the schedule has it."""

    sentence: ClassVar[str] = N_(
        "There is no airing «{airing}», neither on record nor in the schedule. Choose one in the calendar or in the play log."
    )


@get(PATH, sync_to_thread=True, **open_to(*DECIDES))
def airing(desk: Desk, visitor: Visitor, airing_id: Annotated[str, QueryParameter(name="id")] = "") -> Response[str]:
    """Step by step.

    :raises NoSuchAiring: nobody ever heard of it.
    """
    station, now, name = desk.station, desk.now(), AiringId(airing_id[:LONGEST])
    case = case_of(name, rows_about(ledger_of(desk), name, BESIDE), desk.plan(), station, now)
    if not case.is_known:
        raise NoSuchAiring(airing=shown(name))
    found = explain(case)
    return page(
        "office/airing.html",
        desk,
        visitor,
        title=title(found, station),
        airing=found.airing,
        lines=list(lines(found, station)),
        broke=where_it_broke(found, is_over=case.is_over),
        outcome=found.outcome,
    )


ROUTES: Sequence[HTTPRouteHandler] = (airing,)
