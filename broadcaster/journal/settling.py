"""Database and second copy brought into step, in the transaction that is about to write.

::

    the copy's last row is in the database ──▶ rows after it are added to the copy (a power cut between the two)
                        is not ──┬─▶ all the copy's rows fit beside ours ──▶ they come back into the database
                                 └─▶ another story under the same numbers ──▶ it is put aside; what it forbids stays so

Rows that come back begin a new epoch: no number is used twice, whatever else was lost.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Select, case
from sqlmodel import col, insert, select, update

from broadcaster.errors import BadInput, BroadcasterError
from broadcaster.journal.copy import NOTHING, Mark, SecondCopy
from broadcaster.journal.events import DIVERGED, UNANSWERED, WENT_BACK, Event, RecordIncident, StickTaken
from broadcaster.journal.nodes import COLUMNS
from broadcaster.journal.reading import as_records
from broadcaster.journal.row import Record, understand
from broadcaster.journal.silences import SILENCES, to_forbid
from broadcaster.locale import mark as N_
from broadcaster.store.tables import Identity, JournalRow

AT_ONCE = 500

Key = tuple[str, int, int]
"""A row's: node, epoch, seq."""


@dataclass(frozen=True)
class Whose:
    """Whose record this is, and the epoch in which its next row stands."""

    node: str
    epoch: int


@dataclass(frozen=True)
class Settled:
    """What it came to."""

    whose: Whose
    told: tuple[Event, ...] = ()
    """Rows to write before any other."""
    copy_is_foreign: bool = False
    """Once these are on record, the copy is to be put aside and begun anew."""
    copy_lacks: tuple[Record, ...] = ()
    """Rows to add to the copy, but not before what came back from it is on record: after them it would not be found."""
    seen: Mark = NOTHING
    """The copy's mark when it was looked into: what was added since is not part of this."""


def settle(connection: Connection, copy: SecondCopy, whose: Whose, now: datetime) -> Settled:
    """Bring the two into step. The caller holds the right to write and commits.

    :raises OSError: the copy cannot be read or written: it stays behind.
    """
    while True:
        seen, last = copy.mark(), copy.last()
        if last is None:
            return Settled(whose, seen=begin(everything(connection, whose), copy, seen))
        if hash_of(connection, key_of(last)) != last.hash:
            return _take_in(connection, copy, whose, now, seen)
        behind = _after(connection, last, whose)
        if not behind:
            return Settled(whose, seen=seen)
        if any(record.kind == StickTaken.kind for record in behind):  # rows of others came before it
            return Settled(whose, seen=copy.rewrite(everything(connection, whose), seen=seen))
        with copy.held():
            if copy.mark() == seen:  # else something was added meanwhile, which these would hide
                copy.add(behind)
                return Settled(whose, seen=copy.mark())


def next_epoch(known: int, now: datetime) -> int:
    """An epoch after all that are known, and after those that are not: the seconds since 1970 tell two restorings apart."""
    return max(known + 1, int(now.timestamp()))


def key_of(record: Record) -> Key:
    """The record's key."""
    return record.node, record.epoch, record.seq


def hash_of(connection: Connection, key: Key) -> str | None:
    """The hash of the row with this key; ``None`` when there is none."""
    node, epoch, seq = key
    found = select(JournalRow.hash).where(
        col(JournalRow.node) == node, col(JournalRow.epoch) == epoch, col(JournalRow.seq) == seq
    )
    return connection.execute(found).scalar()


class OtherRow(BadInput):
    """Two different rows under one key: one of them was made up, or a computer was copied."""

    sentence = N_(
        "Row {key} is on record here with another content, so nothing was taken. "
        "One of the two records was changed, or a computer was copied. Keep the stick and call the coordinator."
    )


def unknown(connection: Connection, theirs: Iterable[Record]) -> list[Record]:
    """Those of these rows that are not on record yet.

    :raises OtherRow: one is, with another content.
    """
    given = list(theirs)
    here = {key: hash_ for node in {record.node for record in given} for key, hash_ in _hashes(connection, node)}
    for record in given:
        if here.get(key_of(record), record.hash) != record.hash:
            raise OtherRow(key=record.key)
    return [record for record in given if key_of(record) not in here]


def _hashes(connection: Connection, node: str) -> Iterator[tuple[Key, str]]:
    """Of all rows of a node: asked for one by one, a hundred thousand take half a minute."""
    wanted = select(JournalRow.epoch, JournalRow.seq, JournalRow.hash).where(col(JournalRow.node) == node)
    for epoch, seq, hash_ in connection.execute(wanted):
        yield (node, epoch, seq), hash_


def write_records(connection: Connection, records: Iterable[Record]) -> None:
    """Put records into the table as they are."""
    values = [asdict(record) for record in records]
    for begin in range(0, len(values), AT_ONCE):
        connection.execute(insert(JournalRow), values[begin : begin + AT_ONCE])


def become(connection: Connection, whose: Whose) -> None:
    """From now on the database is this node's, in this epoch."""
    connection.execute(update(Identity).values(node=whose.node, epoch=whose.epoch))


def begin(rows: Iterable[Record], copy: SecondCopy, seen: Mark) -> Mark:
    """The copy anew, of these rows; what lies there in its place is kept beside it.

    Rows added since ``seen`` go over into the new one.

    :returns: as :meth:`~broadcaster.journal.copy.SecondCopy.rewrite`.
    :raises OSError: it cannot be written.
    """
    there, every = copy.mark()[1] > 0, iter(rows)
    if (first := next(every, None)) is not None:
        return copy.rewrite(chain([first], every), seen=seen, keep=there)
    if there:
        copy.put_aside()
    return NOTHING


def all_on_record(connection: Connection, records: Collection[Record]) -> bool:
    """Whether the database has every one of these rows of one node."""
    if len(records) <= AT_ONCE:
        return all(hash_of(connection, key_of(record)) == record.hash for record in records)
    here = dict(_hashes(connection, next(iter(records)).node))
    return all(here.get(key_of(record)) == record.hash for record in records)


def everything(connection: Connection, whose: Whose) -> Iterator[Record]:
    """Every row, this node's last: the newest line tells how far the copy has come. Read as they are asked for."""
    every: Select[Any] = select(*COLUMNS).execution_options(yield_per=AT_ONCE)
    own = case((col(JournalRow.node) == whose.node, 1), else_=0)
    ordered = every.order_by(own, col(JournalRow.node), col(JournalRow.epoch), col(JournalRow.seq))
    return as_records(connection.execute(ordered))


def _after(connection: Connection, last: Record, whose: Whose) -> list[Record]:
    """This node's rows after the copy's last one."""
    rows: Select[Any] = select(*COLUMNS).where(col(JournalRow.node) == whose.node)
    if last.node == whose.node:
        later = (col(JournalRow.epoch) == last.epoch) & (col(JournalRow.seq) > last.seq)
        rows = rows.where((col(JournalRow.epoch) > last.epoch) | later)
    return list(as_records(connection.execute(rows.order_by(col(JournalRow.epoch), col(JournalRow.seq)))))


def _take_in(connection: Connection, copy: SecondCopy, whose: Whose, now: datetime, seen: Mark) -> Settled:
    """The copy knows what the database does not."""
    theirs = {key_of(record): record for record in copy.records()}
    ours = {key_of(record): record for record in everything(connection, whose)}
    if not ours:  # a database that was made anew: it goes on as the one it replaces
        whose = Whose(next(reversed(theirs.values())).node, whose.epoch)
    missing = [record for key, record in sorted(theirs.items()) if key not in ours]
    newest = max([whose.epoch, *(epoch for node, epoch, _ in (*ours, *theirs) if node == whose.node)])
    newest_own = next(reversed(theirs.values()), None)  # rows of others stand between, never at the end
    fits = (
        newest_own is not None
        and newest_own.node == whose.node
        and all(ours[key].hash == record.hash for key, record in theirs.items() if key in ours)
    )
    settled = Whose(whose.node, next_epoch(newest, now))
    become(connection, settled)
    if not fits:
        forbidden = to_forbid(_events(theirs.values()), _events(ours.values()))
        return Settled(settled, (RecordIncident(DIVERGED), *forbidden), copy_is_foreign=True, seen=seen)
    write_records(connection, missing)
    waited = all(record.epoch > whose.epoch for record in missing)
    told = RecordIncident(UNANSWERED if waited and ours else WENT_BACK, len(missing))
    lacks = tuple(record for key, record in ours.items() if key not in theirs)
    return Settled(settled, (told,), copy_lacks=lacks, seen=seen)


def _events(records: Iterable[Record]) -> Iterator[Event]:
    """What the records say about silences, as far as it is understood."""
    kinds = {kind.kind for kind in SILENCES}
    for record in records:
        if record.kind in kinds:
            try:
                yield understand(record).event
            except BroadcasterError:
                continue
