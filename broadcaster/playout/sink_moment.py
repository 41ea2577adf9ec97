"""When the first sample of a stream of ours was heard, by the sound server's own word. Used by the player's child only.

libpulse answers the same question without asking the server: it goes on from the server's last word at the pace it believes
to see. Where a busy machine made the stream's beginning uneven that pace is wrong by up to a fifth, for seconds: a play that
was taken to be punctual began 0.37 s late. So the server is asked itself, beside the writing and not in step with it.
"""

import contextlib
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulsectl

from broadcaster.playout.soundserver import connect, own_streams

EVERY_S, LATER_S = 0.04, 0.2
"""How often it is asked, until the place of the first word is settled and after."""
ANSWERS = 25
"""A second's; each is wrong by up to the server's block, 10 to 100 ms, and their median by 3 ms (9 on a pipe)."""
FEWEST = 5
PROMPT_S = 0.02
"""An answer that took longer does not say of which moment it is."""
GAP_S = 0.03
"""By so much the pace of writing falls behind only where the server ran empty."""


@dataclass(frozen=True)
class Answer:
    """When sample 0 was heard, and when it would have been had all been written that the server takes: ``CLOCK_MONOTONIC``."""

    heard_s: float
    pace_s: float


class Moments:
    """Asks on, in a thread of its own.

    ``written`` gives the seconds of sound given to the server so far; ``pace`` the moment less that, when the server was last
    full: it stays as it is until the server runs empty, and then moves by as much as what follows is heard later. It is
    ``None`` until the server is full for the first time.
    """

    def __init__(self, written: Callable[[], float], pace: Callable[[], float | None]) -> None:
        self._written = written
        self._pace = pace
        self._answers: deque[Answer] = deque(maxlen=ANSWERS)
        self._every_s = EVERY_S
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def beginning_s(self) -> float | None:
        """When sample 0 was heard, on ``CLOCK_MONOTONIC``; ``None`` where the server does not tell.

        PipeWire's PulseAudio side answers zero for both latencies, always (0.3.65, asked forty times).
        """
        answers, pace_s = tuple(self._answers), self._pace()
        if len(answers) < FEWEST or pace_s is None:
            return None
        gap_s = pace_s - statistics.median(answer.pace_s for answer in answers)
        return statistics.median(answer.heard_s for answer in answers) + (gap_s if gap_s > GAP_S else 0.0)

    def settle(self) -> None:
        """Ask less often from now on."""
        self._every_s = LATER_S

    def _run(self) -> None:
        with (
            contextlib.suppress(pulsectl.PulseError, pulsectl.PulseDisconnected, pulsectl.PulseIndexError),
            pulsectl.Pulse("broadcaster-moments", connect=False) as pulse,
        ):
            connect(pulse)
            for stream in own_streams(pulse):
                while True:
                    self._ask(pulse, stream.index)
                    time.sleep(self._every_s)

    def _ask(self, pulse: Any, stream: int) -> None:
        """Note one answer."""
        wrote_s, before = self._written(), time.monotonic()
        told = pulse.sink_input_info(stream)
        after, written_s, pace_s = time.monotonic(), self._written(), self._pace()
        held_s = (told.buffer_usec + told.sink_usec) / 1e6
        if pace_s is not None and held_s and after - before < PROMPT_S:
            self._answers.append(Answer((before + after) / 2 + held_s - (wrote_s + written_s) / 2, pace_s))
