"""Raw AAC in ADTS frames (ISO 13818-7, 6.2), as some recorders write it: no count of frames anywhere."""

from typing import BinaryIO

from broadcaster.sound.containers.frames import Frame, row_at, walk
from broadcaster.sound.containers.layout import Damaged, Layout
from broadcaster.sound.containers.tags import id3v2_bytes, tail_start

_RATES_HZ = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)


def parse(header: bytes) -> Frame | None:
    """The frame whose header these bytes are; ``None`` for what is none."""
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return None
    rate_index = header[2] >> 2 & 0x0F
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    if rate_index >= len(_RATES_HZ) or length < 7:
        return None
    samples = 1024 * ((header[6] & 3) + 1)
    return Frame(length, samples, _RATES_HZ[rate_index], header[1] << 8 | header[2] & 0xFC)


def starts(file: BinaryIO, start: int) -> bool:
    """Whether ADTS frames begin at ``start``; what is shorter than four frames is not told from chance."""
    return row_at(file, start, 1 << 62, parse)


def inspect(file: BinaryIO, size: int) -> Layout:
    """Walk all frames."""
    walked = walk(file, id3v2_bytes(file, 0), tail_start(file, size), parse)
    if not walked.frames:
        raise Damaged
    junk = 0 if walked.cut else tail_start(file, size) - walked.end
    return Layout(
        "aac",
        "aac",
        end=walked.end if junk or walked.cut else None,
        junk_bytes=junk,
        lost_frames=walked.lost_with(junk),
        cut_last_frame=walked.cut,
        verifiable=False,
    )
