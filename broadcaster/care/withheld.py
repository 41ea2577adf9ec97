"""What is in no backup and comes back from none: audio that was withdrawn, whatever an older file still holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from broadcaster.config import Station
from broadcaster.journal.events import CopyMade, Event
from broadcaster.journal.row import Row
from broadcaster.library.belongings import belongings
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.model import EpisodeNumber, Sha256

WITHHOLDING: tuple[type[Event], ...] = (*DECISIONS, CopyMade)
"""All that :meth:`Withheld.of` reads."""


@dataclass(frozen=True)
class Withheld:
    """By the rows of a record."""

    episodes: frozenset[EpisodeNumber]
    """Of which nothing stays."""
    touched: frozenset[EpisodeNumber]
    """Of which something stays: captions of them do not, for nothing tells which revision's they are."""
    hashes: frozenset[Sha256]

    @classmethod
    def of(cls, rows: Iterable[Row], station: Station) -> Self:
        """What these rows withhold at this station."""
        kept = list(rows)
        decisions = decide(kept)
        withdrawn = decisions.withdrawn.items()
        gone = [belongings(kept, decisions, *each, station.announcements) for each in withdrawn]
        return cls(
            episodes=frozenset(each.number for each in gone if each.whole),
            touched=frozenset(each.number for each in gone if not each.whole),
            hashes=frozenset(sha256 for each in gone for sha256 in each.hashes),
        )

    def keeps_out(self, name: str, sha256: Callable[[], Sha256]) -> bool:
        """Whether a file of a station, by its name in a backup and its SHA-256, is not to be kept or put back."""
        _room, number, *_ = (*name.split("/"), "", "")
        if number.isdigit():
            episode = EpisodeNumber(int(number))
            if episode in self.episodes or (episode in self.touched and name.endswith(".srt")):
                return True
        return bool(self.hashes) and name.startswith("episodes/") and sha256() in self.hashes
