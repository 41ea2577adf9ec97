"""A form with a recording, read piece by piece: its words into memory, the recording straight to the disk.

What is larger than the station takes, or than the disk has room for, ends the reading; what had come lies in a folder that goes
with the request. The file is never called by the name that came with it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from litestar import Request
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from broadcaster.errors import BadInput
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.sound.findings import refused
from broadcaster.sound.room import NoRoom, check_room

RECORDING = "recording"
"""The form's field that brings it; there may be several, of which one is filled."""
LONGEST_WORD = 4000
"""Bytes of one field."""
MOST_FIELDS = 200
AT_ONCE = 1 << 20
"""Bytes gathered before they are written."""
OVERHEAD = 64 * 1024
"""What a form has beside its recording, in bytes, at most."""


class Broken(BadInput):
    """The connection ended in the middle, or what came is no form."""

    sentence: ClassVar[str] = N_("The recording did not arrive whole, so nothing of it was kept. Send it again.")


class NoRecording(BadInput):
    """The form came without a file."""

    sentence: ClassVar[str] = N_("No recording came with it, so nothing was added. Choose the file, or record one.")


class TwoRecordings(BadInput):
    """Which one is meant is not guessed."""

    sentence: ClassVar[str] = N_("Two recordings came at once, so none was kept. Send them one after the other.")


@dataclass
class Sent:
    """What a form brought."""

    words: dict[str, list[str]] = field(default_factory=dict)
    called: str = ""
    """The file's name as its sender has it, fit to be shown; empty while none has come."""
    size: int = 0


Opened = Callable[[Sent], None]
"""Called with the words that came before the recording, or with all where none came; what it raises ends the reading."""


async def read(request: Request[Any, Any, Any], target: Path, most: int, opened: Opened) -> Sent:
    """Read the request's form; the recording lies at ``target`` afterwards.

    :raises Broken, NoRecording: as they say.
    :raises Refused: it is too large for the station (``most`` bytes) or for the disk.
    """
    sent = Sent()
    parser = _parser(request)
    if parser is None:
        opened(sent)
        raise Broken
    _promised(request, target.parent, most)
    try:
        with target.open("xb") as file, parser:
            pen = _Pen(file, target.parent, most, sent)
            async for piece in request.stream():
                for event in parser.parse(piece) if piece else ():
                    await _take(event, pen, opened)
            await pen.put()
    except (MultipartError, UnicodeDecodeError):
        raise Broken from None
    if not sent.called:
        opened(sent)
        raise NoRecording
    return sent


def _parser(request: Request[Any, Any, Any]) -> PushMultipartParser | None:
    """``None``: what comes is no such form."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or not options.get("boundary"):
        return None
    return PushMultipartParser(options["boundary"], max_segment_count=MOST_FIELDS, strict=True)


def _promised(request: Request[Any, Any, Any], folder: Path, most: int) -> None:
    """Return unless the request says itself that it is too large."""
    said = request.headers.get("content-length", "")
    size = int(said) if said.isdecimal() else 0
    if size > most + OVERHEAD:
        raise refused("too_large", name=_nameless(), limit_mb=most // 1_000_000)
    _room_for(folder, size, _nameless())


def _nameless() -> str:
    return _("the recording")


def _room_for(folder: Path, more: int, name: str) -> None:
    try:
        check_room(folder, more)
    except NoRoom:
        raise refused("no_room", name=name, needed_mb=-(-more // 1_000_000)) from None


async def _take(event: MultipartSegment | bytes | bytearray | None, pen: "_Pen", opened: Opened) -> None:
    if isinstance(event, MultipartSegment):
        pen.begin(event, opened)
    elif event is None:
        pen.end()
    else:
        await pen.write(event)


class _Pen:
    """Writes down what comes: the part that is coming now, and all before it."""

    def __init__(self, file: BinaryIO, folder: Path, most: int, sent: Sent) -> None:
        self._file, self._folder, self._most, self._sent = file, folder, most, sent
        self._name: str | None = None
        """Of the field that is coming; ``None``: the recording is."""
        self._word = bytearray()
        self._gathered = bytearray()

    def begin(self, segment: MultipartSegment, opened: Opened) -> None:
        self._name, self._word = segment.name, bytearray()
        if segment.filename:
            if self._sent.called or segment.name != RECORDING:
                raise TwoRecordings
            opened(self._sent)
            self._sent.called = shown(segment.filename.replace("\\", "/").rpartition("/")[2].strip()) or _nameless()
            self._name = None

    async def write(self, piece: bytes | bytearray) -> None:
        if self._name is not None:
            self._word += piece
            if len(self._word) > LONGEST_WORD:
                raise Broken
            return
        self._sent.size += len(piece)
        if self._sent.size > self._most:
            raise refused("too_large", name=self._sent.called, limit_mb=self._most // 1_000_000)
        self._gathered += piece
        if len(self._gathered) >= AT_ONCE:
            await self.put()

    def end(self) -> None:
        if self._name is not None:
            self._sent.words.setdefault(self._name, []).append(self._word.decode())
        self._name = ""

    async def put(self) -> None:
        """On the disk with it, beside everything else that this process does."""
        piece, self._gathered = bytes(self._gathered), bytearray()
        if piece:
            _room_for(self._folder, len(piece), self._sent.called)
            await asyncio.to_thread(self._file.write, piece)
