"""A damaged database is put aside, whole, and made again of what can be saved; cut short anywhere, it is begun again."""

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from killed_at_a_step import killed_before
from record_history import causes, database_files, incidents, whole, withdrawal, write
from sqlalchemy import text

from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.copy import copy_of
from broadcaster.journal.events import DAMAGED, RecordIncident, Stopped, Withdrawn
from broadcaster.journal.mend import open_or_mend, put_right
from broadcaster.journal.reading import read
from broadcaster.store.engine import database_path
from broadcaster.store.problems import RecordDamaged, RecordMissing

LIMA = ZoneInfo("America/Lima")
PIN = ("P-01", "$argon2id$not-a-real-one")


@pytest.fixture
def written(url: str, journal: Journal) -> str:
    """Some pages of rows, a withdrawal, and a PIN; closed in order."""
    with journal.store.writing() as connection:
        connection.execute(text("INSERT INTO credentials VALUES (:code, :hash)"), {"code": PIN[0], "hash": PIN[1]})
    write(journal, *(f"{number}" * 900 for number in range(20)))
    journal.append(withdrawal())
    journal.close()
    return url


def nonsense_at_the_head(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(4096))


def nonsense_in_the_middle(path: Path) -> None:
    """Every page but the first eight."""
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(os.urandom(path.stat().st_size - 8 * 4096))


def one_bit_in_an_index(path: Path) -> None:
    """By its kind the withdrawal is no longer found, though its row is there and the chain holds."""
    with closing(sqlite3.connect(path)) as raw:
        [(page,)] = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_journal_kind'")
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        place = (page - 1) * 4096 + file.read(4096).index(b"withdrawn")
        file.seek(place)
        file.write(b"vithdrawn")


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def other_file(path: Path) -> None:
    path.write_bytes(b"\x89PNG and so on" * 3000)


def gone(path: Path) -> None:
    """As after a mending that was cut short between two names."""
    path.unlink()


DAMAGES = [nonsense_at_the_head, nonsense_in_the_middle, one_bit_in_an_index, cut_in_half, emptied, other_file, gone]


@pytest.fixture
def station(url: str) -> None:
    """The folder is a station's: it leaves its mark of having a record."""
    folder = database_path(url).parent.parent
    (folder / "config.toml").touch()


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize("damage", DAMAGES)
def test_it_is_made_again_with_every_row_and_the_old_one_is_kept(
    written: str, clock: ShiftedClock, damage: Callable[[Path], None]
) -> None:
    database = database_path(written)
    before = read(written)
    database.with_name("broadcaster.db-wal").write_bytes(b"")
    damage(database)
    damaged = database.read_bytes() if database.exists() else None
    with open_or_mend(written, clock, LIMA) as journal:
        assert [row.event for row in journal.rows(kinds=[Withdrawn])] == [withdrawal()]
        write(journal, "after")
    rows = read(written)
    assert [row.hash for row in rows[: len(before)]] == [row.hash for row in before]
    assert incidents(written) == [RecordIncident(DAMAGED, recovered=21)]
    assert {row.epoch for row in rows[len(before) :]}.isdisjoint(row.epoch for row in before)
    assert whole(written)
    aside = {path.name: path for path in database.parent.glob("aside/*/*")}
    assert "broadcaster.db-wal" in aside
    assert not damaged or aside["broadcaster.db"].read_bytes() == damaged


def pins(url: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(database_path(url))) as raw:
        return raw.execute("SELECT code, pin_hash FROM credentials").fetchall()


def test_pins_are_saved_where_they_can_still_be_read(written: str, clock: ShiftedClock) -> None:
    nonsense_in_the_middle(database_path(written))
    open_or_mend(written, clock, LIMA).close()
    assert pins(written) == [PIN]


def test_rows_that_only_the_damaged_database_still_has_are_saved_too(written: str, clock: ShiftedClock) -> None:
    """The copy had fallen behind."""
    copy = copy_of(database_path(written))
    lines = copy.read_bytes().splitlines(keepends=True)
    copy.write_bytes(lines[0] + lines[1] + lines[-1])
    with database_path(written).open("r+b") as file:
        file.seek(-3 * 4096, os.SEEK_END)
        file.write(os.urandom(3 * 4096))
    open_or_mend(written, clock, LIMA).close()
    saved = [cause[0] for cause in causes(written)]
    assert saved[:2] == ["0", "1"]
    assert len(saved) > 2
    assert [row.event for row in read(written, kinds=[Withdrawn])] == [withdrawal()]


@pytest.mark.usefixtures("station")
def test_without_anything_to_make_it_of_it_is_left_as_it_is(written: str, clock: ShiftedClock) -> None:
    """An empty record in its place would hide what was lost."""
    database = database_path(written)
    copy_of(database).unlink()
    nonsense_at_the_head(database)
    damaged = database.read_bytes()
    with pytest.raises(RecordDamaged) as refusal:
        open_or_mend(written, clock, LIMA)
    assert refusal.value.exit_code == 74
    assert database.read_bytes() == damaged
    shutil.rmtree(database.parent)
    with pytest.raises(RecordMissing):
        open_or_mend(written, clock, LIMA)
    assert not database.exists()


def test_commands_leave_a_damaged_record_alone(written: str, clock: ShiftedClock) -> None:
    """Only who holds the station mends it; everybody else is told so in a sentence."""
    nonsense_at_the_head(database_path(written))
    damaged = database_path(written).read_bytes()
    with pytest.raises(RecordDamaged, match=r"broadcaster run"):
        Journal.open(written, clock, LIMA)
    assert database_path(written).read_bytes() == damaged


def test_a_journal_that_turns_out_damaged_while_it_is_open_goes_on_in_the_new_one(
    written: str, clock: ShiftedClock
) -> None:
    journal = Journal.open(written, clock, LIMA)
    before = write(journal, "before")
    journal.close()
    nonsense_in_the_middle(database_path(written))
    with pytest.raises(RecordDamaged) as problem:
        journal.rows()
    with put_right(journal, problem.value) as mended:
        after = mended.append(Stopped("after"))
    assert after.node == before[0].node
    assert causes(written)[-2:] == ["before", "after"]
    assert whole(written)


READY = """
import sys
from zoneinfo import ZoneInfo
from broadcaster.clock import SystemClock
from broadcaster.journal import mend
"""
MEND = "mend.open_or_mend(sys.argv[1], SystemClock(), ZoneInfo('America/Lima')).close()"


@pytest.mark.usefixtures("station")
def test_a_mending_killed_at_any_of_its_steps_is_done_by_the_next_start(
    written: str, clock: ShiftedClock, tmp_path: Path
) -> None:
    """Before each rename, replace, fsync and mkdir of it, one after the other. PINs stand in the database alone."""
    nonsense_in_the_middle(database_path(written))
    kept = tmp_path / "kept"
    shutil.copytree(database_path(written).parent, kept)
    steps = 0
    while True:
        steps += 1
        died = killed_before(steps, ("rename", "replace", "fsync", "mkdir"), READY, MEND, written)
        open_or_mend(written, clock, LIMA).close()
        assert [row.event for row in read(written, kinds=[Withdrawn])] == [withdrawal()]
        assert len(causes(written)) == 20
        assert incidents(written) == [RecordIncident(DAMAGED, recovered=21)]
        assert pins(written) == [PIN]
        assert whole(written)
        shutil.rmtree(database_path(written).parent)
        shutil.copytree(kept, database_path(written).parent)
        if died.returncode != -signal.SIGKILL:
            break
    assert died.returncode == 0
    assert steps > 6
    assert len(database_files(database_path(written))) >= 1
