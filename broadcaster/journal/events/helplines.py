"""Helplines: somebody called."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from broadcaster.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class HelplineVerified(Event):
    """Somebody called and was answered."""

    kind: ClassVar[str] = "helpline_verified"
    helpline: str
    number: str
    """What she dialled, as the station's file had it; another number is not verified by this."""
    on: date
    """The day at the station."""
    by: str


@dataclass(frozen=True, slots=True)
class HelplineWrong(Event):
    """Somebody found that the number does not serve; what says it stays off the air at once."""

    kind: ClassVar[str] = "helpline_wrong"
    helpline: str
    number: str
    by: str
