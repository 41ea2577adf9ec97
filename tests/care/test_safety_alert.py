"""Who is told that a market was stopped for safety: the protection officer, at once and each time, and nobody else."""

import stat
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadcaster.care.alerts.addresses import PROTECTION_FILE, Address, addresses, keep, place
from broadcaster.care.alerts.companion import EVERYBODY, PROTECTION
from broadcaster.care.alerts.words import said
from broadcaster.clock import ShiftedClock
from broadcaster.config import Station, load_station
from broadcaster.config.begin import begin_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, Event, Held, StopOrdered
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, ClockTrust, EpisodeNumber, MarketId, Outcome, Reason

LIMA = ZoneInfo("America/Lima")
AT = datetime(2021, 6, 18, 23, 30, tzinfo=LIMA)
NORTE, SUR = MarketId("norte"), MarketId("sur")


def rows(folder: Path, *events: Event, trust: ClockTrust = ClockTrust.SYNCED) -> list[Row]:
    url = f"sqlite:///{folder}/record.db"
    with Journal.open(url, ShiftedClock(AT, trust), LIMA) as journal:
        for event in events:
            journal.append(event)
    return read(url)


def safety(market: MarketId) -> Held:
    return Held(market, "uid:1000", until=AT + timedelta(minutes=30), safety=True)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    begin_station(tmp_path / "station")
    return load_station(tmp_path / "station")


def test_she_is_told_each_time_and_at_once(tmp_path: Path) -> None:
    told = PROTECTION.due(rows(tmp_path, safety(NORTE), safety(SUR)), (), AT, ())
    assert [alert.markets for alert in told] == [(NORTE,), (SUR,)]
    assert "norte" in said(told[0])
    again = PROTECTION.due(rows(tmp_path), (), AT, [alert.key for alert in told])
    assert again == []


def test_nobody_else_is_told(tmp_path: Path) -> None:
    name = AiringId("2021-06-18T23:25/norte")
    cut = Ended(name, NORTE, AT, Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR, EpisodeNumber(1))
    kept = rows(tmp_path, safety(NORTE), cut)
    for later in (timedelta(minutes=2), timedelta(hours=20)):
        assert EVERYBODY.due(kept, (), AT + later, ()) == []


def test_an_ordinary_pause_or_stop_is_no_alert(tmp_path: Path) -> None:
    kept = rows(tmp_path, Held(NORTE, "uid:1000", "ruido"), StopOrdered((NORTE,), "uid:1000"))
    assert PROTECTION.due(kept, (), AT, ()) == []


def test_a_rehearsal_or_an_old_one_is_not_told(tmp_path: Path) -> None:
    assert PROTECTION.due(rows(tmp_path, safety(NORTE), trust=ClockTrust.SHIFTED), (), AT, ()) == []
    (tmp_path / "other").mkdir()
    assert PROTECTION.due(rows(tmp_path / "other", safety(NORTE)), (), AT + timedelta(days=3), ()) == []


def test_her_addresses_stand_apart_for_the_owners_eyes_only(station: Station) -> None:
    keep(station, [Address("json://office")])
    keep(station, [Address("json://officer")], PROTECTION_FILE)
    assert [each.url for each in addresses(station)] == ["json://office"]
    assert [each.url for each in addresses(station, PROTECTION_FILE)] == ["json://officer"]
    assert stat.S_IMODE(place(station, PROTECTION_FILE).stat().st_mode) == 0o600


def test_what_waits_for_her_waits_in_a_file_of_its_own() -> None:
    assert PROTECTION.outbox != EVERYBODY.outbox
    assert not PROTECTION.sleeps
