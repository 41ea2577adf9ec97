"""What a recording is measured by, and what is found in it."""

from dataclasses import dataclass
from enum import StrEnum

from broadcaster.model.units import Dbtp, LoudnessUnits, Lufs, Seconds


class Profile(StrEnum):
    """What a master is made for."""

    SPEECH = "speech"
    HORN = "horn"


class Severity(StrEnum):
    """What a finding about a recording means for it."""

    REFUSE = "refuse"
    WARN = "warn"
    NOTE = "note"


class PartRole(StrEnum):
    """What a part is in an episode's rundown."""

    CHIME = "chime"
    IDENT = "ident"
    GREETING = "greeting"
    BLOCK = "block"
    SPOT = "spot"
    HELPLINE = "helpline"
    CREDITS = "credits"
    BED = "bed"
    """Music under the others; it takes no time of its own."""


@dataclass(frozen=True)
class Measure:
    """What a meter says of a piece of audio (ITU-R BS.1770-4, EBU Tech 3341 and 3342). ``None``: undefined, as in silence."""

    integrated_lufs: Lufs | None
    true_peak_dbtp: Dbtp | None
    loudness_range_lu: LoudnessUnits | None
    max_momentary_lufs: Lufs | None
    max_shortterm_lufs: Lufs | None
    duration_s: Seconds
    sample_rate_hz: int
    channels: int


@dataclass(frozen=True)
class Finding:
    """One thing noticed in a recording."""

    code: str
    severity: Severity
    at_s: Seconds | None
    """Second of the original at which it begins, where it has one."""
    text: str
    """One plain sentence with what to do, in the language spoken when it was found."""
