"""What the stall's screen says, and when: by the daemon's answer and the play log alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from broadcaster.journal.events import Confirmed
from broadcaster.journal.fold import PlayRecord
from broadcaster.journal.sequel import Confirmation, MakeGood, Sequel
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    Evidence,
    HeardAs,
    Hours,
    Market,
    MarketId,
    Outcome,
    Reason,
    Seconds,
)
from broadcaster.web.stall.screen import Known, MarketScreen, Phase, market_screen, screen_of
from broadcaster.web.stall.shown import time_left

LIMA = ZoneInfo("America/Lima")
TEN = datetime(2021, 6, 18, 10, 0, tzinfo=LIMA)
NORTE = MarketId("norte")
MARKET = Market(
    id=NORTE,
    name="Mercado Norte",
    aliases=(),
    district="Lima",
    ubigeo_inei="150101",
    output="norte",
    hours=Hours(time(6), time(18)),
    quiet=(),
    volume=0.8,
    volume_cap=0.9,
    authorisation="",
)
ANSWER: Mapping[str, Any] = {
    "market": "norte",
    "name": "Mercado Norte",
    "state": "waiting",
    "held_until": None,
    "episode": None,
    "airing": None,
    "position_s": None,
    "expected_s": None,
    "until": None,
    "obstacle": None,
    "next": {
        "airing": "2021-06-18T10:00/norte",
        "due": TEN.isoformat(),
        "episode": 3,
        "reason": None,
        "make_good_of": None,
    },
    "last": None,
}


def ended(outcome: Outcome, reason: Reason, due: datetime, sequel: Sequel | None = None) -> PlayRecord:
    return PlayRecord(
        play=None,
        airing=AiringId(f"{due:%Y-%m-%dT%H:%M}/norte"),
        market=NORTE,
        episode=EpisodeNumber(3),
        revision=1,
        master_sha256=None,
        due=due,
        started=None,
        ended=None,
        played_s=Seconds(0.0),
        expected_s=None,
        outcome=outcome,
        reason=reason,
        evidence=Evidence.NONE,
        late_s=Seconds(0.0),
        start_error_ms=None,
        make_good_of=None,
        clock=ClockTrust.SYNCED,
        rehearsal=False,
        notes=(),
        sequel=sequel or Sequel(),
    )


def shown(
    now: datetime, *plays: PlayRecord, doubted: bool = False, open_today: bool = True, **answer: Any
) -> MarketScreen:
    return market_screen({**ANSWER, **answer}, Known(MARKET, plays, open_today), now, doubted=doubted)


def missed(due: datetime = TEN, sequel: Sequel | None = None, **facts: Any) -> PlayRecord:
    return replace(ended(Outcome.MISSED, Reason.POWER_LOSS, due, sequel), **facts)


@pytest.mark.parametrize(
    ("before", "phase"),
    [
        (timedelta(hours=3), Phase.WAITING),
        (timedelta(minutes=10, seconds=1), Phase.WAITING),
        (timedelta(minutes=10), Phase.SOON),
    ],
)
def test_ten_minutes_before_she_is_told_to_switch_on(before: timedelta, phase: Phase) -> None:
    assert shown(TEN - before).phase is phase


@pytest.mark.parametrize(
    ("state", "phase"),
    [("on_air", Phase.ON_AIR), ("testing", Phase.TESTING), ("starting", Phase.STARTING), ("held", Phase.HELD)],
)
def test_the_daemons_word_is_the_phase(state: str, phase: Phase) -> None:
    assert shown(TEN, state=state).phase is phase


def test_without_an_airing_to_come_and_without_a_daemon_it_says_so() -> None:
    assert shown(TEN, next=None).phase is Phase.NOTHING
    assert market_screen(None, Known(MARKET, (), open_today=True), TEN).phase is Phase.UNKNOWN


def test_a_program_that_does_not_answer_is_not_said_to_be_gone() -> None:
    """It may only be beginning, or hang while something sounds."""
    known = Known(MARKET, (), open_today=True)
    assert screen_of(None, [known], TEN, lives=True).markets[0].phase is Phase.UNANSWERED
    assert screen_of(None, [known], TEN, lives=False).markets[0].phase is Phase.UNKNOWN


def test_what_begins_counts_down_to_its_own_minute_and_not_to_the_next_ones() -> None:
    later = {**ANSWER["next"], "due": (TEN + timedelta(hours=6)).isoformat()}
    found = shown(TEN - timedelta(seconds=20), state="starting", airing="2021-06-18T10:00/norte", next=later)
    assert found.coming is not None
    assert found.coming.due == TEN


def test_what_sounds_has_a_begin_and_an_end() -> None:
    until = TEN + timedelta(seconds=485)
    found = shown(TEN, state="on_air", episode=3, until=until.isoformat(), expected_s=485.0, position_s=12.3).sounding
    assert found is not None
    assert (found.begin, found.until, found.position_s) == (TEN, until, 12.3)


def test_a_missed_airing_of_today_is_offered_until_it_is_made_good() -> None:
    later = TEN + timedelta(hours=1)
    offered = shown(later, missed()).missed
    assert offered is not None
    assert offered.airing == "2021-06-18T10:00/norte"
    again = Sequel(make_goods=(MakeGood(AiringId("makegood/1/x"), later, Outcome.PARTIAL),))
    assert shown(later, missed(sequel=again)).missed is not None
    for outcome in (None, Outcome.PLAYED):
        made = Sequel(make_goods=(MakeGood(AiringId("makegood/1/x"), later, outcome),))
        assert shown(later, missed(sequel=made)).missed is None, outcome


@pytest.mark.parametrize(
    "facts",
    [
        {"airing": AiringId("manual/2021-06-18T10:00:05/norte")},
        {"airing": AiringId("makegood/1/2021-06-18T09:00/norte"), "make_good_of": AiringId("2021-06-18T09:00/norte")},
        {"episode": None},
        {"outcome": Outcome.PLAYED, "reason": Reason.ON_TIME},
        {"outcome": Outcome.CANCELLED, "reason": Reason.HELD_BY_OPERATOR},
        {"outcome": Outcome.PARTIAL, "reason": Reason.WITHDRAWN},
        {"outcome": Outcome.PARTIAL, "reason": Reason.SUSPENDED},
        {"due": TEN - timedelta(days=1)},
    ],
)
def test_what_is_no_missed_airing_of_today_or_must_not_sound_again_is_not_offered(facts: Mapping[str, Any]) -> None:
    assert shown(TEN + timedelta(hours=1), missed(**facts)).missed is None


def test_it_is_offered_only_where_it_may_sound() -> None:
    later = TEN + timedelta(hours=1)
    assert shown(TEN.replace(hour=19), missed()).missed is None, "the market is closed"
    assert shown(later, missed(), open_today=False).missed is None, "nothing airs that day"
    assert shown(later, missed(), doubted=True).missed is None, "nobody knows the hour"
    for state in ("on_air", "testing", "starting", "held"):
        assert shown(later, missed(), state=state).missed is None, state


def test_the_last_airing_is_the_daemons_and_without_one_the_records() -> None:
    played = {"airing": "a", "due": TEN.isoformat(), "outcome": "played", "reason": "on_time", "make_good_of": None}
    by_daemon = shown(TEN + timedelta(minutes=9), missed(TEN - timedelta(hours=1)), last=played).last
    by_record = shown(TEN + timedelta(minutes=9), missed(TEN - timedelta(hours=1))).last
    assert by_daemon is not None
    assert by_record is not None
    assert (by_daemon.outcome, by_record.outcome) == (Outcome.PLAYED, Outcome.MISSED)


def test_she_is_asked_whether_it_was_heard_of_what_sounded_and_for_two_days() -> None:
    played = ended(Outcome.PLAYED, Reason.ON_TIME, TEN)
    soon, late = TEN + timedelta(hours=1), TEN + timedelta(days=3)
    lasts = [shown(soon, played).last, shown(late, played).last, shown(soon, missed()).last]
    assert [last.askable for last in lasts if last] == [True, False, False]


def test_what_she_said_is_shown() -> None:
    word = Confirmed(AiringId("2021-06-18T10:00/norte"), HeardAs.LOW, "uid:1000")
    found = shown(
        TEN + timedelta(hours=1), ended(Outcome.PLAYED, Reason.ON_TIME, TEN, Sequel(confirmed=Confirmation(word, TEN)))
    )
    assert found.last is not None
    assert found.last.heard is HeardAs.LOW


def test_a_touch_turns_the_volume_by_a_step_and_never_over_the_cap() -> None:
    def steps(volume: float) -> tuple[int | None, int | None]:
        known = Known(replace(MARKET, volume=volume), (), open_today=True)
        found = market_screen(ANSWER, known, TEN)
        return found.softer, found.louder

    assert steps(0.8) == (75, 85)
    assert steps(0.88) == (83, 90)
    assert steps(0.9) == (85, None)
    assert steps(0.03) == (0, 8)
    assert steps(0.0) == (None, 5)


def test_the_markets_are_those_the_daemon_serves() -> None:
    other = replace(MARKET, id=MarketId("sur"))
    known = [Known(MARKET, (), open_today=True), Known(other, (), open_today=True)]
    status = {"markets": [ANSWER], "clock": "unverified", "failing": ["record"], "faults": ["x"]}
    found = screen_of(status, known, TEN)
    assert [market.id for market in found.markets] == [NORTE]
    assert (found.running, found.doubted, found.failing, found.faulty) == (True, True, ("record",), True)
    assert [market.id for market in screen_of(None, known, TEN).markets] == [NORTE, "sur"]


@pytest.mark.parametrize(
    ("left", "words"),
    [(timedelta(seconds=5), "1 min"), (timedelta(minutes=9), "9 min"), (timedelta(hours=2, minutes=15), "2 h 15 min")],
)
def test_how_long_it_still_takes_is_said_to_the_minute(left: timedelta, words: str) -> None:
    assert time_left(TEN + left, TEN) == words


@pytest.mark.parametrize("left", [timedelta(0), timedelta(seconds=-5), timedelta(days=1)])
def test_what_is_past_or_farther_than_a_day_counts_nothing_down(left: timedelta) -> None:
    assert time_left(TEN + left, TEN) == ""
