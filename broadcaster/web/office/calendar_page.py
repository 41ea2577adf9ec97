"""The season week by week: what each cell will play or why not, and what became of those that are over."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.response import Response

from broadcaster.model import MarketId
from broadcaster.web.desk import Desk
from broadcaster.web.doors import open_to
from broadcaster.web.office import asked, calendar, reports
from broadcaster.web.office.market_names import FEW, typed
from broadcaster.web.office.readers import ACTS, DECIDES, READS
from broadcaster.web.office.season import days, in_sight
from broadcaster.web.pages import page
from broadcaster.web.visitor import Visitor

PATH = "/office/calendar"
FARTHEST = timedelta(days=366 * 100)
"""From today: farther there is no season."""


@get(PATH, sync_to_thread=True, **open_to(*READS))
def season(desk: Desk, visitor: Visitor, begin: Annotated[str, QueryParameter(name="from")] = "") -> Response[str]:
    """Some weeks, from a Monday on."""
    now, plan, names = desk.now(), desk.plan(), _names(desk)
    first = _near(calendar.monday(asked.day(begin) or calendar.first_shown(plan, now.date())), now.date())
    last = first + timedelta(days=7 * calendar.WEEKS - 1)
    found = days(desk, first, last, in_sight(desk))
    columns = calendar.columns(found.slots, tuple(desk.station.markets))
    weeks = calendar.weeks(found.slots, columns)
    dues = [airing.due.date() for airing in plan.airings]
    return page(
        "office/calendar.html",
        desk,
        visitor,
        now=now,
        first=first,
        last=last,
        weeks=weeks,
        columns=columns,
        names={**{market: market for market in columns}, **names},
        legend=calendar.legend(weeks),
        total=found.summary.total,
        before=first - timedelta(weeks=calendar.WEEKS) if found.slots or (dues and dues[0] < first) else None,
        after=first + timedelta(weeks=calendar.WEEKS) if dues and dues[-1] > last else None,
        explained=visitor.may(*DECIDES),
        takes=bool(dues) and visitor.may(*ACTS),
        places=reports.places(desk),
        few=FEW,
        typed=typed,
    )


def _near(monday: date, today: date) -> date:
    """What is asked for, as far as calendars go."""
    return max(today - FARTHEST, min(monday, today + FARTHEST))


def _names(desk: Desk) -> dict[MarketId, str]:
    return {id_: market.name for id_, market in desk.station.markets.items()}


ROUTES: Sequence[HTTPRouteHandler] = (season,)
