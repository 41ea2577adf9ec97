"""RIFF/WAVE: chunks in a chunk, each with its length; what is promised and not there is missing."""

from typing import BinaryIO, NamedTuple

from broadcaster.model import Seconds
from broadcaster.sound.containers.layout import Damaged, Layout

_UNKNOWN = {0, 0xFFFFFFFF}
"""Lengths written by programs that could not come back to fill them in."""
_MOST_CHUNKS = 10_000


class _Format(NamedTuple):
    """The ``fmt`` chunk."""

    tag: int
    channels: int
    bytes_per_s: int


_PCM = {0x0001, 0x0003, 0x0006, 0x0007, 0xFFFE}
"""Format tags whose bytes per second can be believed: integers, floats, A-law, µ-law, extensible."""


def inspect(file: BinaryIO, size: int) -> Layout:
    """Walk the chunks up to ``data`` and compare its length with the file's."""
    file.seek(0)
    head = file.read(8)
    long_form, riff_end = head[:4] != b"RIFF", 8 + int.from_bytes(head[4:], "little")
    offset, form, long_size = 12, None, 0
    for _ in range(_MOST_CHUNKS):
        file.seek(offset)
        head = file.read(8)
        if len(head) < 8:
            return Layout("wav", "wav", whole=False)
        name, length = head[:4], int.from_bytes(head[4:], "little")
        body = offset + 8
        if name == b"ds64":
            long_size = int.from_bytes(file.read(16)[8:], "little")
        elif name == b"fmt ":
            form = _format(file.read(16))
        elif name == b"data":
            sound = long_size if long_form and length in _UNKNOWN else length
            return _judge(form, sound, body, size, size if long_form else riff_end)
        offset = body + length + (length & 1)
    raise Damaged


def _format(body: bytes) -> _Format | None:
    fields = (body[:2], body[2:4], body[8:12])
    return _Format(*(int.from_bytes(field, "little") for field in fields)) if len(body) == 16 else None


def _judge(form: _Format | None, sound: int, body: int, size: int, riff_end: int) -> Layout:
    """Junk is what stands behind the end of the outermost chunk, where that end can be believed."""
    if form is None or (form.tag in _PCM and not form.bytes_per_s):
        raise Damaged
    if sound in _UNKNOWN:
        return Layout("wav", "wav", channels=form.channels, verifiable=False)
    return Layout(
        "wav",
        "wav",
        whole=body + sound <= size,
        promised_s=Seconds(sound / form.bytes_per_s) if form.tag in _PCM else None,
        junk_bytes=max(0, size - riff_end - 1) if riff_end >= body + sound else 0,
        channels=form.channels,
    )
