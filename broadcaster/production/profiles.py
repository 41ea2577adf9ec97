"""What a recording goes through on its way to a master, by the profile it is made for.

=========  ==========================================================  =====================================
profile    chain                                                       for
=========  ==========================================================  =====================================
``speech`` one gain, limiter                                           loudspeakers and headphones; default
``horn``   high-pass, slow leveller, gentle compressor, gain, limiter  horn loudspeakers in noise
=========  ==========================================================  =====================================

``docs/mastering.md`` says where each figure comes from.
"""

from dataclasses import dataclass

from broadcaster.config import MasteringSettings
from broadcaster.model import Profile
from broadcaster.production.evening import MOST_COMPRESSED_DB, MOST_DB
from broadcaster.sound.biquads import high_pass
from broadcaster.sound.kweighting import Biquad
from broadcaster.sound.limiter import GRID_RATE_HZ


@dataclass(frozen=True)
class Chain:
    """What happens before the gain and the limiter."""

    high_pass: tuple[Biquad, ...] = ()
    evens: bool = False

    @property
    def most_evened_db(self) -> float:
        """The difference that evening can make between two peaks."""
        return 2 * MOST_DB + MOST_COMPRESSED_DB if self.evens else 0.0


PLAIN = Chain()


def chain_of(settings: MasteringSettings) -> Chain:
    """The chain of the settings' profile."""
    if settings.profile is Profile.HORN:
        return Chain(high_pass(settings.horn_high_pass_hz, GRID_RATE_HZ), evens=True)
    return PLAIN
