"""RIFF/WAVE: chunks in a chunk, each with its length; what is promised and not there is missing."""

from typing import BinaryIO

from broadcaster.model import Seconds
from broadcaster.sound.containers.layout import Damaged, Layout

_UNKNOWN = {0, 0xFFFFFFFF}
"""Lengths written by programs that could not come back to fill them in."""
_MOST_CHUNKS = 10_000


def inspect(file: BinaryIO, size: int) -> Layout:
    """Walk the chunks up to ``data`` and compare its length with the file's."""
    file.seek(0)
    head = file.read(8)
    long_form, riff_end = head[:4] != b"RIFF", 8 + int.from_bytes(head[4:], "little")
    offset, bytes_per_s, long_size = 12, 0, 0
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
            bytes_per_s = int.from_bytes(file.read(12)[8:], "little")
        elif name == b"data":
            sound = long_size if long_form and length in _UNKNOWN else length
            return _judge(size, body, sound, bytes_per_s, size if long_form else riff_end)
        offset = body + length + (length & 1)
    raise Damaged


def _judge(size: int, body: int, length: int, bytes_per_s: int, riff_end: int) -> Layout:
    """Junk is what stands behind the end of the outermost chunk, where that end can be believed."""
    if not bytes_per_s:
        raise Damaged
    if length in _UNKNOWN:
        return Layout("wav", "wav", verifiable=False)
    promised = Seconds(length / bytes_per_s)
    junk = max(0, size - riff_end - 1) if riff_end >= body + length else 0
    return Layout("wav", "wav", whole=body + length <= size, promised_s=promised, junk_bytes=junk)
