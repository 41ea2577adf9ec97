"""Who belongs to whom: the rows by which an office and its boxes know each other's cards. Pure, but for the one question."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from broadcaster.config import Station
from broadcaster.hub.keys import Card
from broadcaster.journal.append import Journal
from broadcaster.journal.events import BoxPaired, Event, LeaseGiven, LeaseRenewed, OfficePaired, StickTaken
from broadcaster.journal.row import Row
from broadcaster.model import MarketId

KINDS: tuple[type[Event], ...] = (OfficePaired, BoxPaired, StickTaken, LeaseGiven, LeaseRenewed)
"""All that is read."""


@dataclass(frozen=True)
class Fellows:
    """What a station's own rows say of others."""

    office: Card | None
    """Of a box."""
    boxes: dict[MarketId, Card]
    """Of an office."""
    rows: tuple[Row, ...]

    def taken(self, node: str) -> tuple[int, int]:
        """The newest row of that node that is on record here; zeros for none."""
        places = [(each.through_epoch, each.through_seq) for each in self._taken(node)]
        return max(places, default=(0, 0))

    def taken_last(self, node: str) -> Row | None:
        """When that was."""
        return next((r for r in reversed(self.rows) if isinstance(r.event, StickTaken) and r.event.node == node), None)

    def holds(self, node: str) -> frozenset[str]:
        """The masters that the node had when its last stick was written."""
        last = self.taken_last(node)
        return frozenset(last.event.holds) if last is not None and isinstance(last.event, StickTaken) else frozenset()

    def lease(self, node: str) -> date | None:
        """Until when the node may play, as this office told it last; ``None``: it never did."""
        given = [row.event.until for row in self.rows if isinstance(row.event, LeaseGiven) and row.event.node == node]
        return given[-1] if given else None

    def _taken(self, node: str) -> list[StickTaken]:
        return [row.event for row in self.rows if isinstance(row.event, StickTaken) and row.event.node == node]


def fellows(rows: Iterable[Row]) -> Fellows:
    """The newest pairings of these rows, which are the station's own."""
    office, boxes, kept = None, {}, []
    for row in rows:
        kept.append(row)
        match row.event:
            case OfficePaired(node, sign_key, box_key):
                office = Card(node, sign_key, box_key)
            case BoxPaired(market, node, sign_key, box_key):
                boxes[market] = Card(node, sign_key, box_key)
    return Fellows(office, boxes, tuple(kept))


def fellows_of(journal: Journal) -> Fellows:
    """Those of the station whose journal it is."""
    return fellows(row for row in journal.rows(kinds=KINDS) if row.node == journal.node)


def served(station: Station) -> tuple[MarketId, ...]:
    """The markets of this computer."""
    return station.serves or tuple(station.markets)
