"""Short-time power spectra on one grid of time, whatever the sample rate: every 32 ms, some 60 ms long."""

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.narrowband import Signal

Powers = NDArray[np.float32]
"""``(frames, bins)``: mean square of each bin, window included; a row sums to about the frame's mean square."""

LOWEST_HZ = 70.0
"""What is lower is left out: no voice reaches it, and every hand on a microphone does."""

HOP_S = 0.032
SIZE = 512
BINS = SIZE // 2 + 1


class Spectra:
    """Cuts one channel of narrow-band sound into frames as it comes."""

    def __init__(self, rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self.hertz = np.arange(BINS) * rate_hz / SIZE
        self._window = np.hanning(SIZE + 1)[:SIZE].astype(np.float32)
        self._scale = np.float32(2 / (SIZE * float((self._window.astype(np.float64) ** 2).sum())))
        self._rumble = int(np.searchsorted(self.hertz, LOWEST_HZ))
        self._held = np.zeros(0, dtype=np.float32)
        self._at = 0
        """Sample of the sound at which what is held begins."""
        self._frames = 0

    def feed(self, narrow: Signal) -> Powers:
        """The spectra of the frames that these samples complete."""
        held = np.concatenate([self._held, narrow])
        last = int((self._at + len(held) - SIZE) / (HOP_S * self.rate_hz))  # the frame that is surely whole
        count = max(0, last + 1 - self._frames)
        starts = np.rint((self._frames + np.arange(count)) * HOP_S * self.rate_hz).astype(np.intp) - self._at
        starts = starts[starts + SIZE <= len(held)]
        self._frames += len(starts)
        keep = round(self._frames * HOP_S * self.rate_hz) - self._at
        self._held, self._at = held[keep:].copy(), self._at + keep
        if not len(starts):
            return np.zeros((0, BINS), dtype=np.float32)
        frames = np.lib.stride_tricks.sliding_window_view(held, SIZE)[starts]
        frames *= self._window
        spectrum = np.fft.rfft(frames, axis=1)
        powers = np.square(spectrum.real, dtype=np.float32)
        powers += np.square(spectrum.imag, dtype=np.float32)
        powers *= self._scale
        powers[:, : self._rumble] = 0
        return powers
