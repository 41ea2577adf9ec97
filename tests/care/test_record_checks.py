"""What the doctor says of the record: each thing green, and red for its own fault."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from backup_station import FRIDAY, append, made, new_station

from broadcaster.care.backup import back_up
from broadcaster.care.checks import State
from broadcaster.care.labels import LABELS
from broadcaster.care.record_checks import PROBES, second_copy
from broadcaster.cli.program import run
from broadcaster.config import Station
from broadcaster.journal.copy import copy_of
from broadcaster.journal.events import BackupMade, Stopped
from broadcaster.journal.proofs import code_of_day
from broadcaster.journal.reading import read
from broadcaster.store.ballast import lay
from broadcaster.store.engine import database_path


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """All is well with it."""
    station = made(tmp_path / "station")
    done = back_up(station, tmp_path, FRIDAY)
    append(station, BackupMade(done.rows, done.sha256))
    assert lay(database_path(station.database))
    return station


def look(station: Station, days: int = 0) -> dict[str, State]:
    found = [check for probe in PROBES for check in probe.look(station, FRIDAY + timedelta(days=days, minutes=5))]
    assert {check.code for check in found} <= set(LABELS)
    assert all(check.todo for check in found if check.state is not State.OK)
    return {check.code: check.state for check in found}


GREEN = dict.fromkeys(("database", "record_chain", "record_copy", "reserve", "backup"), State.OK)


def test_where_all_is_well_each_is_green_and_the_days_code_is_told(station: Station) -> None:
    assert look(station) == GREEN
    [chain] = PROBES[1].look(station, FRIDAY)
    code = code_of_day(station.database, FRIDAY.date())
    assert code is not None
    assert code in chain.sentence
    assert chain.detail["code"] == code


def test_without_a_record_nothing_is_made_and_nothing_is_wrong(tmp_path: Path) -> None:
    station = new_station(tmp_path / "new")
    assert look(station) == {"database": State.OK}
    assert [path.name for path in station.root.iterdir()] == ["config.toml"]


def test_each_fault_is_its_own(station: Station) -> None:
    database = database_path(station.database)
    database.with_name("ballast").unlink()
    assert look(station) == {**GREEN, "reserve": State.WARN}
    assert look(station, days=40) == {**GREEN, "reserve": State.WARN, "backup": State.WARN}
    copy = copy_of(database)
    kept = copy.read_bytes()
    copy.write_bytes(b"".join(kept.splitlines(keepends=True)[:-1]))
    assert look(station)["record_copy"] is State.WARN
    copy.write_bytes(kept)
    with sqlite3.connect(database) as raw:
        raw.execute("DROP TRIGGER journal_refuses_update")
        raw.execute("UPDATE journal SET payload = replace(payload, '0', '1') WHERE seq = 5")
    found = look(station)
    assert (found["database"], found["record_chain"]) == (State.FAIL, State.FAIL)


def test_a_damaged_line_in_the_middle_of_the_copy_does_not_heal_and_what_is_said_to_do_helps(
    station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is behind catches up with the next row; a hole stays."""
    copy = copy_of(database_path(station.database))
    lines = copy.read_bytes().splitlines(keepends=True)
    copy.write_bytes(b"".join([*lines[:2], b"nothing" + lines[2][7:], *lines[3:]]))
    for _ in range(2):
        [found] = second_copy(station, FRIDAY)
        assert (found.state, found.detail["lacking"]) == (State.WARN, 1)
        assert str(copy) in found.todo
        assert run(["--station", str(station.root), "plays", "verify"]) == 0
        assert copy.name in capsys.readouterr().out.replace("\n", "")
        append(station, Stopped("next"))
    copy.rename(copy.with_suffix(".damaged"))
    append(station, Stopped("after"))
    [healed] = second_copy(station, FRIDAY)
    assert (healed.state, healed.detail["rows"]) == (State.OK, len(read(station.database)))


def test_a_row_that_only_the_copy_has_is_red(station: Station) -> None:
    database = database_path(station.database)
    kept = database.read_bytes()
    append(station, Stopped("later"))
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    database.write_bytes(kept)
    assert look(station)["record_copy"] is State.FAIL


def test_a_damaged_database_is_red_and_said_in_a_sentence(station: Station) -> None:
    database_path(station.database).write_bytes(b"nothing of SQLite's" * 500)
    [found] = PROBES[0].look(station, FRIDAY)
    assert found.state is State.FAIL
    assert "broadcaster.db" in found.sentence
