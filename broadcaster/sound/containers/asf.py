"""ASF: WMA and WMV, as older recorders and computers write them (Advanced Systems Format, revision 1.20).

Its header's play duration is that of the longest stream, which may be a film's.
"""

import struct
from typing import BinaryIO

from broadcaster.model import Seconds
from broadcaster.sound.containers.layout import Damaged, Layout

HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_MOST_OBJECTS = 10_000
_BROADCAST = 1
"""Flag of what was sent out as it was recorded: its lengths were never filled in."""
_SLACK_S = 0.12
"""A WMA decoder keeps its first one or two frames to itself."""


def inspect(file: BinaryIO, size: int) -> Layout:
    """The data object behind the header must be there to its end."""
    file.seek(16)
    header_end = int.from_bytes(file.read(8), "little")
    promised_s = _length(file, min(header_end, size))
    file.seek(min(header_end, size))
    head = file.read(24)
    if len(head) < 24:
        return Layout("asf", "asf", whole=False)
    if head[:16] != _DATA:
        raise Damaged
    length = int.from_bytes(head[16:], "little")
    if promised_s is None or not length:
        return Layout("asf", "asf", verifiable=False)
    return Layout("asf", "asf", whole=header_end + length <= size, promised_s=promised_s, slack_s=_SLACK_S)


def _length(file: BinaryIO, end: int) -> Seconds | None:
    """What the file's properties promise; ``None`` where they were never filled in."""
    offset = 30
    for _ in range(_MOST_OBJECTS):
        if offset + 24 > end:
            return None
        file.seek(offset)
        name, length = struct.unpack("<16sQ", file.read(24))
        if name == _PROPERTIES:
            return _played(file.read(68))
        offset += max(24, length)
    raise Damaged


def _played(body: bytes) -> Seconds | None:
    """Play duration (100 ns) less the pre-roll (ms) in it."""
    if len(body) < 68:
        return None
    duration, _sent, preroll_ms, flags = struct.unpack("<QQQI", body[40:68])
    seconds = duration / 1e7 - preroll_ms / 1e3
    return None if flags & _BROADCAST or seconds <= 0 else Seconds(seconds)
