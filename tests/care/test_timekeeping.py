"""What is known of a box's clock, the operator's yes to it, and what the doctor says of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadcaster import locale
from broadcaster.care.checks import State
from broadcaster.care.timekeeping import ClockWrong, clock_checks, confirm, time_known
from broadcaster.clock import Clock, Instant
from broadcaster.clock.belief import RELEASED, Doubt
from broadcaster.clock.kernel import KernelClock
from broadcaster.clock.machine import Readings, Source
from broadcaster.clock.rtc import RtcReading
from broadcaster.config import Station, load_station
from broadcaster.config.begin import begin_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import ClockStepped
from broadcaster.journal.reading import read
from broadcaster.model import ClockTrust

NOW = RELEASED + timedelta(days=30, hours=14, minutes=52)
UNSYNCED = KernelClock(synchronised=False, max_error_s=16.0)
NOTHING = Readings(None, UNSYNCED, None, None)
SYNCED, RTC, UNVERIFIED = ClockTrust.SYNCED, ClockTrust.RTC, ClockTrust.UNVERIFIED


class Watch:
    """A clock that somebody sets."""

    def __init__(self, trust: ClockTrust, utc: datetime = NOW, boot: str = "one") -> None:
        self.reading = Instant(utc, 1000.0, boot, trust)

    def now(self) -> Instant:
        return self.reading


@pytest.fixture
def station(tmp_path: Path) -> Station:
    begin_station(tmp_path / "station")
    return load_station(tmp_path / "station")


@pytest.fixture(autouse=True)
def _english() -> object:
    before = locale.language()
    locale.use("en")
    yield
    locale.use(before)


def hardware(difference_s: float, battery: bool | None = True) -> RtcReading:
    return RtcReading("rtc0", NOW + timedelta(seconds=difference_s), difference_s, battery)


def checks(station: Station, clock: Clock, readings: Readings = NOTHING) -> dict[str, tuple[State, str, str]]:
    known = time_known(station, clock, lambda: readings)
    return {check.code: (check.state, check.sentence, check.todo) for check in clock_checks(known, station)}


def test_looking_at_the_clock_makes_no_record(station: Station) -> None:
    known = time_known(station, Watch(UNVERIFIED), lambda: NOTHING)
    assert (known.belief.doubt, known.source, known.step) == (Doubt.UNCONFIRMED, Source.NONE, None)
    assert not station.data.exists()


def test_a_yes_is_a_row_by_the_operators_trust_and_is_believed_until_the_next_boot(station: Station) -> None:
    row = confirm(station, Watch(UNVERIFIED), "uid:1000", lambda: None)
    assert (row.event.kind, row.clock) == ("clock_confirmed", ClockTrust.OPERATOR)
    here = time_known(station, Watch(UNVERIFIED, NOW), lambda: NOTHING)
    again = time_known(station, Watch(UNVERIFIED, NOW, "two"), lambda: NOTHING)
    assert (here.belief.trust, again.belief.trust) == (ClockTrust.OPERATOR, UNVERIFIED)


def test_after_one_yes_a_hardware_clock_that_agreed_then_is_believed_on_the_mornings_after(station: Station) -> None:
    confirm(station, Watch(UNVERIFIED), "uid:1000", lambda: hardware(0.7))
    morning = Watch(RTC, NOW + timedelta(hours=16), "two")
    assert time_known(station, morning, lambda: replace(NOTHING, rtc=hardware(0.7))).belief.trust is RTC


def test_a_hardware_clock_that_was_off_at_her_yes_is_not(station: Station) -> None:
    confirm(station, Watch(UNVERIFIED), "uid:1000", lambda: hardware(-7200.0))
    morning = Watch(RTC, NOW + timedelta(hours=16), "two")
    assert time_known(station, morning, lambda: NOTHING).belief.doubt is Doubt.UNCONFIRMED


def test_no_yes_makes_1970_right(station: Station) -> None:
    with pytest.raises(ClockWrong, match="1970"):
        confirm(station, Watch(UNVERIFIED, datetime(1970, 1, 1, 12, tzinfo=UTC)), "uid:1000", lambda: None)
    assert read(station.database) == []


def test_the_newest_step_is_known(station: Station) -> None:
    with Journal.open(station.database, Watch(SYNCED), station.timezone) as journal:
        journal.append(ClockStepped(-3600.0))
        journal.append(ClockStepped(12.5))
    assert time_known(station, Watch(SYNCED), lambda: NOTHING).step_s == 12.5


def test_the_doctor_says_who_vouches_for_the_time(station: Station) -> None:
    state, said, todo = checks(station, Watch(SYNCED))["clock"]
    assert (state, todo) == (State.OK, "")
    assert "set by the internet" in said
    assert ".." not in said


def test_the_doctor_asks_where_nobody_does(station: Station) -> None:
    state, said, todo = checks(station, Watch(UNVERIFIED))["clock"]
    assert (state, said) == (State.FAIL, "The time may be wrong.")
    assert todo.startswith("Look at your phone: is it 9:52")
    assert "broadcaster clock confirm" in todo


def test_the_doctor_says_that_a_wrong_time_is_wrong(station: Station) -> None:
    state, said, _todo = checks(station, Watch(UNVERIFIED, datetime(2000, 1, 1, 12, tzinfo=UTC)))["clock"]
    assert state is State.FAIL
    assert "cannot be right" in said


def test_the_doctor_warns_of_a_hardware_clock_that_will_be_wrong_after_the_next_cut(station: Station) -> None:
    state, said, todo = checks(station, Watch(SYNCED), replace(NOTHING, rtc=hardware(-18000.0)))["rtc_time"]
    assert (state, "-18000" in said) == (State.WARN, True)
    assert "hwclock" in todo
