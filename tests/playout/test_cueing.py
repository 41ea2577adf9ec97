"""What is decided about a promise, by table and by property."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_station import LIMA, TEN, market, promise, status

from broadcaster.model import REASONS, Hours, Outcome, Reason, Seconds
from broadcaster.playout.cueing import (
    HASTE_S,
    SPAWN_S,
    Cancel,
    Cue,
    Miss,
    Situation,
    Wait,
    decide,
)

NORTE = market("norte", quiet=(Hours(time(20), time(8)),), hours=Hours(time(6), time(18)))
AT_TEN = Situation(
    now=TEN - timedelta(seconds=SPAWN_S),
    promise=promise(),
    market=NORTE,
    zone=LIMA,
    status=status(),
    next_due=None,
)


def at(seconds: float) -> datetime:
    """So long after ten; before it when negative."""
    return TEN + timedelta(seconds=seconds)


def test_the_player_is_made_eight_seconds_before_the_first_word() -> None:
    assert decide(replace(AT_TEN, now=at(-30))) == Wait(at(-8))
    assert decide(AT_TEN) == Cue(TEN.astimezone(UTC), Seconds(0.0), datetime(2021, 6, 18, 23, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now_s", "late_s"),
    [(-8, 0), (-5, 0), (-4, 1), (0, 5), (300, 305), (595, 600)],
)
def test_within_the_grace_it_starts_as_soon_as_it_can_and_says_how_late(now_s: float, late_s: float) -> None:
    cue = decide(replace(AT_TEN, now=at(now_s)))
    assert isinstance(cue, Cue)
    assert (cue.first_word, cue.late_s) == (at(late_s), late_s)


@pytest.mark.parametrize(
    ("absence", "obstacle", "reason"),
    [
        (None, None, Reason.CLOCK_JUMP),
        (Reason.POWER_LOSS, None, Reason.POWER_LOSS),
        (Reason.SWITCHED_OFF, None, Reason.SWITCHED_OFF),
        (Reason.PROCESS_DIED, None, Reason.PROCESS_DIED),
        (None, Reason.NO_AUDIO_DEVICE, Reason.NO_AUDIO_DEVICE),
        (Reason.POWER_LOSS, Reason.NO_AUDIO_DEVICE, Reason.NO_AUDIO_DEVICE),
        (None, Reason.RECORD_UNAVAILABLE, Reason.RECORD_UNAVAILABLE),
    ],
)
def test_past_the_grace_it_is_missed_for_what_stood_in_the_way(
    absence: Reason | None, obstacle: Reason | None, reason: Reason
) -> None:
    late = replace(AT_TEN, now=at(596), absence=absence, obstacle=obstacle)
    assert decide(late) == Miss(reason)


@pytest.mark.parametrize("reason", [Reason.HOLIDAY, Reason.SKIPPED, Reason.BLACKOUT, Reason.PLAN_CHANGED])
def test_what_the_calendar_or_a_new_plan_cancels_ends_at_its_minute_not_before(reason: Reason) -> None:
    cancelled = replace(AT_TEN, promise=promise(cancelled=reason))
    assert decide(replace(cancelled, now=at(-1))) == Wait(TEN)
    assert decide(replace(cancelled, now=TEN)) == Cancel(reason)


@pytest.mark.parametrize("reason", sorted(REASONS[Outcome.MISSED] | REASONS[Outcome.CANCELLED]))
def test_every_word_of_the_library_ends_under_an_outcome_that_admits_it(reason: Reason) -> None:
    decision = decide(replace(AT_TEN, now=TEN, status=status(reason)))
    assert isinstance(decision, Miss | Cancel)
    outcome = Outcome.MISSED if isinstance(decision, Miss) else Outcome.CANCELLED
    assert decision.reason in REASONS[outcome]


def test_no_episode_for_the_slot_and_no_such_episode_are_the_same_miss() -> None:
    nobody = replace(promise(), episode=None)
    assert decide(replace(AT_TEN, now=TEN, promise=nobody)) == Miss(Reason.NO_EPISODE)
    assert decide(replace(AT_TEN, now=TEN, status=None)) == Miss(Reason.NO_EPISODE)


def test_a_market_that_is_shut_or_in_its_quiet_hours_at_that_minute_cancels() -> None:
    shut = replace(AT_TEN, now=TEN, market=market("norte", hours=Hours(time(11), time(18))))
    quiet = replace(AT_TEN, now=TEN, market=market("norte", quiet=(Hours(time(9), time(12)),)))
    assert decide(shut) == decide(quiet) == Cancel(Reason.MARKET_CLOSED)


def test_it_never_starts_late_into_closed_hours() -> None:
    closing_soon = replace(
        AT_TEN, market=market("norte", hours=Hours(time(6), time(10, 2))), obstacle=Reason.NO_AUDIO_DEVICE
    )
    assert isinstance(decide(replace(closing_soon, now=at(100))), Cue)
    assert decide(replace(closing_soon, now=at(115))) == Miss(Reason.NO_AUDIO_DEVICE)


def test_the_next_airing_on_the_output_ends_the_one_before_it_in_time() -> None:
    cue = decide(replace(AT_TEN, next_due=at(300)))
    assert isinstance(cue, Cue)
    assert cue.cut_at == at(290)


FAILED = replace(AT_TEN, now=at(20), obstacle=Reason.PLAYER_FAILED)


@pytest.mark.parametrize(
    ("failures", "rest_s", "ready_s"), [(1, 0, 2), (2, 2, 4), (3, 4, 8), (4, 8, 16), (5, 16, 16), (500, 16, 16)]
)
def test_after_each_failure_the_next_player_waits_longer_and_has_longer_to_get_ready(
    failures: int, rest_s: float, ready_s: float
) -> None:
    failed = replace(FAILED, failures=failures)
    assert rest_s == 0 or decide(failed) == Wait(at(22))
    assert rest_s == 0 or isinstance(decide(replace(failed, rested_s=Seconds(rest_s - 0.1))), Wait)
    cue = decide(replace(failed, rested_s=Seconds(rest_s)))
    assert isinstance(cue, Cue)
    assert cue.first_word == at(20 + status().lead_in_s + ready_s)


def test_a_player_that_always_fails_is_made_until_the_grace_is_over_and_no_storm_of_players() -> None:
    """Followed from failure to failure; each one fails at once, which is when most would be made."""
    now, failed_at, failures = AT_TEN.now, AT_TEN.now, 0
    made = []
    while True:
        rested = Seconds((now - failed_at).total_seconds())
        match decide(replace(FAILED, now=now, failures=failures, rested_s=rested)):
            case Wait(until):
                assert now < until <= now + timedelta(seconds=2)
                now = until
            case Cue(first_word):
                made.append((now, first_word))
                failed_at, failures = now, failures + 1
            case other:
                break
    assert other == Miss(Reason.PLAYER_FAILED)
    assert max(word for _made, word in made) <= at(600)
    assert at(600) - made[-1][1] < timedelta(seconds=40)
    assert 30 < len(made) < 45


def test_what_opens_no_more_room_for_another_try_is_missed_at_once() -> None:
    late = replace(FAILED, now=at(580), failures=4)
    assert decide(late) == Miss(Reason.PLAYER_FAILED)
    assert decide(replace(FAILED, failures=4, next_due=at(40))) == Miss(Reason.PLAYER_FAILED)


@pytest.mark.parametrize("held", [False, True])
def test_a_try_is_decided_like_the_first(held: bool) -> None:
    """Withdrawn, or paused, while the next player waits."""
    taken = replace(FAILED, failures=3, status=None if held else status(Reason.WITHDRAWN), held=held)
    assert decide(taken) == Cancel(Reason.HELD_BY_OPERATOR if held else Reason.WITHDRAWN)


@pytest.mark.parametrize(
    ("hours", "quiet", "end"),
    [
        (Hours(time(6), time(18)), (), time(18)),
        (Hours(time(6), time(18)), (Hours(time(13), time(15)),), time(13)),
        (Hours(time(6), time(2)), (), time(2)),
        (Hours(time(6), time(2)), (Hours(time(22), time(7)),), time(22)),
        (Hours(time(6), time.max), (), time(0)),
    ],
)
def test_permission_ends_when_the_market_shuts_or_its_quiet_hours_begin(
    hours: Hours, quiet: tuple[Hours, ...], end: time
) -> None:
    cue = decide(replace(AT_TEN, market=market("norte", quiet, hours)))
    assert isinstance(cue, Cue)
    assert cue.cut_at is not None
    assert cue.cut_at.astimezone(LIMA).time() == end


def test_of_two_equal_hours_the_one_that_was_promised_is_waited_for() -> None:
    second = datetime(2021, 10, 31, 2, 35, tzinfo=ZoneInfo("Europe/Madrid"), fold=1)
    due = datetime(2021, 10, 31, 1, 35, tzinfo=UTC)
    one = replace(AT_TEN, promise=promise(due=second), zone=ZoneInfo("Europe/Madrid"))
    one = replace(one, market=market("norte", hours=Hours(time(0), time.max)))
    assert decide(replace(one, now=due - timedelta(minutes=5))) == Wait(due - timedelta(seconds=SPAWN_S))
    cue = decide(replace(one, now=due + timedelta(minutes=5)))
    assert isinstance(cue, Cue)
    assert cue.late_s == 300 + HASTE_S + status().lead_in_s


def test_a_market_that_is_open_day_and_night_never_cuts_a_play() -> None:
    cue = decide(replace(AT_TEN, market=market("norte", hours=Hours(time(0), time.max))))
    assert isinstance(cue, Cue)
    assert cue.cut_at is None


minutes = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
stretches = st.builds(Hours, minutes, minutes)
zones = st.sampled_from(["America/Lima", "America/Santiago", "Europe/Madrid", "America/Havana"]).map(ZoneInfo)
situations = st.builds(
    Situation,
    now=st.integers(-3600, 7200).map(at),
    promise=st.builds(promise, due=st.integers(-1800, 1800).map(at)),
    market=st.builds(
        lambda hours, quiet: market("norte", tuple(quiet), hours), stretches, st.lists(stretches, max_size=2)
    ),
    zone=zones,
    status=st.none() | st.sampled_from([None, *Reason]).map(status),
    next_due=st.none() | st.integers(1, 86400).map(at),
    absence=st.none() | st.sampled_from([Reason.POWER_LOSS, Reason.SWITCHED_OFF, Reason.PROCESS_DIED]),
    obstacle=st.none() | st.sampled_from([Reason.NO_AUDIO_DEVICE, Reason.PLAYER_FAILED]),
    failures=st.integers(0, 6),
    rested_s=st.floats(0, 60).map(Seconds),
    held=st.booleans(),
    stopped=st.booleans(),
)


@given(situations)
def test_it_sounds_only_within_grace_and_permitted_hours_and_only_what_may_air(situation: Situation) -> None:
    decision = decide(situation)
    if not isinstance(decision, Cue):
        return
    assert situation.status is not None
    assert situation.status.reason is None
    assert not situation.held
    assert not situation.stopped
    assert situation.promise.due <= decision.first_word
    assert decision.first_word >= situation.now
    assert 0 <= decision.late_s <= situation.promise.grace_s
    assert situation.market.may_sound(decision.first_word.astimezone(situation.zone).time())
    assert decision.cut_at is None or decision.first_word < decision.cut_at


@given(situations)
def test_waiting_always_comes_to_an_end_at_or_before_the_minute_or_soon_after_a_failure(situation: Situation) -> None:
    decision = decide(situation)
    if not isinstance(decision, Wait):
        return
    assert situation.now < decision.until
    if situation.failures < 2:
        assert decision.until <= situation.promise.due
    else:
        soon = situation.now + timedelta(seconds=2)
        grace = timedelta(seconds=situation.promise.grace_s)
        assert decision.until <= max(soon, situation.promise.due)
        assert decision.until <= situation.promise.due + grace
