"""Where a ledger is kept, and that it is one of this program's.

Its file needs none of the record's guarantees: whatever is lost of it is read again. It keeps what it was told in order
(write-ahead, synced when the log is moved), so that a power cut leaves an older ledger and never a mixed one.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.pool import NullPool, StaticPool

from broadcaster.reports.ledger.tables import LAID_OUT, LAYOUT, MADE, METADATA
from broadcaster.reports.summary import Counts, Line

WAIT_S = 60.0
"""For another process that is catching up."""
CACHE_KB = 64_000
"""At most: a season's airings of a whole country go into nine trees, all over each."""
_TURN = 0x6C65_6467_6572
"""Of PostgreSQL's advisory locks: who holds it writes the ledger."""
BESIDE = ("-wal", "-shm", "")
"""What SQLite keeps of a ledger."""


class Shelf:
    """The place of one ledger: transactions that read, and those that write, one after the other over all processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees the ledger at one moment."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that nobody else writes beside."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            connection.info["begin"] = begin
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()


def file_of(database: Path) -> Path:
    """Where the ledger of a SQLite journal lies."""
    return database.with_suffix(".ledger")


def in_file(path: Path, zone: ZoneInfo) -> Shelf:
    """A ledger in a file, made if need be, for nobody else on the machine to read.

    :raises OSError, SQLAlchemyError: it cannot be written there.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    engine = create_engine("sqlite://", creator=lambda: _connected(path), poolclass=NullPool)
    return _laid_out(Shelf(_begun(engine)), zone)


def on_server(url: str, zone: ZoneInfo) -> Shelf:
    """A ledger beside a journal on PostgreSQL, made if need be.

    :raises SQLAlchemyError: it cannot be written there.
    """
    from broadcaster.store.postgres import engine_of  # noqa: PLC0415  most stations never need it

    return _laid_out(Shelf(engine_of(url, turn=_TURN, wait_ms=round(1000 * WAIT_S))), zone)


def in_memory(zone: ZoneInfo) -> Shelf:
    """A ledger that is gone with its process."""
    engine = create_engine(
        "sqlite://", connect_args={"check_same_thread": False, "isolation_level": None}, poolclass=StaticPool
    )
    return _laid_out(Shelf(_begun(engine)), zone)


def throw_away(path: Path) -> None:
    """Take a ledger away, whole."""
    for end in BESIDE:
        with suppress(OSError):
            path.with_name(path.name + end).unlink(missing_ok=True)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False, timeout=WAIT_S
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    return connection


def _begun(engine: Engine) -> Engine:
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.info["begin"])

    return engine


def _laid_out(shelf: Shelf, zone: ZoneInfo) -> Shelf:
    """With this program's tables; whatever else lies there is not kept."""
    made = _made(zone)
    with shelf.reading() as connection:
        fits = _says(connection) == made
    if not fits:
        with shelf.writing() as connection:
            if _says(connection) != made:  # another process may have been quicker
                METADATA.drop_all(connection)
                METADATA.create_all(connection)
                connection.execute(insert(MADE), [{"name": LAID_OUT, "value": made}])
    return shelf


def _says(connection: Connection) -> str | None:
    """What the ledger says it is; ``None``: there is none."""
    if not inspect(connection).has_table(MADE.name):
        return None
    return connection.execute(select(MADE.c.value).where(MADE.c.name == LAID_OUT)).scalar()


def _made(zone: ZoneInfo) -> str:
    """What a ledger of this program is: it stores what lines and counts are made of, and local days."""
    names = ",".join(field.name for kind in (Line, Counts) for field in fields(kind))
    return f"{LAYOUT} {zone.key} {hashlib.sha256(names.encode()).hexdigest()[:16]}"
