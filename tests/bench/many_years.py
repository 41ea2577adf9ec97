"""Many years of the country out of one, by the database itself: the same season again in every year that follows.

Rows of the record and of the ledger are copied with the year in them changed, the numbers of the rows raised, and a play's key
with them; everything else is as it was. So the text of a row is no longer that of its hash (`plays verify` would say so), which
nothing that is measured looks at; the ledger is copied, not caught up: :mod:`bench_report` holds some of it against the rows.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from country import COLUMNS, FIRST
from sqlalchemy import Connection, TextClause, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from broadcaster.config import Station
from broadcaster.reports.ledger.opening import file_of, in_file
from broadcaster.reports.ledger.tables import AIRINGS
from broadcaster.store.engine import database_path, identity, open_to_read, open_to_write

STEP = 1_000
"""More rows than a market's computer writes in a season."""
_AGAIN = "replace({0}, :first, :year)"
_PLAY = "node || '-1-' || (seq - 1 + {0}) || '\"'"
_JOURNAL = {
    "seq": "seq + :after",
    "utc": _AGAIN.format("utc"),
    "airing": _AGAIN.format("airing"),
    "payload": f"replace({_AGAIN.format('payload')}, {_PLAY.format(0)}, {_PLAY.format(':after')})",
}
"""A sound's intent is the row before its end."""
_LEDGER = {
    "due": "due + :microseconds",
    "day": "day + :days",
    "seq": "seq + :after",
    **{name: _AGAIN.format(name) for name in ("airing", "root", "promised")},
}
_NODES = """UPDATE ledger_nodes SET "rows" = "rows" * :years, newest = replace(newest, :first, :year),
newest_key = node || '-1-' || (CAST(substr(newest_key, length(node) + 4) AS BIGINT) + :after),
accepted = replace(accepted, ', "' || :first, ', "' || :year)"""
"""Plans were accepted from the first year to the last."""
_HAVE = "SELECT DISTINCT node FROM base.journal WHERE kind = 'started' ORDER BY node"
_CHAINS = "UPDATE ledger_chains SET seq = seq + :after"
_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = :table",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :table AND indexname NOT LIKE '%pkey'",
}


def multiply(base: Station, station: Station, years: int) -> None:
    """Fill the new SQLite database and ledger of ``station`` from the one season, caught up, of ``base``."""
    _sqlite_journal(base, station, years)
    path, from_ = database_path(station.database), database_path(base.database)
    in_file(file_of(path), station.timezone).close()
    store = open_to_read(station.database)
    assert store is not None
    own = identity(store)
    store.close()
    with _filling(str(file_of(path)), str(file_of(from_))) as connection:
        columns = ",".join(AIRINGS.columns.keys())
        with _indexed_after(connection, "ledger_airings"):
            for number in range(years):
                again = _copy("ledger_airings", "base.ledger_airings", columns, _LEDGER, "ORDER BY due, market, airing")
                connection.execute(again, _given(number))
        for table in ("sorts", "nodes", "chains"):
            connection.exec_driver_sql(f"INSERT INTO ledger_{table} SELECT * FROM base.ledger_{table}")  # noqa: S608  own names
        _tell_nodes(connection, years)
        connection.execute(text("INSERT INTO ledger_made VALUES ('journal', :of)"), {"of": f"{own.node} {own.epoch}"})


def _sqlite_journal(base: Station, station: Station, years: int) -> None:
    """Computer by computer, so that rows are added at the table's end."""
    open_to_write(station.database).close()
    with _filling(str(database_path(station.database)), str(database_path(base.database))) as connection:
        refuses = "SELECT sql FROM sqlite_master WHERE name = 'journal_refuses_replace'"
        trigger = connection.exec_driver_sql(refuses).scalar_one()
        connection.exec_driver_sql("DROP TRIGGER journal_refuses_replace")
        nodes = connection.exec_driver_sql(_HAVE).scalars().all()
        with _indexed_after(connection, "journal"):
            again = _copy("journal", "base.journal", COLUMNS, _JOURNAL, "WHERE node = :node ORDER BY epoch, seq")
            for node in nodes:
                for number in range(years):
                    connection.execute(again, _given(number) | {"node": node})
        connection.exec_driver_sql(trigger)


@contextmanager
def _filling(path: str, base: str) -> Iterator[Connection]:
    """A SQLite file that nobody reads yet: nothing of it need survive a failure."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"isolation_level": None})
    with engine.connect() as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "temp_store = FILE"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("ATTACH ? AS base", (base,))
        connection.exec_driver_sql("BEGIN")
        yield connection
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def multiply_on_server(station: Station, years: int) -> None:
    """Add the years that follow to the one season, caught up, of ``station``, whose record is in PostgreSQL."""
    url = make_url(station.database).set(drivername="postgresql+psycopg").difference_update_query(["beside"])
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("synchronous_commit = off", "maintenance_work_mem = '1GB'"):
            connection.exec_driver_sql(f"SET {setting}")
        if years > 1:
            _add_years(connection, "journal", COLUMNS, _JOURNAL, years)
            _add_years(connection, "ledger_airings", ",".join(AIRINGS.columns.keys()), _LEDGER, years)
            _tell_nodes(connection, years)
        connection.exec_driver_sql("VACUUM ANALYZE")


def _add_years(connection: Connection, table: str, columns: str, new: Mapping[str, str], years: int) -> None:
    connection.exec_driver_sql(f"CREATE UNLOGGED TABLE base AS SELECT * FROM {table}")  # noqa: S608  own names
    with _indexed_after(connection, table):
        for number in range(1, years):
            connection.execute(_copy(table, "base", columns, new), _given(number))
    connection.exec_driver_sql("DROP TABLE base")


def _tell_nodes(connection: Connection, years: int) -> None:
    """How far the ledger was read, and what it tells of each computer."""
    last = _given(years - 1)
    connection.execute(text(_NODES), {name: last[name] for name in ("first", "year", "after")} | {"years": years})
    connection.execute(text(_CHAINS), {"after": last["after"]})


def _given(number: int) -> dict[str, object]:
    """What is put into the season's rows in the year that follows the first by ``number``."""
    year = FIRST.year + number
    days = (FIRST.replace(year=year) - FIRST).days
    return {
        "first": f"{FIRST.year}-",
        "year": f"{year}-",
        "after": number * STEP,
        "days": days,
        "microseconds": days * 86_400_000_000,
    }


def _copy(into: str, source: str, columns: str, new: Mapping[str, str], which: str = "") -> TextClause:
    wanted = ",".join(new.get(name, name) for name in columns.split(","))
    return text(f"INSERT INTO {into} ({columns}) SELECT {wanted} FROM {source} {which}")  # noqa: S608  own names


@contextmanager
def _indexed_after(connection: Connection, table: str) -> Iterator[None]:
    """Its indexes are made once all is in it."""
    found = connection.execute(text(_INDEXES[connection.dialect.name]), {"table": table}).all()
    for name, _definition in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for _name, definition in found:
        connection.exec_driver_sql(definition)
