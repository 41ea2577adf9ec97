"""What papers draw of promises, from the ledger alone: no row of the journal is read for it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, Connection, select

from broadcaster.reports.fates import Fate
from broadcaster.reports.ledger.sorts import fate_in
from broadcaster.reports.ledger.tables import AIRINGS, SORTS

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def fates_of(ledger: Connection, where: Sequence[ColumnElement[bool]], zone: tzinfo | None) -> Iterator[Fate]:
    """Of these airings, those due first before the others; ``zone``: that of all days."""
    sorts, moments = sorts_of(ledger), dict[int, datetime]()
    wanted = select(AIRINGS.c.due, AIRINGS.c.market, AIRINGS.c.episode, AIRINGS.c.sort).where(*where)
    for due, market, episode, sort in ledger.execute(wanted.order_by(AIRINGS.c.due, AIRINGS.c.market)):
        if (moment := moments.get(due)) is None:  # many markets have the same
            moment = moments[due] = (_BEGIN + timedelta(microseconds=due)).astimezone(zone)
        yield Fate(market, moment, episode, *fate_in(sorts[sort]))


def sorts_of(ledger: Connection) -> dict[int, str]:
    """The ways in which lines count, by their numbers in the ledger."""
    return {sort.id: sort.counts for sort in ledger.execute(select(SORTS))}
