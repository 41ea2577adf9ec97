"""The way to the database: with all its guarantees, or not at all, and never a new one by asking."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from broadcaster.errors import RecordUnavailable
from broadcaster.store import guarantees, schema
from broadcaster.store.engine import Store, identity, open_to_read, open_to_write, url_of
from broadcaster.store.problems import RecordMissing, RecordUnprotected, UnknownDatabase, UnknownSchema


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a station keeps its database; its folder does not exist yet."""
    return tmp_path / "station" / "data" / "broadcaster.db"


@pytest.fixture
def station(path: Path) -> Path:
    """A station's folder with its configuration."""
    folder = path.parent.parent
    folder.mkdir()
    (folder / "config.toml").touch()
    return folder


def test_a_writing_connection_has_every_guarantee(path: Path) -> None:
    """SQLite itself answers with each value."""
    store = open_to_write(url_of(path))
    answers = {
        pragma: store.driver().execute(f"PRAGMA {pragma}").fetchone()[0]
        for pragma in ("journal_mode", "busy_timeout", *guarantees.SETTINGS)
    }
    store.close()
    assert answers == {
        "journal_mode": "wal",
        "busy_timeout": 5_000,
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "secure_delete": 1,
    }


def test_a_database_without_write_ahead_log_is_refused() -> None:
    """A database in memory cannot have one: what was asked for is read back."""
    with pytest.raises(RecordUnprotected, match="journal_mode = memory"):
        guarantees.secure(sqlite3.connect(":memory:"), Path("memory"))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql://somewhere/x", "no url"])
def test_an_address_that_names_no_file_of_sqlite_is_refused_as_configuration(url: str) -> None:
    with pytest.raises(UnknownDatabase) as refusal:
        open_to_write(url)
    assert refusal.value.exit_code == 78


def test_reading_creates_nothing(path: Path, station: Path) -> None:
    """No database, no folder, no mark."""
    assert open_to_read(url_of(path)) is None
    assert [entry.name for entry in station.iterdir()] == ["config.toml"]


def test_a_reading_connection_cannot_write(path: Path) -> None:
    open_to_write(url_of(path)).close()
    store = open_to_read(url_of(path))
    assert store is not None
    with pytest.raises(RecordUnavailable), store.reading() as connection:
        connection.execute(text("DELETE FROM credentials"))
    store.close()


def test_tables_made_in_a_transaction_that_fails_are_gone(path: Path) -> None:
    store = open_to_write(url_of(path))
    with pytest.raises(RecordUnavailable), store.writing() as connection:  # noqa: PT012  the first statement succeeds
        connection.execute(text("CREATE TABLE passing (x)"))
        connection.execute(text("SELECT * FROM no_such_table"))
    with store.reading() as connection:
        assert "passing" not in connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
    store.close()


def test_a_second_writer_waits_for_the_first(path: Path) -> None:
    """The transaction begins at once as a writer's: nothing read in it can have grown old."""
    store = open_to_write(url_of(path))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA busy_timeout = 10")
    with store.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()
    store.close()


def test_a_database_of_a_newer_program_is_left_alone(path: Path) -> None:
    """Exit 78, for reading and for writing."""
    open_to_write(url_of(path)).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    for way_in in (open_to_read, open_to_write):
        with pytest.raises(UnknownSchema, match="9999") as refusal:
            way_in(url_of(path))
        assert refusal.value.exit_code == 78


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "music.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE songs (title)")
    with pytest.raises(UnknownSchema):
        open_to_write(url_of(path))
    with sqlite3.connect(path) as raw:
        assert [name for (name,) in raw.execute("SELECT name FROM sqlite_master")] == ["songs"]


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "broadcaster.db"
    path.write_bytes(b"\x89PNG and so on, long enough to be looked at" * 100)
    with pytest.raises(RecordUnavailable, match=r"not a database|no es una base") as refusal:
        open_to_write(url_of(path))
    assert refusal.value.exit_code == 74
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", guarantees.TRIGGERS)
def test_a_journal_without_one_of_its_triggers_is_not_opened(path: Path, name: str) -> None:
    open_to_write(url_of(path)).close()
    with sqlite3.connect(path) as raw:
        raw.execute(f"DROP TRIGGER {name}")
    with pytest.raises(RecordUnprotected, match=name):
        open_to_write(url_of(path))


def test_a_trigger_that_reads_differently_is_no_trigger(path: Path) -> None:
    open_to_write(url_of(path)).close()
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TRIGGER journal_refuses_delete")
        raw.execute("CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal BEGIN SELECT 1; END")
    with pytest.raises(RecordUnprotected, match="journal_refuses_delete"):
        open_to_write(url_of(path))


def test_a_lost_database_is_not_replaced_by_an_empty_one(path: Path, station: Path) -> None:
    """The data folder is gone (a disk that is not mounted): neither reading nor writing takes that for a beginning."""
    open_to_write(url_of(path)).close()
    path.parent.rename(station / "elsewhere")
    for way_in in (open_to_read, open_to_write):
        with pytest.raises(RecordMissing) as refusal:
            way_in(url_of(path))
        assert refusal.value.exit_code == 74
    assert not path.parent.exists()
    (station / "elsewhere").rename(path.parent)
    open_to_write(url_of(path)).close()


def test_an_emptied_database_is_not_taken_for_a_beginning(path: Path, station: Path) -> None:
    open_to_write(url_of(path)).close()
    for file in path.parent.iterdir():
        file.unlink()
    path.touch()
    with pytest.raises(RecordMissing):
        open_to_write(url_of(path))


def test_a_copy_of_the_stations_folder_may_begin_its_own_record(path: Path, station: Path) -> None:
    """The mark names the place it was made for."""
    open_to_write(url_of(path)).close()
    copy = station.with_name("copy")
    copy.mkdir()
    for file in ("config.toml", ".record"):
        (copy / file).write_bytes((station / file).read_bytes())
    open_to_write(url_of(copy / "data" / "broadcaster.db")).close()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(RecordUnavailable):
        open_to_write(url_of(tmp_path / "data" / "broadcaster.db"))


OPEN = """
import sys
from broadcaster.store.engine import identity, open_to_write
store = open_to_write(sys.argv[1])
print(identity(store).node)
"""


def test_processes_that_open_a_new_database_at_once_agree_whose_it_is(path: Path) -> None:
    children = [
        subprocess.Popen([sys.executable, "-c", OPEN, url_of(path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    nodes = {child.communicate(timeout=60)[0] for child in children}
    assert [child.returncode for child in children] == [0, 0, 0]
    assert len(nodes) == 1


def test_two_databases_are_of_two_nodes(tmp_path: Path) -> None:
    stores = [open_to_write(url_of(tmp_path / name)) for name in ("a.db", "b.db")]
    assert len({identity(store).node for store in stores}) == 2
    for store in stores:
        store.close()


def test_nobody_else_on_the_machine_may_read_the_database(path: Path) -> None:
    """It holds the hashes of short PINs."""
    store = open_to_write(url_of(path))
    with store.writing() as connection:
        connection.execute(text("DELETE FROM pin_tries"))
    assert {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {
        "broadcaster.db": 0o600,
        "broadcaster.db-wal": 0o600,
        "broadcaster.db-shm": 0o600,
    }
    store.close()


DIE_IN_MIGRATION = """
import os, signal, sys
from pathlib import Path
from broadcaster.store import schema
from broadcaster.store.engine import Store
path = Path(sys.argv[1])
path.touch()
with Store(path, writable=True).writing() as connection:
    schema.upgrade(connection)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_in_a_migration_leaves_the_old_layout(tmp_path: Path) -> None:
    """Never between: the next opening finds an empty database and lays it out."""
    path = tmp_path / "broadcaster.db"
    died = subprocess.run([sys.executable, "-c", DIE_IN_MIGRATION, str(path)], check=False)
    assert died.returncode == -9
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    open_to_write(url_of(path)).close()
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (schema.REVISIONS[-1],)


def test_a_store_goes_on_after_an_error(path: Path) -> None:
    """One refused statement does not spoil the connection for the next."""
    store: Store = open_to_write(url_of(path))
    with pytest.raises(RecordUnavailable), store.writing() as connection:
        connection.execute(text("SELECT * FROM no_such_table"))
    with store.writing() as connection:
        assert connection.execute(text("SELECT count(*) FROM journal")).scalar() == 0
    store.close()
