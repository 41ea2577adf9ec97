"""Holding for the clock is a decision like any other: pure, from the moment and what is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from simulated_station import LIMA, TEN, market, promise, status

from broadcaster.model import ClockTrust, Reason, Seconds
from broadcaster.playout.cueing import Cancel, Cue, Hold, Miss, Situation, Wait, decide

DUE = Situation(
    now=TEN.astimezone(UTC),
    promise=promise(),
    market=market("norte"),
    zone=LIMA,
    status=status(),
    next_due=None,
    trust=ClockTrust.UNVERIFIED,
)


def later(seconds: float) -> datetime:
    return (TEN + timedelta(seconds=seconds)).astimezone(UTC)


@pytest.mark.parametrize("trust", [trust for trust in ClockTrust if trust is not ClockTrust.UNVERIFIED])
def test_a_clock_that_is_vouched_for_or_meant_holds_nothing(trust: ClockTrust) -> None:
    assert isinstance(decide(replace(DUE, trust=trust)), Cue)


def test_nothing_is_held_before_it_is_due() -> None:
    early = decide(replace(DUE, now=later(-3600)))
    assert isinstance(early, Wait)
    assert not isinstance(early, Hold)


def test_what_is_due_by_a_doubted_clock_waits_until_its_grace_is_over() -> None:
    assert decide(DUE) == Hold(later(600))


def test_when_it_has_waited_for_its_grace_it_is_missed_for_the_clock() -> None:
    assert decide(replace(DUE, now=later(601), waited_s=Seconds(609.0))) == Miss(Reason.CLOCK_UNVERIFIED)


def test_a_clock_that_jumps_past_the_grace_ends_nothing_before_it_has_really_waited() -> None:
    jumped = replace(DUE, now=later(86400), waited_s=Seconds(30.0))
    assert decide(jumped) == Hold(later(86400 + 570))


def test_what_could_not_have_sounded_anyway_says_so() -> None:
    over = replace(DUE, now=later(601), waited_s=Seconds(609.0), status=status(Reason.NOT_APPROVED))
    assert decide(over) == Miss(Reason.NOT_APPROVED)


def test_what_the_calendar_took_out_waits_for_no_clock() -> None:
    assert decide(replace(DUE, promise=promise(cancelled=Reason.HOLIDAY))) == Cancel(Reason.HOLIDAY)


def test_somebodys_name_stands_for_the_hour() -> None:
    assert isinstance(decide(replace(DUE, override=True)), Cue)


def test_the_operator_stops_what_waits() -> None:
    assert decide(replace(DUE, stopped=True)) == Cancel(Reason.STOPPED_BY_OPERATOR)
