"""One thing that somebody must be told."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from broadcaster.model import MarketId, Reason


class Cause(StrEnum):
    """What it is about."""

    MISSED = "missed"
    """An airing did not go out."""
    SILENT = "silent"
    """The output was absent, mute or lost: an airing was heard in part or not at all."""
    UNHEARD = "unheard"
    """An airing left the computer, and the microphone in the market did not hear it."""
    CLOCK = "clock"
    """Nobody vouches for the computer's time, and airings wait for that."""
    DISK = "disk"
    RECORD = "record"
    """Something befell the record of airings."""
    NOT_READY = "not_ready"
    """On the evening before, something would keep the next airing silent."""
    BACK = "back"
    """The program is there again, after a power cut or a death of its own."""
    FAILING = "failing"
    """A part of the running program does not answer."""
    SAFETY = "safety"
    """Somebody stopped a market for safety: for the protection officer alone."""
    LEASE = "lease"
    """No stick comes any more: the computer falls silent soon, or is."""


@dataclass(frozen=True)
class Alert:
    """One message's worth: of one cause and one day, however often it happened."""

    cause: Cause
    day: date
    """Local."""
    digest: bool = False
    """Whether it tells, in the evening, what came after the day's first alert of this cause."""
    count: int = 1
    """How many airings."""
    markets: tuple[MarketId, ...] = ()
    due: datetime | None = None
    """Of the first airing, local; of a stop for safety, when it was; of a lease, its last day."""
    reason: Reason | None = None
    """Where all have the same."""
    codes: tuple[str, ...] = ()
    """Issued words: what is red, which part, what befell the record."""

    @property
    def key(self) -> str:
        """Told once under each; a stop for safety is told each time."""
        if self.cause is Cause.SAFETY and self.due is not None:
            return f"{self.cause}/{self.due.isoformat()}/{'+'.join(self.markets)}"
        return f"{self.cause}/{self.day.isoformat()}" + ("/digest" if self.digest else "")
