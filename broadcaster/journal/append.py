"""The journal as the program holds it: rows go in at the end, durable on return, and come out in order.

::

    append ──▶ in step with the second copy? ──▶ into the database, committed ──▶ into the copy, synced ──▶ acknowledged

A row is on record once the database has it. A copy that cannot be written hinders nothing and nobody: it stays behind, is
told in the log and by the doctor, and catches up with the first row it can take.
"""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Self, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlmodel import col, select

from broadcaster.clock import Clock, Instant
from broadcaster.errors import RecordUnavailable
from broadcaster.journal import payload
from broadcaster.journal.chain import Verification, link, verify
from broadcaster.journal.copy import SecondCopy, copy_of
from broadcaster.journal.events import DISK_FULL, Event, RecordIncident
from broadcaster.journal.nodes import COLUMNS, counting, ordered
from broadcaster.journal.row import Record, Row, understand
from broadcaster.journal.settling import (
    Settled,
    Whose,
    as_records,
    begin,
    key_of,
    next_epoch,
    settle,
    unknown,
    write_records,
)
from broadcaster.locale import gettext as _
from broadcaster.store import ballast
from broadcaster.store.engine import Store, database_path, identity, open_to_read, open_to_write, whose
from broadcaster.store.problems import RecordFull, no_room, unavailable
from broadcaster.store.tables import JournalRow

__all__ = ("COLUMNS", "Journal", "as_records", "read", "verify_at")

T = TypeVar("T")

log = logging.getLogger(__name__)


class Journal:
    """One open journal. Any thread may append; another process may append beside it."""

    def __init__(self, store: Store, clock: Clock, zone: ZoneInfo) -> None:
        self.store = store
        self.clock = clock
        self.zone = zone
        self.copy = SecondCopy(copy_of(store.path))
        self.node, self.epoch = identity(store)
        self._turn = threading.RLock()
        self._step: tuple[tuple[int, int], str] | None = None
        """The copy's mark and the hash of the newest row, when the two were last in step."""
        self._behind = False
        self._made_room = False
        self._aside: Record | None = None
        """The newest row that went into the copy alone."""
        self._mark = (0, 0)

    @classmethod
    def open(cls, url: str, clock: Clock, zone: ZoneInfo) -> Self:
        """The journal in the database at ``url``, made on the first opening ever, in step with its second copy.

        :raises RecordUnavailable: the database cannot be opened with all its guarantees.
        :raises UnknownSchema: it was laid out by a newer program or another one.
        """
        made_room = False
        try:
            store = open_to_write(url)
        except RecordFull:
            made_room = ballast.free(database_path(url))
            if not made_room:
                raise
            store = open_to_write(url)
        try:
            journal = cls(store, clock, zone)
            journal._made_room = made_room
            journal._put_down(())
        except BaseException:
            store.close()
            raise
        return journal

    def append(self, event: Event) -> Row:
        """Write what happened now. On return the row is on the disk.

        :raises RecordUnavailable: it could not be written; nothing was.
        """
        with self._turn:
            row = understand(self._with_room(lambda: self._put_down((event,)))[-1])
            if self._made_room:
                with suppress(RecordUnavailable):  # the row is on record; this one is told with the next
                    self._put_down((RecordIncident(DISK_FULL),))
                    self._made_room = False
            return row

    def append_aside(self, event: Event) -> Row:
        """Write into the second copy alone what must be on record now, while the database does not answer.

        The row begins an epoch of its own and comes into the database with the next row that does.

        :raises RecordUnavailable: it could not be written.
        """
        with self._turn:
            try:
                return understand(self._with_room(lambda: self._put_aside(event)))
            except OSError as error:
                raise unavailable(error, self.copy.path) from error

    def patience(self, seconds: float) -> AbstractContextManager[None]:
        """While the block lasts, wait at most so long for another process that holds the database."""
        return self.store.patience(seconds)

    def append_beside(self, theirs: Sequence[Record], make: Callable[[Sequence[Record]], Collection[Event]]) -> int:
        """Rows of other stations, as they are, and after them what is told of it; all on the disk on return, or none.

        :param make: what is told, given the rows that are new here.
        :returns: how many were new.
        :raises OtherRow: one has a key that is known here and another content; nothing was written.
        :raises RecordUnavailable: it could not be written; nothing was.
        """
        with self._turn:
            new: list[Record] = []

            def add(connection: Connection) -> Collection[Event]:
                new[:] = unknown(connection, theirs)
                write_records(connection, new)
                return make(new)

            self._with_room(lambda: self._put_down(add, new))
            return len(new)

    def rows(self, *, kinds: Collection[type[Event]] | None = None) -> list[Row]:
        """The rows that count at this station, in order, or those of these kinds only.

        They are its own, and where it belongs to an office what that decided; see :mod:`broadcaster.journal.nodes`.

        :raises RecordUnavailable: the database cannot be read.
        :raises UnknownPayload: a row says something this program does not know.
        """
        return _rows(self.store, kinds)

    def changes(self) -> tuple[int, int]:
        """Something that differs from the last answer when another journal object or process has written in between.

        :raises RecordUnavailable: the database cannot be read.
        """
        return self.store.data_version()

    def prove(self) -> None:
        """Read the newest row and take the right to write, changing nothing.

        :raises RecordUnavailable: one of the two is not to be had.
        """
        with self.store.writing() as connection:
            _last(connection, self.node)

    def close(self) -> None:
        """Let go of the database. Safe to call twice."""
        self.store.close()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # One row

    def _put_down(
        self, events: Collection[Event] | Callable[[Connection], Collection[Event]], theirs: Sequence[Record] = ()
    ) -> list[Record]:
        """Write the events, or those that are made in the middle of it, and whatever must be told before them.

        ``theirs``: rows of others that were written meanwhile; they go into the copy too.
        """
        with self.store.writing() as connection:  # the clock is read inside: rows are in the order of their moments
            settled = self._settle(connection)
            before = _last(connection, self.node)
            records: list[Record] = []
            for event in (*settled.told, *(events(connection) if callable(events) else events)):
                before = link(self._record(event, self.clock.now(), before), before)
                records.append(before)
            write_records(connection, records)
        if settled.copy_is_foreign:
            self._begin_copy()
        elif records:
            self._copy_out([*theirs, *records], settled.copy_lacks)
        return records

    def _begin_copy(self) -> None:
        try:
            with self.store.reading() as connection:
                begin(connection, self.copy, Whose(self.node, self.epoch))
        except OSError as error:
            self._fall_behind(error)

    def _settle(self, connection: Connection) -> Settled:
        """Database and copy in step, or the copy known to be behind."""
        known = Whose(*whose(connection))
        newest = _last(connection, known.node)
        mark = self.copy.mark()
        if self._step != (mark, newest.hash if newest else None):
            self._step = None
            try:
                settled = settle(connection, self.copy, known, self.clock.now().utc)
                self._behind = False
            except OSError as error:
                settled = Settled(known)
                self._fall_behind(error)
        else:
            settled = Settled(known)
        self.node, self.epoch = settled.whose.node, settled.whose.epoch
        self._mark = self.copy.mark() if not self._behind else mark
        return settled

    def _copy_out(self, records: list[Record], lacking: tuple[Record, ...]) -> None:
        """The copy takes the rows that the database has taken; nobody waits for one that cannot."""
        if self._behind:
            return
        try:
            taken = self.copy.last() if self.copy.mark() != self._mark else None
            own = taken is not None and taken.node == self.node
            if taken is not None and own and taken.epoch > records[-1].epoch:  # meanwhile one was taken aside
                self._step = None  # after it these would hide it: the next row takes it in and adds these
                return
            others = taken is not None and own and key_of(taken) >= key_of(records[-1])  # another process was quicker
            self._with_room(lambda: self.copy.add([*lacking, *(() if others else records)]))
            self._step = self.copy.mark(), records[-1].hash
        except OSError as error:
            self._fall_behind(error)

    def _fall_behind(self, error: OSError) -> None:
        if not self._behind:
            log.warning("the second copy falls behind: %s", unavailable(error, self.copy.path))
        self._behind, self._step = True, None

    def _put_aside(self, event: Event) -> Record:
        now, last = self.clock.now(), self.copy.last()
        if last is None or last.node != self.node:
            raise RecordUnavailable(path=self.copy.path, problem=_("there is no second copy"))
        goes_on = self._aside is not None and self._aside.hash == last.hash
        epoch = last.epoch if goes_on else next_epoch(max(self.epoch, last.epoch), now.utc)
        seq = last.seq + 1 if goes_on else 1
        record = link(self._record(event, now, None, (epoch, seq)), last)
        self.copy.add((record,))
        self._aside = record
        return record

    def _with_room(self, work: Callable[[], T]) -> T:
        """Do it; where the disk is full, once more with the reserve that is kept for this."""
        try:
            return work()
        except (RecordFull, OSError) as error:
            if not no_room(error) or not ballast.free(self.store.path):
                raise
            log.warning("the disk is full: the record's reserve is given up")
            self._made_room = True
            return work()

    def _record(
        self, event: Event, now: Instant, before: Record | None, place: tuple[int, int] | None = None
    ) -> Record:
        """The event as a row that is not linked yet, after ``before`` or at ``place``: epoch and number."""
        offset = now.utc.astimezone(self.zone).utcoffset()
        continues = before is not None and before.epoch == self.epoch
        epoch, seq = place or (self.epoch, before.seq + 1 if before and continues else 1)
        return Record(
            node=self.node,
            epoch=epoch,
            seq=seq,
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
        return _all_rows(store, kinds) if everyone else _rows(store, kinds)
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


def _rows(store: Store, kinds: Collection[type[Event]] | None) -> list[Row]:
    with store.reading() as connection:
        return list(counting(connection, kinds))


def _all_rows(store: Store, kinds: Collection[type[Event]] | None) -> list[Row]:
    wanted = ordered()
    if kinds is not None:
        wanted = wanted.where(col(JournalRow.kind).in_([kind.kind for kind in kinds]))
    with store.reading() as connection:
        return [understand(record) for record in as_records(connection.execute(wanted))]


def _last(connection: Connection, node: str) -> Record | None:
    newest = (
        select(*COLUMNS)
        .where(col(JournalRow.node) == node)
        .order_by(col(JournalRow.epoch).desc(), col(JournalRow.seq).desc())
        .limit(1)
    )
    return next(as_records(connection.execute(newest)), None)
