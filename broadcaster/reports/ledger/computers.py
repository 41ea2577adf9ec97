"""What the ledger tells of all computers together: how far each one's record reaches, and when plans were accepted."""

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from broadcaster.journal.payload import utc_from
from broadcaster.model import MarketId
from broadcaster.reports.ledger.keeping import Sight
from broadcaster.reports.ledger.tables import NODES
from broadcaster.reports.summary import RecordSeen


@dataclass
class Told:
    """What the ledger tells of all nodes together."""

    records: list[RecordSeen] = field(default_factory=list)
    markets: set[MarketId] = field(default_factory=set)
    plans: list[str] = field(default_factory=list)
    """As the ledger has it: by market, when plans were accepted first and last."""

    def accepted(self, markets: AbstractSet[MarketId]) -> dict[MarketId, tuple[datetime, datetime]]:
        """The same of all nodes together, of these markets."""
        own = (
            text
            for record, text in zip(self.records, self.plans, strict=True)
            if not markets.isdisjoint(record.markets)
        )
        found: dict[MarketId, tuple[datetime, datetime]] = {}
        for market, moments in ((MarketId(name), each) for text in own for name, each in json.loads(text).items()):
            first, last = map(utc_from, moments)
            before = found.get(market, (first, last))
            found[market] = min(before[0], first), max(before[1], last)
        return found


def told_of(sight: Sight, made: datetime) -> Told:
    """``made``: local, aware; its zone is that of all moments."""
    told = Told()
    columns = NODES.c.node, NODES.c.markets, NODES.c.rows, NODES.c.newest, NODES.c.newest_key, NODES.c.accepted
    for node, markets, rows, newest, key, plans in sight.ledger.execute(
        select(*columns).where(NODES.c.rows > 0).order_by(NODES.c.node)
    ):
        own = tuple(map(MarketId, json.loads(markets)))
        told.records.append(RecordSeen(node, own, rows, utc_from(newest).astimezone(made.tzinfo), key))
        told.markets.update(own)
        told.plans.append(plans)
    return told
