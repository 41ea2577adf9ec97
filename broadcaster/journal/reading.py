"""The journal as others read it: without ever making one, and without the right to write.

::

    read       the rows that count at a station, or all there are, understood
    verify_at  the chain, walked along
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection
from sqlmodel import col, select

from broadcaster.journal.chain import Verification, verify
from broadcaster.journal.events import Event
from broadcaster.journal.nodes import COLUMNS, counting, ordered
from broadcaster.journal.row import Record, Row, understand
from broadcaster.store.engine import Store, open_to_read
from broadcaster.store.tables import JournalRow


def read(url: str, *, kinds: Collection[type[Event]] | None = None, everyone: bool = False) -> list[Row]:
    """The rows that count at the journal at ``url``, or those of these kinds, without ever making one: ``[]`` for none.

    ``everyone``: all there are, by node, epoch and number, those of other stations too: for reports.

    :raises RecordUnavailable: the database is there and cannot be read.
    :raises UnknownSchema: it was laid out by a newer program or another one.
    """
    store = open_to_read(url)
    if store is None:
        return []
    try:
        return _of_everyone(store, kinds) if everyone else rows_that_count(store, kinds)
    finally:
        store.close()


def verify_at(url: str) -> Verification:
    """Walk along the chain of the journal at ``url``, without ever making one.

    :raises RecordUnavailable: the database is there and cannot be read.
    """
    store = open_to_read(url)
    if store is None:
        return verify(())
    try:
        with store.reading() as connection:
            return verify(as_records(connection.execute(ordered())))
    finally:
        store.close()


def rows_that_count(store: Store, kinds: Collection[type[Event]] | None) -> list[Row]:
    """The rows that count at the station of this database, in order, or those of these kinds only."""
    with store.reading() as connection:
        return list(counting(connection, kinds))


def as_records(found: Iterable[Iterable[Any]]) -> Iterator[Record]:
    """Rows of :data:`~broadcaster.journal.nodes.COLUMNS` as records."""
    return (Record(*values) for values in found)


def newest_record(connection: Connection, node: str) -> Record | None:
    """The newest row of this node; ``None`` where there is none."""
    newest = (
        select(*COLUMNS)
        .where(col(JournalRow.node) == node)
        .order_by(col(JournalRow.epoch).desc(), col(JournalRow.seq).desc())
        .limit(1)
    )
    return next(as_records(connection.execute(newest)), None)


def _of_everyone(store: Store, kinds: Collection[type[Event]] | None) -> list[Row]:
    wanted = ordered()
    if kinds is not None:
        wanted = wanted.where(col(JournalRow.kind).in_([kind.kind for kind in kinds]))
    with store.reading() as connection:
        return [understand(record) for record in as_records(connection.execute(wanted))]
