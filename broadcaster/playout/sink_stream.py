"""Samples onto one sink of the sound server, each heard at its moment. Used by the player's child only.

::

    libvlc ─▶ feed ─▶ queue ─▶ a thread ─▶ the server's buffer ─▶ the sink
                                  └── silence until the programme's moment, and wherever nothing was fed

The stream runs, silent, before it is needed: by then the server has told many times how much later than written a sample is
heard (``sink_moment.py``), and the first sample is written so that it is heard at the moment asked for. What was misjudged is
mended inside the silence the programme begins with. From there on one sample follows the other at the output's own pace:
nothing is resampled, nothing drifts. (libvlc's own output resamples by up to 6,500 ppm for half a minute: 80 to 100 ms from
first word to last.)
"""

import statistics
import threading
import time
from collections import deque
from collections.abc import Callable

import pasimple

from broadcaster.playout.sink_moment import Moments

RATE_HZ = 48_000
CHUNK = 480
"""Samples written at a time: 10 ms."""
AHEAD_S = 0.4
"""How much the server holds: for so long a busy machine may stumble without a gap. Volume and fade are the server's to make, so
they do not wait for it.
"""
REQUEST_S = 0.03
"""How little room is worth the server's asking for more."""
GUESSES = 100
"""Of the moment at which sample 0 of the stream was heard, by libpulse, one a chunk: a second's; their median counts where the
server itself does not tell."""
PACES = 30
"""Chunks in which a server that asks for many at a time is full at least once."""
WAITED_S = 0.001
"""A write that takes longer waited for room: the server is full."""
MEND_EVERY_S = 0.2
"""How often in the programme's first silence its place is judged again, up to the last of it: a machine may stand still at any
moment, and what that delayed is caught up as long as nothing is said."""
NEAR_S = 0.003
"""Closer than this it is left alone: the server's own answers scatter as much."""
SAMPLE = 2
"""Bytes: 16 bits, mono."""


class SinkStream:
    """16-bit mono samples at 48 kHz onto ``sink``; raises ``pasimple.PaSimpleError`` when there is none.

    ``tell`` is called once, from the stream's thread: ``"finished"`` when the last sample has been heard, ``"lost"`` when the
    server or the sink is gone.
    """

    def __init__(self, sink: str, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._server = pasimple.PaSimple(
            pasimple.PA_STREAM_PLAYBACK,
            pasimple.PA_SAMPLE_S16LE,
            1,
            RATE_HZ,
            app_name="broadcaster",
            device_name=sink,
            tlength=round(AHEAD_S * RATE_HZ) * SAMPLE,
            minreq=round(REQUEST_S * RATE_HZ) * SAMPLE,
        )
        self._coming: deque[bytes] = deque()
        self._rest = b""
        self._guesses: deque[float] = deque(maxlen=GUESSES)
        self._written = 0
        self._first: int | None = None
        self._last: int | None = None
        self._played = 0
        self._position_s = 0.0
        self._at_s: float | None = None
        self._complete = False
        self._over = False
        self._mend_at: int | None = round(MEND_EVERY_S * RATE_HZ)
        self._paces: deque[float] = deque(maxlen=PACES)
        self._moments = Moments(lambda: self._written / RATE_HZ, self._pace_s)
        threading.Thread(target=self._run, daemon=True).start()

    # What the owner says, from any thread

    def begin_at(self, at_s: float) -> None:
        """The programme's first sample is to be heard at this moment of ``CLOCK_MONOTONIC``, or as soon as it can."""
        self._at_s = at_s

    def feed(self, samples: bytes) -> None:
        """More of the programme; never waits."""
        self._coming.append(samples)

    def complete(self) -> None:
        """Nothing more is fed."""
        self._complete = True

    @property
    def fed(self) -> bool:
        """Whether any of the programme has come."""
        return bool(self._played or self._coming)

    @property
    def position_s(self) -> float:
        """Where in the programme the output is now, as far as it was written."""
        if self._first is not None:
            heard_s = min(time.monotonic() - self._heard_s(self._first), self._played / RATE_HZ)
            self._position_s = max(self._position_s, heard_s)  # what the server says scatters; time does not go back
        return self._position_s

    # The thread

    def _run(self) -> None:
        try:
            while not self._over:
                self._guess()
                self._step()
        except Exception:  # whatever it was: a stream that ended without a word would be silence
            self._tell("lost")
        else:
            self._tell("finished")

    @property
    def _full(self) -> bool:
        """Whether the server has had as much as it holds: from then on it plays."""
        return self._written >= AHEAD_S * RATE_HZ

    def _pace_s(self) -> float | None:
        """The moment less what was written, when the server was last full."""
        paces = tuple(self._paces)
        return min(paces) if paces else None

    def _guess(self) -> None:
        """When sample 0 of the stream was heard, by what libpulse says now."""
        if not self._full:
            return
        before = time.monotonic()
        latency_s = self._server.get_latency() / 1e6
        now = (before + time.monotonic()) / 2
        self._guesses.append(now + latency_s - self._written / RATE_HZ)

    def _heard_s(self, sample: int) -> float:
        """When a sample of the stream is heard."""
        told_s = self._moments.beginning_s
        return (statistics.median(tuple(self._guesses)) if told_s is None else told_s) + sample / RATE_HZ

    def _step(self) -> None:
        if self._first is None:
            self._approach()
        elif piece := self._next():
            full = self._write(piece)
            self._played += len(piece) // SAMPLE
            if self._mend_at and piece.strip(b"\0"):
                self._mend_at = None
                self._moments.settle()
            if full:
                self._mend()
        elif self._complete:
            self._end()
        else:  # libvlc stumbles: the rest comes later, and the witness hears the gap
            self._write(bytes(CHUNK * SAMPLE))
            self._first += CHUNK

    def _approach(self) -> None:
        """Silence up to the sample that is heard at the programme's moment."""
        missing = CHUNK
        if self._at_s is not None and self._coming and self._guesses:
            missing = min(CHUNK, round((self._at_s - self._heard_s(self._written)) * RATE_HZ))
        if missing > 0:
            self._write(bytes(missing * SAMPLE))
        else:
            self._first = self._written

    def _mend(self) -> None:
        """Inside the first silence: leave some of it out when the programme is late, put some in when it is early."""
        if self._mend_at is None or self._played < self._mend_at or self._first is None or self._at_s is None:
            return
        self._mend_at = self._played + round(MEND_EVERY_S * RATE_HZ)
        late = round((self._heard_s(self._first) - self._at_s) * RATE_HZ)
        self._gather(max(late, CHUNK))
        spare = self._silence_at_hand() - CHUNK
        if abs(late) < NEAR_S * RATE_HZ or spare < 0:
            return
        if late < 0:
            self._write(bytes(-late * SAMPLE))
            self._first -= late
        else:
            left_out = min(late, spare)
            self._rest = self._rest[left_out * SAMPLE :]
            self._played += left_out
            self._first -= left_out

    def _silence_at_hand(self) -> int:
        """How many of the next samples are silent."""
        return (len(self._rest) - len(self._rest.lstrip(b"\0"))) // SAMPLE

    def _gather(self, samples: int) -> None:
        """Have that many samples at hand, as far as they were fed."""
        while len(self._rest) < samples * SAMPLE and self._coming:
            self._rest += self._coming.popleft()

    def _next(self) -> bytes:
        self._gather(CHUNK)
        piece, self._rest = self._rest[: CHUNK * SAMPLE], self._rest[CHUNK * SAMPLE :]
        return piece

    def _end(self) -> None:
        """Silence until everything before has left the output."""
        if self._last is None:
            self._last = self._written
        if time.monotonic() >= self._heard_s(self._last):
            self._over = True
        else:
            self._write(bytes(CHUNK * SAMPLE))

    def _write(self, samples: bytes) -> bool:
        """Waits while the server has enough; whether it had."""
        before = time.monotonic()
        self._server.write(samples)
        after = time.monotonic()
        self._written += len(samples) // SAMPLE
        if self._full:
            self._paces.append(after - self._written / RATE_HZ)
        return after - before > WAITED_S
