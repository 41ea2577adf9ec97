"""Which container is it? Its first bytes decide, from a closed list."""

from collections.abc import Callable
from typing import BinaryIO

from broadcaster.sound.containers import adts, amr, flac, mp3, mp4, ogg, wav, webm
from broadcaster.sound.containers.layout import Layout
from broadcaster.sound.containers.tags import id3v2_bytes

Inspect = Callable[[BinaryIO, int], Layout]


def look(file: BinaryIO, size: int) -> Layout | None:
    """The layout of an open file of ``size`` bytes; ``None`` when it is no container of the list.

    Raises :class:`~broadcaster.sound.containers.layout.Damaged`.
    """
    file.seek(0)
    inspect = _by_magic(file.read(16)) or _by_frames(file, size)
    return inspect(file, size) if inspect else None


def _by_magic(head: bytes) -> Inspect | None:
    if head[:4] in {b"RIFF", b"RF64", b"BW64"} and head[8:12] == b"WAVE":
        return wav.inspect
    if head[:4] == b"fLaC":
        return flac.inspect
    if head[:4] == b"OggS":
        return ogg.inspect
    if head[4:8] == b"ftyp":
        return mp4.inspect
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return webm.inspect
    if head[:5] == b"#!AMR":
        return amr.inspect
    return None


def _by_frames(file: BinaryIO, size: int) -> Inspect | None:
    """MPEG audio and ADTS have no magic: several frames in a row, each where the one before says, are as good."""
    start = id3v2_bytes(file, 0)
    file.seek(start)
    if start and file.read(4) == b"fLaC":
        return flac.inspect
    if adts.starts(file, start):
        return adts.inspect
    return mp3.inspect if mp3.first_frame(file, start, size) is not None else None
