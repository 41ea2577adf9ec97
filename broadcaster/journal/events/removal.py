"""What consent taken back leads to, beyond silence; and what is not kept longer than it must be."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import EpisodeNumber, Sha256


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A signed consent was taken back: it carries nothing any more, old or new."""

    kind: ClassVar[str] = "consent_withdrawn"
    consent: str
    """The form's reference, a code."""
    by: str


@dataclass(frozen=True, slots=True)
class PurgeOrdered(Event):
    """Every byte of these revisions' audio is to go; durable before the first one does, so that a power cut undoes nothing."""

    kind: ClassVar[str] = "purge_ordered"
    episode: EpisodeNumber
    through_revision: int
    by: str


@dataclass(frozen=True, slots=True)
class Purged(Event):
    """What was ordered is done: nothing of it is left in the station's folder. The hashes in the rows are no audio."""

    kind: ClassVar[str] = "purged"
    episode: EpisodeNumber
    through_revision: int
    files: int
    """How many were removed in the last go: a purge cut short begins anew."""


@dataclass(frozen=True, slots=True)
class OriginalRemoved(Event):
    """A recording as it came was kept as long as it had to be; the master stays."""

    kind: ClassVar[str] = "original_removed"
    episode: EpisodeNumber
    revision: int
    original_sha256: Sha256
