"""What a start reads of the record: all but the heartbeats of plays that have long ended. Years of them would hold up what is
about to sound, and fill a small computer's memory.
"""

from collections.abc import Sequence

from sqlmodel import col, select, tuple_

from broadcaster.journal.append import Journal
from broadcaster.journal.events import Heartbeat
from broadcaster.journal.fold import WITHOUT_HEARTBEATS, open_intents
from broadcaster.journal.nodes import COLUMNS
from broadcaster.journal.reading import as_records
from broadcaster.journal.row import Row, understand
from broadcaster.store.tables import JournalRow

Place = tuple[int, int]
"""A row's epoch and number."""


def rows_to_recover(journal: Journal) -> list[Row]:
    """The rows in order; of the heartbeats those alone that came after the oldest play without an end began.

    :raises RecordUnavailable: the database cannot be read.
    :raises UnknownPayload: a row says something this program does not know.
    """
    rows = journal.rows(kinds=WITHOUT_HEARTBEATS)
    begun = [_place(play.row) for play in open_intents(rows)]
    if not begun:
        return rows
    own = [row for row in rows if row.node == journal.node]
    others = [row for row in rows if row.node != journal.node]
    return [*others, *sorted([*own, *_heartbeats(journal, min(begun))], key=_place)]


def newest_of(rows: Sequence[Row]) -> Place:
    """The place of the station's own newest row, which stands last; zeros where there is none.

    Rows of its office may stand before it: their numbers say nothing of what is newer here.
    """
    return _place(rows[-1]) if rows else (0, 0)


def _heartbeats(journal: Journal, after: Place) -> list[Row]:
    place = tuple_(col(JournalRow.epoch), col(JournalRow.seq))
    own = (col(JournalRow.node) == journal.node, col(JournalRow.kind) == Heartbeat.kind)
    with journal.store.reading() as connection:
        found = connection.execute(select(*COLUMNS).where(*own, place > after))
        return [understand(record) for record in as_records(found)]


def _place(row: Row) -> Place:
    return row.epoch, row.seq
