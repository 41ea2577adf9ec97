"""A master on a sink of the sound server: libvlc decodes, a stream of our own sounds. Used by the player's child only."""

import threading
import time
from pathlib import Path

import pasimple

from broadcaster.playout.libvlc import Opened, Tell
from broadcaster.playout.mixer import Mixer
from broadcaster.playout.sink_stream import RATE_HZ, SinkStream

READ_AHEAD = "--file-caching=3000"
"""libvlc decodes this many milliseconds ahead of real time: out of them a start that comes too late leaves silence out."""
AT_ONCE = float("inf")
FED_LIMIT_S = 2.0
"""libvlc gives its first samples within some tenths of a second."""
RAMP_S = 0.6
"""Of a change of volume."""
FADED_S = 0.1
"""A server takes the last step of a fade within so long."""
SETTLE_S = 2.0
"""For so long after the start the stream's volume is set again: the witness sets the one it was told before the play."""


class SinkVoice:
    """libvlc's samples on ``sink``. Raises :class:`NoSink` when it is not there."""

    early_s = AT_ONCE
    """The stream itself waits for the moment; until then it gathers what libvlc decodes."""

    def __init__(self, master: Path, sink: str, volume: float, tell: Tell) -> None:
        self._opened = Opened(master, [READ_AHEAD], tell)
        try:
            self._stream = SinkStream(sink, tell)
        except pasimple.PaSimpleError as problem:
            raise NoSink(sink) from problem
        self._tell = tell
        self._mixer = Mixer(volume)
        self._opened.into(self._stream.feed, RATE_HZ)
        self._fed_by_s: float | None = None
        self._settled_by_s = 0.0

    def play(self, at_s: float) -> None:
        """Begin, so that the first sample is heard at ``at_s`` of ``CLOCK_MONOTONIC``."""
        self._stream.begin_at(at_s)
        self._opened.play()
        self._fed_by_s = time.monotonic() + FED_LIMIT_S
        self._settled_by_s = at_s + SETTLE_S

    def decoded(self) -> None:
        """libvlc reached the end; the output has still some to sound."""
        self._stream.complete()

    def look(self) -> str | None:
        """What is wrong, seen from time to time; libvlc is asked something, so that it is seen to answer."""
        self._opened.player.get_state()
        if time.monotonic() < self._settled_by_s:
            self._mixer.settle()
        late = self._fed_by_s is not None and time.monotonic() > self._fed_by_s
        return "nothing decoded" if late and not self._stream.fed else None

    def set_volume(self, volume: float) -> None:
        """To another volume without a click; returns at once."""
        self._mixer.ramp(volume, RAMP_S)

    def fade(self, over_s: float) -> None:
        """Down to nothing, and finish; returns at once. What the server still holds goes with the process."""
        self._mixer.ramp(0.0, over_s)
        threading.Timer(over_s + FADED_S, self._tell, ("finished",)).start()

    @property
    def position_s(self) -> float:
        """Seconds from the master's beginning, as heard."""
        return self._stream.position_s


class NoSink(Exception):
    """The sink, or the sound server, is not there."""
