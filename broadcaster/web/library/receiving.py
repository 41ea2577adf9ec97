"""*Recibir grabación*: a recording comes from a phone, and whoever sent it is told what was noticed in it.

::

    form ─▶ stage (streamed) ─▶ received (whole, durable) ─▶ «Recibido.» ─▶ workshop ─▶ an episode, or a sentence why not
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery
from litestar.response import Response, ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.library.decisions import Decisions
from broadcaster.library.episode_view import see
from broadcaster.library.helplines import usable
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause
from broadcaster.model import EPISODE_NUMBERS, EpisodeNumber
from broadcaster.production.message import message
from broadcaster.production.received import RECORDING
from broadcaster.production.staging import CannotStore, staging
from broadcaster.web.desk import Desk
from broadcaster.web.doors import FIELD, HEADER, STREAMED, open_to, same_page
from broadcaster.web.library import upload
from broadcaster.web.library.forms import one
from broadcaster.web.library.progress import Phase, Progress
from broadcaster.web.library.submitting import BRINGERS, FOR_OTHERS, kept
from broadcaster.web.library.workshop import Workshop
from broadcaster.web.pages import go, page, rendered
from broadcaster.web.visitor import Visitor

HERE = "/library/receive"
EVERY_S = 0.5
"""How often a page that waits for a recording is told how far it is."""
Asked = Request[Any, Any, Any]


class NotHereAnyMore(BadInput):
    """It was long ago, or another panel has it, or the word is nobody's."""

    sentence: ClassVar[str] = N_(
        "Nothing is known of this recording any more. Look whether it is among the episodes; if not, send it again."
    )


@get(HERE, **open_to(*BRINGERS), sync_to_thread=True)
def form(desk: Desk, visitor: Visitor, episode: FromQuery[int | None] = None) -> Response[str]:
    """Where a recording is chosen or made; ``episode``: it is a new version of that one."""
    station, decisions, today = desk.station, desk.decisions(), desk.now().date()
    return page(
        "library/receive.html",
        desk,
        visitor,
        before=None if episode is None else see(station, desk.now(), EpisodeNumber(episode)),
        number=next_number(decisions),
        codes=_codes(decisions, visitor),
        helplines=[each for each in station.helplines.values() if usable(each, today)],
        most_bytes=station.intake.max_file_bytes,
    )


def next_number(decisions: Decisions) -> int | None:
    """The number that the next episode is likely to have; ``None``: there is none left. Pure."""
    highest = max(decisions.numbers(), default=0)
    return next((number for number in EPISODE_NUMBERS if number > highest), None)


def _codes(decisions: Decisions, visitor: Visitor) -> list[str]:
    """The producers it may be under: her own code, where she does not bring what others hand her."""
    every = sorted(code for code, person in decisions.defenders.items() if not person.retired)
    return every if visitor.may(*FOR_OTHERS) else [visitor.code]


@post(HERE, **open_to(*BRINGERS), **STREAMED, request_max_body_size=None)
async def receive(request: Asked, desk: Desk, visitor: Visitor) -> Response[None]:
    """The recording comes, and is received once it is whole and safe."""
    workshop = _workshop(request)
    workshop.has_room()
    station = await asyncio.to_thread(lambda: desk.station)

    def opened(sent: upload.Sent) -> None:
        same_page(visitor, request.headers.get(HEADER) or one(sent.words, FIELD))

    async with _coming(station) as folder:
        sent = await upload.read(request, folder / RECORDING, station.intake.max_file_bytes, opened)
        received = await asyncio.to_thread(kept, desk, visitor, folder, sent.words, sent.called)
    workshop.take(received)
    return go(desk, visitor, f"{HERE}/{received.id}")


@asynccontextmanager
async def _coming(station: Station) -> AsyncIterator[Path]:
    """A folder for what is coming; whatever is left in it goes with the request, or with a process that is killed.

    It may have to be waited for, while another recording takes its place: not by everybody else's pages.
    """
    with ExitStack() as held:
        try:
            stage = await asyncio.to_thread(held.enter_context, staging(station))
            folder = stage / "coming"
            folder.mkdir()
            yield folder
        except OSError as problem:
            raise CannotStore(problem=clause(problem)) from problem


@get(HERE + "/{id_:str}", **open_to(*BRINGERS), sync_to_thread=True)
def received(request: Asked, desk: Desk, visitor: Visitor, id_: FromPath[str]) -> Response[str]:
    """That it was received, and what became of it so far."""
    progress = _progress(_workshop(request), id_)
    return page("library/received.html", desk, visitor, **_facts(desk, progress))


@get(HERE + "/{id_:str}/events", **open_to(*BRINGERS))
async def events(request: Asked, desk: Desk, visitor: Visitor, id_: FromPath[str]) -> ServerSentEvent:
    """The same, whenever there is something new, until there is nothing more to come."""
    workshop = _workshop(request)
    _progress(workshop, id_)
    return ServerSentEvent(_told(desk, visitor, workshop, id_))


async def _told(desk: Desk, visitor: Visitor, workshop: Workshop, id_: str) -> AsyncIterator[ServerSentEventMessage]:
    before: Progress | None = None
    while before is None or not before.over:
        now = _progress(workshop, id_)
        if now != before:
            text = await asyncio.to_thread(_fragment, desk, visitor, now)
            yield ServerSentEventMessage(data=text, event="received")
        before = now
        await asyncio.sleep(EVERY_S)


def _fragment(desk: Desk, visitor: Visitor, progress: Progress) -> str:
    return rendered("library/_received.html", language=visitor.language, **_facts(desk, progress))


def _facts(desk: Desk, progress: Progress) -> dict[str, Any]:
    facts: dict[str, Any] = {"progress": progress, "phase": progress.phase.value, "message": "", "seen": None}
    if progress.phase is Phase.ADMITTED:
        seen = see(desk.station, desk.now(), EpisodeNumber(progress.number))
        told = message(seen["episode"], seen["revision"], seen["duration_s"] or 0.0, seen["findings"])
        facts |= {"seen": seen, "message": told}
    return facts


def _workshop(request: Asked) -> Workshop:
    workshop = request.app.state["workshop"]
    assert isinstance(workshop, Workshop)  # noqa: S101  the panel's beginning put it there
    return workshop


def _progress(workshop: Workshop, id_: str) -> Progress:
    progress = workshop.progress(id_)
    if progress is None:
        raise NotHereAnyMore
    return progress


ROUTES: tuple[HTTPRouteHandler, ...] = (form, receive, received, events)
