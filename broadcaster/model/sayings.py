"""The words in which people say what a computer cannot hear."""

from enum import StrEnum


class HeardAs(StrEnum):
    """How an airing was heard in the market, as somebody who was there says."""

    WELL = "well"
    LOW = "low"
    NO = "no"


class Source(StrEnum):
    """What played an airing, as people say."""

    COMPUTER = "computer"
    USB = "usb"
    """The amplifier's own player, from a stick."""


class Cause(StrEnum):
    """Why an airing was heard badly or not at all, as people say: the letters of the control sheet."""

    POWER = "power"
    AMPLIFIER = "amplifier"
    """Off, broken or not connected."""
    CLOSED = "closed"
    """The market was."""
    NOISE = "noise"
    OTHER = "other"


class Counting(StrEnum):
    """How listeners were counted: what is printed beside every number of them."""

    HEADCOUNT = "headcount"
    """One by one, within hearing, once during the airing."""
    SAMPLE = "sample"
    """One by one in a part of the market, times the number of such parts."""
    ESTIMATE = "estimate"
    """By eye."""


class Complaint(StrEnum):
    """What a complaint was about. Whose, and in which words, is nowhere."""

    NOISE = "noise"
    CONTENT = "content"
    SAFETY = "safety"
    """Somebody was, or feared to be, put at risk."""
