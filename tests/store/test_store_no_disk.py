"""A disk that can only be read, or is not there: one sentence and 74, and never a new, empty record beside the real one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from broadcaster.clock import SystemClock
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Stopped
from broadcaster.journal.reading import verify_at
from broadcaster.store.ballast import free, lay
from broadcaster.store.engine import database_path

ALONE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
SHIPPED = Path(__file__).parents[2] / "config.toml"


@pytest.fixture
def station(tmp_path: Path) -> Path:
    """A station with a record, put away in order."""
    (tmp_path / "schedules").mkdir()
    (tmp_path / "config.toml").write_bytes(SHIPPED.read_bytes())
    append(tmp_path)
    return tmp_path


def append(folder: Path) -> None:
    station = load_station(folder)
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        journal.append(Stopped("x"))


def broadcaster(station: Path, *words: str, read_only: bool = False) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "broadcaster", "--station", str(station), *words]
    if read_only:
        command = [*ALONE, "sh", "-c", READ_ONLY, "sh", str(station), *command]
    quiet = {**os.environ, "PULSE_SERVER": "unix:/nowhere"}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=quiet)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


WRITERS = [("run",), ("person", "add", "P-01", "--role", "protection_officer")]


@pytest.mark.parametrize("words", WRITERS)
def test_on_a_disk_that_can_only_be_read_nothing_begins(station: Path, words: tuple[str, ...]) -> None:
    before = contents(station)
    done = broadcaster(station, *words, read_only=True)
    assert done.returncode == 74, done.stderr
    assert "Traceback" not in done.stderr
    assert "solo de lectura" in done.stderr
    assert contents(station) == before


def test_what_is_on_record_is_read_there_all_the_same(station: Path) -> None:
    assert broadcaster(station, "plays", "verify", read_only=True).returncode == 0


@pytest.mark.parametrize("words", WRITERS)
def test_without_its_data_folder_nothing_begins_and_no_new_record_is_made(
    station: Path, words: tuple[str, ...]
) -> None:
    """The data disk is not mounted; once it is there again, everything is as before."""
    data = station / "data"
    before = contents(data)
    data.rename(station / "elsewhere")
    done = broadcaster(station, *words)
    assert done.returncode == 74, done.stderr
    assert "broadcaster.db" in done.stderr
    assert not list(station.glob("data/*.db*"))
    assert not list(station.glob("data/*.jsonl"))
    shutil.rmtree(data, ignore_errors=True)  # the lock, at most
    (station / "elsewhere").rename(data)
    assert {name: content for name, content in contents(data).items() if "broadcaster" in name} == before
    append(station)
    assert verify_at(load_station(station).database).rows == 2


def test_the_reserve_is_blocks_of_the_disk_and_is_given_up_once(station: Path) -> None:
    database = database_path(load_station(station).database)
    assert lay(database)
    assert lay(database)
    ballast = database.with_name("ballast")
    assert ballast.stat().st_blocks * 512 >= ballast.stat().st_size > 1_000_000
    assert free(database)
    assert not free(database)
