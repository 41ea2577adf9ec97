"""The journal as the program holds it: rows go in at the end, durable on return, and come out in order.

::

    append ──▶ in step with the second copy? ──▶ into the database, committed ──▶ into the copy, synced ──▶ acknowledged

A row is on record once the database has it; the copy follows as it can, see :mod:`broadcaster.journal.in_step`.
"""

import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from broadcaster.clock import Clock, Instant
from broadcaster.errors import RecordUnavailable
from broadcaster.journal import payload
from broadcaster.journal.chain import link
from broadcaster.journal.copy import SecondCopy
from broadcaster.journal.events import DISK_FULL, Event, RecordIncident
from broadcaster.journal.in_step import InStep
from broadcaster.journal.reading import newest_record, rows_that_count
from broadcaster.journal.room import Room
from broadcaster.journal.row import Record, Row, understand
from broadcaster.journal.settling import next_epoch, unknown, write_records
from broadcaster.locale import gettext as _
from broadcaster.store import ballast
from broadcaster.store.engine import Store, database_path, identity, open_to_write
from broadcaster.store.problems import RecordFull, unavailable


class Journal:
    """One open journal. Any thread may append; another process may append beside it."""

    def __init__(self, store: Store, clock: Clock, zone: ZoneInfo) -> None:
        self.store = store
        self.clock = clock
        self.zone = zone
        self.room = Room(store.path)
        self.in_step = InStep(store, self.room)
        self.node, self.epoch = identity(store)
        self._turn = threading.RLock()
        self._aside: Record | None = None
        """The newest row that went into the copy alone."""

    @property
    def copy(self) -> SecondCopy:
        """The second copy of every row."""
        return self.in_step.copy

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
            journal.room.was_made = made_room
            journal.take_in()
        except BaseException:
            store.close()
            raise
        return journal

    def append(self, event: Event) -> Row:
        """Write what happened now. On return the row is on the disk.

        :raises RecordUnavailable: it could not be written; nothing was.
        """
        with self._turn:
            row = understand(self.room.made_for(lambda: self._put_down((event,)))[-1])
            if self.room.was_made:
                with suppress(RecordUnavailable):  # the row is on record; this one is told with the next
                    self._put_down((RecordIncident(DISK_FULL),))
                    self.room.was_made = False
            return row

    def append_aside(self, event: Event) -> Row:
        """Write into the second copy alone what must be on record now, while the database does not answer.

        The row begins an epoch of its own and comes into the database with the next row that does, or by :meth:`take_in`.

        :raises RecordUnavailable: it could not be written.
        """
        with self._turn:
            try:
                return understand(self.room.made_for(lambda: self._put_aside(event)))
            except OSError as error:
                raise unavailable(error, self.copy.path) from error

    def take_in(self) -> None:
        """Bring what the second copy alone has into the database, without a row of our own.

        :raises RecordUnavailable: it does not answer.
        """
        with self._turn:
            self._put_down(())

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

            self.room.made_for(lambda: self._put_down(add, new))
            return len(new)

    def rows(self, *, kinds: Collection[type[Event]] | None = None) -> list[Row]:
        """The rows that count at this station, in order, or those of these kinds only.

        They are its own, and where it belongs to an office what that decided; see :mod:`broadcaster.journal.nodes`.

        :raises RecordUnavailable: the database cannot be read.
        :raises UnknownPayload: a row says something this program does not know.
        """
        return rows_that_count(self.store, kinds)

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
            newest_record(connection, self.node)

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
            settled = self.in_step.settle(connection, self.clock)
            self.node, self.epoch = settled.whose.node, settled.whose.epoch
            before = newest_record(connection, self.node)
            records: list[Record] = []
            for event in (*settled.told, *(events(connection) if callable(events) else events)):
                before = link(self._record(event, self.clock.now(), before), before)
                records.append(before)
            write_records(connection, records)
        if settled.copy_is_foreign:
            self.in_step.begin(settled.whose, settled.seen)
        elif records:
            self.in_step.take([*theirs, *records], settled.copy_lacks)
        return records

    def _put_aside(self, event: Event) -> Record:
        now, absent = self.clock.now(), RecordUnavailable(path=self.copy.path, problem=_("there is no second copy"))
        if not self.copy.mark()[1]:
            raise absent
        with self.copy.held():
            last = self.copy.last()
            if last is None or last.node != self.node:
                raise absent
            goes_on = self._aside is not None and self._aside.hash == last.hash
            epoch = last.epoch if goes_on else next_epoch(max(self.epoch, last.epoch), now.utc)
            seq = last.seq + 1 if goes_on else 1
            record = link(self._record(event, now, None, (epoch, seq)), last)
            self.copy.add((record,))
        self._aside = record
        return record

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
