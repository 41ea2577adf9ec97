"""``broadcaster schedule`` in a fresh copy of the shipped station."""

import fcntl
import hashlib
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SEASON = Path("schedules") / "2021-junio-julio.toml"


def copy_station(folder: Path) -> Path:
    """What a clone has: no database, no masters."""
    shutil.copy(ROOT / "config.toml", folder)
    shutil.copytree(ROOT / "schedules", folder / "schedules")
    shutil.copytree(ROOT / "episodes", folder / "episodes", ignore=shutil.ignore_patterns("master.flac"))
    return folder


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def command(station: Path, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "broadcaster", "--station", str(station), "--language", "en", "schedule", *words]
    return subprocess.run(line, capture_output=True, text=True, check=False, cwd=station)


def files(folder: Path) -> Mapping[str, str]:
    """Every file with its content's hash, and every folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in folder.rglob("*")
    }


@pytest.fixture
def station(tmp_path: Path) -> Path:
    return copy_station(tmp_path)


@pytest.fixture(scope="module")
def previewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], bool]:
    """The JSON of June and July 2021, and whether asking for it left any trace."""
    folder = copy_station(tmp_path_factory.mktemp("fresh"))
    before = files(folder)
    done = command(folder, "preview", "--from", "2021-06-01", "--until", "2021-07-31", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout), files(folder) == before


def test_preview_lists_sixty_airings_fifteen_a_market(previewed: tuple[list[dict[str, Any]], bool]) -> None:
    """The season, with episode 3 on 18 June everywhere and 28 July present."""
    rows, _ = previewed
    assert set(Counter(row["market"] for row in rows).values()) == {15}
    assert len(rows) == 60
    assert [row["episode"] for row in rows if row["due"] == "2021-06-18T10:00:00-05:00"] == [3] * 4
    assert sum(row["due"].startswith("2021-07-28") for row in rows) == 4


def test_preview_says_of_each_airing_why_it_would_not_air(previewed: tuple[list[dict[str, Any]], bool]) -> None:
    """The samples are not approved, the rest does not exist; each has its sentence and the promised fields."""
    rows, _ = previewed
    assert {row["state"] for row in rows if row["episode"] <= 4} == {"not_approved"}
    assert {row["state"] for row in rows if row["episode"] > 4} == {"no_episode"}
    assert all(row["reason"].endswith(".") for row in rows)
    assert {tuple(row) for row in rows} == {
        ("airing", "market", "due", "episode", "state", "reason", "amendment", "flags", "make_good_of")
    }
    assert {row["amendment"] for row in rows} == {None}


def test_preview_leaves_no_trace(previewed: tuple[list[dict[str, Any]], bool]) -> None:
    """No database, no folder, no file was made or changed by asking."""
    assert previewed[1]


def test_the_bounds_of_a_preview_are_included(station: Path) -> None:
    """One date gives that date's four airings; dates without any give an empty list, and a sentence for people."""
    rows = json.loads(command(station, "preview", "--from", "2021-07-28", "--until", "2021-07-28", "--json").stdout)
    assert [row["airing"][:16] for row in rows] == ["2021-07-28T10:00"] * 4
    assert json.loads(command(station, "preview", "--from", "2022-01-01", "--json").stdout) == []
    assert "Nothing is scheduled" in command(station, "preview", "--from", "2022-01-01").stdout
    assert command(station, "preview", "--from", "junio").returncode == 64


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_fits_the_terminal(station: Path, columns: int) -> None:
    """Weeks, four whole market names, coloured states: no line is broken or too long at 80 and 120 columns."""
    shown = on_terminal(station, columns)
    assert "\x1b[33m" in shown
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= columns
    assert lines[0].split() == ["mercado-central", "el-bosque", "unicachi", "huamantanga"]
    assert sum(line.startswith("Week of ") for line in lines) == 8
    assert "Fri 18 10:00" in [line[:12] for line in lines]
    slots = [line for line in lines if re.match(r"(Wed|Fri) +\d+ 10:00", line)]
    assert [int(number) for line in slots for number in re.findall(r"(\d+) [a-z]", line)[:1]] == list(range(1, 16))


def on_terminal(station: Path, columns: int) -> str:
    """What ``schedule preview`` writes on a terminal this wide."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    line = [sys.executable, "-m", "broadcaster", "--station", str(station), "--language", "en", "schedule", "preview"]
    environment = {key: value for key, value in os.environ.items() if key not in {"COLUMNS", "LINES", "NO_COLOR"}}
    with subprocess.Popen(line, stdout=theirs, stderr=theirs, env=environment | {"TERM": "xterm-256color"}):
        os.close(theirs)
        chunks = []
        while True:
            try:
                chunks.append(os.read(ours, 65536))
            except OSError:  # the last writer is gone
                break
            if not chunks[-1]:
                break
    os.close(ours)
    return b"".join(chunks).decode()


AMENDED = Path(__file__).with_name("four_exceptions.toml").read_text(encoding="utf-8")
FAIR = "Feria de servicios: «¿sabía usted?», 20 °C"


@pytest.fixture
def amended(station: Path) -> Path:
    """The shipped season with one exception of each kind."""
    with (station / SEASON).open("a", encoding="utf-8") as file:
        file.write(AMENDED)
    return station


def test_a_preview_says_what_was_amended_and_why(amended: Path) -> None:
    """Marked in the table; below it a sentence each, in the order of decision, with its markets."""
    shown = command(amended, "preview", "--until", "2021-06-20").stdout
    assert len(re.findall(r"[a-z]\*", shown)) == 1 + 4 + 4 + 2
    assert [line for line in shown.splitlines() if line.startswith("* ")] == [
        "* Amendment of June 3: no airing on June 11 at 10:00 in Mercado Unicachi. Reason: El mercado cierra por fiestas.",
        (
            "* Amendment of June 10: the airing of June 16 at 10:00 moves to June 17 at 11:00 in all markets."
            " Reason: Corte de luz anunciado."
        ),
        (
            "* Amendment of June 10: episode 1 airs on June 18 at 10:00 in all markets, instead of the one whose turn it was."
            " Reason: Se repite."
        ),
        (
            "* Amendment of June 14: an extra airing of episode 2 on June 19 at 16:00 in Mercado El Bosque – Zárate,"
            f" Mercado Unicachi. Reason: {FAIR}."
        ),
    ]


def test_an_amended_table_fits_the_terminal(amended: Path) -> None:
    """Two-digit episodes with their marks stand on one line of 80 columns, and sentences break between words."""
    with (amended / SEASON).open("a", encoding="utf-8") as file:
        file.write(AMENDED.replace("2021-06", "2021-07").replace("07-11", "07-09").replace("07-18", "07-16"))
    replace(amended / SEASON, 'date = 2021-07-16\naction = "move"', 'date = 2021-07-14\naction = "move"')
    lines = re.sub(r"\x1b\[[0-9;]*m", "", on_terminal(amended, 80)).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert any(re.match(r"Fri 16 10:00 +1 unapproved\*( +1 unapproved\*){3}", line) for line in lines)
    assert any(re.match(r"Sat 17 11:00 +10 no episode\*( +10 no episode\*){3}", line) for line in lines)


def test_a_preview_tells_programs_what_was_amended(amended: Path) -> None:
    """Action, date and reason beside the fields there were."""
    rows = json.loads(command(amended, "preview", "--until", "2021-06-20", "--json").stdout)
    found = {row["airing"]: row["amendment"] for row in rows if row["market"] == "unicachi"}
    assert found == {
        "2021-06-11T10:00/unicachi": {
            "action": "skip",
            "amended": "2021-06-03",
            "reason": "El mercado cierra por fiestas.",
        },
        "2021-06-17T11:00/unicachi": {"action": "move", "amended": "2021-06-10", "reason": "Corte de luz anunciado"},
        "2021-06-18T10:00/unicachi": {"action": "replace", "amended": "2021-06-10", "reason": "Se repite"},
        "2021-06-19T16:00/unicachi": {"action": "extra", "amended": "2021-06-14", "reason": FAIR},
    }
    assert [row["episode"] for row in rows if row["airing"].endswith("/unicachi")] == [1, 2, 1, 2]


def test_check_of_the_shipped_season_names_each_missing_episode(station: Path) -> None:
    """Eleven of fifteen are still to be made: one line each, exit code 1, no trace."""
    before = files(station)
    done = command(station, "check")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [["schedules/2021-junio-julio.toml", "first_episode"]] * 11
    assert [re.findall(r"number (\d+)", line)[0] for line in lines] == [str(number) for number in range(5, 16)]
    assert files(station) == before


def test_check_finds_a_season_of_the_episodes_there_are_in_order(station: Path) -> None:
    """Four slots for the four samples: exit code 0 and one sentence."""
    replace(station / SEASON, "until = 2021-07-30", "until = 2021-06-23")
    done = command(station, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "The schedule is in order: 16 airings, from 2021-06-11 to 2021-06-23.\n"


def test_check_gives_faults_to_programs(station: Path) -> None:
    """With --json, file, key and problem of each."""
    replace(station / SEASON, "until = 2021-07-30", "until = 2021-06-23")
    replace(station / SEASON, '"unicachi"', '"unicachy"')
    done = command(station, "check", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == [
        {
            "file": "schedules/2021-junio-julio.toml",
            "key": "rules[1].markets[3]",
            "problem": "there is no market unicachy; did you mean unicachi?",
        }
    ]


def test_check_finds_a_shared_output(station: Path) -> None:
    """Two markets on one loudspeaker: the key in config.toml, one line, exit code 1."""
    replace(station / "config.toml", 'output = "el-bosque"', 'output = "unicachi"')
    done = command(station, "check")
    assert done.returncode == 1
    assert [line.split(": ")[:2] for line in done.stdout.splitlines()] == [["config.toml", "markets.unicachi.output"]]


def test_a_season_that_cannot_be_read_stops_a_preview(station: Path) -> None:
    """The preview shows no half of a plan: exit code 78, with the line."""
    replace(station / SEASON, "holidays =", "holidays")
    done = command(station, "preview")
    assert (done.returncode, done.stdout) == (78, "")
    assert "schedules/2021-junio-julio.toml: line " in done.stderr


def test_where_there_is_no_station_there_is_no_fault_of_a_schedule(tmp_path: Path) -> None:
    """Exit code 78, and nothing is made there."""
    line = [sys.executable, "-m", "broadcaster", "schedule", "check"]
    environment = {key: value for key, value in os.environ.items() if key != "BROADCASTER_STATION"}
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert (done.returncode, done.stdout) == (78, "")
    assert "config.toml" in done.stderr
    assert files(tmp_path) == {}


def test_a_minute_that_does_not_exist_is_told_in_the_preview(station: Path) -> None:
    """In Santiago, 5 September 2021 has no 00:30."""
    replace(station / "config.toml", '"America/Lima"', '"America/Santiago"')
    replace(station / SEASON, "from = 2021-06-11\nuntil = 2021-07-30", "from = 2021-09-05\nuntil = 2021-09-05")
    replace(station / SEASON, '["wednesday", "friday"]\ntimes = ["10:00"]', '["sunday"]\ntimes = ["00:30"]')
    done = command(station, "preview")
    assert done.stdout.count("clocks go forward; it airs at 01:30.") == 4
    assert "closed" in done.stdout
