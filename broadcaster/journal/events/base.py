"""What every event is."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events; ``kind`` is the row's word for it."""

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process that cannot be mistaken for another that got the same number later."""

    pid: int
    start_ticks: int
    """Field 22 of ``/proc/PID/stat``: start time in clock ticks after boot."""
