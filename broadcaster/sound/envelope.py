"""How loud a sound is, a hundred times a second: the shape by which the witness knows a master again.

Plain Python on purpose: the witness listens for minutes in a child of its own, and numpy would cost it 25 MB and a tenth
of a second to do in 0.1 % of a core what the standard library does in 0.2 %.
"""

import math
from array import array
from collections.abc import Iterable, Sequence
from operator import mul

RATE_HZ = 8000
"""Sample rate of what is compared: the voice is below 4 kHz, and so are the loudspeakers."""
FRAME_S = 0.01
"""One value of an envelope."""
FRAMES_PER_BLOCK = 10
"""A block, the unit that is heard or not, is 100 ms."""
_SAMPLES = round(RATE_HZ * FRAME_S)

ACTIVE_BELOW_LOUD_DB = 25.0
ACTIVE_FLOOR = 32768 * 10 ** (-60 / 20)


class EnvelopeMaker:
    """Samples in, envelope out, in pieces of any size."""

    def __init__(self) -> None:
        self._rest = b""
        self._energy = 0.0

    def feed(self, pcm: bytes) -> "array[float]":
        """Envelope of the next samples (mono, s16 little-endian, 8 kHz): RMS in sample steps, one value each 10 ms.

        A value spans 20 ms, so that neighbours overlap by half and a shift by less than a value changes little.
        """
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % (2 * _SAMPLES)
        self._rest = pcm[whole:]
        samples = array("h", pcm[:whole])
        values = array("f")
        for start in range(0, len(samples), _SAMPLES):
            frame = samples[start : start + _SAMPLES]
            energy = float(sum(map(mul, frame, frame)))
            values.append(math.sqrt((self._energy + energy) / (2 * _SAMPLES)))
            self._energy = energy
        return values


def envelope(pieces: Iterable[bytes]) -> "array[float]":
    """The envelope of a whole sound given in pieces."""
    maker = EnvelopeMaker()
    values = array("f")
    for piece in pieces:
        values.extend(maker.feed(piece))
    return values


def block_levels(values: Sequence[float]) -> list[float]:
    """RMS of each whole block of an envelope."""
    count = len(values) // FRAMES_PER_BLOCK
    blocks = (values[FRAMES_PER_BLOCK * i : FRAMES_PER_BLOCK * (i + 1)] for i in range(count))
    return [math.sqrt(sum(map(mul, block, block)) / FRAMES_PER_BLOCK) for block in blocks]


def active_blocks(values: Sequence[float]) -> list[bool]:
    """Which blocks hold sound: not more than 25 dB below the loud ones (95th percentile), and above -60 dBFS."""
    levels = block_levels(values)
    if not levels:
        return []
    loud = sorted(levels)[int(0.95 * (len(levels) - 1))]
    least = max(ACTIVE_FLOOR, loud * 10 ** (-ACTIVE_BELOW_LOUD_DB / 20))
    return [level >= least for level in levels]
