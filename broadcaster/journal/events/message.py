"""What a market's computer said by a message, before its record came."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import AiringId, MarketId, Outcome, Reason


@dataclass(frozen=True, slots=True)
class MessageReceived(Event):
    """Somebody at the office typed in a message that tells what became of an airing. Provisional, whatever it says: only the
    market's own record ends an airing. The newest of an airing counts, all are kept."""

    kind: ClassVar[str] = "message_received"
    airing: AiringId
    market: MarketId
    due: datetime
    outcome: Outcome
    reason: Reason
    code: str
    """Of the market's record, as it stood when the airing had ended: ``K7F3-9QXM``."""
    proved: bool
    """It was made with the secret that only the market's computer and this office have."""
    by: str
    """Who typed it in: a registered code, or ``uid:1000``, the system's user."""
