"""A program that this computer started by itself makes way for its preparation, and is there again afterwards."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from broadcaster import locale
from broadcaster.care.boot import Boot, Way, boot, write
from broadcaster.cli.dialogue import Leave
from broadcaster.cli.setup_alone import AiringBefore, OnAir, StillRunning, in_the_way, take
from broadcaster.config import Station, load_station
from broadcaster.errors import StationLocked
from broadcaster.playout.lock import StationLock

SHIPPED = Path(__file__).parents[2]
NOW = datetime.fromisoformat("2021-06-18T09:00:00-05:00")
HOLDER = "import sys, time; from pathlib import Path; from broadcaster.playout.lock import StationLock\n"
HOLDS = HOLDER + "with StationLock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"


@pytest.fixture(autouse=True)
def _spanish() -> Iterator[None]:
    spoken = locale.language()
    locale.use("es")
    yield
    locale.use(spoken)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    shutil.copy(SHIPPED / "config.toml", tmp_path)
    return load_station(tmp_path)


@pytest.fixture
def program(station: Station) -> Iterator["subprocess.Popen[str]"]:
    """Somebody who holds the station, as the daemon does."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDS, str(station.root)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    yield holder
    holder.kill()
    holder.wait()


def started_by(station: Station, program: "subprocess.Popen[str]", stop: str = "kill {pid}; flock {lock} true") -> Boot:
    """A start that knows this program: how to see, stop and start it."""
    planned = boot(Way.COMPUTER, station.root, {"HOME": str(station.root)})
    write(planned)
    order = stop.format(pid=program.pid, lock=station.data / "lock")
    return replace(
        planned,
        check=("kill", "-0", str(program.pid)),
        stop=("sh", "-c", order),
        start=("touch", str(station.root / "started again")),
    )


def taken(station: Station, starter: Boot, typed: str = "") -> str:
    """Prepare the computer, as it were; what was on the screen."""

    @click.command()
    def prepare() -> None:
        with ExitStack() as alone:
            take(alone, station, starter, NOW)
            with pytest.raises(StationLocked):
                StationLock(station.root).__enter__()
            assert not (station.root / "started again").exists()

    return CliRunner().invoke(prepare, input=typed, catch_exceptions=False).output


def test_where_nothing_runs_nothing_is_asked(station: Station) -> None:
    assert taken(station, boot(Way.COMPUTER, station.root, {"HOME": str(station.root)})) == ""


def test_what_the_computer_started_is_stopped_with_her_yes_and_started_again_at_the_end(
    station: Station, program: "subprocess.Popen[str]"
) -> None:
    assert "¿Lo detengo ahora?" in taken(station, started_by(station, program), "s\n")
    assert program.wait(5) != 0
    assert (station.root / "started again").exists()


def test_without_her_yes_it_goes_on(station: Station, program: "subprocess.Popen[str]") -> None:
    with pytest.raises(Leave):
        taken(station, started_by(station, program), "n\n")
    assert program.poll() is None


def test_what_somebody_started_by_hand_is_hers_to_stop(station: Station, program: "subprocess.Popen[str]") -> None:
    by_hand = replace(started_by(station, program), check=("false",))
    with pytest.raises(StillRunning):
        taken(station, by_hand)
    assert program.poll() is None


def test_what_does_not_stop_is_told_and_is_not_left_stopped(station: Station, program: "subprocess.Popen[str]") -> None:
    with pytest.raises(StillRunning):
        taken(station, started_by(station, program, stop="true"), "s\n")
    assert (station.root / "started again").exists()


def status(state: str = "waiting", due: datetime | None = None) -> dict[str, Any]:
    idle = {"state": "waiting", "next": None}
    return {"markets": [idle, {"state": state, "next": {"due": due.isoformat()} if due else None}]}


@pytest.mark.parametrize("state", ["on_air", "starting", "testing"])
def test_what_sounds_is_not_cut(state: str) -> None:
    assert isinstance(in_the_way(status(state), NOW), OnAir)


def test_an_airing_that_comes_before_the_end_is_waited_for() -> None:
    soon = in_the_way(status(due=NOW + timedelta(minutes=14)), NOW)
    assert isinstance(soon, AiringBefore)
    assert "empieza a las 9:14" in str(soon)
    assert in_the_way(status(due=NOW + timedelta(minutes=16)), NOW) is None
    assert in_the_way(status("held"), NOW) is None
