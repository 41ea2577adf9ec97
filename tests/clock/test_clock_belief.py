"""How far a reading of the clock is believed, given what is known of the time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.clock import Instant
from broadcaster.clock.belief import BACK_S, RTC_GOOD_FOR, YES_STEP_S, Belief, Doubt, Known, Yes, judge
from broadcaster.model import ClockTrust

NOW = datetime(2026, 6, 18, 14, 52, tzinfo=UTC)
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
SYNCED, RTC, OPERATOR, UNVERIFIED = ClockTrust.SYNCED, ClockTrust.RTC, ClockTrust.OPERATOR, ClockTrust.UNVERIFIED
KNOWN = Known(BUILT, newest=NOW - timedelta(hours=12), synced=NOW - timedelta(days=9))
AGREED = replace(KNOWN, rtc_seen=NOW - timedelta(days=9))
YES = Yes(NOW - timedelta(minutes=5), 700.0, "boot")


def at(trust: ClockTrust, moved: timedelta = timedelta(0), boot: str = "boot") -> Instant:
    """Five minutes after her yes; ``moved``: by how much somebody has moved the wall clock since."""
    return Instant(NOW + moved, 1000.0, boot, trust)


def test_a_time_server_is_believed() -> None:
    assert judge(at(SYNCED), KNOWN) == Belief(SYNCED, None)


def test_a_rehearsals_clock_means_what_it_says() -> None:
    long_ago = Instant(datetime(1999, 1, 1, tzinfo=UTC), 0.0, "", ClockTrust.SHIFTED)
    assert judge(long_ago, KNOWN) == Belief(ClockTrust.SHIFTED, None)


@pytest.mark.parametrize("trust", [SYNCED, RTC, UNVERIFIED])
@pytest.mark.parametrize("year", [1970, 2000, 2025])
def test_no_clock_is_earlier_than_the_program_it_runs(trust: ClockTrust, year: int) -> None:
    now = Instant(datetime(year, 6, 1, tzinfo=UTC), 1000.0, "boot", trust)
    known = replace(AGREED, yes=Yes(now.utc, 1000.0, "boot"))
    assert judge(now, known) == Belief(UNVERIFIED, Doubt.BEFORE_BUILD)


def test_a_clock_without_a_word_for_it_is_doubted() -> None:
    assert judge(at(UNVERIFIED), KNOWN) == Belief(UNVERIFIED, Doubt.UNCONFIRMED)


@pytest.mark.parametrize("trust", [RTC, UNVERIFIED])
def test_a_clock_earlier_than_the_record_is_wrong(trust: ClockTrust) -> None:
    later = replace(AGREED, newest=NOW + timedelta(seconds=BACK_S + 1))
    assert judge(at(trust), later) == Belief(UNVERIFIED, Doubt.BEFORE_RECORD)


def test_a_time_server_puts_right_a_record_that_nobody_vouched_for() -> None:
    assert judge(at(SYNCED), replace(KNOWN, newest=NOW + timedelta(days=365))) == Belief(SYNCED, None)


def test_two_time_servers_that_contradict_each_other_are_a_case_for_the_operator() -> None:
    known = replace(KNOWN, newest=NOW + timedelta(days=1), synced=NOW + timedelta(days=1))
    assert judge(at(SYNCED), known) == Belief(UNVERIFIED, Doubt.BEFORE_RECORD)
    assert judge(at(SYNCED), replace(known, yes=YES)) == Belief(OPERATOR, None)


def test_a_correction_of_a_minute_is_no_wrong_clock() -> None:
    known = replace(KNOWN, newest=NOW + timedelta(minutes=1), synced=NOW + timedelta(minutes=1))
    assert judge(at(SYNCED), known).doubt is None


@pytest.mark.parametrize("trust", [RTC, UNVERIFIED])
def test_the_operators_yes_holds(trust: ClockTrust) -> None:
    assert judge(at(trust), replace(KNOWN, yes=YES)) == Belief(OPERATOR, None)


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        (at(UNVERIFIED, timedelta(seconds=YES_STEP_S - 1)), True),
        (at(UNVERIFIED, timedelta(seconds=YES_STEP_S + 1)), False),
        (at(UNVERIFIED, timedelta(seconds=-YES_STEP_S - 1)), False),
        (at(UNVERIFIED, timedelta(days=3)), False),
        (at(UNVERIFIED, boot="another"), False),
        (replace(at(UNVERIFIED), monotonic_s=500.0), False),
    ],
    ids=["small step", "step", "step back", "days", "another boot", "a machine that slept"],
)
def test_her_yes_holds_until_the_next_boot_or_a_step(now: Instant, holds: bool) -> None:
    assert (judge(now, replace(KNOWN, yes=YES)).doubt is None) is holds


def test_a_hardware_clock_that_was_seen_to_be_right_is_believed() -> None:
    assert judge(at(RTC), AGREED) == Belief(RTC, None)


@pytest.mark.parametrize("seen", [None, NOW - RTC_GOOD_FOR - timedelta(days=1)], ids=["never", "too long ago"])
def test_a_hardware_clock_that_was_not_lately_seen_to_be_right_is_not(seen: datetime | None) -> None:
    assert judge(at(RTC), replace(KNOWN, rtc_seen=seen)) == Belief(UNVERIFIED, Doubt.UNCONFIRMED)


@pytest.mark.parametrize("trust", [SYNCED, RTC])
def test_a_believed_clock_that_goes_back_an_hour_is_noticed_at_once(trust: ClockTrust) -> None:
    now = at(trust)
    lived = AGREED.lived(now, judge(now, AGREED))
    assert judge(at(trust, timedelta(hours=-1)), lived).doubt is Doubt.BEFORE_RECORD


def test_living_by_a_doubted_clock_teaches_nothing() -> None:
    now = at(UNVERIFIED, timedelta(days=365))
    assert KNOWN.lived(now, judge(now, KNOWN)) == KNOWN
