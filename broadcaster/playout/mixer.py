"""The volume of this process's own stream on the sound server. Used by the player's child only.

A frozen server never answers: whoever wants another volume leaves a word and does not wait.
"""

import contextlib
import queue
import threading
import time
from typing import Any

import pulsectl

from broadcaster.playout.soundserver import connect, own_streams

STEP_S = 0.01
"""Between two steps of a ramp. The server takes one whenever it mixes: every hundredth to every tenth of a second."""


class Mixer:
    """Sets the stream's volume (PulseAudio's scale, 0 … 1) and unmutes it, from a thread of its own."""

    def __init__(self, volume: float) -> None:
        self._volume = volume
        self._wanted: queue.SimpleQueue[tuple[float, float]] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()
        self.settle()

    def settle(self) -> None:
        """Set it once more to what was wanted last."""
        self._wanted.put((self._volume, 0.0))

    def ramp(self, volume: float, over_s: float) -> None:
        """To another volume, in small steps."""
        self._volume = volume
        self._wanted.put((volume, over_s))

    def _run(self) -> None:
        with (
            contextlib.suppress(pulsectl.PulseError, pulsectl.PulseDisconnected),
            pulsectl.Pulse("broadcaster-mixer", connect=False) as pulse,
        ):
            connect(pulse)
            while True:
                wanted = self._wanted.get()
                with contextlib.suppress(pulsectl.PulseOperationFailed, pulsectl.PulseIndexError):
                    self._set(pulse, *wanted)

    def _set(self, pulse: Any, wanted: float, over_s: float) -> None:
        for stream in own_streams(pulse):
            pulse.mute(stream, mute=False)
            begin, steps = stream.volume.value_flat, max(1, round(over_s / STEP_S))
            for step in range(1, steps + 1):
                pulse.volume_set_all_chans(stream, between(begin, wanted, step / steps))
                time.sleep(STEP_S if over_s else 0.0)


def between(begin: float, wanted: float, share: float) -> float:
    """A volume on the way from one to another (pure).

    The server's scale is cubic in amplitude; even steps of amplitude make the largest of them as small as it can be.
    """
    if share >= 1.0:
        return wanted
    return float((begin**3 + (wanted**3 - begin**3) * share) ** (1 / 3))
