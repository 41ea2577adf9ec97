"""A record made again of what can be saved: the second copy's rows, and what the damaged database still gives.

::

    damaged? ──▶ saved: rows of both, PINs ──▶ a new database, whole, in a folder of its own, in a new epoch
             ──▶ told by a row of it ──▶ it gets the name that says so
             ──▶ the old one aside, its -wal and -shm first ──▶ the new one in its place

Cut short before it has that name, the next start finds the old database as it was and begins again; after it, the next start
goes on from there: what was saved of the old one, PINs too, is not looked for a second time where half of it is gone.
Whoever calls holds the station: nobody else writes meanwhile.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import insert

from broadcaster.clock import Clock
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.append import Journal
from broadcaster.journal.chain import digest
from broadcaster.journal.copy import SecondCopy, copy_of
from broadcaster.journal.events import DAMAGED, RecordIncident
from broadcaster.journal.nodes import COLUMNS
from broadcaster.journal.row import Record
from broadcaster.journal.settling import Key, Whose, become, key_of, next_epoch, write_records
from broadcaster.store.engine import database_path, is_postgres, open_to_write, url_of
from broadcaster.store.marker import sync_folder
from broadcaster.store.problems import RecordDamaged, RecordMissing, unavailable
from broadcaster.store.tables import Credential

BESIDE = ("-wal", "-shm", "")
"""What SQLite keeps of a database, in the order in which it is moved: the log first, or it would be played into another."""
ASIDE = "aside"
NEW = "mending"
WHOLE = "mended"
"""Folders in the database's own: what was put aside; what is being made; what is whole, and is to take its place."""


@dataclass
class Saved:
    """What was saved of a record."""

    records: dict[Key, Record] = field(default_factory=dict)
    pins: dict[str, str] = field(default_factory=dict)
    """Their hashes, by code."""
    node: str | None = None
    """Whose it was, where the database still says so."""
    epoch: int = 0
    """The epoch it was in."""

    def add(self, records: Iterable[Record]) -> None:
        """These rows too; of two with one key the first known stands."""
        for record in records:
            self.records.setdefault(key_of(record), record)

    def whose(self, now: datetime) -> Whose | None:
        """The node, and an epoch after all its rows; ``None`` when nothing was saved."""
        nodes = [record.node for record in self.records.values()]
        node = self.node or (nodes[-1] if nodes else None)
        if node is None or not nodes:
            return None
        known = max([self.epoch, *(epoch for own, epoch, _ in self.records if own == node)])
        return Whose(node, next_epoch(known, now))


def open_or_mend(url: str, clock: Clock, zone: ZoneInfo) -> Journal:
    """The journal at ``url``, every page of it read; what is damaged, or of which only the second copy is left, is made again.

    :raises RecordUnavailable: it cannot be opened, and nothing of it could be saved.
    :raises UnknownSchema: it was laid out by a newer program or another one.
    :raises OnlyInAFile: it is in PostgreSQL: a computer that plays must not depend on a server that may not answer.
    """
    if is_postgres(url):
        from broadcaster.store.postgres import OnlyInAFile  # noqa: PLC0415  most stations never need it

        raise OnlyInAFile
    _go_on(database_path(url), clock.now().utc)
    try:
        journal = Journal.open(url, clock, zone)
        try:
            journal.store.check()
        except BaseException:
            journal.close()
            raise
    except RecordDamaged as problem:
        return _mended(Journal, url, clock, zone, problem)
    except RecordMissing as problem:
        if not copy_of(database_path(url)).is_file():  # the whole folder is missing: a disk that is not there yet
            raise
        return _mended(Journal, url, clock, zone, problem)
    return journal


def put_right(journal: Journal, problem: RecordDamaged) -> Journal:
    """An open journal whose database is damaged, made again and open.

    :raises RecordUnavailable: nothing of it could be saved (``problem``), or nothing could be written.
    """
    journal.close()
    return _mended(type(journal), url_of(journal.store.path), journal.clock, journal.zone, problem)


def _mended(kind: type[Journal], url: str, clock: Clock, zone: ZoneInfo, problem: RecordUnavailable) -> Journal:
    path, now = database_path(url), clock.now().utc
    if not _go_on(path, now):
        saved = salvage(path)
        whose = saved.whose(now)
        if whose is None:  # an empty one would hide what was lost
            raise problem
        try:
            new = build(path, saved, whose)
            with kind.open(url_of(new), clock, zone) as journal:  # told before it takes its place, or perhaps never
                journal.append(RecordIncident(DAMAGED, len(saved.records)))
            put_in_place(new, path, now)
        except OSError as error:
            raise unavailable(error, path) from error
    return kind.open(url, clock, zone)


def _go_on(path: Path, now: datetime) -> bool:
    """Do what a mending or a restoring that was cut short left to be done; whether there was any.

    :raises RecordUnavailable: it cannot be done.
    """
    try:
        return finish(path, now) is not None
    except OSError as error:
        raise unavailable(error, path) from error


# What can be saved


def salvage(database: Path) -> Saved:
    """Whatever the database still gives, and the second copy's rows; each row vouched for by its own hash."""
    saved = Saved()
    with suppress(sqlite3.Error, OSError), closing(_looked_into(database)) as connection:
        for order in ("", " DESC"):  # from both ends: damage in the middle hides neither
            saved.add(_rows(connection, order))
        saved.pins = dict(_all(connection, "SELECT code, pin_hash FROM credentials"))
        for node, epoch in _all(connection, "SELECT node, epoch FROM identity"):
            saved.node, saved.epoch = str(node), int(epoch)
    with suppress(OSError):
        copy = SecondCopy(copy_of(database))
        saved.add(copy.records())
        if saved.node is None and (last := copy.last()) is not None:  # rows of other stations stand before it
            saved.node = last.node
    return saved


def _looked_into(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def _rows(connection: sqlite3.Connection, order: str) -> Iterator[Record]:
    names = ", ".join(column.name for column in COLUMNS)
    by = ", ".join(f"{name}{order}" for name in ("node", "epoch", "seq"))
    for values in _all(connection, f"SELECT {names} FROM journal ORDER BY {by}"):  # noqa: S608  our own columns
        record = Record(*values)
        with suppress(TypeError, ValueError):
            if record.hash == digest(record):
                yield record


def _all(connection: sqlite3.Connection, query: str) -> Iterator[Any]:
    """Its answers, as far as they can be read."""
    with suppress(sqlite3.Error, OSError):
        yield from connection.execute(query)


# The new one


def build(database: Path, saved: Saved, whose: Whose) -> Path:
    """A new database of what was saved, in a folder beside; one file, whole and on the disk.

    :raises RecordUnavailable: it could not be written.
    """
    folder = database.parent / NEW
    shutil.rmtree(folder, ignore_errors=True)
    store = open_to_write(url_of(folder / database.name))
    try:
        with store.writing() as connection:
            write_records(connection, (record for _key, record in sorted(saved.records.items())))
            if saved.pins:
                connection.execute(insert(Credential), [{"code": c, "pin_hash": h} for c, h in saved.pins.items()])
            become(connection, whose)
        store.check()
    finally:
        store.close()  # its log goes into the file
    return folder / database.name


def put_in_place(new: Path, database: Path, now: datetime) -> Path | None:
    """Move the old database aside and the new one, alone in its folder, into its place: where the old one lies now, if any.

    :raises OSError: a file could not be moved; :func:`finish` does what is left.
    """
    new.parent.rename(database.parent / WHOLE)
    sync_folder(database.parent)
    moved = finish(database, now)
    return moved.aside if moved else None


@dataclass(frozen=True)
class Moved:
    """A new database took its place."""

    aside: Path | None
    """Where the old one lies, if there was one."""


def finish(database: Path, now: datetime) -> Moved | None:
    """Put into its place the new database that waits for that; ``None``: none does.

    :raises OSError: a file could not be moved.
    """
    new = database.parent / WHOLE / database.name
    if not new.exists():
        shutil.rmtree(new.parent, ignore_errors=True)  # it stands in its place already
        return None
    aside = _aside(database, now)
    moved = [path for path in (database.with_name(database.name + end) for end in BESIDE) if path.exists()]
    if moved:
        aside.mkdir(parents=True)
    for path in moved:
        path.rename(aside / path.name)
        sync_folder(database.parent)
    os.replace(new, database)  # noqa: PTH105  says that a name is taken over
    sync_folder(database.parent)
    shutil.rmtree(new.parent, ignore_errors=True)
    return Moved(aside if moved else None)


def _aside(database: Path, now: datetime) -> Path:
    folders = (database.parent / ASIDE / f"{now:%Y%m%dT%H%M%SZ}-{number}" for number in range(1, 1_000_000))
    return next(folder for folder in folders if not folder.exists())
