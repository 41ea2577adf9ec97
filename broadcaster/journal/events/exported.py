"""What left the station as a document."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import MarketId, Sha256


@dataclass(frozen=True, slots=True)
class Exported(Event):
    """A report was made and is about to be handed over; durable before it is. When is the row's own moment."""

    kind: ClassVar[str] = "exported"
    document: str
    """What: ``data`` (tables), ``certificate``, ``monthly``, … ``schedule``, ``control_sheet``."""
    format: str
    """``csv``, ``xlsx``, ``pdf``, …"""
    first: date
    """The local days it tells of, both included."""
    last: date
    markets: tuple[MarketId, ...]
    sha256: Sha256
    """Of the document: a copy that turns up later can be recognised."""
    by: str
    """A registered code, or ``uid:1000``, the system's user."""
