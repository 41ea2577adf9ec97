"""Sticks in and out: who is known, what has arrived, until when each may play; one plugged in is written or taken in."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import ClassVar
from weakref import WeakKeyDictionary

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response, ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from broadcaster.errors import UsageError
from broadcaster.hub import sentences
from broadcaster.hub.outgoing import Invited, write_for_box, write_for_office
from broadcaster.hub.pairing import Met
from broadcaster.hub.standing import standing
from broadcaster.hub.visit import Visit, take_in
from broadcaster.journal.events import StickByHand
from broadcaster.journal.events.panel import IN, OUT
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import MarketId
from broadcaster.web.desk import Desk
from broadcaster.web.doors import open_to
from broadcaster.web.office import asked, mounted
from broadcaster.web.office.errand import Errand, Errands, Share
from broadcaster.web.office.files import Form
from broadcaster.web.office.readers import ACTS, DECIDES
from broadcaster.web.pages import go, page, rendered
from broadcaster.web.visitor import Visitor

PATH = "/office/sticks"
EVENTS = f"{PATH}/events"
EVERY_S = 1.0
_errands: "WeakKeyDictionary[Desk, Errands]" = WeakKeyDictionary()


class NoStick(UsageError):
    """The stick was pulled out, or another was meant."""

    sentence: ClassVar[str] = N_(
        "That stick is not plugged in here any more, so nothing was done. Plug it in and choose it."
    )


class WhichMarket(UsageError):
    """An office writes for one market at a time."""

    sentence: ClassVar[str] = N_("A stick is written for one market, so nothing was done. Choose which.")


class CodeFirst(UsageError):
    """Who wrote the stick is not known here yet."""

    sentence: ClassVar[str] = N_(
        "A new key is on the stick, so nothing was changed. Have its code read out at the other computer, "
        "type it beside the stick, and take it in again."
    )


def errands_of(desk: Desk) -> Errands:
    """Of this panel."""
    return _errands.setdefault(desk, Errands(desk.now))


@get(PATH, sync_to_thread=True, **open_to(*DECIDES))
def sticks(desk: Desk, visitor: Visitor) -> Response[str]:
    """How everybody stands to everybody; what can be done here, and by which commands elsewhere."""
    with desk.journal() as journal:
        found = standing(desk.station, journal)
    boxes = {box.market: box for box in found.boxes}
    names = {str(id_): market.name for id_, market in desk.station.markets.items()}
    return page(
        "office/sticks.html",
        desk,
        visitor,
        now=desk.now(),
        standing=found,
        rows=[(id_, name, boxes.get(MarketId(id_))) for id_, name in names.items()],
        names=names,
        errand=errands_of(desk).now,
        events=EVENTS,
        acts=visitor.may(*ACTS),
        plugged=[str(each) for each in mounted.sticks()],
    )


@get(EVENTS, **open_to(*DECIDES))
async def events(desk: Desk, visitor: Visitor) -> ServerSentEvent:
    """How far the copying is, as long as a page looks."""
    return ServerSentEvent(_told(errands_of(desk), visitor.language))


async def _told(errands: Errands, language: str) -> AsyncIterator[ServerSentEventMessage]:
    shown: Errand | None = None
    while True:
        if errands.now is not None and errands.now != shown:
            shown = errands.now
            text = rendered("office/errand.html", language=language, errand=shown)
            yield ServerSentEventMessage(data=text, event="errand")
        await asyncio.sleep(EVERY_S)


@post(f"{PATH}/out", sync_to_thread=True, status_code=303, **open_to(*ACTS))
def write(data: Form, desk: Desk, visitor: Visitor) -> Response[None]:
    """Write the stick, by the same hands as the command line.

    :raises NoStick, WhichMarket, StickAtWork: as they say.
    """
    stick = _plugged(data.get("stick", ""))
    market = MarketId(asked.chosen(data.get("market", ""), desk.station.markets))
    everything = bool(data.get("everything"))
    with desk.journal() as journal:
        to_office = standing(desk.station, journal).office is not None
        if not to_office and not market:
            raise WhichMarket

    def work(share: Share) -> Sequence[str]:
        with desk.journal() as journal:
            journal.append(StickByHand(visitor.code, OUT, market or None))
            if to_office:
                done = write_for_office(
                    desk.station, journal, stick, market or None, everything=everything, share=share
                )
                return list(sentences.of_written(done))
            written = write_for_box(desk.station, journal, stick, market, everything=everything, share=share)
        return list(_of_invited(written) if isinstance(written, Invited) else sentences.of_written(written))

    errands_of(desk).begin(OUT, stick, work)
    return go(desk, visitor, PATH)


@post(f"{PATH}/in", sync_to_thread=True, status_code=303, **open_to(*ACTS))
def take(data: Form, desk: Desk, visitor: Visitor) -> Response[None]:
    """Take in what the stick brings, by the same hands as the command line.

    :raises NoStick, StickAtWork: as they say.
    """
    stick, code = _plugged(data.get("stick", "")), data.get("code", "").strip()

    def ask(_market: str) -> str:
        if not code:
            raise CodeFirst
        return code

    def work(share: Share) -> Sequence[str]:
        with desk.journal() as journal:
            journal.append(StickByHand(visitor.code, IN))
            visit = take_in(desk.station, journal, stick, ask, share=share)
        desk.nudge()
        return list(_of_visit(visit))

    errands_of(desk).begin(IN, stick, work)
    return go(desk, visitor, PATH)


def _plugged(text: str) -> Path:
    found = next((each for each in mounted.sticks() if str(each) == text), None)
    if found is None:
        raise NoStick
    return found


def _of_invited(done: Invited) -> Iterator[str]:
    text = _(
        "The stick carries only this office's key, so that the computer of {market} gets to know it. "
        "Take it there and have it taken in."
    )
    yield text.format(market=done.market)
    yield _("Code of this office, to be read out there: {code}").format(code=done.code)


def _of_visit(visit: Visit) -> Iterator[str]:
    for each in visit.good:
        yield from _of_met(each) if isinstance(each, Met) else sentences.of_taken(each)
    if visit.back is not None:
        yield _("The stick carries this computer's record for the office now: bring it back there.")
    if visit.not_back is not None:
        yield str(visit.not_back)
    yield from sentences.of_messages(visit.messages)
    yield from (f"{each.market}: {each.why}" for each in visit.left)


def _of_met(met: Met) -> Iterator[str]:
    if met.with_office:
        yield _("This computer belongs to the office now: what may sound is decided there.")
        yield _("Code of this computer, to be read out at the office: {code}").format(code=met.code)
        yield _("Take the stick back to the office and have it taken in there.")
    else:
        yield _("The computer of {market} is known here now. Write its stick.").format(market=met.market)


ROUTES: Sequence[HTTPRouteHandler] = (sticks, events, write, take)
