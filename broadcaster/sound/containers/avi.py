"""AVI: the sound of what older cameras film. One RIFF after the other, each with its length.

Its headers' times are of the picture, and those of sound are often wrong: what is whole is told by the bytes alone.
"""

from typing import BinaryIO

from broadcaster.sound.containers.layout import Damaged, Layout

_MOST_PARTS = 1_000
_UNKNOWN = {0, 0xFFFFFFFF}


def inspect(file: BinaryIO, size: int) -> Layout:
    """Walk the RIFF chunks: ``AVI`` and, where it is long, ``AVIX`` (OpenDML, 3.0)."""
    offset = 0
    for _ in range(_MOST_PARTS):
        file.seek(offset)
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:12] not in {b"AVI ", b"AVIX"}:
            return Layout("avi", "avi", junk_bytes=size - offset if size - offset > 1 else 0)
        length = int.from_bytes(head[4:8], "little")
        if length in _UNKNOWN:
            return Layout("avi", "avi", verifiable=False)
        offset += 8 + length + (length & 1)
        if offset > size + 1:
            return Layout("avi", "avi", whole=False)
    raise Damaged
