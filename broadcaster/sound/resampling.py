"""Another sample rate, block by block, by libsoxr: flat to 91 % of half the lower rate, aliases 120 dB down."""

import numpy as np
import soxr

from broadcaster.sound.blocks import Samples


class Resampler:
    """A sound of some channels on its way from one rate to another; where they are the same, it passes untouched."""

    def __init__(self, from_hz: int, to_hz: int, channels: int) -> None:
        self._stream = None
        if from_hz != to_hz:
            self._stream = soxr.ResampleStream(from_hz, to_hz, channels, dtype="float32", quality="HQ")
        self._channels = channels

    def take(self, block: Samples) -> Samples:
        """Frames ``(n, channels)`` in; out come those that are settled, none perhaps."""
        return block if self._stream is None else self._through(block, last=False)

    def flush(self) -> Samples:
        """The frames still on their way, at the end of the sound."""
        nothing = np.zeros((0, self._channels), dtype=np.float32)
        return nothing if self._stream is None else self._through(nothing, last=True)

    def _through(self, block: Samples, *, last: bool) -> Samples:
        assert self._stream is not None  # noqa: S101  asked before
        given = block if self._channels > 1 else block[:, 0]
        made: Samples = self._stream.resample_chunk(np.ascontiguousarray(given), last=last)
        return made.reshape(-1, self._channels)
