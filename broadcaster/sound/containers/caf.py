"""CAF, Apple's Core Audio Format (specification 1.0): chunks with 64-bit lengths; the last may be open-ended."""

import struct
from typing import BinaryIO, NamedTuple

from broadcaster.model import Seconds
from broadcaster.sound.containers.layout import Damaged, Layout

_MOST_CHUNKS = 10_000
_UNKNOWN = -1
_EDIT_COUNT = 4
"""Bytes of the data chunk before its sound."""


class _Description(NamedTuple):
    """The ``desc`` chunk: what one packet holds; 0 where packets differ."""

    rate_hz: float
    packet_bytes: int
    packet_frames: int
    channels: int


def inspect(file: BinaryIO, size: int) -> Layout:
    """Walk the chunks; the length follows from the sound's bytes, or from the table of packets."""
    form, sound, frames, offset = None, None, None, 8
    for _ in range(_MOST_CHUNKS):
        file.seek(offset)
        head = file.read(12)
        if len(head) < 12:
            return _judge(form, sound, frames, whole=not head)
        name, length = struct.unpack(">4sq", head)
        if name == b"desc":
            form = _description(file.read(32))
        elif name == b"pakt":
            frames = int.from_bytes(file.read(16)[8:], "big")
        elif name == b"data":
            sound = length
        if length == _UNKNOWN:
            return _judge(form, sound, frames, whole=True)
        if length < 0:
            raise Damaged
        offset += 12 + length
        if offset > size:
            return Layout("caf", "caf", whole=False)
    raise Damaged


def _description(body: bytes) -> _Description | None:
    if len(body) < 32:
        return None
    rate_hz, _kind, _flags, *packet = struct.unpack(">d4sIIIII", body)
    return _Description(rate_hz, *packet[:3])


def _judge(form: _Description | None, sound: int | None, frames: int | None, *, whole: bool) -> Layout:
    if form is None or sound is None:
        return Layout("caf", "caf", whole=False)
    promised_s = None if sound == _UNKNOWN else _promised(form, sound - _EDIT_COUNT, frames)
    return Layout(
        "caf",
        "caf",
        whole=whole,
        promised_s=promised_s,
        channels=form.channels,
        verifiable=promised_s is not None,
    )


def _promised(form: _Description, sound: int, frames: int | None) -> Seconds | None:
    if not 0 < form.rate_hz < float("inf"):
        raise Damaged
    if form.packet_bytes and form.packet_frames:
        return Seconds(sound // form.packet_bytes * form.packet_frames / form.rate_hz)
    return Seconds(frames / form.rate_hz) if frames else None
