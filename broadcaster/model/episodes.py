"""What sounds: an episode as the planner is told of it, and what must be known of it."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from broadcaster.model.outcomes import Reason
from broadcaster.model.places import Announcement, Market
from broadcaster.model.units import EpisodeNumber, Seconds, Sha256

LEAD_IN_S, TAIL_S = Seconds(3.0), Seconds(1.0)
"""Of a master of which nothing else is known."""


class Flag(StrEnum):
    """What people must know of an episode although it may air."""

    URGENT = "urgent"
    """The protection officer's approval alone carries it, for a short while."""
    HELPLINE_STALE = "helpline_stale"
    """Not every helpline it says was verified lately."""
    UNANNOUNCED = "unannounced"
    """The market's announcement is not ready or must not sound: the episode airs without it."""


@dataclass(frozen=True)
class Helpline:
    """A number or place to turn to, as dated in the station's register."""

    id: str
    name: str
    number: str
    hours: str
    languages: tuple[str, ...]
    cost: str
    valid_from: date | None
    valid_to: date | None
    verified_on: date | None
    wrong: bool
    """Known to be wrong: an episode that says it may not air, whatever else it says."""


@dataclass(frozen=True)
class Edition:
    """A master with an announcement before it, as one file: what sounds at the markets that have this announcement."""

    announcement: Announcement
    sha256: Sha256
    """Of the file."""
    parts: tuple[Sha256, ...]
    """The recordings in the announcement."""
    announcement_s: Seconds
    """How much later than in the master the episode begins: the announcement and the pause after it."""
    duration_s: Seconds
    """Length of the sound, announcement included, without lead-in and tail."""


@dataclass(frozen=True)
class EpisodeStatus:
    """What the planner is told about an episode."""

    number: EpisodeNumber
    revision: int
    master_sha256: Sha256 | None
    duration_s: Seconds | None
    """Length of the sound: the master without lead-in and tail."""
    reason: Reason | None
    """What keeps it off the air; ``None`` when it may air."""
    withdrawn_through: int = 0
    """The highest revision that must not sound again, newer ones notwithstanding; 0 when none was withdrawn."""
    lead_in_s: Seconds = LEAD_IN_S
    """Silence at the master's head, as it was made."""
    tail_s: Seconds = TAIL_S
    """Silence at its end."""
    flags: tuple[Flag, ...] = ()
    """What people must know of it although it may air."""
    wrong_revisions: frozenset[int] = frozenset()
    """Revisions that say something known to be wrong: what sounds may be one of them, and not the one that governs."""
    editions: tuple[Edition, ...] = ()
    """Those that are ready, byte for byte, and may sound."""
    wrong_editions: frozenset[Sha256] = frozenset()
    """Editions whose announcement says something wrong: what sounds may be one of them."""
    edition: Edition | None = None
    """The one that sounds, once the market is known (:meth:`at`); ``None``: the master itself."""

    def at(self, market: Market) -> "EpisodeStatus":
        """What that market would hear: its announcement and the episode or, where that is not to be had, the episode."""
        if market.announcement is None:
            return replace(self, editions=())
        for edition in self.editions:
            if edition.announcement == market.announcement:
                return replace(self, editions=(), edition=edition, duration_s=edition.duration_s)
        return self.unannounced()

    def unannounced(self) -> "EpisodeStatus":
        """The episode without the announcement that it should have."""
        return replace(self, editions=(), flags=(*self.flags, Flag.UNANNOUNCED))

    @property
    def state(self) -> str:
        """``ready`` or the reason code that will stop it."""
        return self.reason.value if self.reason else "ready"
