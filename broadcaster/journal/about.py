"""The rows that tell of one airing, and no others: however long the record, a page about it is drawn from few.

An office holds its boxes' rows too. The airing is told by the computer whose end of it counts, else by the one that promised
it; what people decided is the office's word, and what that computer was told beside it.
"""

from collections.abc import Collection, Iterable, Iterator
from operator import eq
from typing import Any

from sqlalchemy import Connection
from sqlmodel import col, select

from broadcaster.journal.ends import ends
from broadcaster.journal.events import Event
from broadcaster.journal.nodes import COLUMNS, counting, rows_of_kinds
from broadcaster.journal.reading import as_records
from broadcaster.journal.row import Row, understand
from broadcaster.model import AiringId
from broadcaster.store.tables import JournalRow

Key = tuple[str, int, int]
"""A row's: node, epoch, number."""
BEFORE, AFTER = 300, 20
"""Rows of that computer around the airing's own: what it did then, and its last sign of life."""
_KEY = (col(JournalRow.node), col(JournalRow.epoch), col(JournalRow.seq))


def rows_about(
    connection: Connection, airing: AiringId, kinds: Collection[type[Event]], promised: Iterable[Key]
) -> list[Row]:
    """Each once, in the order in which they were written.

    :param kinds: what is wanted whatever it is about: decisions, starts and stops, pauses. Few of a long record.
    :param promised: the rows in which it was promised, or promised otherwise: plans hold too much to be searched for one.
    """
    found = {_key(row): row for row in _found(connection, airing, kinds, promised)}
    nodes = {row.node for row in found.values()}
    return sorted(found.values(), key=_key if len(nodes) == 1 else lambda row: (row.utc, *_key(row)))


def rows_of(connection: Connection, airing: AiringId) -> list[Row]:
    """Every computer's rows that name the airing, by node, epoch and number."""
    return _rows(connection, col(JournalRow.airing) == airing)


def _found(
    connection: Connection, airing: AiringId, kinds: Collection[type[Event]], promised: Iterable[Key]
) -> Iterator[Row]:
    yield from counting(connection, kinds)
    named = rows_of(connection, airing)
    plans = [row for key in promised for row in _rows(connection, *map(eq, _KEY, key))]
    node = _teller([*named, *plans], airing)
    if node is None:
        return
    yield from (row for row in (*plans, *named) if row.node == node)
    yield from rows_of_kinds(connection, node, [kind.kind for kind in kinds])
    for epoch, first, last in _around(row for row in named if row.node == node):
        near = col(JournalRow.epoch) == epoch, col(JournalRow.seq).between(first, last)
        yield from _rows(connection, col(JournalRow.node) == node, *near)


def _teller(rows: Collection[Row], airing: AiringId) -> str | None:
    """The node whose word on the airing counts."""
    if (end := ends(rows).get(airing)) is not None:
        return end.row.node
    return next((row.node for row in rows), None)


def _around(rows: Iterable[Row]) -> list[tuple[int, int, int]]:
    """What lies around these rows of one computer: epoch, first and last number of each stretch."""
    found: list[tuple[int, int, int]] = []
    for row in sorted(rows, key=_key):
        first, last = row.seq - BEFORE, row.seq + AFTER
        if found and found[-1][0] == row.epoch and first <= found[-1][2]:
            first = found.pop()[1]
        found.append((row.epoch, first, last))
    return found


def _rows(connection: Connection, *where: Any) -> list[Row]:
    wanted = select(*COLUMNS).where(*where).order_by(*_KEY)
    return [understand(record) for record in as_records(connection.execute(wanted))]


def _key(row: Row) -> tuple[str, int, int]:
    return row.node, row.epoch, row.seq
