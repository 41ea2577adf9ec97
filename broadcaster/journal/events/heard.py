"""Somebody listened to an episode, not in a market."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import EpisodeNumber, Sha256


@dataclass(frozen=True, slots=True)
class EpisodeHeard(Event):
    """A registered person was given a master to listen to on the panel; written before its first byte goes out."""

    kind: ClassVar[str] = "episode_heard"
    episode: EpisodeNumber
    revision: int
    master_sha256: Sha256
    by: str
