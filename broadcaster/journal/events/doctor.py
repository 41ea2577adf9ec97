"""The box was looked over."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing that was looked at."""

    code: str
    """What it is: ``output``, ``approvals``, …"""
    subject: str = ""
    """Which one, where there are several: a market's or helpline's id, an episode's number, an airing."""


@dataclass(frozen=True, slots=True)
class DoctorRan(Event):
    """Somebody, or the program itself on the evening before an airing, looked whether all is ready."""

    kind: ClassVar[str] = "doctor_ran"
    by: str
    """``evening``: the program itself."""
    red: tuple[Looked, ...]
    """What would keep an airing silent."""
    yellow: tuple[Looked, ...] = ()
    """What somebody should see to all the same."""
    green: tuple[Looked, ...] = ()


EVENING = "evening"
"""Who looked, when nobody asked."""
