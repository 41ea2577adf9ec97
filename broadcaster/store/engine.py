"""The one way to the database: opened with its guarantees, or not at all.

A writing transaction begins with ``BEGIN IMMEDIATE`` (it waits its turn; a reader turned writer would fail at once) and the
driver's own transactions are off, so that tables made in a transaction go with it when it fails.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlmodel import select

from broadcaster.errors import RecordUnavailable
from broadcaster.store import guarantees, marker, schema
from broadcaster.store.guarantees import BUSY_TIMEOUT_MS
from broadcaster.store.problems import RecordDamaged, RecordMissing, UnknownDatabase, explain, unavailable
from broadcaster.store.reading import connect_to_read
from broadcaster.store.tables import Identity


def is_postgres(url: str) -> bool:
    """Whether the address is of a PostgreSQL database."""
    return url.startswith("postgresql:")


def database_path(url: str) -> Path:
    """The file a SQLite URL names; of a PostgreSQL database the one that would lie where what is beside it lies.

    :raises UnknownDatabase: the URL names no such file.
    """
    if is_postgres(url):
        from broadcaster.store.postgres import beside  # noqa: PLC0415  most stations never need it

        return beside(url)
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UnknownDatabase(url=url) from error
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise UnknownDatabase(url=parsed.render_as_string(hide_password=True))
    return Path(str(parsed.database)).absolute()


def file_number(path: Path) -> int:
    """What tells a file from another that takes its name; 0 where there is none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def url_of(path: Path) -> str:
    """The URL of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


class Store:
    """One database, open. One connection, one transaction at a time, from any thread."""

    def __init__(self, path: Path, *, writable: bool, engine: Engine | None = None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._engine = engine or _engine(path, writable=writable)
        self._connection: Connection | None = None
        self._connections = 0

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, durable when the block ends, undone when it fails.

        :raises RecordUnavailable: the database could not be written.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees the database at one moment.

        :raises RecordUnavailable: the database could not be read.
        """
        with self._transaction("BEGIN") as connection:
            yield connection

    def data_version(self) -> tuple[int, int]:
        """Something that changes when another connection has committed (``PRAGMA data_version``).

        SQLite counts anew on every connection, so the connection's own number is part of it.

        :raises RecordUnavailable: the database could not be read.
        """
        with self._lock:
            try:
                driver = self.driver()
                return self._connections, int(driver.execute("PRAGMA data_version").fetchone()[0])
            except (SQLAlchemyError, sqlite3.Error) as error:
                raise self._unavailable(error) from error

    def driver(self) -> sqlite3.Connection:
        """The driver's own connection, for what stands outside transactions."""
        connection = self._connected().connection.dbapi_connection
        assert isinstance(connection, sqlite3.Connection)  # noqa: S101  the engine was made for SQLite
        return connection

    @contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """While the block lasts, wait at most so long for another process that holds the database.

        :raises RecordUnavailable: the database cannot be opened.
        """
        with self._lock:
            self._wait(seconds)
            try:
                yield
            finally:
                if self._connection is not None:  # a new one waits as ever
                    self._wait(BUSY_TIMEOUT_MS / 1000)

    def _wait(self, seconds: float) -> None:
        try:
            self.driver().execute(f"PRAGMA busy_timeout = {max(0, round(1000 * seconds))}")
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise self._unavailable(error) from error

    def check_protected(self) -> None:
        """See that every trigger of the journal stands, word for word.

        :raises RecordUnprotected: one is missing or reads differently.
        """
        guarantees.check_triggers(self.driver(), self.path)

    def check(self) -> None:
        """Read every page and see that it is sound, and that by its indexes every row is found: a withdrawal among them.

        :raises RecordDamaged: it is not.
        :raises RecordUnavailable: the database could not be read.
        """
        with self._lock:
            try:
                answer = str(self.driver().execute("PRAGMA integrity_check(1)").fetchone()[0])
            except (SQLAlchemyError, sqlite3.Error) as error:
                raise self._unavailable(error) from error
        if answer != "ok":
            raise RecordDamaged(path=self.path, problem=answer.splitlines()[0])

    def close(self) -> None:
        """Let go of the database. Safe to call twice."""
        with self._lock:
            self._disconnect()
            self._engine.dispose()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        with self._lock:
            try:
                connection = self._connected()
                connection.info["begin"] = begin
                with connection.begin():
                    yield connection
            except (SQLAlchemyError, sqlite3.Error, OSError) as error:
                raise self._unavailable(error) from error

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connections += 1
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError, sqlite3.Error):
                connection.close()

    def _unavailable(self, error: Exception) -> RecordUnavailable:
        self._disconnect()  # what a failed disk left of a connection is not trusted with the next row
        return unavailable(error, self.path)


def _engine(path: Path, *, writable: bool) -> Engine:
    connect = partial(_connect_to_write if writable else connect_to_read, path)
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.info["begin"])

    return engine


def _connect_to_write(path: Path) -> sqlite3.Connection:
    address = f"{path.as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    try:
        guarantees.secure(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(url: str) -> Store | None:
    """The database for reading only; ``None`` when there is none. Never makes one.

    :raises RecordUnavailable: it is there and cannot be read; :class:`RecordMissing` when this station once had one.
    :raises UnknownSchema: another program's, or a newer version's.
    """
    if is_postgres(url):
        from broadcaster.store import postgres  # noqa: PLC0415  most stations never need it

        return postgres.open_to_read(url)
    path = database_path(url)
    if not path.exists():
        if marker.names(marker.mark_of(path), path):
            raise RecordMissing(path=path)
        return None
    store = Store(path, writable=False)
    try:
        with store.reading() as connection:
            found = schema.revision(connection)
        schema.check_known(found, path)
    except BaseException:
        store.close()
        raise
    if found is None:
        store.close()
        return None
    return store


def open_to_write(url: str) -> Store:
    """The database with all its guarantees, made on the first opening ever, brought to the newest layout.

    :raises RecordUnavailable: it cannot be opened; :class:`RecordMissing` when this station once had one;
        :class:`RecordUnprotected` when a guarantee is not given.
    :raises UnknownSchema: another program's, or a newer version's.
    """
    if is_postgres(url):
        from broadcaster.store import postgres  # noqa: PLC0415  most stations never need it

        return postgres.open_to_write(url)
    path = database_path(url)
    mark = marker.mark_of(path)
    marked = marker.names(mark, path)
    if marked and not path.exists():
        raise RecordMissing(path=path)
    _make_room(path)
    store = Store(path, writable=True)
    try:
        _lay_out(store, marked=marked)
        store.check_protected()
        if mark is not None and not marked:
            leave_mark(store, mark)
    except BaseException:
        store.close()
        raise
    return store


def _make_room(path: Path) -> None:
    """Make the folder, and the file as one that nobody else on the machine may read: SQLite's others follow it."""
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            marker.sync_folder(path.parent.parent)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise unavailable(error, path) from error


def _lay_out(store: Store, *, marked: bool) -> None:
    with store.writing() as connection:
        found = schema.revision(connection)
        schema.check_known(found, store.path)
        if found is None and marked:
            raise RecordMissing(path=store.path)
        if found != schema.REVISIONS[-1]:
            schema.upgrade(connection)


def leave_mark(store: Store, mark: Path) -> None:
    """Write down that this station has a record."""
    try:
        marker.leave(mark, store.path, identity(store).node)
    except OSError as error:
        raise RecordUnavailable(path=mark, problem=explain(error, mark)) from error


def identity(store: Store) -> Any:
    """Whose database this is: ``.node`` and ``.epoch``."""
    with store.reading() as connection:
        return whose(connection)


def whose(connection: Connection) -> Any:
    """The same, inside a transaction."""
    return connection.execute(select(Identity.node, Identity.epoch)).one()
