"""Is this the master, in its place? The arithmetic of the witness.

The envelope of what the monitor gives is compared with the master's in windows of two seconds at the expected position:
Pearson's correlation, searched over half a second to both sides, each lag following the one before. A window must reach
0.90. Speech that is not the master's stays below that, and so do silence and noise; phrases repeat, so the position is
always part of the question (figures: ``docs/witness.md``).

A block of 100 ms is *heard* when a window that ends with it or begins with it is the master's, and the block itself is
there: its own envelope differs from the master's, scaled by the window's gain, by no more than half of its energy. The
second half finds short cuts, which a window of two seconds would forgive.
"""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from broadcaster.sound.envelope import FRAME_S, FRAMES_PER_BLOCK, active_blocks

WINDOW = 200
"""Frames of a window: two seconds."""
REACH = 50
"""Frames searched to each side of where the sound is expected: half a second."""
FOLLOW = 6
"""Frames by which a lag may differ from the one before when there is little to tell it by."""
VERDICT = 0.90
"""The least correlation of a window that is the master's."""
RESIDUE = 0.5
"""The most a heard block may differ from the master's, as a share of its energy."""
ENOUGH = 5
"""Active blocks a window needs to be searched for in the whole reach."""
FLAT = 0.1
"""A window whose envelope varies by less than this share of its mean (a tone) has no shape; it must only stay as flat."""
WRONG_BLOCKS = 40
"""Blocks (two windows) without one that is the master's, when it should sound, are a wrong or missing sound."""
WRONG_LEAST = 10
"""Active blocks among them before anything is said."""


@dataclass(frozen=True)
class Match:
    """Where a window was found."""

    lag: int
    """Frames after its expected place."""
    score: float
    """Pearson's correlation, -1 … 1."""
    gain: float
    """How loud it came, relative to the master."""


@dataclass(frozen=True)
class Tally:
    """What was found so far."""

    active: int
    """Active blocks judged."""
    heard: int
    """Those that were found in their place."""
    heard_s: float
    """Seconds of sound heard, the pauses between heard blocks included."""


def correlate(master: Sequence[float], recorded: Sequence[float]) -> tuple[float, float]:
    """Pearson's correlation of two envelopes of one length, and the gain from the first to the second."""
    count = len(master)
    mean, mean_recorded = sum(master) / count, sum(recorded) / count
    square = sum(map(mul, master, master))
    power = square - count * mean * mean
    power_recorded = sum(map(mul, recorded, recorded)) - count * mean_recorded * mean_recorded
    product = sum(map(mul, master, recorded))
    gain = product / square if square > 0 else 0.0
    if power <= count * (FLAT * mean) ** 2:
        alike = power_recorded <= count * (FLAT * mean_recorded) ** 2 and mean_recorded > 0
        return (1.0 if alike else 0.0), gain
    if power_recorded <= 1e-6 * count:
        return 0.0, gain
    return (product - count * mean * mean_recorded) / math.sqrt(power * power_recorded), gain


def peak(before: float, at: float, after: float) -> float:
    """Offset of a parabola's top from its middle sample, -0.5 … 0.5."""
    bend = before - 2 * at + after
    return max(-0.5, min(0.5, 0.5 * (before - after) / bend)) if bend < 0 else 0.0


class Matcher:
    """Follows a master through a recording, block after block.

    ``master``: its whole envelope. ``first`` and ``last``: the frames between which its sound lies (lead-in and tail are
    not judged). ``origin``: the frame of the recording at which the master's frame 0 is expected.
    """

    def __init__(self, master: "array[float]", first: int, last: int, origin: int) -> None:
        self._master = master
        self._active = active_blocks(master)
        self._first = max(0, first // FRAMES_PER_BLOCK)
        self._last = min(len(self._active), -(-last // FRAMES_PER_BLOCK))
        for block in range(len(self._active)):
            self._active[block] &= self._first <= block < self._last
        self._origin = origin
        self._recorded: array[float] = array("f")
        self._lag: int | None = None
        self._quick: list[bool | None] = []
        self._next = self._first
        self._heard = self._judged = 0
        self._heard_s = self._gap_s = 0.0
        self._unbroken = True
        self.verdicts: dict[int, bool] = {}
        """Active blocks judged so far: block number → heard."""
        self.first_lag_s: float | None = None
        """How much later than expected the first heard window came, in seconds, finer than a frame."""

    def hear(self, values: Sequence[float]) -> None:
        """More of the recording's envelope."""
        self._recorded.extend(values)
        while self._trailing_is_due(len(self._quick)):
            self._quick.append(self._judge_trailing(len(self._quick)))
        self._settle(at_end=False)

    def end(self) -> None:
        """There is no more: judge with what there is all that could have been heard by now."""
        while self._image_is_here(len(self._quick)):
            self._quick.append(self._judge_trailing(len(self._quick)))
        self._settle(at_end=True)
        if self._next >= self._last and self._unbroken and self._judged:
            self._heard_s += self._gap_s
            self._gap_s = 0.0

    @property
    def tally(self) -> Tally:
        return Tally(self._judged, self._heard, round(self._heard_s, 1))

    @property
    def done(self) -> bool:
        """Whether every block of the sound has its verdict."""
        return self._next >= self._last

    @property
    def wrong(self) -> bool:
        """Whether for two windows nothing of what should sound has been found."""
        latest = range(max(0, len(self._quick) - WRONG_BLOCKS), len(self._quick))
        active = [self._quick[block] for block in latest if self._active[block]]
        return len(active) >= WRONG_LEAST and not any(active)

    def _place(self, block: int) -> int:
        """Frame of the recording at which a block is expected, as far as it is known."""
        return self._origin + block * FRAMES_PER_BLOCK + (self._lag or 0)

    def _image_is_here(self, block: int, beyond: int = 0) -> bool:
        return block < self._last and self._place(block) + FRAMES_PER_BLOCK + beyond <= len(self._recorded)

    def _trailing_is_due(self, block: int) -> bool:
        return self._image_is_here(block, REACH + 1)

    def _judge_trailing(self, block: int) -> bool | None:
        """Whether the block is the end of a window that is the master's; ``None`` when it holds no sound."""
        if not self._active[block]:
            return None
        return self._found(block, block * FRAMES_PER_BLOCK + FRAMES_PER_BLOCK - WINDOW)

    def _judge_leading(self, block: int) -> bool:
        return self._found(block, block * FRAMES_PER_BLOCK)

    def _settle(self, *, at_end: bool) -> None:
        """Give the blocks their verdicts, in order."""
        while self._next < min(self._last, len(self._quick)):
            block = self._next
            quick = self._quick[block]
            if quick is False and not at_end and not self._image_is_here(block, WINDOW + REACH + 1):
                return
            self._count(block, heard=None if quick is None else quick or self._judge_leading(block))
            self._next += 1

    def _count(self, block: int, *, heard: bool | None) -> None:
        length = FRAMES_PER_BLOCK * FRAME_S
        if heard is None:
            self._gap_s += length
            return
        self.verdicts[block] = heard
        self._judged += 1
        self._heard += heard
        if heard:
            self._heard_s += length + (self._gap_s if self._unbroken else 0.0)
        self._gap_s = 0.0
        self._unbroken = heard

    def _found(self, block: int, start: int) -> bool:
        """Whether the window that starts at this frame is the master's, and the block in it is there."""
        start, stop = max(0, start), min(len(self._master), start + WINDOW)
        match = self._search(start, stop)
        if match is None or match.score < VERDICT or not self._present(block, match):
            return False
        if self.first_lag_s is None and start <= block * FRAMES_PER_BLOCK < start + FRAMES_PER_BLOCK:
            self.first_lag_s = self._fine(start, stop, match.lag)
        self._lag = match.lag
        return True

    def _search(self, start: int, stop: int) -> Match | None:
        """The best match of the master's frames, near the lag before, else in the whole reach."""
        blocks = self._active[start // FRAMES_PER_BLOCK : -(-stop // FRAMES_PER_BLOCK)]
        near = None if self._lag is None else self._best(start, stop, self._lag, FOLLOW)
        if (near is not None and near.score >= VERDICT) or sum(blocks) < ENOUGH:
            return near
        return self._best(start, stop, self._lag or 0, REACH)

    def _best(self, start: int, stop: int, around: int, reach: int) -> Match | None:
        wanted = self._master[start:stop]
        best: Match | None = None
        for lag in range(around - reach, around + reach + 1):
            score_gain = self._score(wanted, start + lag)
            if score_gain is not None and (best is None or score_gain[0] > best.score):
                best = Match(lag, *score_gain)
        return best

    def _score(self, wanted: Sequence[float], start: int) -> tuple[float, float] | None:
        """Correlation and gain of master frames with the recording at a place; ``None`` outside of the recording."""
        place = self._origin + start
        if place < 0:
            return None
        there = self._recorded[place : place + len(wanted)]
        if len(there) < len(wanted):
            wanted = wanted[: len(there)]
        return correlate(wanted, there) if len(wanted) >= 2 * FRAMES_PER_BLOCK else None

    def _present(self, block: int, match: Match) -> bool:
        """Whether the block itself is there, a frame earlier or later at most."""
        start = block * FRAMES_PER_BLOCK
        wanted = [match.gain * value for value in self._master[start : start + FRAMES_PER_BLOCK]]
        power = sum(map(mul, wanted, wanted))
        return any(self._residue(wanted, start + match.lag + shift) <= RESIDUE * power for shift in (0, -1, 1))

    def _residue(self, wanted: Sequence[float], start: int) -> float:
        place = self._origin + start
        there = self._recorded[place : place + len(wanted)] if place >= 0 else ()
        if len(there) < len(wanted):
            return math.inf
        return sum((is_there - want) ** 2 for is_there, want in zip(there, wanted, strict=True))

    def _fine(self, start: int, stop: int, lag: int) -> float:
        """A lag in seconds, between the frames."""
        wanted = self._master[start:stop]
        scores = [self._score(wanted, start + lag + shift) for shift in (-1, 0, 1)]
        before, at, after = (score[0] if score else 0.0 for score in scores)
        return (lag + peak(before, at, after)) * FRAME_S
