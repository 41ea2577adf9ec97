"""A rehearsal, typed as a person would: real sound on private outputs, and nothing else touched."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from market_ear import look_for, pcm
from real_station import make_station

from broadcaster.config import Station
from broadcaster.journal.reading import read
from broadcaster.playout.lock import StationLock

pytestmark = pytest.mark.sound("box")


def rehearse(station: Station, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "broadcaster", "--station", str(station.root), "rehearse", *words],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_rehearsal_leaves_its_own_record_and_recordings_and_the_stations_record_as_it_was(tmp_path: Path) -> None:
    station = make_station(tmp_path / "station")
    before = read(station.database)
    done = rehearse(station, "--at", "2021-06-18T09:59:49", "--for", "18", "--market", "unicachi", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    [play] = said["plays"]
    assert (play["airing"], play["outcome"], play["evidence"]) == ("2021-06-18T10:00/unicachi", "played", "monitor")
    assert (play["clock"], play["rehearsal"]) == ("shifted", True)
    found = look_for(pcm(station.episodes / "001" / "master.flac"), pcm(Path(said["recordings"]["unicachi"])))
    assert (found.found, found.elsewhere_s) == (found.active, 0)
    assert read(station.database) == before
    assert {path.name for path in Path(said["folder"]).glob("*.db")} == {"journal.db"}


def test_a_rehearsal_is_refused_while_the_daemon_holds_the_station_and_leaves_nothing(tmp_path: Path) -> None:
    station = make_station(tmp_path / "station")
    with StationLock(station.root):
        done = rehearse(station, "--at", "2021-06-18T09:59:49", "--for", "5")
    assert done.returncode == 75
    assert not station.rehearsals.exists()


def test_a_market_the_station_does_not_have_is_a_wrong_word(tmp_path: Path) -> None:
    station = make_station(tmp_path / "station")
    done = rehearse(station, "--at", "2021-06-18T09:59:49", "--for", "5", "--market", "lejano")
    assert done.returncode == 64
    assert "lejano" in done.stderr
