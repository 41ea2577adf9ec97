"""What somebody did at the panel that leaves no other row with her code."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import MarketId

OUT, IN = "out", "in"
"""Ways of a stick, seen from this computer."""


@dataclass(frozen=True, slots=True)
class StickByHand(Event):
    """Somebody had the panel write a stick or take one in; durable before it began. What came of it are rows of their own."""

    kind: ClassVar[str] = "stick_by_hand"
    by: str
    """A registered code."""
    way: str
    """:data:`OUT` or :data:`IN`."""
    market: MarketId | None = None
    """For which market it was written; ``None``: for the office, or whatever it brought."""
