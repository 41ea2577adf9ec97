"""Music under the voices: it goes down before a voice begins, stays down while it speaks and comes up after it.

The whole episode is known beforehand, so the bed is down when the first word falls; and a breath between two words does
not lift it. Where voices are is read off the track's level; the bed's gain is a line through a few points, so it costs
nothing to keep for an episode of any length.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Lufs
from broadcaster.production.rundown.joining import LEVEL_S, Placed, Track, crossed
from broadcaster.production.rundown.levelling import Clip
from broadcaster.production.rundown.mono import RATE_HZ
from broadcaster.production.rundown.reading import Bed
from broadcaster.sound.blocks import read_blocks

VOICE_BELOW_DB = 22.0
"""A voice speaks where the track is at most this far under the loudness at which the voices meet."""
STAYS_S = 0.15
"""How long a bed stays down after the last sound of a voice, for its softest endings."""
LOOP_S = 1.0
"""How long a bed's end overlaps with its beginning where it must go round."""

Line = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Seconds, and the value at each; between two points it is straight."""


def spoken(levels: NDArray[np.float32], voice: Lufs) -> list[tuple[float, float]]:
    """From when to when somebody speaks, in seconds (pure)."""
    loud = levels > 10 ** ((voice - VOICE_BELOW_DB) / 20)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(np.int8)))
    return [(float(begin * LEVEL_S), float(end * LEVEL_S)) for begin, end in edges.reshape(-1, 2)]


def ducked(voices: Sequence[tuple[float, float]], bed: Bed) -> Line:
    """The bed's gain in dB: 0 in the open, ``-duck_db`` under voices (pure). Pauses too short to come up in stay down."""
    closest = STAYS_S + bed.release_s + bed.attack_s
    spans: list[list[float]] = []
    for begin, end in voices:
        if spans and begin - spans[-1][1] < closest:
            spans[-1][1] = end
        else:
            spans.append([begin, end])
    points = [(0.0, 0.0)] if not spans else []
    for begin, end in spans:
        points += [(begin - bed.attack_s, 0.0), (begin, -bed.duck_db)]
        points += [(end + STAYS_S, -bed.duck_db), (end + STAYS_S + bed.release_s, 0.0)]
    return np.array([at for at, _ in points]), np.array([db for _, db in points])


def faded(bed: Bed, first_s: float, last_s: float) -> Line:
    """The bed's own coming in and going out, as a factor (pure); shortened where there is no room for both."""
    if last_s <= first_s:  # under a part that overlaps whole with the next there is no time for it
        return np.array([first_s]), np.array([0.0])
    room = (last_s - first_s) / max(bed.fade_in_s + bed.fade_out_s, last_s - first_s)
    points = [first_s, first_s + bed.fade_in_s * room, last_s - bed.fade_out_s * room, last_s]
    return np.array(points), np.array([0.0, 1.0, 1.0, 0.0])


@dataclass(frozen=True)
class Loop:
    """A bed that goes round: its beginning, then a turn that ends in its beginning, again and again."""

    clip: Clip
    turn: NDArray[np.float32]
    """The end of the clip overlapping with its beginning."""

    @classmethod
    def of(cls, clip: Clip) -> "Loop":
        overlap = min(round(LOOP_S * RATE_HZ), clip.frames // 3)
        overlap -= overlap % (RATE_HZ // 1000)
        return cls(clip, crossed(clip.read(clip.frames - overlap, overlap), clip.read(0, overlap)))

    def read(self, first: int, frames: int) -> NDArray[np.float32]:
        """``frames`` of it from ``first`` on; it has no end."""
        pieces = []
        while frames > 0:
            piece = self._piece(first, frames)
            pieces.append(piece)
            first, frames = first + len(piece), frames - len(piece)
        return np.concatenate([np.zeros(0, dtype=np.float32), *pieces])

    def _piece(self, first: int, frames: int) -> NDArray[np.float32]:
        overlap = len(self.turn)
        if first < overlap or not overlap:
            return self.clip.read(first % max(self.clip.frames, 1), min(frames, overlap - first if overlap else frames))
        at = (first - overlap) % (self.clip.frames - overlap) + overlap
        before_turn = self.clip.frames - overlap - at
        if before_turn > 0:
            return self.clip.read(at, min(frames, before_turn))
        return self.turn[-before_turn : -before_turn + frames]


@dataclass(frozen=True)
class _Under:
    """A bed in its place."""

    loop: Loop
    first: int
    last: int
    duck: Line
    fade: Line

    def add_to(self, block: NDArray[np.float32], at: int) -> None:
        """Mix what falls into a block that begins at frame ``at``."""
        begin, end = max(self.first, at), min(self.last, at + len(block))
        if begin < end:
            moments = np.arange(begin, end) / RATE_HZ
            gain = 10 ** (np.interp(moments, *self.duck) / 20) * np.interp(moments, *self.fade)
            block[begin - at : end - at] += self.loop.read(begin - self.first, end - begin) * gain.astype(np.float32)


def mixed(
    track: Track, places: Sequence[Placed], beds: Sequence[Bed], clips: Sequence[Clip], voice: Lufs
) -> Iterator[NDArray[np.float32]]:
    """The voices with the beds under them, in blocks."""
    voices = spoken(track.levels, voice) if beds else []
    under = [_placed(bed, clip, places, voices) for bed, clip in zip(beds, clips, strict=True)]
    at = 0
    for stored in read_blocks(track.spool, 1):
        block = stored[:, 0].copy()
        for bed in under:
            bed.add_to(block, at)
        yield block
        at += len(block)


def _placed(bed: Bed, clip: Clip, places: Sequence[Placed], voices: Sequence[tuple[float, float]]) -> _Under:
    first, last = places[bed.first].first, places[bed.last].until
    return _Under(Loop.of(clip), first, last, ducked(voices, bed), faded(bed, first / RATE_HZ, last / RATE_HZ))
