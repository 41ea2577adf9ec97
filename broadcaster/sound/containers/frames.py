"""A walk over bare frames, each saying its own length: shared by MPEG audio and ADTS, which differ only in the header."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from broadcaster.sound.containers.layout import Damaged
from broadcaster.sound.containers.tags import id3v2_bytes


class Frame(NamedTuple):
    """What a frame's header says."""

    length: int
    """Bytes, header included."""
    samples: int
    rate_hz: int
    family: int
    """What all frames of one recording share."""


Parse = Callable[[bytes], Frame | None]
HEADER = 7
"""Bytes that every parser gets."""
_SURE = 4
"""Frames in a row that prove that frames begin here."""
_BLOCK = 1 << 16
_MOST_SEARCHED = 1 << 21
"""Bytes of damage that are looked through; a file with more is refused in any case."""
_MOST_FRAMES = 8_000_000
_TAG_SHARE = 0.01
"""Share of a file that unknown tags and the like may take at its end."""


@dataclass(frozen=True)
class Walked:
    """What a walk found."""

    frames: int
    samples: int
    rate_hz: int
    end: int
    """End of the last whole frame."""
    lost: int
    """Frames' worth of unreadable bytes between good frames."""
    cut: bool
    """A frame begins after the last whole one and runs over the end."""

    def lost_with(self, junk_bytes: int) -> int:
        """Frames lost when so much junk at the end cannot be told from damaged sound: more than a tag's worth."""
        mean = max(1, self.end // max(1, self.frames))
        return self.lost + (junk_bytes // mean if junk_bytes > _TAG_SHARE * self.end else 0)


def frame_at(file: BinaryIO, offset: int, parse: Parse) -> Frame | None:
    """The frame whose header stands at ``offset``."""
    file.seek(offset)
    return parse(file.read(HEADER))


def row_at(file: BinaryIO, offset: int, end: int, parse: Parse, wanted: int = _SURE) -> bool:
    """Whether ``wanted`` frames of one family follow each other from ``offset``, or fewer that reach ``end`` exactly."""
    family = None
    for _ in range(wanted):
        frame = frame_at(file, offset, parse)
        if frame is None or family not in {None, frame.family}:
            return False
        family = frame.family
        offset += frame.length
        if offset >= end:
            return offset == end
    return True


def search(
    file: BinaryIO, offset: int, end: int, parse: Parse, *, within: int | None = None, wanted: int = _SURE
) -> int | None:
    """First offset from ``offset`` on where frames begin for sure."""
    stop = end if within is None else min(end, offset + within)
    while offset < stop:
        file.seek(offset)
        block = file.read(min(_BLOCK, stop - offset))
        at = block.find(0xFF)
        while at >= 0:
            if row_at(file, offset + at, end, parse, wanted):
                return offset + at
            at = block.find(0xFF, at + 1)
        offset += len(block)
    return None


def walk(file: BinaryIO, start: int, end: int, parse: Parse) -> Walked:
    """All frames from ``start``, over tags and damaged stretches, until no more follow before ``end``.

    Raises :class:`Damaged` for what no recording is: millions of frames, or megabytes of damage.
    """
    offset, frames, samples, rate_hz, lost, searched = start, 0, 0, 0, 0, 0
    good_end = start
    while offset < end:
        frame = frame_at(file, offset, parse)
        if frame is not None and offset + frame.length <= end:
            frames += 1
            samples += frame.samples
            rate_hz = rate_hz or frame.rate_hz
            good_end = offset = offset + frame.length
        elif tag := id3v2_bytes(file, offset):
            offset += tag
        elif (again := search(file, offset + 1, end, parse, within=_MOST_SEARCHED)) is None:
            return Walked(frames, samples, rate_hz, good_end, lost, cut=frame is not None)
        else:
            lost += max(1, round((again - offset) * frames / max(1, good_end - start)))
            searched += again - offset
            offset = again
        if frames > _MOST_FRAMES or searched > _MOST_SEARCHED:
            raise Damaged
    return Walked(frames, samples, rate_hz, good_end, lost, cut=False)
