"""A recording of 30 kB that is hours of work: its tables say that the same few bytes are millions of frames (ISO 14496-12)."""

import struct
from collections.abc import Iterator, Mapping

_INNER = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_FRAME_BYTES = 8
_FRAMES_PER_CHUNK = 1000


def endless(m4a: bytes, chunks: int) -> bytes:
    """``m4a`` with ``chunks`` thousand frames, all of them lying on the same bytes, none of them sound.

    Box after box it is a whole file, and its header still promises the length it had. A million frames cost ffmpeg some
    eight seconds and come to no sound at all, so neither the size of the file nor that of its sound stops it.
    """
    sound = m4a.index(b"mdat") + 4
    noise = _FRAME_BYTES * (_FRAMES_PER_CHUNK + 1)
    spoiled = m4a[:sound] + b"\xff" * noise + m4a[sound + noise :]
    frames = _FRAMES_PER_CHUNK * chunks
    tables: Mapping[bytes, bytes] = {
        b"stsz": struct.pack(">III", 0, _FRAME_BYTES, frames),
        b"stsc": struct.pack(">5I", 0, 1, 1, _FRAMES_PER_CHUNK, 1),
        b"stco": struct.pack(">II", 0, chunks) + struct.pack(">I", sound) * chunks,
        b"stts": struct.pack(">4I", 0, 1, frames, 2),
    }
    return _rewritten(spoiled, tables)


def _rewritten(content: bytes, tables: Mapping[bytes, bytes]) -> bytes:
    """The same boxes with other tables; ``mdat`` stands before them, so no offset changes. Edit lists are left out."""
    parts = []
    for name, body in _boxes(content):
        if name != b"edts":
            new = _rewritten(body, tables) if name in _INNER else tables.get(name, body)
            parts.append(struct.pack(">I", 8 + len(new)) + name + new)
    return b"".join(parts)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset = 0
    while offset + 8 <= len(content):
        length = int.from_bytes(content[offset : offset + 4], "big")
        yield content[offset + 4 : offset + 8], content[offset + 8 : offset + length]
        offset += length
