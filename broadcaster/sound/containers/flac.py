"""FLAC: STREAMINFO, the first metadata block, counts the samples (RFC 9639, section 8.2)."""

from typing import BinaryIO

from broadcaster.model import Seconds
from broadcaster.sound.containers.layout import Damaged, Layout
from broadcaster.sound.containers.tags import id3v2_bytes


def inspect(file: BinaryIO, size: int) -> Layout:
    """Read STREAMINFO; only decoding shows whether its samples are there."""
    start = id3v2_bytes(file, 0)
    file.seek(start + 4)
    block = file.read(4 + 34)
    if len(block) < 38:
        return Layout("flac", "flac", whole=False)
    if block[0] & 0x7F != 0:
        raise Damaged
    fields = int.from_bytes(block[14:22], "big")
    rate_hz, samples = fields >> 44, fields & (1 << 36) - 1
    if not rate_hz:
        raise Damaged
    if not samples:
        return Layout("flac", "flac", verifiable=False)
    return Layout("flac", "flac", promised_s=Seconds(samples / rate_hz), exact=True, whole=size > start + 42)
