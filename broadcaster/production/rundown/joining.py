"""The parts one after the other, as one track of voices on the disk: fades, crossfades and pauses by pydub.

pydub holds a sound whole in memory, so it is only given the ends of a part, half a minute each, where fades and joints are;
what lies between goes by in blocks. An episode of any length costs a few tens of megabytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydub import AudioSegment

from broadcaster.model import Seconds
from broadcaster.production.rundown.levelling import FRAMES_A_MS, Clip
from broadcaster.production.rundown.mono import RATE_HZ
from broadcaster.production.rundown.reading import Item
from broadcaster.sound.blocks import BLOCK_FRAMES, SAMPLE, Progress
from broadcaster.sound.room import check_room

END_S = 30.0
"""Of each end of a part that pydub is given: more than the longest fade."""
FULL_SCALE = 1 << 27
"""1.0 in pydub's 32-bit samples: 24 dB of room above it, and steps that nobody hears below."""
LEVEL_S = Seconds(0.01)
"""The track's level is noted this often, for the beds under it."""
_LEVEL_FRAMES = round(LEVEL_S * RATE_HZ)


@dataclass(frozen=True)
class Placed:
    """Where a part stands in the episode, in frames."""

    first: int
    frames: int
    """Without the pause after it; with what it shares with its neighbours."""
    until: int
    """Where the next one begins, or the episode ends."""


@dataclass(frozen=True)
class Track:
    """All voices of an episode."""

    spool: Path
    """f32, one channel."""
    frames: int
    levels: NDArray[np.float32]
    """Root mean square of each :data:`LEVEL_S`; 1 is full scale."""


def placed(items: Sequence[Item], clips: Sequence[Clip]) -> tuple[Placed, ...]:
    """When each part begins and ends (pure)."""
    steps = [
        clip.frames + _frames(item.pause_after_s) - _frames(item.crossfade_s)
        for item, clip in zip(items, clips, strict=True)
    ]
    begins = [0, *accumulate(steps)]
    return tuple(Placed(begins[at], clip.frames, max(begins[at + 1], begins[at])) for at, clip in enumerate(clips))


def shortest_s(items: Sequence[Item]) -> Seconds:
    """How long it lasts at least, by what is written alone (pure): of a part without an end only the pause is known."""
    known = (
        (0.0 if item.to_s is None else item.to_s - item.from_s) + item.pause_after_s - item.crossfade_s
        for item in items
    )
    return Seconds(sum(known))


def _frames(seconds: float) -> int:
    """Whole milliseconds, as pydub counts."""
    return round(seconds * 1000) * FRAMES_A_MS


def join(items: Sequence[Item], clips: Sequence[Clip], spool: Path, progress: Progress) -> Track:
    """Write the track of voices to ``spool``. Raises :class:`~broadcaster.sound.room.NoRoom`."""
    total = placed(items, clips)[-1].until
    levels, written = _Levels(), 0
    with spool.open("wb") as track:
        for block in _voices(items, clips):
            check_room(spool.parent)
            track.write(block.astype(SAMPLE).tobytes())
            levels.feed(block)
            written += len(block)
            progress(min(written / total, 1.0))
    return Track(spool, written, levels.all())


def _voices(items: Sequence[Item], clips: Sequence[Clip]) -> Iterator[NDArray[np.float32]]:
    """The parts in order, faded and joined. ``held`` is what the next part may still overlap with."""
    held = _segment(np.zeros(0, dtype=np.float32))
    overlap_s = 0.0
    for item, clip in zip(items, clips, strict=True):
        for stretch in _stretches(item, clip, joined=overlap_s > 0):
            if isinstance(stretch, AudioSegment):
                held = held.append(stretch, crossfade=round(overlap_s * 1000))
                overlap_s = 0.0
                spare = max(len(held) - round(END_S * 1000), 0)
                yield _samples(held[:spare])
                held = held[spare:]
            else:
                yield _samples(held)
                held = held[:0]
                yield stretch
        overlap_s = item.crossfade_s
        if not overlap_s:
            yield _samples(held)
            held = held[:0]
            yield np.zeros(_frames(item.pause_after_s), dtype=np.float32)
    yield _samples(held)


def _stretches(item: Item, clip: Clip, *, joined: bool) -> Iterator[AudioSegment | NDArray[np.float32]]:
    """A part from its beginning to its end: its ends as segments, faded, and what lies between as blocks."""
    end = _frames(END_S)
    whole = clip.frames <= 2 * end
    head = _segment(clip.read(0, clip.frames if whole else end))
    if not joined:
        head = head.fade_in(_ms(item.fade_in_s))
    if whole:
        yield _faded_out(head, item)
        return
    yield head
    for first in range(end, clip.frames - end, BLOCK_FRAMES):
        yield clip.read(first, min(BLOCK_FRAMES, clip.frames - end - first))
    yield _faded_out(_segment(clip.read(clip.frames - end, end)), item)


def _faded_out(sound: AudioSegment, item: Item) -> AudioSegment:
    return sound if item.crossfade_s else sound.fade_out(_ms(item.fade_out_s))


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _segment(samples: NDArray[np.float32]) -> AudioSegment:
    data = np.rint(samples.astype(np.float64) * FULL_SCALE).astype("<i4").tobytes()
    return AudioSegment(data, sample_width=4, frame_rate=RATE_HZ, channels=1)


def _samples(sound: AudioSegment) -> NDArray[np.float32]:
    return (np.frombuffer(sound.raw_data, dtype="<i4") / FULL_SCALE).astype(np.float32)


def crossed(end: NDArray[np.float32], beginning: NDArray[np.float32]) -> NDArray[np.float32]:
    """One sound going out while another of the same length comes in; both short, of whole milliseconds."""
    if not len(end):
        return end
    return _samples(_segment(end).append(_segment(beginning), crossfade=len(end) // FRAMES_A_MS))


class _Levels:
    """Levels of a track that comes in blocks of any length."""

    def __init__(self) -> None:
        self._left = np.zeros(0, dtype=np.float32)
        self._means: list[NDArray[np.float32]] = []

    def feed(self, block: NDArray[np.float32]) -> None:
        """The next samples."""
        whole = np.concatenate([self._left, block])
        used = len(whole) - len(whole) % _LEVEL_FRAMES
        squares = np.square(whole[:used]).reshape(-1, _LEVEL_FRAMES)
        self._means.append(np.sqrt(squares.mean(axis=1)))
        self._left = whole[used:]

    def all(self) -> NDArray[np.float32]:
        """Those of the whole track."""
        return np.concatenate([np.zeros(0, dtype=np.float32), *self._means])
