"""Copies that left the library: one row a file, so that a withdrawal knows what must be taken down."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import EpisodeNumber, Sha256


@dataclass(frozen=True, slots=True)
class CopyMade(Event):
    """A master was copied for use elsewhere; durable before the copy has its final name."""

    kind: ClassVar[str] = "copy_made"
    copy: str
    """The copy's code, such as ``K-7F3A2C``: told to whoever carries it, in place of any path."""
    episode: EpisodeNumber
    revision: int
    master_sha256: Sha256
    form: str
    """``mp3``, ``opus``, ``wav``, ``usb`` or ``facebook``."""
    copy_sha256: Sha256
    scope: str
    """What consent it was made under: the scope's word."""
    by: str = ""
    """A registered code, or ``uid:1000``, the system's user."""


@dataclass(frozen=True, slots=True)
class CopyRemoved(Event):
    """Somebody says that a copy exists no longer: deleted, taken down, the stick overwritten."""

    kind: ClassVar[str] = "copy_removed"
    copy: str
    by: str
