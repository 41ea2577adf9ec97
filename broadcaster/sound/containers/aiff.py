"""AIFF and AIFF-C (Apple, 1989 and 1991): chunks in a FORM; ``COMM`` counts the samples, ``SSND`` holds them."""

from typing import BinaryIO, NamedTuple

from broadcaster.model import Seconds
from broadcaster.sound.containers.layout import Damaged, Layout

_MOST_CHUNKS = 10_000
_COUNTED = {b"", b"NONE", b"none", b"twos", b"sowt", b"in24", b"in32", b"raw ", b"fl32", b"FL32", b"fl64", b"FL64"}
_COUNTED |= {b"alaw", b"ALAW", b"ulaw", b"ULAW", b"23ni", b"42ni"}
"""Codings whose count is one of samples; others count packets."""


class _Common(NamedTuple):
    """The ``COMM`` chunk."""

    channels: int
    frames: int
    rate_hz: float
    coding: bytes


def inspect(file: BinaryIO, size: int) -> Layout:
    """Walk the chunks."""
    file.seek(4)
    end = 8 + int.from_bytes(file.read(4), "big")
    common, sound, offset = None, False, 12
    for _ in range(_MOST_CHUNKS):
        file.seek(offset)
        head = file.read(8)
        if len(head) < 8 or offset >= end:
            return _judge(common, sound=sound, whole=end <= size, junk=size - end)
        name, length = head[:4], int.from_bytes(head[4:], "big")
        if name == b"COMM":
            common = _common(file.read(min(22, length)))
        elif name == b"SSND":
            sound = True
            if offset + 8 + length > size:
                return Layout("aiff", "aiff", whole=False)
        offset += 8 + length + (length & 1)
    raise Damaged


def _common(body: bytes) -> _Common | None:
    """The rate is an 80-bit float: sign and exponent in 16 bits, mantissa in 64."""
    if len(body) < 18:
        return None
    exponent, mantissa = int.from_bytes(body[8:10], "big") & 0x7FFF, int.from_bytes(body[10:18], "big")
    rate_hz = mantissa * 2.0 ** (exponent - 16383 - 63) if abs(exponent - 16383) < 64 else 0.0
    return _Common(int.from_bytes(body[:2], "big"), int.from_bytes(body[2:6], "big"), rate_hz, body[18:22])


def _judge(common: _Common | None, *, sound: bool, whole: bool, junk: int) -> Layout:
    if common is None or not sound:
        return Layout("aiff", "aiff", whole=False)
    if not common.rate_hz:
        raise Damaged
    counted = bool(common.frames) and common.coding in _COUNTED
    return Layout(
        "aiff",
        "aiff",
        whole=whole,
        promised_s=Seconds(common.frames / common.rate_hz) if counted else None,
        junk_bytes=max(0, junk) if junk > 1 else 0,
        channels=common.channels,
        verifiable=counted,
    )
