"""Is this the master, in its place? The arithmetic of the witness.

The envelope of what the monitor gives is compared with the master's in windows of two seconds at the expected position:
Pearson's correlation, searched over half a second to both sides, each lag following the one before. A window must reach
0.90. Speech that is not the master's stays below that, and so do silence and noise; phrases repeat, so the position is
always part of the question (figures: ``docs/witness.md``).

A block of 100 ms is *heard* when a window that ends with it or begins with it is the master's, and the block itself is
there: its own envelope differs from the master's, scaled by the window's gain, by no more than a quarter of its energy.
That finds short holes, which a window of two seconds would forgive. And a piece of the recording serves one block only:
where the sound jumps ahead, the blocks it jumped over are not heard, whatever they resemble.
"""

import math
from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul

from broadcaster.sound.envelope import FRAME_S, FRAMES_PER_BLOCK, active_blocks

BLOCK_S = FRAMES_PER_BLOCK * FRAME_S
WINDOW = 200
"""Frames of a window: two seconds."""
REACH = 50
"""Frames searched to each side of where the sound is expected: half a second."""
FOLLOW = 6
"""Frames by which a lag may differ from the one before when there is little to tell it by."""
VERDICT = 0.90
"""The least correlation of a window that is the master's."""
RESIDUE = 0.25
"""The most a heard block may differ from the master's, as a share of its energy."""
COARSE = 0.15
"""How far below the verdict the best of every second frame may be for its neighbours to be worth a look."""
LEAST = 20
"""Frames a window needs to be compared at all."""
EDGE = 2
"""Frames beyond a block that are looked at when it is."""
ENOUGH = 8
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


class Wanted:
    """A stretch of the master's envelope, with what its comparisons have in common."""

    def __init__(self, values: Sequence[float]) -> None:
        self.values = values
        self.mean = sum(values) / len(values)
        self.square = sum(map(mul, values, values))
        self.power = self.square - len(values) * self.mean * self.mean
        self.flat = self.power <= len(values) * (FLAT * self.mean) ** 2

    def correlate(self, recorded: Sequence[float]) -> tuple[float, float]:
        """Pearson's correlation with as many recorded values, and the gain from these to those."""
        count = len(recorded)
        mean = sum(recorded) / count
        power = sum(map(mul, recorded, recorded)) - count * mean * mean
        product = sum(map(mul, self.values, recorded))
        gain = product / self.square if self.square > 0 else 0.0
        if self.flat:
            alike = power <= count * (FLAT * mean) ** 2 and mean > 0
            return (1.0 if alike else 0.0), gain
        if power <= 1e-6 * count:
            return 0.0, gain
        return (product - count * self.mean * mean) / math.sqrt(self.power * power), gain


def peak(before: float, at: float, after: float) -> float:
    """Offset of a parabola's top from its middle sample, -0.5 … 0.5."""
    bend = before - 2 * at + after
    return max(-0.5, min(0.5, 0.5 * (before - after) / bend)) if bend < 0 else 0.0


def residue(wanted: Sequence[float], there: Sequence[float]) -> float:
    """Energy of the difference of two envelopes of one length."""
    return sum((is_there - want) ** 2 for is_there, want in zip(there, wanted, strict=True))


class Matcher:
    """Follows a master through a recording, block after block.

    ``master``: its whole envelope. ``first`` and ``last``: the frames between which its sound lies (lead-in and tail are
    not judged). ``origin``: the frame of the recording at which the master's frame 0 is expected.
    """

    def __init__(self, master: "array[float]", first: int, last: int, origin: int) -> None:
        self._master = master
        self._active = active_blocks(master)
        self._first_frame, self._last_frame = first, last
        self._first = max(0, first // FRAMES_PER_BLOCK)
        self._last = min(len(self._active), -(-last // FRAMES_PER_BLOCK))
        for block in range(len(self._active)):
            self._active[block] &= self._first <= block < self._last
        self._origin = origin
        self._recorded: array[float] = array("f")
        self._lag: int | None = None
        self._quick: list[int | None] = []
        self._places: deque[tuple[int, int]] = deque(maxlen=WINDOW // FRAMES_PER_BLOCK)
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
        while self._image_is_here(len(self._quick), EDGE):
            self._quick.append(self._judge_trailing(len(self._quick)))
        self._settle(at_end=True)
        if self._next >= self._last and self._unbroken and self._judged:
            self._heard_s += self._gap_s
            self._gap_s = 0.0

    @property
    def tally(self) -> Tally:
        most_s = max(0, self._last_frame - self._first_frame) * FRAME_S
        return Tally(self._judged, self._heard, round(min(self._heard_s, most_s), 2))

    @property
    def done(self) -> bool:
        """Whether every block of the sound has its verdict."""
        return self._next >= self._last

    @property
    def wrong(self) -> bool:
        """Whether for two windows nothing of what should sound has been found."""
        latest = range(len(self._quick) - WRONG_BLOCKS, len(self._quick))
        if latest.start < self._first:
            return False
        active = [self._quick[block] for block in latest if self._active[block]]
        return len(active) >= WRONG_LEAST and all(lag is None for lag in active)

    def _place(self, block: int) -> int:
        """Frame of the recording at which a block is expected, as far as it is known."""
        return self._origin + block * FRAMES_PER_BLOCK + (self._lag or 0)

    def _image_is_here(self, block: int, beyond: int = 0) -> bool:
        return block < self._last and self._place(block) + FRAMES_PER_BLOCK + beyond <= len(self._recorded)

    def _trailing_is_due(self, block: int) -> bool:
        return self._image_is_here(block, REACH + 1)

    def _judge_trailing(self, block: int) -> int | None:
        """The lag at which the block is the end of a window that is the master's."""
        if not self._active[block]:
            return None
        return self._found(block, block * FRAMES_PER_BLOCK + FRAMES_PER_BLOCK - WINDOW)

    def _judge_leading(self, block: int) -> int | None:
        """The lag at which the block is the beginning of a window that is the master's."""
        return self._found(block, block * FRAMES_PER_BLOCK)

    def _judge_again(self, block: int) -> int | None:
        """The lag of a block that was not found at once, with what follows it, and with what is known by now."""
        lag = self._judge_leading(block)
        return self._judge_trailing(block) if lag is None and self._lag is not None else lag

    def _settle(self, *, at_end: bool) -> None:
        """Give the blocks their verdicts, in order."""
        while self._next < min(self._last, len(self._quick)):
            block, lag = self._next, self._quick[self._next]
            if not self._active[block]:
                self._gap_s += BLOCK_S
            elif lag is not None:
                self._count(block, lag)
            elif at_end or self._image_is_here(block, WINDOW + REACH + 1):
                self._count(block, self._judge_again(block))
            else:
                return
            self._next += 1

    def _count(self, block: int, lag: int | None) -> None:
        heard = lag is not None
        if lag is not None:
            self._revoke(block * FRAMES_PER_BLOCK + lag)
            self._places.append((block, block * FRAMES_PER_BLOCK + lag))
            self._heard_s += BLOCK_S + (self._gap_s if self._unbroken else 0.0)
        self.verdicts[block] = heard
        self._judged += 1
        self._heard += heard
        self._gap_s = 0.0
        self._unbroken = heard

    def _revoke(self, place: int) -> None:
        """Earlier blocks that claimed the recording from this place on were jumped over."""
        while self._places and self._places[-1][1] + FRAMES_PER_BLOCK // 2 > place:
            block, _place = self._places.pop()
            self.verdicts[block] = False
            self._heard -= 1
            self._heard_s -= BLOCK_S

    def _found(self, block: int, start: int) -> int | None:
        """The lag of a window that is the master's and has the block in it; ``None`` when it is not or has not."""
        start, stop = max(0, start), min(len(self._master), start + WINDOW)
        match = self._search(start, stop)
        if match is None or match.score < VERDICT or not self._present(block, match):
            return None
        if self.first_lag_s is None and start == block * FRAMES_PER_BLOCK:
            self.first_lag_s = self._fine(start, stop, match.lag)
        self._lag = match.lag
        return match.lag

    def _search(self, start: int, stop: int) -> Match | None:
        """The best match of the master's frames, near the lag before, else in the whole reach."""
        blocks = self._active[start // FRAMES_PER_BLOCK : -(-stop // FRAMES_PER_BLOCK)]
        near = None if self._lag is None else self._best(start, stop, self._lag, FOLLOW)
        if (near is not None and near.score >= VERDICT) or sum(blocks) < ENOUGH:
            return near
        return self._best(start, stop, self._lag or 0, REACH)

    def _best(self, start: int, stop: int, around: int, reach: int) -> Match | None:
        """The best place of a window: every second frame first (a value spans two), then the neighbours of the best."""
        wanted = self._wanted(start, stop, around + reach)
        if wanted is None:
            return None
        if wanted.flat:  # it fits everywhere, so it says nothing of the place
            return self._match(wanted, start, self._lag or 0)
        coarse = self._best_of(wanted, start, range(around - reach, around + reach + 1, 2))
        if coarse is None or coarse.score < VERDICT - COARSE:
            return coarse
        near = self._best_of(wanted, start, (coarse.lag - 1, coarse.lag + 1))
        return near if near is not None and near.score > coarse.score else coarse

    def _wanted(self, start: int, stop: int, latest: int) -> Wanted | None:
        """The window's frames, as far as the recording can hold them at the latest lag; ``None`` when that is too few."""
        here = min(stop - start, len(self._recorded) - self._origin - start - latest)
        return Wanted(self._master[start : start + here]) if here >= LEAST else None

    def _best_of(self, wanted: Wanted, start: int, lags: Iterable[int]) -> Match | None:
        matches = (self._match(wanted, start, lag) for lag in lags)
        return max((match for match in matches if match is not None), key=lambda match: match.score, default=None)

    def _match(self, wanted: Wanted, start: int, lag: int) -> Match | None:
        """How well a window fits at a lag; ``None`` outside of the recording."""
        place = self._origin + start + lag
        there = self._recorded[place : place + len(wanted.values)] if place >= 0 else ()
        return Match(lag, *wanted.correlate(there)) if len(there) == len(wanted.values) else None

    def _present(self, block: int, match: Match) -> bool:
        """Whether the block itself is there, a frame earlier or later at most, or between two frames."""
        start = block * FRAMES_PER_BLOCK
        wanted = [match.gain * value for value in self._master[start : start + FRAMES_PER_BLOCK]]
        place = self._origin + start + match.lag - 1
        there = self._recorded[place : place + FRAMES_PER_BLOCK + 2] if place >= 0 else ()
        if len(there) < FRAMES_PER_BLOCK + 2:
            return False
        between = [(one + other) / 2 for one, other in pairwise(there)]
        most = RESIDUE * sum(map(mul, wanted, wanted))
        return any(
            residue(wanted, values[shift : shift + FRAMES_PER_BLOCK]) <= most
            for values in (there, between)
            for shift in range(len(values) - FRAMES_PER_BLOCK + 1)
        )

    def _fine(self, start: int, stop: int, lag: int) -> float:
        """A lag in seconds, between the frames."""
        wanted = self._wanted(start, stop, lag + 1)
        matches = [self._match(wanted, start, lag + shift) if wanted else None for shift in (-1, 0, 1)]
        before, at, after = (match.score if match else 0.0 for match in matches)
        return (lag + peak(before, at, after)) * FRAME_S
