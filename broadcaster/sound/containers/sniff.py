"""Which container is it? Its first bytes decide, from a closed list."""

from collections.abc import Callable
from typing import BinaryIO

from broadcaster.sound.containers import adts, aiff, amr, asf, avi, caf, flac, mp3, mp4, mpeg, ogg, wav, webm
from broadcaster.sound.containers.layout import Layout
from broadcaster.sound.containers.tags import id3v2_bytes

Inspect = Callable[[BinaryIO, int], Layout]
_OLD_QUICKTIME = {b"moov", b"mdat", b"wide", b"pnot"}
"""How a film began before files said what they are (``ftyp``); old cameras still do."""


def look(file: BinaryIO, size: int) -> Layout | None:
    """The layout of an open file of ``size`` bytes; ``None`` when it is no container of the list.

    Raises :class:`~broadcaster.sound.containers.layout.Damaged`.
    """
    file.seek(0)
    inspect = _by_magic(file.read(16)) or _by_frames(file, size)
    return inspect(file, size) if inspect else None


_MAGIC: tuple[tuple[int, bytes, Inspect], ...] = (
    # where, what, whose
    (0, b"fLaC", flac.inspect),
    (0, b"OggS", ogg.inspect),
    (4, b"ftyp", mp4.inspect),
    *((4, box, mp4.inspect) for box in sorted(_OLD_QUICKTIME)),
    (0, b"\x1a\x45\xdf\xa3", webm.inspect),
    (0, b"#!AMR", amr.inspect),
    (0, b"caff\0\x01", caf.inspect),
    (0, asf.HEADER, asf.inspect),
    (0, mpeg.PACK, mpeg.inspect_programme),
)
_FORMS: dict[tuple[bytes, bytes], Inspect] = {
    **{(outer, b"WAVE"): wav.inspect for outer in (b"RIFF", b"RF64", b"BW64")},
    (b"RIFF", b"AVI "): avi.inspect,
    **{(b"FORM", inner): aiff.inspect for inner in (b"AIFF", b"AIFC")},
}
"""Chunks that say in their ninth byte what they hold."""


def _by_magic(head: bytes) -> Inspect | None:
    if (form := (head[:4], head[8:12])) in _FORMS:
        return _FORMS[form]
    return next((inspect for at, magic, inspect in _MAGIC if head[at : at + len(magic)] == magic), None)


def _by_frames(file: BinaryIO, size: int) -> Inspect | None:
    """MPEG audio, ADTS and transport streams have no magic: several frames in a row, each in its place, are as good."""
    if mpeg.transport_packet(file, size):
        return mpeg.inspect_transport
    start = id3v2_bytes(file, 0)
    file.seek(start)
    if start and file.read(4) == b"fLaC":
        return flac.inspect
    if adts.starts(file, start):
        return adts.inspect
    return mp3.inspect if mp3.first_frame(file, start, size) is not None else None
