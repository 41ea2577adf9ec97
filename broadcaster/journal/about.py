"""The rows that tell of one airing, and no others: however long the record, a page about it is drawn from few.

An office holds its boxes' rows too. The airing is told by the computer whose end of it counts, else by the one that promised
it; what people decided is the office's word, and what that computer was told beside it.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection
from sqlmodel import col, select

from broadcaster.journal.ends import ends
from broadcaster.journal.events import Event, PlanAccepted
from broadcaster.journal.nodes import COLUMNS, counting
from broadcaster.journal.reading import as_records
from broadcaster.journal.row import Row, understand
from broadcaster.model import AiringId
from broadcaster.store.engine import open_to_read
from broadcaster.store.tables import JournalRow

BEFORE, AFTER = 300, 20
"""Rows of that computer around the airing's own: what it did then, and its last sign of life."""
_KEY = (col(JournalRow.node), col(JournalRow.epoch), col(JournalRow.seq))


def rows_about(url: str, airing: AiringId, kinds: Collection[type[Event]]) -> list[Row]:
    """Each once, in the order in which they were written.

    :param kinds: what is wanted whatever it is about: decisions, starts and stops, pauses. Few of a long record.
    :raises RecordUnavailable: the database is there and cannot be read.
    :raises UnknownSchema: it was laid out by a newer program or another one.
    """
    store = open_to_read(url)
    if store is None:
        return []
    try:
        with store.reading() as connection:
            found = {_key(row): row for row in _found(connection, airing, kinds)}
    finally:
        store.close()
    nodes = {row.node for row in found.values()}
    return sorted(found.values(), key=_key if len(nodes) == 1 else lambda row: (row.utc, *_key(row)))


def _found(connection: Connection, airing: AiringId, kinds: Collection[type[Event]]) -> Iterator[Row]:
    yield from counting(connection, kinds)
    named = _rows(connection, col(JournalRow.airing) == airing)
    promised = _rows(
        connection, col(JournalRow.kind) == PlanAccepted.kind, col(JournalRow.payload).contains(f'"{airing}"')
    )
    node = _teller([*named, *promised], airing)
    if node is None:
        return
    own = [row for row in (*promised, *named) if row.node == node]
    yield from own
    yield from _rows(connection, col(JournalRow.node) == node, col(JournalRow.kind).in_([kind.kind for kind in kinds]))
    for row in own:
        if not isinstance(row.event, PlanAccepted):
            yield from _around(connection, row)


def _teller(rows: Collection[Row], airing: AiringId) -> str | None:
    """The node whose word on the airing counts."""
    if (end := ends(rows).get(airing)) is not None:
        return end.row.node
    return next((row.node for row in rows), None)


def _around(connection: Connection, row: Row) -> list[Row]:
    near = col(JournalRow.seq).between(row.seq - BEFORE, row.seq + AFTER)
    return _rows(connection, col(JournalRow.node) == row.node, col(JournalRow.epoch) == row.epoch, near)


def _rows(connection: Connection, *where: Any) -> list[Row]:
    wanted = select(*COLUMNS).where(*where).order_by(*_KEY)
    return [understand(record) for record in as_records(connection.execute(wanted))]


def _key(row: Row) -> tuple[str, int, int]:
    return row.node, row.epoch, row.seq
