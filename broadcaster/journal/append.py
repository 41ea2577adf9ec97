"""The journal as the program holds it: rows go in at the end, durable on return, and come out in order."""

from collections.abc import Collection, Iterable, Iterator
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select
from sqlmodel import col, insert, select

from broadcaster.clock import Clock, Instant
from broadcaster.journal import payload
from broadcaster.journal.chain import Verification, link, verify
from broadcaster.journal.events import Event
from broadcaster.journal.row import Record, Row, understand
from broadcaster.store.engine import Store, identity, open_to_read, open_to_write
from broadcaster.store.tables import JournalRow

COLUMNS = tuple(JournalRow.__table__.columns)  # type: ignore[attr-defined]
"""Of the table, in order: they are the record's fields."""


class Journal:
    """One open journal. Any thread may append; another process may append beside it."""

    def __init__(self, store: Store, clock: Clock, zone: ZoneInfo) -> None:
        self.store = store
        self.clock = clock
        self._zone = zone
        self.node, self.epoch = identity(store)

    @classmethod
    def open(cls, url: str, clock: Clock, zone: ZoneInfo) -> "Journal":
        """The journal in the database at ``url``, made on the first opening ever.

        :raises RecordUnavailable: the database cannot be opened with all its guarantees.
        :raises UnknownSchema: it was laid out by a newer program or another one.
        """
        store = open_to_write(url)
        try:
            return cls(store, clock, zone)
        except BaseException:
            store.close()
            raise

    def append(self, event: Event) -> Row:
        """Write what happened now. On return the row is on the disk.

        :raises RecordUnavailable: it could not be written; nothing was.
        """
        with self.store.writing() as connection:  # the clock is read inside: rows are in the order of their moments
            before = _last(connection, self.node)
            record = link(self._record(event, self.clock.now(), before), before)
            connection.execute(insert(JournalRow).values(**{name: getattr(record, name) for name in Record.__slots__}))
        return understand(record)

    def rows(self, *, kinds: Collection[type[Event]] | None = None) -> list[Row]:
        """All rows in order, or those of these kinds only.

        :raises RecordUnavailable: the database cannot be read.
        :raises UnknownPayload: a row says something this program does not know.
        """
        return _rows(self.store, kinds)

    def changes(self) -> tuple[int, int]:
        """Something that differs from the last answer when another journal object or process has written in between.

        :raises RecordUnavailable: the database cannot be read.
        """
        return self.store.data_version()

    def close(self) -> None:
        """Let go of the database. Safe to call twice."""
        self.store.close()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _record(self, event: Event, now: Instant, before: Record | None) -> Record:
        offset = now.utc.astimezone(self._zone).utcoffset()
        continues = before is not None and before.epoch == self.epoch
        return Record(
            node=self.node,
            epoch=self.epoch,
            seq=before.seq + 1 if before and continues else 1,
            utc=payload.utc_text(now.utc),
            offset_s=int(offset.total_seconds()) if offset else 0,
            monotonic_s=now.monotonic_s,
            boot_id=now.boot_id,
            clock=now.trust.value,
            kind=event.kind,
            airing=getattr(event, "airing", None),
            version=payload.VERSION,
            payload=payload.encode(event),
            prev_hash="",
            hash="",
        )


def read(url: str, *, kinds: Collection[type[Event]] | None = None) -> list[Row]:
    """All rows of the journal at ``url``, or those of these kinds, without ever making one: ``[]`` when there is none.

    :raises RecordUnavailable: the database is there and cannot be read.
    :raises UnknownSchema: it was laid out by a newer program or another one.
    """
    store = open_to_read(url)
    if store is None:
        return []
    try:
        return _rows(store, kinds)
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
            return verify(as_records(connection.execute(_ordered())))
    finally:
        store.close()


def _rows(store: Store, kinds: Collection[type[Event]] | None) -> list[Row]:
    wanted = _ordered()
    if kinds is not None:
        wanted = wanted.where(col(JournalRow.kind).in_([kind.kind for kind in kinds]))
    with store.reading() as connection:
        return [understand(record) for record in as_records(connection.execute(wanted))]


def _ordered() -> Select[Any]:
    every: Select[Any] = select(*COLUMNS)
    return every.order_by(col(JournalRow.node), col(JournalRow.epoch), col(JournalRow.seq))


def _last(connection: Connection, node: str) -> Record | None:
    newest = (
        select(*COLUMNS)
        .where(col(JournalRow.node) == node)
        .order_by(col(JournalRow.epoch).desc(), col(JournalRow.seq).desc())
        .limit(1)
    )
    return next(as_records(connection.execute(newest)), None)


def as_records(found: Iterable[Iterable[Any]]) -> Iterator[Record]:
    """Rows of :data:`COLUMNS` as records."""
    return (Record(*values) for values in found)
