"""The same record on PostgreSQL, by its address alone: what a row promises, what a report and the log say."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from golden import MADE, MARKETS, SEASON, Golden, golden, on
from hypothesis import given, settings
from ledger_histories import add, histories
from postgres_server import Server, server
from sqlalchemy import text

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station, load_station
from broadcaster.errors import RecordUnavailable
from broadcaster.journal import fold
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Stopped
from broadcaster.journal.mend import open_or_mend
from broadcaster.journal.reading import read, verify_at
from broadcaster.journal.row import Record, Row, understand
from broadcaster.reports.gathering import journals, summary_of
from broadcaster.reports.ledger.keeping import Ledger, Sight
from broadcaster.reports.ledger.pages import page
from broadcaster.reports.merging import FOR_SUMMARY, merge
from broadcaster.reports.summary import Period
from broadcaster.reports.summing import summarise
from broadcaster.store.engine import open_to_read, open_to_write
from broadcaster.store.postgres import OnlyInAFile
from broadcaster.store.problems import RecordMissing, RecordUnprotected

LIMA = ZoneInfo("America/Lima")
NOON = datetime(2021, 6, 18, 17, tzinfo=UTC)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def station(postgres: Server, tmp_path: Path) -> Station:
    """The shipped station, its record's address changed and nothing else."""
    return on_server(tmp_path, postgres.new())


def on_server(folder: Path, address: str) -> Station:
    shipped = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
    assert '"sqlite:///data/broadcaster.db"' in shipped
    (folder / "config.toml").write_text(
        shipped.replace('"sqlite:///data/broadcaster.db"', f'"{address}"'), encoding="utf-8"
    )
    return load_station(folder)


def journal_of(station: Station) -> Journal:
    return Journal.open(station.database, ShiftedClock(NOON), LIMA)


def raw(station: Station) -> psycopg.Connection:
    return psycopg.connect(station.database.split("&beside")[0], autocommit=True)


def test_rows_are_on_record_chained_and_in_the_second_copy(station: Station) -> None:
    with journal_of(station) as journal:
        rows = [journal.append(Stopped(cause)) for cause in ("sigterm", "sigint")]
    assert read(station.database) == rows
    found = verify_at(station.database)
    assert (found.rows, found.intact) == (2, True)
    copy = (station.data / "broadcaster.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["hash"] for line in copy] == [row.hash for row in rows]


@pytest.mark.parametrize("change", ["UPDATE journal SET kind = 'x'", "DELETE FROM journal", "TRUNCATE journal"])
def test_the_journal_refuses_every_change_whoever_asks(station: Station, change: str) -> None:
    with journal_of(station) as journal:
        journal.append(Stopped("sigterm"))
    with raw(station) as other, pytest.raises(psycopg.errors.RaiseException, match="refuses"):
        other.execute(change)


def test_a_row_waits_for_no_log_that_is_not_on_disk(station: Station) -> None:
    """What makes a row last is asked for, and a database that does not give it is not used."""
    open_to_write(station.database).close()
    with raw(station) as other:
        name = other.info.dbname
        other.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with pytest.raises(RecordUnprotected, match="synchronous_commit = off"):
        open_to_write(station.database)


def test_a_journal_without_one_of_its_triggers_is_not_opened(station: Station) -> None:
    open_to_write(station.database).close()
    with raw(station) as other:
        other.execute("DROP TRIGGER journal_refuses_change ON journal")
    with pytest.raises(RecordUnprotected, match="journal_refuses_change"):
        open_to_write(station.database)


def test_reading_makes_nothing(station: Station, postgres: Server) -> None:
    assert open_to_read(station.database) is None
    assert [each.name for each in station.root.iterdir()] == ["config.toml"]


def test_a_database_that_was_emptied_is_not_taken_for_a_beginning(station: Station) -> None:
    open_to_write(station.database).close()
    with raw(station) as other:
        other.execute("DROP SCHEMA public CASCADE")
        other.execute("CREATE SCHEMA public")
    for way_in in (open_to_read, open_to_write):
        with pytest.raises(RecordMissing):
            way_in(station.database)


def test_a_server_that_is_not_there_is_one_sentence_without_a_password(tmp_path: Path) -> None:
    station = on_server(tmp_path, "postgresql://somebody:secret@127.0.0.1:9/nowhere")
    for way_in in (open_to_read, open_to_write):
        with pytest.raises(RecordUnavailable) as refusal:
            way_in(station.database)
        assert "secret" not in str(refusal.value)
        assert refusal.value.exit_code == 74


def test_two_writers_stand_in_a_row(station: Station) -> None:
    """Neither loses a row, and the chain is one."""
    journals_ = [journal_of(station) for _ in range(2)]
    threads = [
        threading.Thread(target=lambda journal=journal: [journal.append(Stopped("sigterm")) for _ in range(20)])
        for journal in journals_
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for journal in journals_:
        journal.close()
    found = verify_at(station.database)
    assert (found.rows, found.intact) == (40, True)


def test_what_is_done_with_files_is_refused_in_a_sentence(station: Station) -> None:
    """The loudspeaker's computer keeps its record in a file."""
    with pytest.raises(OnlyInAFile):
        open_or_mend(station.database, ShiftedClock(NOON), LIMA)


@pytest.fixture(scope="module")
def season(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Golden, Station]:
    """The made season, in a file and on the server."""
    in_file = golden(tmp_path_factory.mktemp("file"))
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(in_file.station.schedules, folder / "schedules")
    station = on_server(folder, postgres.new())
    add(station, [record for own in in_file.records for record in own])
    return in_file, station


def test_the_season_on_the_server_is_the_season_in_the_file(season: tuple[Golden, Station]) -> None:
    in_file, station = season
    assert journals(station) == journals(in_file.station)
    for period in (SEASON, Period(on("06-28"), on("07-04"))):
        found = summary_of(station, period, MADE, plan=in_file.plan)
        assert found == summary_of(in_file.station, period, MADE, plan=in_file.plan)
    with Ledger.open(station) as here, Ledger.open(in_file.station) as there:
        assert page(here, limit=500) == page(there, limit=500)


def said(station: Station, *words: str) -> str:
    command = [sys.executable, "-m", "broadcaster", "--station", str(station.root), *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("plays", "--json"),
        ("plays", "--json", "--from", "2021-06-25", "--until", "2021-07-09", "--market", "unicachi"),
        ("plays", "--json", "--outcome", "missed"),
        ("plays", "verify", "--json"),
        ("report", "--from", "2021-06-01", "--until", "2021-06-30", "--format", "csv", "-o", "-"),
    ],
)
def test_the_commands_say_the_same_wherever_the_record_is(
    season: tuple[Golden, Station], words: tuple[str, ...]
) -> None:
    in_file, station = season
    here, there = said(station, *words), said(in_file.station, *words)
    assert here == there
    assert len(here) > 50


@given(lots=histories())
@settings(max_examples=8)
def test_whatever_was_said_the_server_tells_what_all_rows_come_to(
    postgres: Server, season: tuple[Golden, Station], lots: list[list[Record]]
) -> None:
    station = replace(season[1], database=_fresh(postgres, season[1]))
    rows: list[Row] = []
    whole = Period(date(2021, 6, 1), date(2021, 7, 31))
    for lot in lots:
        add(station, lot)
        rows += [row for row in map(understand, lot) if isinstance(row.event, FOR_SUMMARY)]
        found = summary_of(station, whole, MADE, plan=())
        pure = summarise([rows], (), station.markets, whole, MADE)
        assert (found.lines, found.total.fulfilled, found.records) == (pure.lines, pure.total.fulfilled, pure.records)
        assert found.total.heard_s == pytest.approx(pure.total.heard_s)
        with Ledger.open(station) as ledger:
            log = sorted(fold.plays(merge([rows]).rows), key=lambda each: (each.due, each.market, each.airing))
            assert list(page(ledger, limit=500, newest_first=False).records) == log


def _fresh(postgres: Server, station: Station) -> str:
    """A database of its own beside the station's folder."""
    address = postgres.new()
    name = address.partition("?")[0].rpartition("/")[2]
    address += f"&beside={station.data}/{name}.db"
    open_to_write(address).close()
    return address


def test_the_markets_are_told(season: tuple[Golden, Station]) -> None:
    with Ledger.open(season[1]) as ledger:
        found = ledger.look(_markets_in)
    assert set(found) == set(MARKETS)


def _markets_in(sight: Sight | None) -> Sequence[str]:
    assert sight is not None
    return sight.ledger.execute(text("SELECT DISTINCT market FROM ledger_airings")).scalars().all()
