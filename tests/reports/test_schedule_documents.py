"""``broadcaster schedule export`` and ``print``, as an office uses them."""

import shutil
import subprocess
import sys
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from icalendar import Calendar
from office import ROOT, office
from pypdf import PdfReader


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("station")
    office(folder)
    for toml in (ROOT / "episodes").glob("*/episode.toml"):
        (folder / "episodes" / toml.parent.name).mkdir(parents=True)
        shutil.copy(toml, folder / "episodes" / toml.parent.name)
    return folder


def command(station: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, "-m", "broadcaster", "--station", str(station), "--language", "en", "schedule", *words]
    return subprocess.run(line, capture_output=True, check=False, cwd=station)


def airings(calendar: bytes) -> list[str]:
    return [str(event["uid"]) for event in Calendar.from_ical(calendar).walk("VEVENT")]


def test_a_calendar_is_the_same_on_disk_and_on_standard_output_and_twice(station: Path, tmp_path: Path) -> None:
    """62 airings, one of them cancelled; what was written is said on standard error."""
    done = command(station, "export", str(tmp_path / "season.ics"))
    assert (done.returncode, done.stdout) == (0, b"")
    said = done.stderr.decode()
    assert said.startswith(str(tmp_path)[:60])  # a long name is cut where it is shown
    assert said.endswith(" is written: 62 airings.\n")
    before = sorted(station.rglob("*"))
    shown = command(station, "export", "-")
    assert sorted(station.rglob("*")) == before  # no database, no folder
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert (tmp_path / "season.ics").read_bytes() == shown.stdout
    assert len(airings(shown.stdout)) == 62


def test_no_title_leaves_the_station(station: Path) -> None:
    """Neither in the calendar nor on the page, nor in what the page says of itself."""
    titles = [tomllib.loads(file.read_text(encoding="utf-8"))["title"] for file in station.glob("episodes/*/*.toml")]
    calendar = command(station, "export", "-").stdout.decode().replace("\r\n ", "")
    page = PdfReader(BytesIO(command(station, "print", "-").stdout))
    said = " ".join(" ".join(each.extract_text() for each in page.pages).split()) + str(page.metadata)
    assert len(titles) == 4
    assert not [title for title in titles if title in calendar or title in said]


def test_dates_and_markets_choose_what_is_exported(station: Path) -> None:
    """Both dates included."""
    chosen = ("--from", "2021-06-18", "--until", "2021-06-23", "--market", "el-bosque")
    assert airings(command(station, "export", "-", *chosen).stdout) == [
        "2021-06-18T10:00/el-bosque",
        "2021-06-19T16:00/el-bosque",
        "2021-06-23T10:00/el-bosque",
    ]


def test_a_page_for_one_market_has_that_market_only(station: Path) -> None:
    """And the dates asked for; its name is the whole plan's, which the preview shows too."""
    done = command(station, "print", "-", "--market", "el-bosque", "--until", "2021-06-30")
    said = " ".join(PdfReader(BytesIO(done.stdout)).pages[0].extract_text().split())
    assert "June 11 to June 30, 2021" in said
    assert "Huamantanga" not in said
    assert "Saturday June 19 16:00 2 Mercado El Bosque – Zárate Amendment 3" in said
    name = said.partition("Schedule ")[2][:9]
    assert f"Schedule {name}. " in command(station, "preview").stdout.decode()


@pytest.mark.parametrize("noun", ["export", "print"])
def test_a_document_with_nothing_in_it_is_not_written(station: Path, tmp_path: Path, noun: str) -> None:
    """One sentence, exit code 64, no file."""
    done = command(station, noun, str(tmp_path / "file"), "--from", "2022-01-01")
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (64, b"", [])
    assert done.stderr.decode().count("\n") == 1
    assert "Nothing is scheduled there" in done.stderr.decode()


@pytest.mark.parametrize("noun", ["export", "print"])
def test_a_folder_is_not_written_over(station: Path, tmp_path: Path, noun: str) -> None:
    """One sentence that names it; exit code 64."""
    done = command(station, noun, str(tmp_path))
    assert (done.returncode, list(tmp_path.iterdir())) == (64, [])
    assert done.stderr.decode() == f"{tmp_path} cannot be written: it is a folder. Give the name of a file.\n"


def test_a_season_that_contradicts_itself_is_not_printed(station: Path, tmp_path: Path) -> None:
    """Every fault at once, exit code 78, no half page."""
    folder = tmp_path / "station"
    folder.mkdir()
    office(folder)
    season = next((folder / "schedules").glob("*.toml"))
    season.write_text(season.read_text(encoding="utf-8").replace("episode = 2", 'to_time = "17:00"'), encoding="utf-8")
    done = command(folder, "print", str(tmp_path / "page.pdf"))
    assert (done.returncode, (tmp_path / "page.pdf").exists()) == (78, False)
    assert "exceptions[4].episode: is missing; extra needs a whole number from 1 to 999" in done.stderr.decode()
    assert "exceptions[4].to_time: is only for move" in done.stderr.decode()
