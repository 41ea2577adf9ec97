"""A record written by the first release is this one's too: opened, whole, read the same, and carried on."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadcaster.cli.program import run
from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.chain import Verification
from broadcaster.journal.events import EVENTS, SuspensionLifted
from broadcaster.journal.fold import open_intents, open_promises, promises
from broadcaster.journal.reading import read, verify_at
from broadcaster.library.pins import check_pin
from broadcaster.model import ClockTrust, EpisodeNumber
from broadcaster.store import schema
from broadcaster.store.engine import url_of

FROZEN = Path(__file__).with_name("first_release.sql")
PLAYS = Path(__file__).with_name("first_release.plays.json")
NODE = "b63d0bbdd066"
HEAD = "fff0ec94dd5da644f8c487d85b571841afd3694965ae895abd170bbe609421ef"
WHOLE = Verification(rows=28, intact=True, head=HEAD, first_broken=None)
CONFIG = """[station]
name = "Prueba"
timezone = "America/Lima"
[outputs.a]
sink = "a"
[outputs.b]
sink = "b"
[markets.unicachi]
name = "Mercado Unicachi"
district = "Villa El Salvador"
ubigeo_inei = "150142"
output = "a"
hours = "06:00-18:00"
[markets.el-bosque]
name = "Mercado El Bosque"
district = "San Juan de Lurigancho"
ubigeo_inei = "150132"
output = "b"
hours = "06:00-18:00"
"""


@pytest.fixture
def station(tmp_path: Path) -> Path:
    """A station whose record the first release wrote, laid down again from the frozen text."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "data").mkdir()
    with sqlite3.connect(tmp_path / "data" / "broadcaster.db") as raw:
        raw.executescript(FROZEN.read_text(encoding="utf-8"))
        raw.execute("PRAGMA journal_mode = WAL")
    raw.close()
    return tmp_path


@pytest.fixture
def url(station: Path) -> str:
    return url_of(station / "data" / "broadcaster.db")


def opened(url: str) -> Journal:
    clock = ShiftedClock(datetime(2021, 7, 2, 15, tzinfo=UTC), trust=ClockTrust.SYNCED)
    return Journal.open(url, clock, ZoneInfo("America/Lima"))


def plays(station: Path, capsys: pytest.CaptureFixture[str]) -> object:
    assert run(["--station", str(station), "plays", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_its_play_log_reads_the_same_before_and_after_it_is_opened_to_write(
    station: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A later release may add a field; every field that was there says what it said."""
    frozen = json.loads(PLAYS.read_text(encoding="utf-8"))
    for _ in range(2):
        now = plays(station, capsys)
        assert isinstance(now, list)
        assert [{name: line[name] for name in then} for then, line in zip(frozen, now, strict=True)] == frozen
        opened(url).close()


def test_its_chain_is_whole_whichever_way_it_is_opened(url: str) -> None:
    assert verify_at(url) == WHOLE
    with opened(url) as journal:
        assert (journal.node, journal.epoch) == (NODE, 1)
    assert verify_at(url) == WHOLE


def test_a_new_row_continues_its_chain(url: str) -> None:
    with opened(url) as journal:
        row = journal.append(SuspensionLifted(EpisodeNumber(3), "proteccion-1"))
    assert (row.play, row.prev_hash) == (f"{NODE}-1-29", HEAD)
    assert verify_at(url) == Verification(rows=29, intact=True, head=row.hash, first_broken=None)


def test_it_is_brought_to_todays_layout(station: Path, url: str) -> None:
    opened(url).close()
    with sqlite3.connect(station / "data" / "broadcaster.db") as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [(schema.REVISIONS[-1],)]
    raw.close()


def test_what_it_promised_and_what_was_sounding_is_understood(url: str) -> None:
    """What the first release left open is what this one settles at its start."""
    rows = read(url)
    assert len(promises(rows)) == 8
    assert list(open_promises(rows)) == ["2021-06-30T10:00/unicachi"]
    assert [found.play for found in open_intents(rows)] == [f"{NODE}-1-28"]
    known_then = {type(row.event).kind for row in rows}
    assert known_then <= {event.kind for event in EVENTS}
    assert len(known_then) == 14


def test_a_pin_set_then_opens_now(url: str) -> None:
    with opened(url) as journal:
        check_pin(journal.store, "coordinadora-1", "246810", datetime(2021, 7, 2, 15, tzinfo=UTC))
