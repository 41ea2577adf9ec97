"""Ogg: pages with a serial number, a count and flags; the last page of each stream says that it is the last (RFC 3533)."""

from dataclasses import dataclass, field
from typing import BinaryIO

from broadcaster.model import Seconds
from broadcaster.sound.containers.layout import Damaged, Layout

_HEADER = 27
_FIRST, _LAST = 0x02, 0x04
_NO_GRANULE = (1 << 64) - 1
_MOST_PAGES = 2_000_000
"""Twice four hours of pages with one short packet each."""
_MOST_STREAMS = 10_000
"""Chained one behind the other, as a radio station's dump of a day may hold; each is remembered."""
_LATE_START_S = 10.0
"""A stream whose first page already counts more sound was cut out of a longer one: its counts promise nothing."""


@dataclass
class _Stream:
    rate_hz: int
    skip: int
    begun: int | None = None
    reached: int = 0
    ended: bool = False
    next_page: int | None = None
    lost_pages: int = 0


@dataclass
class _Walk:
    streams: dict[int, _Stream] = field(default_factory=dict)
    end: int = 0
    """End of the last complete page."""
    cut: bool = False


def inspect(file: BinaryIO, size: int) -> Layout:
    """Walk all pages: every stream must reach its own last page."""
    walk = _pages(file, size)
    sound = [stream for stream in walk.streams.values() if stream.rate_hz]
    if not walk.streams:
        raise Damaged
    whole = not walk.cut and all(stream.ended for stream in walk.streams.values())
    junk = size - walk.end if whole else 0
    return Layout(
        "ogg",
        "ogg",
        whole=whole,
        promised_s=_promised(sound),
        end=walk.end if junk else None,
        junk_bytes=junk,
        lost_frames=sum(stream.lost_pages for stream in sound),
    )


def _promised(sound: list[_Stream]) -> Seconds | None:
    """Sound of chained streams one after the other."""
    total = 0.0
    for stream in sound:
        if stream.begun is None or stream.begun > _LATE_START_S * stream.rate_hz:
            return None
        total += max(0, stream.reached - stream.skip) / stream.rate_hz
    return Seconds(total) if sound else None


def _pages(file: BinaryIO, size: int) -> _Walk:
    walk, offset, pages = _Walk(), 0, 0
    while offset < size:
        if (pages := pages + 1) > _MOST_PAGES:
            raise Damaged
        file.seek(offset)
        head = file.read(_HEADER)
        if head[:4] != b"OggS":
            offset = _next_page(file, offset + 1, size)
            continue
        table = file.read(head[26]) if len(head) == _HEADER else b""
        after = offset + _HEADER + len(table) + sum(table)
        if len(head) < _HEADER or len(table) < head[26] or after > size:
            walk.cut = True
            break
        _take(walk, head, file.read(min(64, sum(table))))
        if len(walk.streams) > _MOST_STREAMS:
            raise Damaged
        walk.end = offset = after
    return walk


def _take(walk: _Walk, head: bytes, body: bytes) -> None:
    granule = int.from_bytes(head[6:14], "little")
    serial = int.from_bytes(head[14:18], "little")
    number = int.from_bytes(head[18:22], "little")
    if head[5] & _FIRST or serial not in walk.streams:
        walk.streams[serial] = _Stream(*_rate_and_skip(body))
    stream = walk.streams[serial]
    if stream.next_page is not None and number > stream.next_page:
        stream.lost_pages += number - stream.next_page
    stream.next_page = number + 1
    stream.ended = stream.ended or bool(head[5] & _LAST)
    if granule not in {0, _NO_GRANULE}:
        stream.begun = granule if stream.begun is None else stream.begun
        stream.reached = granule


def _rate_and_skip(packet: bytes) -> tuple[int, int]:
    """Units of the granule position per second, and how many of them are not sound; 0 for what is no sound."""
    if packet[:8] == b"OpusHead":
        return 48_000, int.from_bytes(packet[10:12], "little")
    if packet[:7] == b"\x01vorbis":
        return int.from_bytes(packet[12:16], "little"), 0
    if packet[:5] == b"\x7fFLAC":
        return int.from_bytes(packet[27:35], "big") >> 44, 0
    return 0, 0


def _next_page(file: BinaryIO, offset: int, size: int) -> int:
    """Offset of the next capture pattern, or ``size``."""
    while offset < size:
        file.seek(offset)
        block = file.read(1 << 16)
        found = block.find(b"OggS")
        if found >= 0:
            return offset + found
        offset += max(1, len(block) - 3)
    return size
