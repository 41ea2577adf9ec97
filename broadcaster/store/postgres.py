"""The same database on PostgreSQL, for an office that brings many boxes' records together.

Its promises are asked for and read back as those of SQLite are: a row is on the server's disk when it is acknowledged, its
triggers refuse every change, and whoever writes does so alone. What lies beside a record (its second copy, the mark) lies in
the station's folder, of which the address tells (``?beside=``, put there when the station is read).
"""

from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from broadcaster.errors import BadInput, RecordUnavailable
from broadcaster.locale import mark as N_
from broadcaster.store import marker, schema
from broadcaster.store.engine import Store, leave_mark
from broadcaster.store.guarantees import BUSY_TIMEOUT_MS
from broadcaster.store.problems import RecordMissing, RecordUnprotected, UnknownDatabase, unavailable

BESIDE = "beside"
SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
"""What a row's durability rests on, and how the server must answer."""
TRIGGERS = frozenset({"journal_refuses_change", "journal_refuses_truncate"})
_TURN = 0x6272_6F61_6463
"""Of PostgreSQL's advisory locks: who holds it writes the record."""


class OnlyInAFile(BadInput):
    """Something that is done with SQLite's files was asked of a record in PostgreSQL."""

    sentence: ClassVar[str] = N_(
        "The record is in PostgreSQL, so this was not done. A computer that plays keeps its record in a file; "
        "for a copy of this one use PostgreSQL's own tools, such as pg_dump."
    )


def beside(url: str) -> Path:
    """The file that the record would be, were it one: what lies beside it lies there.

    :raises UnknownDatabase: the address is not of a PostgreSQL database, or says nothing of that.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UnknownDatabase(url=url) from error
    place = parsed.query.get(BESIDE)
    if not isinstance(place, str) or not parsed.database:
        raise UnknownDatabase(url=shown(url))
    return Path(place)


def shown(url: str) -> str:
    """The address as people may see it."""
    return make_url(url).difference_update_query([BESIDE]).render_as_string(hide_password=True)


def engine_of(url: str, *, turn: int, wait_ms: int) -> Engine:
    """An engine whose reading transactions see one moment; the writing ones of all processes take turns (``turn``)."""
    engine = create_engine(_of_driver(url), poolclass=NullPool, connect_args={"options": f"-c lock_timeout={wait_ms}"})

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if (
            connection.info.get("begin") == "BEGIN IMMEDIATE"
        ):  # each statement sees what was there when its turn had come
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({turn})")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    return engine


def _of_driver(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg").difference_update_query([BESIDE])


class PostgresStore(Store):
    """One database of a server, open."""

    def __init__(self, url: str) -> None:
        super().__init__(beside(url), writable=True, engine=engine_of(url, turn=_TURN, wait_ms=BUSY_TIMEOUT_MS))
        self._shown = shown(url)

    def data_version(self) -> tuple[int, int]:
        """Something that changes when anybody has written on the server."""
        with self.reading() as connection:
            found = connection.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))
            return self._connections, int(found.scalar_one())

    def driver(self) -> Any:
        """There is none of SQLite's.

        :raises OnlyInAFile: always.
        """
        raise OnlyInAFile

    def check(self) -> None:
        """The server sees to its pages itself."""

    def check_protected(self) -> None:
        """See that rows last, and that every trigger of the journal stands.

        :raises RecordUnprotected: a setting or a trigger is not as it must be.
        """
        with self.reading() as connection:
            for name, value in SETTINGS.items():
                answer = connection.execute(text(f"SHOW {name}")).scalar()
                if answer != value:
                    raise RecordUnprotected(path=self._shown, problem=f"{name} = {answer}")
            found = connection.execute(
                text("SELECT tgname FROM pg_trigger WHERE tgrelid = 'journal'::regclass AND tgenabled = 'O'")
            )
            if missing := TRIGGERS - set(found.scalars()):
                raise RecordUnprotected(path=self._shown, problem=min(missing))

    def _wait(self, seconds: float) -> None:
        try:
            driver: Any = self._connected().connection.dbapi_connection
            driver.execute(f"SET lock_timeout = {max(1, round(1000 * seconds))}")
            driver.commit()
        except SQLAlchemyError as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> RecordUnavailable:
        problem = super()._unavailable(error)
        problem.facts["path"] = self._shown
        return problem


def open_to_read(url: str) -> Store | None:
    """As :func:`broadcaster.store.engine.open_to_read`."""
    store = PostgresStore(url)
    try:
        found = _layout(store)
    except BaseException:
        store.close()
        raise
    if found is None:
        store.close()
        return None
    return store


def open_to_write(url: str) -> Store:
    """As :func:`broadcaster.store.engine.open_to_write`; the server's database itself must be there."""
    store = PostgresStore(url)
    try:
        store.path.parent.mkdir(parents=True, exist_ok=True)
        _layout(store)
        with store.writing() as connection:
            if schema.revision(connection) != schema.REVISIONS[-1]:
                schema.upgrade(connection)
        store.check_protected()
        mark = marker.mark_of(store.path)
        if mark is not None and not marker.names(mark, store.path):
            leave_mark(store, mark)
    except OSError as error:
        store.close()
        raise unavailable(error, store.path) from error
    except BaseException:
        store.close()
        raise
    return store


def _layout(store: Store) -> str | None:
    """The database's layout; ``None``: it is empty, and this station never had a record there.

    :raises RecordMissing: it is empty, and the station had one.
    """
    with store.reading() as connection:
        found = schema.revision(connection)
    schema.check_known(found, store.path)
    if found is None and marker.names(marker.mark_of(store.path), store.path):
        raise RecordMissing(path=store.path)
    return found
