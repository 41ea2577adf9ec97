"""The wall clock: who vouched for it, when it was moved, and what waited because nobody did."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.journal.events.daemon import Promise


@dataclass(frozen=True, slots=True)
class ClockConfirmed(Event):
    """Somebody compared the computer's time with her phone and says that it is right.

    It holds until the next boot, or until the wall clock is moved against the monotonic one of this row.
    """

    kind: ClassVar[str] = "clock_confirmed"
    by: str
    """Who: ``uid:1000``, the system's user at the box."""


@dataclass(frozen=True, slots=True)
class ClockHeld(Event):
    """An airing is due and nothing vouches for the clock, so it waits within its grace; once for each such wait.

    A promise like any other: the plan may never have been accepted, for want of a clock to accept it by.
    """

    kind: ClassVar[str] = "clock_held"
    promise: Promise
    doubt: str = ""
    """Why the clock was not believed: ``unconfirmed``, ``before_record`` or ``before_build``."""


@dataclass(frozen=True, slots=True)
class ClockStepped(Event):
    """The wall clock was moved against the monotonic one: by a person, by a time server, or because the machine slept."""

    kind: ClassVar[str] = "clock_stepped"
    by_s: float
    """Seconds; forward is positive."""


@dataclass(frozen=True, slots=True)
class RtcCompared(Event):
    """The hardware clock was held against a clock that a time server or the operator vouches for."""

    kind: ClassVar[str] = "rtc_compared"
    difference_s: float
    """By how much the hardware clock was ahead."""
