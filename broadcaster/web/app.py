"""The application: every route, behind the one guard, behind the gate."""

import logging
from collections.abc import Mapping
from copy import copy
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from litestar import Litestar, Request, Router
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.response import Response
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp

from broadcaster.errors import BroadcasterError, trace
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.web.addresses import Address
from broadcaster.web.desk import Desk
from broadcaster.web.doors import ANYBODY, at_the_door, visitor_of
from broadcaster.web.gate import Gate
from broadcaster.web.pages import moved, page
from broadcaster.web.refusals import SignInFirst, status_of
from broadcaster.web.rooms import BESIDE, ROUTES
from broadcaster.web.templating import STATIC, STATIC_PATH
from broadcaster.web.visitor import Visitor
from broadcaster.web.words import said

log = logging.getLogger(__name__)

LARGEST_FORM = 100_000
"""Bytes; what is larger has a route that reads it piece by piece."""
SENTENCES: Mapping[int, str] = {
    HTTPStatus.NOT_FOUND: N_("There is no such page. Use the links above."),
    HTTPStatus.METHOD_NOT_ALLOWED: N_("This page is not for that. Nothing was changed. Use the links above."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: N_(
        "What you sent is too large, so nothing was kept of it. Nothing was changed."
    ),
}
FAILED = N_(
    "Something unexpected happened, so this page cannot be shown; airings go on. "
    "Tell whoever maintains broadcaster: it is in data/panel.log."
)
UNCLEAR = N_("Something in what you sent cannot be understood, so nothing was changed. Go back and look at it again.")


def create_app(desk: Desk, address: Address, *, network: bool = False) -> ASGIApp:
    """The whole panel of a desk, as it answers at an address.

    :param network: the stall's screen also serves the network that the address is in, not the computer itself alone.
    """
    return Gate(routes(desk), desk, address, network=network)


def routes(desk: Desk, openapi: OpenAPIConfig | None = None) -> Litestar:
    """The application without its gate."""

    async def the_desk() -> Desk:
        return desk

    return Litestar(
        route_handlers=[all_pages(), static_files()],
        guards=[at_the_door],
        dependencies={"desk": Provide(the_desk), "visitor": Provide(visitor_of_request)},
        exception_handlers={BroadcasterError: refused, HTTPException: not_served, Exception: failed},
        logging_config=None,
        request_max_body_size=LARGEST_FORM,
        state=State({"desk": desk}),
        lifespan=list(BESIDE),
        openapi_config=openapi,
        debug=False,
        pdb_on_exception=False,
    )


def all_pages() -> Router:
    """The rooms' routes, each a copy: the framework writes into what it is given.

    Together in one router, which the application is given whole: handed over one by one, those of a path that has two methods
    are made ready twice, and one that runs in a thread then answers with a coroutine (Litestar 2.25).
    """
    return Router(path="/", route_handlers=[copy(handler) for handler in ROUTES])


def static_files() -> Router:
    """Styles and scripts; their addresses change with their content."""
    return create_static_files_router(
        path=STATIC_PATH,
        directories=[STATIC],
        cache_control=CacheControlHeader(public=True, max_age=31_536_000, immutable=True),
        opt=ANYBODY,
        resolve_symlinks=False,
    )


async def visitor_of_request(request: Request[Any, Any, Any]) -> Visitor:
    """For handlers that take ``visitor``."""
    return visitor_of(request)


def refused(request: Request[Any, Any, Any], error: BroadcasterError) -> Response[Any]:
    """Whatever a page's work came to: its one sentence. Who has not signed in is asked to, and led back."""
    visitor = visitor_of(request)
    if isinstance(error, SignInFirst) and request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return moved(f"/sign-in?to={quote(visitor.back, safe='/')}")
    return _page(request, status_of(error), said(error))


def not_served(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework refuses."""
    status = error.status_code
    return _page(request, status, _(SENTENCES.get(status, UNCLEAR)))


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A fault of the program: where it happened goes to the log, a sentence to the person."""
    log.error("%s %s failed: %s", request.method, request.route_handler, trace(error))
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR, _(FAILED))


def _page(request: Request[Any, Any, Any], status: int, sentence: str) -> Response[Any]:
    desk: Desk = request.app.state.desk
    return page("refused.html", desk, visitor_of(request), status=status, sentence=sentence)
