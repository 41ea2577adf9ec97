"""What producers and approvers see: the episodes, the people, the consents, the helplines, and recordings that come in."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from broadcaster.library.decisions import KEEPERS
from broadcaster.locale import mark as N_
from broadcaster.web.library import consents, deciding, episodes, helplines, listening, people, receiving
from broadcaster.web.library.submitting import BRINGERS
from broadcaster.web.library.workshop import Workshop
from broadcaster.web.links import Link

ROUTES: Sequence[HTTPRouteHandler] = (
    *episodes.ROUTES,
    *listening.ROUTES,
    *deciding.ROUTES,
    *receiving.ROUTES,
    *consents.ROUTES,
    *helplines.ROUTES,
    *people.ROUTES,
)
LINKS: Sequence[Link] = (
    Link(N_("Episodes"), "/library/episodes"),
    Link(N_("Receive a recording"), receiving.HERE, BRINGERS),
    Link(N_("Consents"), consents.HERE),
    Link(N_("Helplines"), helplines.HERE),
    Link(N_("People"), people.HERE, KEEPERS),
    Link(N_("My PIN"), "/library/pin"),
)


@asynccontextmanager
async def beside(app: Litestar) -> AsyncIterator[None]:
    """While the panel serves: the workshop, in which received recordings become episodes."""
    app.state["workshop"] = workshop = Workshop(app.state["desk"])
    workshop.begin()
    try:
        yield
    finally:
        await asyncio.to_thread(workshop.end)
