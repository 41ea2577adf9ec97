"""A recording read once more, block by block: every judge is given the little that it needs.

Most of it works at a sixth of the sample rate, where all of a voice is: ten minutes cost some 0.2 s of one core, and what
is kept grows by 2 MB an hour.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadcaster.production.quality.channels import Channels
from broadcaster.production.quality.clipping import FlatTops
from broadcaster.production.quality.hum import MainsLines
from broadcaster.sound.blocks import Samples, read_blocks
from broadcaster.sound.decode import Decoded
from broadcaster.sound.fingerprint import Fingerprinter, Words
from broadcaster.sound.narrowband import Narrowband, Signal
from broadcaster.sound.spectra import Spectra
from broadcaster.sound.voice import Voice, VoiceMeter

_CELLS = 2048
"""Cells of a block: about four seconds, and whole cells of every filter."""


@dataclass(frozen=True)
class Traits:
    """What the judges look at."""

    voice: Voice
    words: Words
    tops: FlatTops
    mains: MainsLines
    channels: Channels | None
    """``None`` where there is one channel."""
    means: tuple[float, ...]
    """Mean sample of each channel."""


class Listener:
    """Takes the blocks of a recording, frames ``(n, channels)``; all but the last as long as :attr:`block_frames`."""

    def __init__(self, rate_hz: int, channels: int, codec: str) -> None:
        self._narrow = [Narrowband(rate_hz) for _ in range(channels)]
        narrow_hz = self._narrow[0].rate_hz
        self.block_frames = self._narrow[0].cell * _CELLS
        self._spectra = Spectra(narrow_hz)
        self._voice = VoiceMeter(self._spectra.hertz, narrow_hz)
        self._voices: list[Voice] = []
        self._words = Fingerprinter(self._spectra.hertz)
        self._tops = FlatTops(rate_hz, codec)
        self._mains = MainsLines(narrow_hz)
        self._channels = Channels(narrow_hz) if channels == 2 else None
        self._sums = np.zeros(channels)
        self._frames = 0

    def feed(self, block: Samples) -> None:
        """Listen to the next block."""
        self._tops.feed(block)
        narrow = [each.run(np.ascontiguousarray(block[:, i])) for i, each in enumerate(self._narrow)]
        self._sums += [float(each.sum(dtype=np.float64)) * self._narrow[0].factor for each in narrow]
        self._frames += len(block)
        if self._channels is not None:
            self._channels.feed(narrow[0], narrow[1])
        one = narrow[0] if len(narrow) == 1 else (narrow[0] + narrow[1]) * np.float32(0.5)
        self._mains.feed(one)
        self._hear(one)

    def _hear(self, one: Signal) -> None:
        powers = self._spectra.feed(one)
        if len(powers):
            self._voices.append(self._voice.feed(powers))
            self._words.feed(powers)

    def traits(self) -> Traits:
        """What was heard so far."""
        means = tuple(float(each) / max(self._frames, 1) for each in self._sums)
        return Traits(self._joined(), self._words.words(), self._tops, self._mains, self._channels, means)

    def _joined(self) -> Voice:
        def join(name: str) -> NDArray[np.float32]:
            return np.concatenate([np.zeros(0, dtype=np.float32), *(getattr(each, name) for each in self._voices)])

        return Voice(join("level_db"), join("period"), join("change"))


def listen(decoded: Decoded) -> Traits:
    """The traits of a decoded recording, in bounded memory."""
    listener = Listener(decoded.sample_rate_hz, decoded.channels, decoded.codec)
    for block in read_blocks(decoded.pcm, decoded.channels, listener.block_frames):
        listener.feed(block)
    return listener.traits()
