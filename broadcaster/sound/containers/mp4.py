"""MP4, M4A, 3GP (ISO 14496-12): boxes that tile the file; a recording needs ``moov`` (its index) and ``mdat`` (its sound)."""

from typing import BinaryIO

from broadcaster.model import Seconds
from broadcaster.sound.containers.layout import Damaged, Layout

_MOST_BOXES = 100_000
_TOP = frozenset(
    b"ftyp styp moov moof mfra mdat free skip wide udta meta uuid sidx ssix prft emsg pdin pnot PICT".split()
)
"""Boxes that may stand at the top; anything else there is junk."""


def inspect(file: BinaryIO, size: int) -> Layout:
    """Walk the top-level boxes; read the length from ``moov/mvhd``."""
    offset, seen, promised = 0, set[bytes | None](), None
    whole = True
    for _ in range(_MOST_BOXES):
        head, length = _box(file, offset, size)
        if head not in _TOP:
            break
        if head == b"moov" and head not in seen:  # one is all that a file may have
            promised = _length(file, offset + 8, offset + length)
        seen.add(head)
        whole = offset + length <= size
        offset += length
        if not whole or offset >= size:
            break
    complete = {b"moov", b"mdat"} <= seen
    junk = size - offset if whole and complete else 0
    fragmented = b"moof" in seen
    return Layout(
        "mp4",
        "mov",
        whole=whole and complete,
        promised_s=None if fragmented else promised,
        junk_bytes=max(0, junk),
        verifiable=not fragmented,
    )


def _box(file: BinaryIO, offset: int, size: int) -> tuple[bytes | None, int]:
    """Name and length of the box at ``offset``; no name where there is no sensible box."""
    file.seek(offset)
    head = file.read(16)
    if len(head) < 8 or not all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in head[4:8]):
        return None, 0
    length = int.from_bytes(head[:4], "big")
    if length == 1 and len(head) == 16:
        length = int.from_bytes(head[8:], "big")
    elif length == 0:
        length = size - offset
    return (head[4:8], length) if length >= 8 else (None, 0)


def _length(file: BinaryIO, offset: int, end: int) -> Seconds | None:
    """Duration of the whole presentation from ``mvhd``; ``None`` when unknown or absent.

    Raises :class:`~broadcaster.sound.containers.layout.Damaged` for more boxes than any file has.
    """
    for _ in range(_MOST_BOXES):
        if offset + 8 > end:
            return None
        head, length = _box(file, offset, end)
        if head is None:
            return None
        if head == b"mvhd":
            return _mvhd(file, offset + 8)
        offset += length
    raise Damaged


def _mvhd(file: BinaryIO, offset: int) -> Seconds | None:
    file.seek(offset)
    body = file.read(32)
    if len(body) < 32:
        return None
    if body[0] == 1:
        scale, duration = int.from_bytes(body[20:24], "big"), int.from_bytes(body[24:32], "big")
    else:
        scale, duration = int.from_bytes(body[12:16], "big"), int.from_bytes(body[16:20], "big")
    unknown = duration in {0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF}
    return None if unknown or not scale else Seconds(duration / scale)
