"""MPEG transport and programme streams (ISO 13818-1): the sound of what camcorders film. Nothing in them says how long."""

from typing import BinaryIO

from broadcaster.sound.containers.layout import Layout

PACK = b"\0\0\x01\xba"
"""How a programme stream begins."""
_SYNC = 0x47
_SURE = 8
"""Packets in a row that prove a transport stream."""
_PACKET, _STAMPED = 188, 192
"""Bytes of a packet; of one with a time stamp before it, as on a camera's card."""


def transport_packet(file: BinaryIO, size: int) -> int | None:
    """Bytes of a packet, where a transport stream begins."""
    for length in (_PACKET, _STAMPED):
        starts = range(length - _PACKET, min(size, _SURE * length), length)
        if len(starts) > 4 and all(_byte_at(file, start) == _SYNC for start in starts):
            return length
    return None


def _byte_at(file: BinaryIO, offset: int) -> int:
    file.seek(offset)
    return (file.read(1) or b"\0")[0]


def inspect_transport(file: BinaryIO, size: int) -> Layout:
    """A stream that ends amid a packet was cut."""
    length = transport_packet(file, size) or _PACKET
    return Layout("ts", "mpegts", verifiable=False, cut_last_frame=bool(size % length))


def inspect_programme(_file: BinaryIO, _size: int) -> Layout:
    """A stream may end with a code for it; cameras leave it out."""
    return Layout("mpg", "mpeg", verifiable=False)
