"""A master with a market's announcement before it: which file it is, and what it was put together from."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.journal.events.parts import BuiltPart
from broadcaster.model import EpisodeNumber, Seconds, Sha256


@dataclass(frozen=True, slots=True)
class EditionMade(Event):
    """An edition of a master was made; durable before the file has its name."""

    kind: ClassVar[str] = "edition_made"
    episode: EpisodeNumber
    revision: int
    master_sha256: Sha256
    chime: str
    """Ids as a market's settings name them; empty for none."""
    ident: str
    parts: tuple[BuiltPart, ...]
    """The announcement, in its order; the program's own chime has no id."""
    edition_sha256: Sha256
    announcement_s: Seconds
    """How much later than in the master the episode begins."""
    duration_s: Seconds
    """Length of the sound, announcement included, without lead-in and tail."""
