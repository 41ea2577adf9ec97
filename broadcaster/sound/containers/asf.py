"""ASF: WMA and WMV, as older recorders and computers write them (Advanced Systems Format, revision 1.20).

Its header's play duration is that of the longest stream, which may be a picture's, and a decoder gives up to 50 ms less than it
promises: what is whole is told by the bytes alone.
"""

import struct
from typing import BinaryIO

from broadcaster.sound.containers.layout import Damaged, Layout

HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_MOST_OBJECTS = 10_000
_BROADCAST = 1
"""Flag of what was sent out as it was recorded: its lengths were never filled in."""


def inspect(file: BinaryIO, size: int) -> Layout:
    """The data object behind the header must be there to its end."""
    file.seek(16)
    header_end = int.from_bytes(file.read(8), "little")
    finished = _finished(file, min(header_end, size))
    file.seek(min(header_end, size))
    head = file.read(24)
    if len(head) < 24:
        return Layout("asf", "asf", whole=False)
    if head[:16] != _DATA:
        raise Damaged
    length = int.from_bytes(head[16:], "little")
    if not finished or not length:
        return Layout("asf", "asf", verifiable=False)
    return Layout("asf", "asf", whole=header_end + length <= size)


def _finished(file: BinaryIO, end: int) -> bool:
    """Whether the file's properties say that it was written to its end."""
    offset = 30
    for _ in range(_MOST_OBJECTS):
        if offset + 24 > end:
            return False
        file.seek(offset)
        name, length = struct.unpack("<16sQ", file.read(24))
        if name == _PROPERTIES:
            flags = file.read(68)[64:68]
            return not int.from_bytes(flags, "little") & _BROADCAST
        offset += max(24, length)
    raise Damaged
