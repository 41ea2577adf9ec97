"""``broadcaster simulate``: a season in seconds, silent, on record nowhere."""

import hashlib
import json
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from people_at_hand import all_said, staff

from broadcaster.cli.program import run
from broadcaster.clock import ShiftedClock
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted
from broadcaster.journal.reading import read
from broadcaster.model import EpisodeNumber, Seconds, Sha256

ROOT = Path(__file__).parents[2]
LENGTH_S = Seconds(20.0)
LIMA = ZoneInfo("America/Lima")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The shipped station and season, 15 slots at four markets; episodes 1 to 5 may air."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    shutil.copytree(ROOT / "schedules", tmp_path / "schedules")
    station = load_station(tmp_path)
    with Journal.open(station.database, ShiftedClock(datetime(2021, 6, 10, 12, tzinfo=LIMA)), LIMA) as journal:
        for event in staff("D-001"):
            journal.append(event)
        for number in range(1, 6):
            master = station.episodes / f"{number:03d}" / "master.flac"
            master.parent.mkdir(parents=True)
            master.write_bytes(bytes([number]) * 1000)
            journal.append(admitted := _admitted(number, master))
            for event in all_said(admitted):
                journal.append(event)
    return tmp_path


def _admitted(number: int, master: Path) -> Admitted:
    sha256 = Sha256(hashlib.sha256(master.read_bytes()).hexdigest())
    return Admitted(
        EpisodeNumber(number),
        1,
        sha256,
        sha256,
        LENGTH_S,
        ("D-001",),
        "",
        ("linea-100",),
        consents=(f"C-{number}",),
        helpline_numbers=("100",),
    )


def _told(capsys: pytest.CaptureFixture[str], root: Path, *words: str) -> list[dict[str, Any]]:
    assert run(["--station", str(root), "simulate", "--json", *words]) == 0
    told = json.loads(capsys.readouterr().out)
    assert isinstance(told, list)
    return told


def _why(lines: list[dict[str, Any]]) -> Counter[str]:
    return Counter(line["reason"] for line in lines)


def test_the_whole_season_passes_and_says_of_each_airing_what_would_become_of_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _told(capsys, root)
    assert _why(lines) == {"on_time": 5 * 4, "no_episode": 10 * 4}
    assert all(line["played_s"] == pytest.approx(LENGTH_S, abs=0.3) for line in lines if line["outcome"] == "played")
    assert all(line["rehearsal"] for line in lines)


def test_the_station_is_only_read(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.suffix != ".db-shm"}
    rows = read(load_station(root).database)
    _told(capsys, root, "--market", "unicachi")
    assert read(load_station(root).database) == rows
    assert {path: path.read_bytes() for path in before} == before
    assert not (root / "data" / "lock").exists()


def test_a_power_cut_takes_what_falls_into_it_and_cuts_what_sounds(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = ("--power-cut", "2021-06-16T10:00:10", "--power-cut", "2021-06-18T09:30", "--power-back", "45")
    lines = _told(capsys, root, "--market", "unicachi", *cut)
    told = {line["due"][:10]: (line["outcome"], line["reason"]) for line in lines}
    assert told["2021-06-11"] == ("played", "on_time")
    assert told["2021-06-16"] == ("partial", "process_died")
    assert told["2021-06-18"] == ("missed", "power_loss")
    assert told["2021-06-23"] == ("played", "on_time")
    [partial] = [line for line in lines if line["outcome"] == "partial"]
    assert partial["played_s"] == pytest.approx(10, abs=6)


def test_a_market_without_its_output_misses_everything(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _told(capsys, root, "--market", "unicachi", "--market", "el-bosque", "--no-device", "unicachi")
    assert _why([line for line in lines if line["market"] == "unicachi"])["no_audio_device"] == 5
    assert _why([line for line in lines if line["market"] == "el-bosque"])["on_time"] == 5


def test_people_get_the_weeks_and_what_they_come_to(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--station", str(root), "--language", "en", "simulate"]) == 0
    said = capsys.readouterr().out
    assert "on time" in said
    assert "20 of 60 airings would play. Nothing sounded and nothing went on record." in said


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--season", "otra"), 64), (("--power-cut", "2031-01-01T10:00"), 64), (("--no-device", "nowhere"), 64)],
)
def test_what_is_not_there_is_refused_in_a_sentence(root: Path, words: tuple[str, ...], code: int) -> None:
    assert run(["--station", str(root), "simulate", *words]) == code


def test_what_a_season_makes_good_by_its_rule_is_in_the_table_as_what_would_be(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    season = root / "schedules" / "2021-junio-julio.toml"
    season.write_text(season.read_text().replace('#make_good = "same_day"', 'make_good = "same_day"'))
    cut = ("--market", "unicachi", "--power-cut", "2021-06-18T09:30", "--power-back", "45")
    lines = _told(capsys, root, *cut)
    [missed] = [line for line in lines if line["made_good"]]
    [made] = [line for line in lines if line["make_good_of"]]
    assert (missed["due"][:10], missed["outcome"], made["make_good_of"]) == ("2021-06-18", "missed", missed["airing"])
    assert (made["due"][:10], made["outcome"]) == ("2021-06-18", "played")
    assert run(["--station", str(root), "--language", "en", "simulate", *cut]) == 0
    said = capsys.readouterr().out
    assert "on time+" in said
    assert "1 missed airing would be made good." in said
    assert "4 of 15 airings would play." in said
