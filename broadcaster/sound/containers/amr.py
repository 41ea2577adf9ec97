"""AMR voice notes (RFC 4867, section 5): a magic line, then frames of 20 ms whose first byte says how long they are."""

from typing import BinaryIO

from broadcaster.sound.containers.layout import Damaged, Layout

_NARROW = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)
_WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1)
"""Bytes of a frame by its type, its own first byte included."""
_MOST_FRAMES = 2_000_000
_FIXED, _GOOD = 0b1000_0111, 0b0000_0100
"""Of a frame's first byte: bits that are always zero, and the one that says that it is not damaged (section 5.3)."""


def inspect(file: BinaryIO, size: int) -> Layout:
    """Walk the frames; the format says nowhere how many there are."""
    file.seek(0)
    wide = file.read(9) == b"#!AMR-WB\n"
    offset, sizes = (9, _WIDE) if wide else (6, _NARROW)
    lost = 0
    for _ in range(_MOST_FRAMES):
        file.seek(offset)
        head = file.read(1)
        length = sizes[head[0] >> 3 & 0x0F] if head else 0
        if not head or offset + length > size:
            return Layout("amr", "amr", verifiable=False, cut_last_frame=bool(head), lost_frames=lost)
        lost += head[0] & _FIXED != _GOOD
        offset += length
    raise Damaged
