"""An episode's sound and its picture. Who listens to what has not aired is on record before the first byte goes out."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Response, Stream

from broadcaster.journal.events import Admitted, EpisodeHeard
from broadcaster.library.audible import may_be_heard
from broadcaster.library.catalogue import master_path
from broadcaster.library.decisions import APPROVERS, DECISIONS, decide
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber, Role, Sha256
from broadcaster.web.desk import Desk
from broadcaster.web.doors import SIGNED_IN, open_to
from broadcaster.web.library.byterange import Span, wanted
from broadcaster.web.library.picture import drawn
from broadcaster.web.refusals import TurnedAway
from broadcaster.web.visitor import Visitor

EARS = (*APPROVERS, Role.COORDINATOR)
"""Who may listen to every episode; a producer to what she made."""
ONE_LISTENING = timedelta(hours=1)
"""A browser asks for a file piece by piece: so long it is one listening, and one row."""
BLOCK = 1 << 16


class NotForHerEars(TurnedAway):
    """It has not aired, and she neither made it nor decides about it."""

    sentence: ClassVar[str] = N_(
        "{code} may listen to what she made, and episode {number} was made by others. Ask the protection officer."
    )


class Listeners:
    """Who listens to what just now, so that each listening is one row. Safe from any thread."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, Sha256], datetime] = {}
        self._lock = threading.Lock()

    def record(self, desk: Desk, admitted: Admitted, code: str) -> None:
        """Put a listening on record unless it is one that goes on; nothing is remembered that could not be written."""
        key, now = (code, admitted.master_sha256), desk.now()
        with self._lock:
            self._since = {each: since for each, since in self._since.items() if now - since < ONE_LISTENING}
            if key in self._since:
                return
            with desk.journal() as journal:
                journal.append(EpisodeHeard(admitted.episode, admitted.revision, admitted.master_sha256, code))
            self._since[key] = now

    def forget(self) -> None:
        """Whoever listens next is a new row."""
        with self._lock:
            self._since.clear()


LISTENERS = Listeners()


def may_listen(admitted: Admitted, visitor: Visitor) -> bool:
    """Whether this visitor may listen to this master. Pure."""
    return visitor.may(*EARS) or (visitor.may(Role.PRODUCER) and visitor.code in admitted.defenders)


@get("/library/episodes/{number:int}/audio", **open_to(*EARS, Role.PRODUCER), sync_to_thread=True)
def audio(request: Request[Any, Any, Any], desk: Desk, visitor: Visitor, number: FromPath[int]) -> Response[Any]:
    """The master, whole or a range of it."""
    admitted = may_be_heard(desk.station, decide(desk.rows(DECISIONS)), EpisodeNumber(number))
    if not may_listen(admitted, visitor):
        raise NotForHerEars(code=visitor.code, number=number)
    path = master_path(desk.station, number)
    size = path.stat().st_size
    span = wanted(request.headers.get("range"), size)
    if span is None:
        return Response(None, status_code=416, headers={"Content-Range": f"bytes */{size}"})
    LISTENERS.record(desk, admitted, visitor.code)
    return _sent(path, span, size)


def _sent(path: Path, span: Span, size: int) -> Stream:
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(span.length)}
    if span.length < size:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    status = 206 if span.length < size else 200
    return Stream(_blocks(path, span), media_type="audio/flac", status_code=status, headers=headers)


def _blocks(path: Path, span: Span) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(span.first)
        left = span.length
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block


@get("/library/episodes/{number:int}/waveform.svg", **SIGNED_IN, sync_to_thread=True)
def waveform(desk: Desk, number: FromPath[int]) -> Response[bytes]:
    """The picture of its newest revision."""
    admitted = may_be_heard(desk.station, decide(desk.rows(DECISIONS)), EpisodeNumber(number))
    return Response(drawn(desk.station, admitted), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


ROUTES: tuple[HTTPRouteHandler, ...] = (audio, waveform)
