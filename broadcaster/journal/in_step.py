"""The second copy, kept in step with the database: what every row passes on its way in, before the commit and after it.

A copy that cannot be written hinders nothing and nobody: it stays behind, is told in the log and by the doctor, and catches
up with the first row it can take.
"""

import logging
from contextlib import suppress

from sqlalchemy import Connection

from broadcaster.clock import Clock
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.copy import Mark, SecondCopy, copy_of
from broadcaster.journal.reading import newest_record
from broadcaster.journal.room import Room
from broadcaster.journal.row import Record
from broadcaster.journal.settling import Settled, Whose, all_on_record, begin, everything, key_of, settle
from broadcaster.store.engine import Store, whose
from broadcaster.store.problems import unavailable

log = logging.getLogger(__name__)


class InStep:
    """One database and its second copy. Who calls holds the journal's turn."""

    def __init__(self, store: Store, room: Room) -> None:
        self.store = store
        self.copy = SecondCopy(copy_of(store.path))
        self._room = room
        self._step: tuple[tuple[int, int], str] | None = None
        """The copy's mark and the hash of the newest row, when the two were last in step."""
        self._behind = False
        self._mark: Mark = (0, 0)

    def settle(self, connection: Connection, clock: Clock) -> Settled:
        """Database and copy in step, or the copy known to be behind."""
        known = Whose(*whose(connection))
        newest = newest_record(connection, known.node)
        mark = self.copy.mark()
        if self._step != (mark, newest.hash if newest else None):
            self._step = None
            try:
                settled = settle(connection, self.copy, known, clock.now().utc)
                self._behind = False
            except OSError as error:
                settled = Settled(known, seen=mark)
                self._fall_behind(error)
        else:
            settled = Settled(known, seen=mark)
        self._mark = settled.seen
        return settled

    def begin(self, whose: Whose, seen: Mark) -> None:
        """The copy anew, once the database has the rows that tell why; they are on record, whatever becomes of the copy."""
        try:
            with self.store.reading() as connection:
                begin(everything(connection, whose), self.copy, seen)
        except (OSError, RecordUnavailable) as error:
            self._fall_behind(error)
            if self.copy.mark()[0] == seen[0]:  # a name needs no room: else every row would tell of it again
                with suppress(OSError):
                    self.copy.put_aside()

    def take(self, records: list[Record], lacking: tuple[Record, ...]) -> None:
        """The copy takes the rows that the database has taken, the last one this node's; nobody waits for one that cannot."""
        if self._behind:
            return
        last = records[-1]
        try:
            with self.copy.held():
                since = [record for record in self.copy.since(self._mark) if record.node == last.node]
                if since and not self._has_all(since):  # meanwhile one was taken aside
                    self._step = None  # after it these would hide it: the next row takes it in and adds these
                    return
                others = any(key_of(record) >= key_of(last) for record in since)  # another process was quicker
                self._room.made_for(lambda: self.copy.add([*lacking, *(() if others else records)]))
                self._step = self.copy.mark(), last.hash
        except OSError as error:
            self._fall_behind(error)

    def _has_all(self, records: list[Record]) -> bool:
        """Whether these rows are on record, as far as the database answers."""
        try:
            with self.store.reading() as connection:
                return all_on_record(connection, records)
        except RecordUnavailable:
            return False

    def _fall_behind(self, error: OSError | RecordUnavailable) -> None:
        if not self._behind:
            problem = unavailable(error, self.copy.path) if isinstance(error, OSError) else error
            log.warning("the second copy falls behind: %s", problem)
        self._behind, self._step = True, None
