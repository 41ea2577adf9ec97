"""The first page, signing in and out, and the choice of language."""

import time
from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import Body, FromQuery
from litestar.response import Response

from broadcaster.errors import BadInput, BroadcasterError
from broadcaster.library import people
from broadcaster.library.codes import is_code
from broadcaster.locale import LANGUAGES
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.web.cookies import Jar
from broadcaster.web.desk import Desk
from broadcaster.web.doors import ANYBODY, SIGNED_IN
from broadcaster.web.pages import go, moved, page, shown_links
from broadcaster.web.visitor import Visitor

REFUSED_S = 0.5
"""How long a wrong code or PIN is waited with: a code that nobody has would be answered sooner, and be known by that."""

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


class NotLetIn(BadInput):
    """Which of the two was wrong is not said: that would tell who has a code."""

    sentence = N_("The code and the PIN do not belong together. Type them again; after five wrong ones you must wait.")


class WaitAWhile(BadInput):
    """Too many wrong ones."""

    sentence = N_(
        "There were too many wrong tries, so this one was not looked at. Wait a quarter of an hour. "
        "If it was not you, tell the protection officer."
    )


@get("/", **ANYBODY)
async def first(visitor: Visitor) -> Response[None]:
    """To the first page that opens to this visitor."""
    links = shown_links(visitor)
    return moved(links[0].path if links else "/sign-in")


@get("/sign-in", sync_to_thread=True, **ANYBODY)
def sign_in_page(desk: Desk, visitor: Visitor, to: FromQuery[str] = "/") -> Response[str]:
    """Where a code and its PIN are asked for."""
    return _sign_in_page(desk, visitor, to)


@post("/sign-in", sync_to_thread=True, status_code=200, **ANYBODY)
def sign_in(request: Request[Any, Any, Any], data: Form, desk: Desk, visitor: Visitor) -> Response[Any]:
    """A new session, whatever the browser had before."""
    to = data.get("to", "/")
    try:
        code = let_in(desk, data.get("code", "").strip(), data.get("pin", ""), visitor.address)
    except BadInput as refused:
        return _sign_in_page(desk, visitor, to, str(refused))
    now_s = desk.clock.now().monotonic_s
    desk.sessions.end(request.scope["state"]["session"])
    jar: Jar = request.scope["state"]["jar"]
    answer = go(desk, visitor, inside(to))
    begun = desk.sessions.begin(code, now_s, desk.pins_set(code))
    answer.set_cookie(jar.cookie(jar.session, begun, None))
    return answer


@post("/sign-out", status_code=303, **SIGNED_IN)
async def sign_out(request: Request[Any, Any, Any], desk: Desk, visitor: Visitor) -> Response[Any]:
    """The session is forgotten here, not only in the browser."""
    desk.sessions.end(request.scope["state"]["session"])
    jar: Jar = request.scope["state"]["jar"]
    answer = go(desk, visitor, "/sign-in", _("You are signed out."))
    answer.set_cookie(jar.cookie(jar.session, "", 0))
    return answer


@post("/language", status_code=303, **ANYBODY)
async def choose_language(request: Request[Any, Any, Any], data: Form, desk: Desk, visitor: Visitor) -> Response[Any]:
    """Kept by the browser; everybody has her own."""
    wanted = data.get("language", "")
    jar: Jar = request.scope["state"]["jar"]
    answer = go(desk, visitor, inside(data.get("to", "/")))
    if wanted in LANGUAGES:
        answer.set_cookie(jar.cookie(jar.language, wanted))
    return answer


def let_in(desk: Desk, code: str, pin: str, address: str) -> str:
    """The code, when the PIN is its own and she is active.

    :raises NotLetIn, WaitAWhile: she is not let in.
    :raises RecordUnavailable: the record cannot be used.
    """
    began_s, now_s = time.monotonic(), desk.clock.now().monotonic_s
    if not desk.tries.left(code, address, now_s):
        raise WaitAWhile
    desk.tries.wrong(code, address, now_s)  # before the PIN is looked at: many tries at once gain nothing
    try:
        own = _belong_together(desk, code, pin)
    except BroadcasterError:
        desk.tries.unsaid(code, address)
        raise
    if not own:
        time.sleep(max(0.0, began_s + REFUSED_S - time.monotonic()))
        raise NotLetIn
    desk.tries.right(code, address)
    return code


def _belong_together(desk: Desk, code: str, pin: str) -> bool:
    if not is_code(code) or code not in desk.decisions().people:
        return False
    try:
        with desk.journal() as journal:
            people.identify(journal, code, pin)
    except BadInput:
        return False
    return True


def inside(to: str) -> str:
    """A path of this panel, whatever was asked for: a link must not lead from the sign-in page to somebody else's."""
    plain = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() and to.isascii()
    return to if plain else "/"


def _sign_in_page(desk: Desk, visitor: Visitor, to: str, refused: str = "") -> Response[str]:
    return page(
        "sign_in.html",
        desk,
        visitor,
        status=422 if refused else 200,
        to=inside(to),
        refused=refused,
        nobody_yet=_nobody_yet(desk),
    )


def _nobody_yet(desk: Desk) -> bool:
    """Whether the station's first person, the protection officer, is still to be registered."""
    try:
        return not desk.decisions().has_officer
    except BroadcasterError:
        return False


ROUTES: Sequence[HTTPRouteHandler] = (first, sign_in_page, sign_in, sign_out, choose_language)
