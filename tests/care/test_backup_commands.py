"""``backup`` and ``restore`` as a person types them."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from backup_station import keys, made

from broadcaster.cli.group import speak
from broadcaster.cli.program import run
from broadcaster.config import Station, load_station
from broadcaster.journal.events import BackupMade
from broadcaster.journal.reading import read
from broadcaster.playout.lock import StationLock
from broadcaster.store.engine import database_path

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return made(tmp_path / "station")


@pytest.fixture
def typed(station: Station, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    def type_(*words: str, language: str = "en") -> tuple[int, str, str]:
        code = run(["--station", str(station.root), "--language", language, *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield type_
    speak("es")


def test_a_backup_is_written_checked_and_put_back_by_hand(station: Station, typed: Typed, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    code, out, _ = typed("backup", str(stick), "--json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == ["path", "sha256", "rows", "files", "bytes"]
    [row] = read(station.database, kinds=[BackupMade])
    assert row.event == BackupMade(found["rows"], found["sha256"])
    before = keys(station)
    shutil.rmtree(station.data)
    assert typed("restore", found["path"], "--check")[0] == 0
    assert not station.data.exists()
    code, out, _ = typed("restore", found["path"], "--json")
    assert code == 0
    assert json.loads(out)["unfit"] == []
    assert before.keys() - keys(station).keys() == {row.play}
    assert typed("plays", "verify")[0] == 0


def test_a_new_computer_gets_the_settings_of_the_backup_with_the_rest(
    station: Station, typed: Typed, tmp_path: Path
) -> None:
    stick, new = tmp_path / "a.backup", tmp_path / "new"
    before = keys(station)
    assert typed("backup", str(stick))[0] == 0
    empty = tmp_path / "b.backup"
    empty.write_bytes(b"")
    assert run(["--station", str(new), "restore", str(empty)]) == 65
    assert not new.exists()
    assert run(["--station", str(new), "restore", str(stick)]) == 0
    assert (new / "config.toml").read_bytes() == (station.root / "config.toml").read_bytes()
    assert before.keys() <= keys(load_station(new)).keys()
    assert sorted(path.name for path in (new / "schedules").iterdir()) == sorted(
        path.name for path in station.schedules.glob("*.toml")
    )


def test_a_backup_that_could_not_be_put_on_record_is_good_and_that_is_told(
    station: Station, typed: Typed, tmp_path: Path
) -> None:
    """Else the doctor says that there is none, and nobody knows why."""
    with closing(sqlite3.connect(database_path(station.database))) as raw:
        raw.execute("DROP TRIGGER journal_refuses_update")
    done, out, err = typed("backup", str(tmp_path / "it.backup"))
    assert done == 0
    assert "Backup written" in out
    assert "not protected" in err
    assert typed("restore", str(tmp_path / "it.backup"), "--check")[0] == 0


def test_while_the_program_runs_nothing_is_put_back(station: Station, typed: Typed, tmp_path: Path) -> None:
    assert typed("backup", str(tmp_path / "a.backup"))[0] == 0
    before = keys(station)
    with StationLock(station.root):
        code, _, err = typed("restore", str(tmp_path / "a.backup"))
    assert code == 75
    assert str(station.root) in err
    assert keys(station) == before


def test_what_is_no_backup_is_one_sentence_in_each_language(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("a song")
    for language, word in (("en", "no whole backup"), ("es", "no es un respaldo completo")):
        code, out, err = typed("restore", str(tmp_path / "other"), language=language)
        assert (code, out) == (65, "")
        assert word in err
    assert typed("restore", str(tmp_path / "nothing"))[0] == 65
