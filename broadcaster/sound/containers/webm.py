"""WebM and Matroska (RFC 9559): a Segment whose length is known, or was never filled in by a browser that recorded it."""

from typing import BinaryIO

from broadcaster.sound.containers.layout import Damaged, Layout

_SEGMENT = b"\x18\x53\x80\x67"


def inspect(file: BinaryIO, size: int) -> Layout:
    """Compare the Segment's length with the file's."""
    file.seek(4)
    length, width, _ = _number(file)
    offset = 4 + width + length
    file.seek(offset)
    if file.read(4) != _SEGMENT:
        raise Damaged
    length, width, unknown = _number(file)
    if unknown:
        return Layout("webm", "matroska", verifiable=False)
    end = offset + 4 + width + length
    return Layout("webm", "matroska", whole=end <= size, junk_bytes=max(0, size - end))


def _number(file: BinaryIO) -> tuple[int, int, bool]:
    """A variable-length number: value, its own bytes, and whether it means "unknown" (all ones; RFC 8794, section 6.2)."""
    first = file.read(1)
    if not first or not first[0]:
        raise Damaged
    width = 9 - first[0].bit_length()
    rest = file.read(width - 1)
    if len(rest) < width - 1:
        raise Damaged
    value = int.from_bytes(bytes([first[0] & (0xFF >> width)]) + rest, "big")
    return value, width, value == (1 << 7 * width) - 1
