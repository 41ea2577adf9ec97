"""A recording after it was heard whole: its samples on disk, its measure, and its loudness over time."""

from dataclasses import dataclass

from broadcaster.model import Measure
from broadcaster.sound.decode import Decoded
from broadcaster.sound.hops import Energies


@dataclass(frozen=True)
class Heard:
    """What examining a recording may look at; the samples are at ``decoded.pcm``."""

    decoded: Decoded
    measure: Measure
    """Of the recording as it came."""
    hops: Energies
    """Mean square, K-weighted, channels summed, of each whole 100 ms: ``loudness.lufs`` reads one."""
    name: str
    """What the producer calls the recording, fit to be shown."""
