"""``broadcaster clock``: what is known of the time, and the operator's yes as a row."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.cli.program import run
from broadcaster.cli.setup_finish import confirm_clock
from broadcaster.clock import ShiftedClock, SystemClock
from broadcaster.clock.belief import RELEASED
from broadcaster.config import Station, load_station
from broadcaster.config.begin import begin_station
from broadcaster.journal.events import ClockConfirmed
from broadcaster.journal.reading import read
from broadcaster.model import ClockTrust


@pytest.fixture
def station(tmp_path: Path) -> Station:
    begin_station(tmp_path / "station")
    return load_station(tmp_path / "station")


def confirmed(station: Station) -> list[ClockTrust]:
    """The trust of each yes on record."""
    return [row.clock for row in read(station.database, kinds=[ClockConfirmed])]


def test_status_tells_every_reading_and_makes_nothing(station: Station, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--station", str(station.root), "clock", "status", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"now", "trust", "doubt", "source", "built", "newest_row", "rtc", "kernel", "last_step_s"} <= told.keys()
    assert told["newest_row"] is None
    assert not station.data.exists()


def test_status_is_said_to_people_too(station: Station, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--station", str(station.root), "clock", "status"]) == 0
    assert "Quién responde por ella" in capsys.readouterr().out


def test_a_phone_that_says_the_same_is_a_yes(station: Station, capsys: pytest.CaptureFixture[str]) -> None:
    phone = SystemClock().now().utc.astimezone(station.timezone)
    assert run(["--station", str(station.root), "clock", "confirm", "--phone", f"{phone:%Y-%m-%dT%H:%M}"]) == 0
    assert confirmed(station) == [ClockTrust.OPERATOR]
    assert "Gracias" in capsys.readouterr().out


def test_a_phone_that_says_another_time_is_none(station: Station, capsys: pytest.CaptureFixture[str]) -> None:
    phone = SystemClock().now().utc.astimezone(station.timezone) - timedelta(hours=2)
    assert run(["--station", str(station.root), "clock", "confirm", "--phone", f"{phone:%Y-%m-%dT%H:%M}"]) == 1
    assert confirmed(station) == []
    assert "celular" in capsys.readouterr().err


def test_nobody_is_asked_where_nobody_sits(station: Station) -> None:
    assert run(["--station", str(station.root), "clock", "confirm"]) == 64
    assert confirmed(station) == []


def test_her_yes_in_setup_is_the_same_row(station: Station) -> None:
    confirm_clock(station, ShiftedClock(RELEASED + timedelta(days=9), ClockTrust.UNVERIFIED))
    assert confirmed(station) == [ClockTrust.OPERATOR]


def test_her_yes_in_setup_to_an_impossible_time_is_told_and_not_kept(
    station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    confirm_clock(station, ShiftedClock(RELEASED - timedelta(days=9000), ClockTrust.UNVERIFIED))
    assert confirmed(station) == []
    assert capsys.readouterr().out
