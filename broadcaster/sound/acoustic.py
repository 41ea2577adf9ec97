"""Is the episode in what a microphone in the market hears? Block after block, while it sounds.

A block is five seconds of the master in which there is enough to hear. It is looked for in the recording from half a second
before it is due to two and a half after (``acoustic_search.py``); where it is found, it is measured how far it stands above
everything else (``acoustic_level.py``). What a whole play's blocks come to is ``acoustic_verdict.py``'s. Why so, and how sure
it is: ``docs/microphone.md``.

What was heard is kept for some ten seconds, in memory, and forgotten.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.acoustic_level import above_everything_else_db, power_db
from broadcaster.sound.acoustic_search import EARLIEST, LATEST, PIECE, RATE_HZ, SPAN, Signal, find
from broadcaster.sound.acoustic_sounding import sounding

__all__ = ["BLOCK_S", "FOUND", "RATE_HZ", "Block", "Seeker"]

BLOCK_S = 5.0
SHORTEST_S = 3
"""Whole seconds that the last block of a sound must have."""
FOUND = 7.5
"""The least score of a block that counts as found. Noise reaches 6, and a person's voice hardly more; the same words in another
sentence of a made voice, which says them twice alike, pass it in one block of fourteen."""
ENOUGH_S = 2.0
"""Sound that a block must have to be judged."""
LITTLE_S = 0.3
"""A second of it with less than this is left out of the search."""
BACKGROUND_S = (3, 30)
"""Whole seconds before the first word from which the background is known, and how many of the last are kept."""

Sound = NDArray[np.float32] | NDArray[np.int16]
_BLOCK = round(BLOCK_S * RATE_HZ)


@dataclass(frozen=True)
class Block:
    """What became of a block of the master."""

    at_s: float
    """Where it begins in the sound; 0 is the first word."""
    found: bool
    """Whether it stands out from what noise gives; other blocks do so now and then, so one alone proves nothing."""
    lag_s: float
    """How much later than expected it came, where it fits best."""
    score: float
    """How well it fits there, in units of what chance gives on average over all places."""
    level_db: float
    """The master above everything else in the band; NaN when it was not found."""
    power_db: float
    """All that was heard in the band, dB relative to full scale."""
    master_db: float
    """The block in the master itself, likewise."""


class Seeker:
    """Looks for a master in a recording that is still going on.

    ``master``: the whole file, one channel at :data:`RATE_HZ`, as 16-bit integers or as floats of full scale 1; it is not
    copied. ``first`` and ``last``: the samples between which its sound lies. ``begins``: the sample of the recording at
    which the master's sample 0 would be heard if sound took no time; it may be negative.
    """

    def __init__(self, master: Sound, first: int, last: int, begins: int) -> None:
        self._master = master
        self._sounding = sounding(master)
        self._first, self._last, self._begins = first, min(last, len(master)), begins
        self._next = first
        self._recent = Recent()
        self._calm: deque[float] = deque(maxlen=BACKGROUND_S[1])
        self._calm_at = 0
        self._lag = 0

    def hear(self, pcm: NDArray[np.int16]) -> list[Block]:
        """More of the recording, any number of samples; the blocks that it completes."""
        self._recent.extend(pcm)
        self._hear_background()
        blocks = list(self._complete())
        self._recent.forget(
            self._recent.end if self._done else min(self._calm_at, self._begins + self._next + EARLIEST)
        )
        return blocks

    def cut(self, at: int) -> None:
        """The play ends at this sample of the master: what lies behind it is not expected any more."""
        self._last = min(self._last, at)

    @property
    def background_db(self) -> float | None:
        """How loud the band was before the first word, dB relative to full scale; ``None`` when too little was heard."""
        return median(self._calm) if len(self._calm) >= BACKGROUND_S[0] else None

    @property
    def _done(self) -> bool:
        return self._next + SHORTEST_S * RATE_HZ > self._last

    def _hear_background(self) -> None:
        until = min(self._begins + self._first + EARLIEST, self._recent.end)
        while self._calm_at + RATE_HZ <= until:
            self._calm.append(power_db(self._recent.between(self._calm_at, self._calm_at + RATE_HZ)))
            self._calm_at += RATE_HZ
        if self._recent.end > self._begins + self._first:
            self._calm_at = self._recent.end  # nothing more is waited for

    def _complete(self) -> Iterator[Block]:
        """The blocks whose latest echo of interest has been heard."""
        while not self._done:
            start = self._next
            stop = min(start + _BLOCK, start + (self._last - start) // PIECE * PIECE)
            if self._begins + stop + LATEST > self._recent.end:
                return
            self._next = stop if stop - start == _BLOCK else self._last
            if self._enough(start, stop) and self._begins + start >= 0:
                yield self._judge(start, stop)

    def _enough(self, start: int, stop: int) -> bool:
        return self._sounding.seconds(start, stop) >= ENOUGH_S

    def _judge(self, start: int, stop: int) -> Block:
        wanted = as_floats(self._master[start:stop])
        peak = find([self._piece(wanted, start, at) for at in range(start, stop, PIECE)])
        found = peak.score >= FOUND
        self._lag = int(peak.lag // 1) if found else self._lag
        place = self._begins + start + self._lag
        heard = self._recent.between(place, place + len(wanted))
        return Block(
            at_s=(start - self._first) / RATE_HZ,
            found=found,
            lag_s=peak.lag / RATE_HZ,
            score=peak.score,
            level_db=above_everything_else_db(wanted, heard, peak) if found else float("nan"),
            power_db=power_db(heard),
            master_db=power_db(wanted),
        )

    def _piece(self, wanted: Signal, start: int, at: int) -> tuple[Signal, Signal]:
        """A second of the block and where it may be heard; silence instead of what has too little sound."""
        piece = wanted[at - start : at - start + PIECE]
        if self._sounding.seconds(at, at + PIECE) < LITTLE_S:
            piece = np.zeros_like(piece)
        place = self._begins + at + EARLIEST
        return piece, self._recent.between(place, place + SPAN)


class Recent:
    """The last samples of a recording, found by their number."""

    def __init__(self) -> None:
        self._held = np.zeros(0, dtype=np.int16)
        self._at = 0

    @property
    def end(self) -> int:
        """Samples heard so far."""
        return self._at + len(self._held)

    def extend(self, pcm: NDArray[np.int16]) -> None:
        """The next ones."""
        self._held = np.concatenate([self._held, pcm])

    def forget(self, before: int) -> None:
        """What comes before this sample is not asked for again."""
        gone = min(max(0, before - self._at), len(self._held))
        self._held, self._at = self._held[gone:].copy(), self._at + gone

    def between(self, start: int, stop: int) -> Signal:
        """Of full scale 1; silence where the recording had not begun."""
        held = as_floats(self._held[max(0, start - self._at) : max(0, stop - self._at)])
        return np.pad(held, (stop - start - len(held), 0))


def as_floats(sound: Sound) -> Signal:
    """Of full scale 1."""
    if sound.dtype == np.int16:
        return sound.astype(np.float32) / np.float32(32768)
    return sound.astype(np.float32)
