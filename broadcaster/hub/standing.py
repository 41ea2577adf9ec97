"""How an office and its boxes stand to each other, by what is on record here."""

from dataclasses import dataclass
from datetime import date, datetime

from broadcaster.config import Station
from broadcaster.hub.fellows import Fellows, fellows_of
from broadcaster.hub.keys import keys_of
from broadcaster.journal.append import Journal
from broadcaster.journal.nodes import FORBIDDING, taken_through
from broadcaster.library.decisions import decisions_of
from broadcaster.model import MarketId


@dataclass(frozen=True)
class BoxStanding:
    """A market's computer, as its office knows it."""

    market: MarketId
    node: str
    heard: datetime | None
    """When its last stick was taken in; in the local time of then."""
    lease: date | None
    """What the office gave it."""
    unconfirmed: int
    """Withdrawals, suspensions and the like that it does not say it has."""


@dataclass(frozen=True)
class Standing:
    """All of it."""

    code: str
    """This computer's own."""
    office: str | None
    """A box's office, by its node."""
    lease: date | None
    boxes: tuple[BoxStanding, ...]


def standing(station: Station, journal: Journal) -> Standing:
    """As of now."""
    known = fellows_of(journal)
    office = known.office
    return Standing(
        keys_of(station).card(journal.node).code,
        office.node if office else None,
        decisions_of(journal).lease if office else None,
        tuple(_box(journal, known, market) for market in sorted(known.boxes)),
    )


def _box(journal: Journal, known: Fellows, market: MarketId) -> BoxStanding:
    card = known.boxes[market]
    with journal.store.reading() as connection:
        through = taken_through(connection, by=card.node, of=journal.node)
    stops = [row for row in journal.rows(kinds=FORBIDDING) if (row.epoch, row.seq) > through]
    last = known.taken_last(card.node)
    return BoxStanding(market, card.node, last.local if last else None, known.lease(card.node), len(stops))
