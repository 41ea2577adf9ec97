"""MPEG audio (ISO 11172-3, 13818-3): bare frames; the first may hold a Xing, Info or VBRI header that counts the others."""

from dataclasses import dataclass
from typing import BinaryIO

from broadcaster.model import Seconds
from broadcaster.sound.containers.frames import Frame, frame_at, row_at, search, walk
from broadcaster.sound.containers.layout import Damaged, Layout
from broadcaster.sound.containers.tags import id3v2_bytes, tail_start

_RATES_HZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_KBITS = {
    # (MPEG version 1?, layer): bit rate by index
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_LEADING_JUNK = 1 << 12
"""How far from the start the first frame may stand."""
_SURE_AMID_JUNK = 24
"""Frames in a row that prove that frames begin amid other bytes, which any large file shows a few of by chance."""
_SPARE_FRAMES = 1
"""Some encoders count the frame that holds the count."""


@dataclass(frozen=True)
class Promise:
    """What a Xing, Info or VBRI header says."""

    frames: int
    skipped_samples: int
    """Encoder delay and padding, which a decoder that knows them leaves out."""


def parse(header: bytes) -> Frame | None:
    """The frame whose header these bytes are; ``None`` for what is none (free-format frames are not supported)."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    rate_index, kbit_index = header[2] >> 2 & 3, header[2] >> 4
    if version == 1 or layer == 4 or rate_index == 3 or kbit_index in {0, 15}:
        return None
    first = version == 3
    rate_hz = _RATES_HZ[version][rate_index]
    bit_rate = _KBITS[first, layer][kbit_index] * 1000
    padding = header[2] >> 1 & 1
    if layer == 1:
        return Frame((12 * bit_rate // rate_hz + padding) * 4, 384, rate_hz, version << 8 | layer << 4 | rate_index)
    samples = 576 if layer == 3 and not first else 1152
    length = samples // 8 * bit_rate // rate_hz + padding
    return Frame(length, samples, rate_hz, version << 8 | layer << 4 | rate_index)


def first_frame(file: BinaryIO, start: int, size: int) -> int | None:
    """Offset of the first frame at or shortly after ``start``."""
    end = tail_start(file, size)
    if row_at(file, start, end, parse):
        return start
    return search(file, start, end, parse, within=_LEADING_JUNK, wanted=_SURE_AMID_JUNK)


def inspect(file: BinaryIO, size: int) -> Layout:
    """Walk all frames and compare their number with the promise, where there is one."""
    end = tail_start(file, size)
    start = first_frame(file, id3v2_bytes(file, 0), size)
    if start is None or (head := frame_at(file, start, parse)) is None:
        raise Damaged
    promise = _promise(file, start, head)
    walked = walk(file, start + head.length if promise else start, end, parse)
    junk = 0 if walked.cut else end - walked.end
    missing = promise.frames - walked.frames - walked.lost if promise else 0
    return Layout(
        "mp3",
        "mp3",
        whole=missing <= _SPARE_FRAMES,
        promised_s=_seconds(promise, head) if promise else None,
        end=walked.end if junk or walked.cut else None,
        junk_bytes=junk,
        lost_frames=walked.lost if promise else walked.lost_with(junk),
        cut_last_frame=walked.cut,
        verifiable=promise is not None,
    )


def _seconds(promise: Promise, head: Frame) -> Seconds:
    return Seconds(max(0, promise.frames * head.samples - promise.skipped_samples) / head.rate_hz)


def _promise(file: BinaryIO, start: int, head: Frame) -> Promise | None:
    """The count in the first frame: Xing/Info after the side information, VBRI always 36 bytes in."""
    file.seek(start)
    body = file.read(head.length)
    if body[36:40] == b"VBRI" and len(body) >= 54:
        return Promise(int.from_bytes(body[50:54], "big"), 0)
    for at in (36, 21, 13):
        if body[at : at + 4] in {b"Xing", b"Info"}:
            return _xing(body[at:])
    return None


def _xing(body: bytes) -> Promise | None:
    """Flags say which fields follow: frames (1), bytes (2), table (4), quality (8); then LAME's own delay and padding."""
    flags = int.from_bytes(body[4:8], "big")
    if not flags & 1 or len(body) < 12:
        return None
    frames = int.from_bytes(body[8:12], "big")
    lame = 8 + 4 * bool(flags & 1) + 4 * bool(flags & 2) + 100 * bool(flags & 4) + 4 * bool(flags & 8)
    gaps = body[lame + 21 : lame + 24]
    delay = int.from_bytes(gaps, "big") if len(gaps) == 3 and body[lame : lame + 4].isalnum() else 0
    return Promise(frames, (delay >> 12) + (delay & 0xFFF))
