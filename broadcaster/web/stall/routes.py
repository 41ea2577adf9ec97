"""The stall's addresses: one screen, what keeps it current, and a touch for each order."""

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Response, ServerSentEvent, ServerSentEventMessage
from markupsafe import Markup

from broadcaster.clock.belief import RELEASED
from broadcaster.errors import BroadcasterError
from broadcaster.hub.qr import as_svg
from broadcaster.hub.telling import message_of
from broadcaster.locale import gettext as _
from broadcaster.locale import speaking
from broadcaster.playout.control import Answer
from broadcaster.playout.orders import Status
from broadcaster.web.desk import Desk
from broadcaster.web.doors import STALL
from broadcaster.web.pages import csrf_field, go, page, rendered
from broadcaster.web.signing import Form
from broadcaster.web.stall import orders
from broadcaster.web.stall.known import stall_of
from broadcaster.web.stall.shown import FACTS
from broadcaster.web.stall.words import said
from broadcaster.web.visitor import Visitor
from broadcaster.web.watch import watch

HOME = "/stall"
EVERY_S = 15
"""What depends on the minute is drawn again so often."""
PATIENCE_S = 45
"""A screen that has heard nothing for so long has lost the computer, which says something at least every fifteen seconds."""


@get(HOME, sync_to_thread=True, **STALL)
def screen(desk: Desk, visitor: Visitor) -> Response[str]:
    """The whole page."""
    part = drawn(desk, visitor.language, _asked(desk), str(csrf_field(visitor)))
    live = Markup(_stamped(desk, part))  # noqa: S704  a template's own text, escaped there
    return page("stall/screen.html", desk, visitor, part=live, patience=PATIENCE_S)


@get(f"{HOME}/events", **STALL)
async def events(desk: Desk, visitor: Visitor) -> ServerSentEvent:
    """The part that changes, whenever it has."""
    return ServerSentEvent(_parts(desk, visitor.language))


async def _parts(desk: Desk, spoken: str) -> AsyncIterator[ServerSentEventMessage]:
    before = ""
    with speaking(spoken):
        async for moment in watch(desk):
            key = ("stall", spoken, int(desk.clock.now().monotonic_s) // EVERY_S)
            part = await moment.once(key, partial(drawn, desk, spoken, moment.status))
            if part != before:
                before = part
                yield ServerSentEventMessage(event="screen", data=_stamped(desk, part))
            else:
                yield ServerSentEventMessage(event="still", data="the same")


def _stamped(desk: Desk, part: str) -> str:
    """With the computer's time, by which the script counts: a phone's may be another."""
    return f'<p hidden data-now="{desk.clock.now().utc.isoformat()}"></p>{part}'


def drawn(desk: Desk, spoken: str, status: Answer | None, csrf: str = "") -> str:
    """The part that changes, as it is now."""
    stall = stall_of(desk)
    try:
        shown = stall.screen(desk, status)
        health = stall.health(desk)
        facts: dict[str, Any] = {"screen": shown, "health": health, "problem": "", "wrong": shown.now < RELEASED}
    except BroadcasterError as problem:
        facts = {"screen": None, "health": None, "problem": said(problem), "wrong": False}
    facts["unlisted"] = stall.unlisted(status, facts["screen"])
    return rendered("stall/markets.html", language=spoken, csrf=Markup(csrf), **FACTS, **facts)  # noqa: S704  our own


def _asked(desk: Desk) -> Answer | None:
    try:
        return desk.messenger().ask(Status())
    except BroadcasterError:
        return None


@get(f"{HOME}/{{market:str}}/message", sync_to_thread=True, **STALL)
def message(market: FromPath[str], desk: Desk, visitor: Visitor) -> Response[str]:
    """What she sends to the coordination about the last airing, as a picture for her phone's camera."""
    known = orders.here(desk, market)
    told = message_of(desk.station, market=known.id)
    picture = as_svg(told.link, _("The message, as a code for the camera"))
    return page(
        "stall/message.html",
        desk,
        visitor,
        message=told,
        picture=Markup(picture),  # noqa: S704  drawn by us
        place=known.name,
    )


# A touch each


@post(f"{HOME}/{{market:str}}/stop", sync_to_thread=True, status_code=303, **STALL)
def stop(market: FromPath[str], desk: Desk, visitor: Visitor) -> Response[None]:
    """DETENER."""
    return _done(desk, visitor, lambda: orders.stop(desk, market))


@post(f"{HOME}/{{market:str}}/pause", sync_to_thread=True, status_code=303, **STALL)
def pause(market: FromPath[str], desk: Desk, visitor: Visitor) -> Response[None]:
    """PAUSAR."""
    return _done(desk, visitor, lambda: orders.pause(desk, market))


@post(f"{HOME}/{{market:str}}/resume", sync_to_thread=True, status_code=303, **STALL)
def resume(market: FromPath[str], desk: Desk, visitor: Visitor) -> Response[None]:
    """REANUDAR."""
    return _done(desk, visitor, lambda: orders.resume(desk, market))


@post(f"{HOME}/{{market:str}}/safety", sync_to_thread=True, status_code=303, **STALL)
def safety(market: FromPath[str], desk: Desk, visitor: Visitor) -> Response[None]:
    """Detener por seguridad."""
    return _done(desk, visitor, lambda: orders.safety(desk, market))


@post(f"{HOME}/{{market:str}}/test", sync_to_thread=True, status_code=303, **STALL)
def test(market: FromPath[str], desk: Desk, visitor: Visitor) -> Response[None]:
    """PROBAR."""
    return _done(desk, visitor, lambda: orders.test(desk, market))


@post(f"{HOME}/{{market:str}}/now", sync_to_thread=True, status_code=303, **STALL)
def now(market: FromPath[str], data: Form, desk: Desk, visitor: Visitor) -> Response[None]:
    """EMITIR AHORA."""
    return _done(desk, visitor, lambda: orders.now(desk, market, data.get("airing", "")))


@post(f"{HOME}/{{market:str}}/heard", sync_to_thread=True, status_code=303, **STALL)
def heard(market: FromPath[str], data: Form, desk: Desk, visitor: Visitor) -> Response[None]:
    """BIEN, BAJO, NO."""

    def say() -> orders.Said:
        orders.here(desk, market)
        return orders.how_heard(desk, data.get("airing", ""), data.get("heard", ""))

    return _done(desk, visitor, say)


@post(f"{HOME}/{{market:str}}/volume", sync_to_thread=True, status_code=303, **STALL)
def volume(market: FromPath[str], data: Form, desk: Desk, visitor: Visitor) -> Response[None]:
    """Louder, softer."""
    return _done(desk, visitor, lambda: orders.volume(desk, market, data.get("volume", "")))


@post(f"{HOME}/clock", sync_to_thread=True, status_code=303, **STALL)
def clock(data: Form, desk: Desk, visitor: Visitor) -> Response[None]:
    """SÍ, NO."""
    return _done(desk, visitor, lambda: orders.clock(desk, data.get("answer", ""), data.get("asked", "")))


def _done(desk: Desk, visitor: Visitor, deed: Callable[[], orders.Said]) -> Response[None]:
    """Back to the screen, which says what came of it: who is in a hurry needs her buttons, not a page about an error."""
    try:
        sentence, good = deed()
    except BroadcasterError as refused:
        return go(desk, visitor, HOME, said(refused), "bad")
    return go(desk, visitor, HOME, sentence, "ok" if good else "warn")


ROUTES: Sequence[HTTPRouteHandler] = (
    screen,
    events,
    message,
    stop,
    pause,
    resume,
    safety,
    test,
    now,
    heard,
    volume,
    clock,
)
