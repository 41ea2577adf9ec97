"""A master on a sound card itself, by libvlc's own ALSA output. Used by the player's child only."""

import time
from pathlib import Path

from broadcaster.playout.libvlc import Opened, Tell

STEP_S = 0.005
"""Between two steps of a fade: finer than the output takes them, so that it takes as many as it can."""
RAMP_S = 0.25
"""Of a change of volume. An output takes a step some 20 ms after the one before, so a shorter ramp would be heard as one."""
HEAD_START_S = 0.025
"""libvlc's first sample comes this much after it is asked for: 10 to 60 ms, measured."""
OUTPUT_LIMIT_S = 2.0
"""A player that has played no buffer this long after its start never had an output."""
SLOW_OUTPUT = "--file-caching=3000"
"""A device slower than libvlc's own read-ahead stays silent; this one reads three seconds ahead."""


class CardVoice:
    """libvlc on the card that ALSA calls ``card``."""

    early_s = HEAD_START_S

    def __init__(self, master: Path, card: str, volume: float, tell: Tell, *, slow: bool) -> None:
        way_out = ["--aout=alsa", f"--alsa-audio-device={card}"]
        self._opened = Opened(master, [*way_out, *([SLOW_OUTPUT] if slow else [])], tell)
        self._tell = tell
        self._volume = volume
        self._begun_s: float | None = None

    def play(self, _at_s: float) -> None:
        """Begin, now."""
        self._opened.play()
        self._begun_s = time.monotonic()
        self._settle()

    def decoded(self) -> None:
        """libvlc reached the end, and so did the output."""
        self._tell("finished")

    def look(self) -> str | None:
        """What is wrong, seen from time to time."""
        if self._begun_s is None or time.monotonic() < self._begun_s + OUTPUT_LIMIT_S:
            return None
        return "no output" if self._opened.played_nothing() else None

    def set_volume(self, volume: float) -> None:
        """To another volume in small steps, without a click."""
        if self._begun_s is None:
            self._volume = volume
        else:
            self._ramp(volume, RAMP_S)

    def fade(self, over_s: float) -> None:
        """Down to nothing, and stop."""
        self._ramp(0.0, over_s)
        self._opened.player.stop()
        self._tell("finished")

    @property
    def position_s(self) -> float:
        """Seconds from the master's beginning."""
        return float(max(0, self._opened.player.get_time())) / 1000

    def _ramp(self, volume: float, over_s: float) -> None:
        begin, steps = self._volume, max(1, round(over_s / STEP_S))
        for step in range(1, steps + 1):
            self._volume = begin + (volume - begin) * step / steps
            self._settle()
            time.sleep(STEP_S)

    def _settle(self) -> None:
        self._opened.player.audio_set_volume(round(100 * self._volume))
