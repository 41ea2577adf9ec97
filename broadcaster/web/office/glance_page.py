"""The four markets at a glance; the page changes by itself."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response, ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from broadcaster.errors import BroadcasterError
from broadcaster.locale import speaking
from broadcaster.web.desk import Desk
from broadcaster.web.doors import open_to
from broadcaster.web.office.glance import Answer, ask, glance
from broadcaster.web.office.readers import READS
from broadcaster.web.pages import page, rendered
from broadcaster.web.visitor import Visitor
from broadcaster.web.watch import watch
from broadcaster.web.words import said

PATH = "/office/markets"
EVENTS = "/office/events"


@get(PATH, sync_to_thread=True, **open_to(*READS))
def markets(desk: Desk, visitor: Visitor) -> Response[str]:
    """Now, next, last, health, last heard from, permission; by market."""
    return page("office/markets.html", desk, visitor, glance=glance(desk, ask(desk)), events=EVENTS)


@get(EVENTS, **open_to(*READS))
async def events(desk: Desk, visitor: Visitor) -> ServerSentEvent:
    """The part of the page that changes, whenever something has happened."""
    return ServerSentEvent(_told(desk, visitor))


async def _told(desk: Desk, visitor: Visitor) -> AsyncIterator[ServerSentEventMessage]:
    async for moment in watch(desk):
        if not await asyncio.to_thread(_may_still, desk, visitor):
            return
        status = moment.status
        text = await moment.once((PATH, visitor.language), lambda status=status: _part(desk, visitor, status))  # type: ignore[misc]
        yield ServerSentEventMessage(data=text, event="markets")


def _may_still(desk: Desk, visitor: Visitor) -> bool:
    """Whether who opened the page is registered still and may read it: a page may stay open for days."""
    try:
        person = desk.decisions().people.get(visitor.code)
    except BroadcasterError:
        return False
    return person is not None and not person.retired and not set(READS).isdisjoint(person.roles)


def _part(desk: Desk, visitor: Visitor, status: Answer | None) -> str:
    with speaking(visitor.language):
        try:
            return rendered("office/glance.html", language=visitor.language, glance=glance(desk, status))
        except BroadcasterError as error:
            return rendered("office/trouble.html", language=visitor.language, sentence=said(error))


ROUTES: Sequence[HTTPRouteHandler] = (markets, events)
