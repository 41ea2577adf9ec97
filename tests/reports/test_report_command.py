"""``broadcaster report``, ``observe`` and ``complaint`` as a person types them, where the golden season is on record."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import StringIO
from pathlib import Path
from shutil import copytree

import pytest
from golden import BOSQUE, HUAMANTANGA, JUNE, MARKETS, SEASON, UNICACHI, Golden, golden, name, on, write
from papers import docx_text
from people_at_hand import staff

from broadcaster.cli import observe as observe_command
from broadcaster.cli.group import speak
from broadcaster.cli.program import run
from broadcaster.clock import SystemClock
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.dailycode import code_after
from broadcaster.journal.events import Complained, Declared, Exported, Observed
from broadcaster.journal.reading import read
from broadcaster.library.pins import set_pin
from broadcaster.model import Complaint, Counting, HeardAs, Source
from broadcaster.reports import documents, making, tables
from broadcaster.reports.gathering import codes_of_day

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    season = golden(tmp_path_factory.mktemp("golden"))
    with Journal.open(season.station.database, SystemClock(), season.station.timezone) as journal:
        for event in staff("d-07"):
            journal.append(event)
        set_pin(journal.store, "d-07", "246810")
    return season


@pytest.fixture
def station(shipped: Golden, tmp_path: Path) -> Path:
    """A copy of it, for one test."""
    return Path(copytree(shipped.station.root, tmp_path / "station"))


@pytest.fixture
def typed(station: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    """Type a command at the station: exit code, standard output, standard error."""

    def type_(*words: str, language: str = "es", at: Path = station) -> tuple[int, str, str]:
        code = run(["--station", str(at), "--language", language, *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield type_
    speak("es")


SEASON_DAYS = ("--from", "2021-06-01", "--until", "2021-07-31")
JUNE_DAYS = ("--from", "2021-06-01", "--until", "2021-06-30")


def exports(station: Path) -> list[Exported]:
    rows = read(load_station(station).database, kinds=(Exported,))
    return [row.event for row in rows if isinstance(row.event, Exported)]


@pytest.mark.parametrize("format_", list(tables.FORMATS))
def test_every_table_is_written_and_registered_with_its_sum(
    typed: Typed, station: Path, tmp_path: Path, format_: str
) -> None:
    file = tmp_path / f"informe.{format_}"
    code, out, err = typed("report", *SEASON_DAYS, "--format", format_, "-o", str(file))
    assert (code, out) == (0, "")
    assert "61 emisiones programadas, 24 de 52 realizadas" in err
    (row,) = exports(station)
    assert (row.document, row.format, row.first, row.last) == ("data", format_, SEASON.first, SEASON.last)
    assert row.sha256 == sha256(file.read_bytes()).hexdigest()
    assert set(row.markets) == set(MARKETS)
    assert row.by.startswith("uid:")


def test_an_export_can_be_signed_with_a_code(typed: Typed, station: Path, tmp_path: Path) -> None:
    (tmp_path / "pin").write_text("246810\n", encoding="utf-8")
    words = ("--as", "d-07", "--pin-file", str(tmp_path / "pin"))
    assert typed("report", *JUNE_DAYS, "--format", "csv", "-o", str(tmp_path / "a.csv"), *words)[0] == 0
    assert [row.by for row in exports(station)] == ["d-07"]


def test_json_on_standard_output_is_the_summary_and_nothing_else(typed: Typed) -> None:
    code, out, _err = typed("report", *JUNE_DAYS, "--format", "json", "-o", "-")
    assert code == 0
    total = json.loads(out)["total"]
    assert (total["planned"], total["fulfilled"], total["heard_s"]) == (24, 18, 8_800)


def test_one_market_by_its_name(typed: Typed) -> None:
    code, out, _err = typed("report", *SEASON_DAYS, "--format", "csv", "--market", "Unicachi", "-o", "-")
    rows = list(csv.DictReader(StringIO(out.removeprefix("\ufeff"))))
    assert code == 0
    assert {row["Distrito"] for row in rows} == {"Villa El Salvador"}
    assert len(rows) == 15


def test_four_databases_give_what_one_gives(shipped: Golden, typed: Typed, station: Path, tmp_path: Path) -> None:
    """The office's own record is empty; each market's lies in a file of its own."""
    _code, whole, _err = typed("report", *SEASON_DAYS, "--format", "csv", "-o", "-")
    office = tmp_path / "office"
    office.mkdir()
    for each in ("config.toml", "schedules"):
        source = station / each
        copytree(source, office / each) if source.is_dir() else (office / each).write_bytes(source.read_bytes())
    words: list[str] = []
    for place, records in enumerate(shipped.records):
        own = tmp_path / f"market{place}"
        own.mkdir()
        copied = load_station(Path(copytree(office, own, dirs_exist_ok=True)))
        write(copied, list(records))
        words += ["--with", str(own / "data" / "broadcaster.db")]
    words += words[:2]  # one of them twice
    code, out, _err = typed("report", *SEASON_DAYS, "--format", "csv", "-o", "-", *words, at=office)
    assert code == 0
    assert out == whole


def test_what_no_record_tells_is_said_to_be_provisional(typed: Typed, station: Path, tmp_path: Path) -> None:
    """An office that has only its schedule."""
    office = tmp_path / "office"
    office.mkdir()
    (office / "config.toml").write_bytes((station / "config.toml").read_bytes())
    copytree(station / "schedules", office / "schedules")
    code, out, err = typed("report", *SEASON_DAYS, "--format", "json", "-o", "-", at=office)
    assert code == 0
    assert json.loads(out)["total"]["awaited"] == 60
    assert "Es provisional: de 60 emisiones aún no llega el registro" in err


def test_a_computer_that_serves_one_market_reports_that_one(typed: Typed, station: Path) -> None:
    config = station / "config.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("serves = []", 'serves = ["unicachi"]', 1), encoding="utf-8"
    )
    _code, out, _err = typed("report", *SEASON_DAYS, "--format", "json", "-o", "-")
    assert [each["key"] for each in json.loads(out)["markets"]] == [UNICACHI]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from", "2021-07-01", "--until", "2021-06-01", "--format", "csv"), 64, "2021-07-01"),
        (("--from", "2020-01-01", "--until", "2020-01-31", "--format", "csv"), 64, "No había nada programado"),
        ((*JUNE_DAYS, "--format", "pdf"), 64, "certificate, monthly, donor"),
        ((*JUNE_DAYS, "--format", "docx", "--document", "page"), 64, "--document"),
        ((*JUNE_DAYS, "--format", "csv", "--document", "monthly"), 64, "tablas"),
        ((*JUNE_DAYS, "--format", "pdf", "--document", "certificate"), 64, "--market"),
        ((*JUNE_DAYS, "--format", "csv", "--market", "nowhere"), 64, "nowhere"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_registered(  # noqa: PLR0917
    typed: Typed, station: Path, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    file = tmp_path / "out"
    found, _out, err = typed("report", *words, "-o", str(file))
    assert (found, file.exists(), exports(station)) == (code, False, [])
    assert said in err


def test_a_paper_is_made_from_the_same_summary(typed: Typed, station: Path, tmp_path: Path) -> None:
    file = tmp_path / "constancia.docx"
    words = ("--format", "docx", "--document", "certificate", "--market", "unicachi", "-o", str(file))
    code, _out, err = typed("report", *JUNE_DAYS, *words)
    assert code == 0, err
    assert file.read_bytes().startswith(b"PK")
    (row,) = exports(station)
    assert (row.document, row.format, row.markets, row.first) == ("certificate", "docx", (UNICACHI,), JUNE.first)


def test_the_code_on_a_certificate_is_that_of_its_market_s_record(
    shipped: Golden, typed: Typed, station: Path, tmp_path: Path
) -> None:
    """By hand: the newest row that the market's computer wrote until the last day of June, whatever others wrote."""
    file = tmp_path / "constancia.docx"
    words = ("--format", "docx", "--document", "certificate", "--market", "unicachi", "-o", str(file))
    assert typed("report", *JUNE_DAYS, *words)[0] == 0
    own = shipped.records[MARKETS.index(UNICACHI)]
    newest = [record for record in own if record.utc < "2021-07-01T05"][-1]
    code = code_after(newest.hash, JUNE.last)
    text = docx_text(file.read_bytes())
    assert re.findall(r"plays verify --code (\S+) (\S+?)»", text) == [("2021-06-30", code)]
    assert set(codes_of_day(load_station(station), (), JUNE.last, ("unicachi", "central"))) == {"unicachi", "central"}
    assert codes_of_day(load_station(station), (), JUNE.last, ()) == {}


def test_the_command_knows_the_formats_there_are() -> None:
    """It lists them without loading what makes them."""
    assert tuple(tables.FORMATS) == making.TABLES
    assert {name: set(formats) for name, formats in documents.FORMATS.items()} == {
        name: set(formats) for name, formats in making.PAPERS.items()
    }
    assert tuple(Counting) == observe_command.METHODS
    assert tuple(Complaint) == observe_command.KINDS


HEARD = name(on("07-02"), UNICACHI)


def test_listeners_are_counted_and_the_newest_count_stands(typed: Typed, station: Path) -> None:
    for women in ("30", "45"):
        words = ("--women", women, "--men", "15", "--method", "sample")
        code, out, _err = typed("observe", HEARD, *words)
        assert code == 0
        assert HEARD in out
    rows = read(load_station(station).database, kinds=(Observed,))
    assert [row.event.women for row in rows if isinstance(row.event, Observed)] == [30, 45]
    _code, out, _err = typed("report", *SEASON_DAYS, "--format", "json", "-o", "-")
    seen = {(each["month"], each["market"]): each for each in json.loads(out)["reach"]}["2021-07", UNICACHI]
    assert (seen["women"], seen["men"], seen["people"], seen["method"]) == (45, 15, 60, "sample")


def test_complaints_are_counted_by_kind_without_a_name_or_a_word(typed: Typed, station: Path) -> None:
    for _ in range(2):
        assert typed("complaint", HEARD, "--kind", "noise")[0] == 0
    rows = [row.event for row in read(load_station(station).database, kinds=(Complained,))]
    assert [(row.airing, row.about) for row in rows if isinstance(row, Complained)] == [(HEARD, Complaint.NOISE)] * 2
    _code, out, _err = typed("report", *SEASON_DAYS, "--format", "json", "-o", "-")
    assert json.loads(out)["complaints"] == {"noise": 4, "content": 1, "safety": 1}


@pytest.mark.parametrize(
    "words",
    [
        ("observe", "2021-06-12T10:00/unicachi", "--women", "9", "--men", "9", "--method", "estimate"),
        ("complaint", "2021-06-12T10:00/unicachi", "--kind", "noise"),
    ],
)
def test_what_was_never_planned_nobody_heard(typed: Typed, station: Path, words: tuple[str, ...]) -> None:
    code, _out, err = typed(*words)
    assert code == 65
    assert "2021-06-12T10:00/unicachi" in err
    assert not read(load_station(station).database, kinds=(Observed, Complained))


def test_where_nothing_went_out_nobody_is_counted_unless_a_sheet_says_that_it_was_heard(
    typed: Typed, station: Path
) -> None:
    missed = name(on("06-11"), HUAMANTANGA)
    counted = ("observe", missed, "--women", "9", "--men", "9", "--method", "estimate")
    for silent in (
        missed,
        name(on("06-16"), UNICACHI),
        name(on("07-07"), BOSQUE),
    ):  # missed, declared unheard, cancelled
        code, _out, err = typed("observe", silent, *counted[2:])
        assert code == 65
        assert silent in err
    loaded = load_station(station)
    assert not read(loaded.database, kinds=(Observed,))
    with Journal.open(loaded.database, SystemClock(), loaded.timezone) as journal:
        journal.append(Declared(missed, "K7F3-9QXM", HeardAs.WELL, "d-07", source=Source.USB))
    assert typed(*counted)[0] == 0


def test_people_cannot_be_fewer_than_none(typed: Typed) -> None:
    assert typed("observe", HEARD, "--women", "-3", "--men", "9", "--method", "estimate")[0] == 64
