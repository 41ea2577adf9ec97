"""``init``: a whole station or none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from broadcaster.cli.program import run
from broadcaster.config import load_station
from broadcaster.schedule.load import load_plan

CUT = """
import os, signal, sys
from pathlib import Path
from broadcaster.config import begin
copy, left = begin._copy, [int(sys.argv[2])]
def cut(source, target):
    if left[0] == 0:
        target.write_bytes(source.read_bytes()[:20])
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    copy(source, target)
begin._copy = cut
begin.begin_station(Path(sys.argv[1]))
"""


def init(folder: Path, *, language: str = "es") -> int:
    return run(["--language", language, "init", str(folder)])


@pytest.mark.parametrize("there", [True, False], ids=["empty folder", "new folder"])
def test_the_station_is_good_schedules_nothing_and_says_what_comes_next(
    there: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mi estación"
    if there:
        folder.mkdir()
    assert init(folder) == 0
    said = capsys.readouterr().out
    station = load_station(folder)
    assert load_plan(station).airings == ()
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "config.toml", "episodes", "schedules"]
    assert all(word in said for word in ("config.toml", "temporada.toml.ejemplo", f"--station '{folder}'"))
    for words in (["schedule", "check"], ["schedule", "preview"], ["plays"], ["person", "list"]):
        assert run(["--station", str(folder), *words]) == 0, words


def test_its_example_season_under_a_name_of_its_own_is_a_season(tmp_path: Path) -> None:
    init(tmp_path / "x")
    schedules = tmp_path / "x" / "schedules"
    (schedules / "temporada.toml.ejemplo").rename(schedules / "2021.toml")
    assert len(load_plan(load_station(tmp_path / "x")).airings) == 15


def test_what_the_program_writes_and_people_record_is_not_published(tmp_path: Path) -> None:
    init(tmp_path / "x")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path / "x", check=True)
    for name in ("data/broadcaster.db", ".record", "rehearsals/1/journal.db", "episodes/001/original.m4a"):
        asked = ["git", "check-ignore", "--quiet", name]
        assert subprocess.run(asked, cwd=tmp_path / "x", check=False).returncode == 0, name


@pytest.mark.parametrize("what", ["a file", "a hidden file", "a station"])
def test_a_folder_with_something_in_it_is_left_alone(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = {"a file": "x", "a hidden file": ".x", "a station": "config.toml"}[what]
    (tmp_path / name).write_text("mine")
    assert init(tmp_path) == 65
    assert str(tmp_path) in capsys.readouterr().err
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "mine")]


def test_where_no_folder_can_be_it_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "inside"):
        assert init(folder) == 65
        err = capsys.readouterr().err
        assert err.startswith("No se pudo hacer")
        assert err.count("\n") == 1


def test_a_disk_that_fills_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last file finds no room."""

    def full(_descriptor: int) -> None:
        if any(path.name.startswith(".config") for path in (tmp_path / "x").iterdir()):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert init(tmp_path / "x") == 65
    assert not (tmp_path / "x").exists()


def test_a_cut_at_any_file_leaves_nothing_that_passes_for_a_station(tmp_path: Path) -> None:
    for files in range(3):
        folder = tmp_path / str(files)
        cut = subprocess.run([sys.executable, "-c", CUT, str(folder), str(files)], check=False)
        assert cut.returncode == -9
        assert not (folder / "config.toml").exists()
