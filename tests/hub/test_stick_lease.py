"""What a stick brings may be played until a day; a market that hears nothing falls silent then."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stick_stations import MONDAY, Place, round_trip

from broadcaster.care.checks import State
from broadcaster.care.look_lease import lease
from broadcaster.care.sight import Sight
from broadcaster.hub import refusals
from broadcaster.hub.lease import LATEST, LETTERS, code_for, day_of
from broadcaster.hub.outgoing import Written
from broadcaster.hub.renewal import dictate, renew
from broadcaster.journal.dailycode import ALPHABET
from broadcaster.journal.events import LeaseGiven, LeaseRenewed
from broadcaster.library.tries import TRIES, WITHIN
from broadcaster.model import REASONS, MarketId, Outcome, Reason
from broadcaster.playout.cueing import Cancel, gate

SEASON_ENDS = date(2021, 7, 30)
LAST = SEASON_ENDS + timedelta(days=7)
UNICACHI = MarketId("unicachi")


def test_a_market_plays_until_a_week_after_its_season_and_not_a_day_longer(
    office: Place, box: Place, stick: Path
) -> None:
    done = office.export(stick, "unicachi")
    assert isinstance(done, Written)
    assert done.until == LAST
    box.take(stick)
    assert box.reason(1, LAST) is None
    assert box.reason(1, LAST + timedelta(days=1)) is Reason.LEASE_EXPIRED


def test_an_airing_of_a_market_that_sees_no_more_stick_is_cancelled_and_says_so(
    office: Place, box: Place, stick: Path
) -> None:
    office.export(stick, "unicachi", until=date(2021, 6, 20))
    box.take(stick)
    status = box.status(1, date(2021, 6, 21))
    assert status is not None
    assert gate(status) == Cancel(Reason.LEASE_EXPIRED)
    assert Reason.LEASE_EXPIRED in REASONS[Outcome.CANCELLED]


def test_a_station_that_produces_for_itself_has_no_lease(office: Place) -> None:
    assert office.reason(1, date(2021, 8, 30)) is not Reason.LEASE_EXPIRED
    office.write(LeaseGiven(office.node, date(2021, 6, 1)))
    assert office.reason(1) is None


def test_a_box_that_had_no_stick_yet_is_silent(box: Place) -> None:
    box.admit(1)
    assert box.reason(1) is Reason.NO_EPISODE


@pytest.mark.parametrize("day", [LAST + timedelta(days=1), date(2021, 6, 13), date(2012, 6, 20)], ids=str)
def test_a_lease_is_never_longer_than_the_season_allows_nor_over_already(
    office: Place, box: Place, stick: Path, day: date
) -> None:
    office.export(stick, "unicachi")
    with pytest.raises(refusals.LeaseOutside):
        office.export(stick, "unicachi", until=day)
    box.take(stick)
    assert box.reason(1, LAST) is None


def test_the_last_day_may_be_today(office: Place, box: Place, stick: Path) -> None:
    office.export(stick, "unicachi", until=date(2021, 6, 14))
    box.take(stick)
    assert box.reason(1, date(2021, 6, 14)) is None
    assert box.reason(1, date(2021, 6, 15)) is Reason.LEASE_EXPIRED


def test_without_a_season_there_is_nothing_to_bring(office: Place, stick: Path) -> None:
    (office.root / "schedules").rename(office.root / "elsewhere")
    (office.root / "schedules").mkdir()
    with pytest.raises(refusals.NoSeason):
        office.export(stick, "unicachi")


def test_a_newer_stick_brings_a_newer_day(office: Place, box: Place, stick: Path) -> None:
    office.export(stick, "unicachi", until=date(2021, 6, 20))
    box.take(stick)
    office.export(stick, "unicachi")
    box.take(stick)
    assert box.reason(1, LAST) is None


def test_a_dictated_code_lets_a_market_play_on(office: Place, box: Place, stick: Path) -> None:
    office.export(stick, "unicachi", until=date(2021, 6, 20))
    box.take(stick)
    with office.journal() as journal:
        dictated = dictate(office.station, journal, UNICACHI, date(2021, 6, 30))
    with box.journal() as journal:
        assert renew(box.station, journal, dictated.code.lower().replace(" ", "-")) == date(2021, 6, 30)
    assert box.reason(1, date(2021, 6, 30)) is None
    assert box.reason(1, date(2021, 7, 1)) is Reason.LEASE_EXPIRED
    with box.journal() as journal, pytest.raises(refusals.LeaseCodeWrong):
        renew(box.station, journal, dictated.code)
    round_trip(office, box, stick)
    assert box.reason(1, LAST) is None


def test_a_code_for_one_market_serves_no_other_and_a_station_without_office_needs_none(
    office: Place, box: Place
) -> None:
    with office.journal() as journal:
        dictated = dictate(office.station, journal, UNICACHI)
        with pytest.raises(refusals.NotABox):
            renew(office.station, journal, dictated.code)
        with pytest.raises(refusals.NotPaired):
            dictate(office.station, journal, MarketId("el-bosque"))
    wrong = dictated.code[:-1] + ("A" if dictated.code[-1] != "A" else "C")
    with box.journal() as journal:
        for code in ("", "123", wrong, dictated.code + "A"):
            with pytest.raises(refusals.LeaseCodeWrong):
                renew(box.station, journal, code)


@pytest.mark.parametrize("day", [date(2021, 6, 13), date(2019, 1, 1), LATEST + timedelta(days=1)], ids=str)
def test_no_code_is_made_for_a_day_that_is_past_or_that_it_cannot_say(office: Place, day: date) -> None:
    with office.journal() as journal:
        with pytest.raises(refusals.LeaseDayOutside):
            dictate(office.station, journal, UNICACHI, day)
        assert not list(journal.rows(kinds=(LeaseGiven,)))


def test_the_last_day_that_a_code_can_say_is_read_back() -> None:
    assert day_of(b"s" * 32, "box", code_for(b"s" * 32, "box", LATEST)) == LATEST
    assert day_of(b"s" * 32, "box", code_for(b"s" * 32, "box", LATEST + timedelta(days=1))) != LATEST + timedelta(
        days=1
    )


@pytest.mark.parametrize(
    ("day", "state"), [(14, State.OK), (15, State.WARN), (20, State.WARN), (21, State.FAIL)], ids=str
)
def test_people_are_told_five_days_before(office: Place, box: Place, stick: Path, day: int, state: State) -> None:
    office.export(stick, "unicachi", until=date(2021, 6, 20))
    box.take(stick)
    checks = list(lease(Sight(box.station, datetime(2021, 6, day, 15, tzinfo=UTC))))
    assert [check.state for check in checks] == [state]


def test_the_doctor_of_a_station_of_its_own_says_nothing_of_sticks(office: Place) -> None:
    assert list(lease(Sight(office.station, MONDAY))) == []


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, LETTERS - 1), st.sampled_from(ALPHABET))
def test_a_code_holds_its_day_and_one_wrong_letter_is_found(day: date, place: int, letter: str) -> None:
    secret = bytes(32)
    code = code_for(secret, "abc", day)
    assert day_of(secret, "abc", code) == day
    assert day_of(secret, "abd", code) is None
    assert day_of(bytes(31) + b"x", "abc", code) is None
    letters = list(code.replace(" ", ""))
    if letters[place] != letter:
        letters[place] = letter
        assert day_of(secret, "abc", "".join(letters)) is None


def test_wrong_codes_are_tried_as_often_as_a_pin_and_a_right_one_is_not_looked_at_then(
    office: Place, box: Place
) -> None:
    with office.journal() as journal:
        dictated = dictate(office.station, journal, UNICACHI)
    wrong = dictated.code[:-1] + ("A" if dictated.code[-1] != "A" else "C")
    with box.journal() as journal:
        for left in reversed(range(TRIES)):
            with pytest.raises(refusals.LeaseCodeWrong, match=rf"\b{left}\b"):
                renew(box.station, journal, wrong)
        with pytest.raises(refusals.TooManyLeaseCodes, match=r"\b15\b"):
            renew(box.station, journal, dictated.code)
        assert not list(journal.rows(kinds=(LeaseRenewed,)))
    box.clock.utc += WITHIN + timedelta(seconds=1)
    with box.journal() as journal:
        renew(box.station, journal, dictated.code)
        for left in (TRIES - 1, TRIES - 2):  # a right one lets those before it count no more
            with pytest.raises(refusals.LeaseCodeWrong, match=rf"\b{left}\b"):
                renew(box.station, journal, wrong)
