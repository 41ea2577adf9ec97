"""Room for one more sound in a market's day."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from season_builders import plan, season, skip

from broadcaster.model import Hours, Market, MarketId, Seconds
from broadcaster.schedule.plan import plan_sha256
from broadcaster.schedule.room import NoRoom, Stretch, first_room, later, midnight_after, no_room
from broadcaster.schedule.season import MakeGoodRule

LIMA = ZoneInfo("America/Lima")
HALF_PAST = datetime(2021, 6, 18, 10, 30, tzinfo=LIMA)
TEN_MINUTES = Seconds(600.0)


def market(hours: tuple[int, int] = (6, 18), quiet: tuple[Hours, ...] = ()) -> Market:
    begin, end = (time(hour) if hour < 24 else time.max for hour in hours)
    return Market(*(MarketId("norte"), "Norte", (), "Lima", "150101", "out"), Hours(begin, end), quiet, 0.8, 1.0, "")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2021-06-18T{text}").replace(tzinfo=LIMA)


@pytest.mark.parametrize(
    ("begin", "why"),
    [
        ("10:30", None),
        ("05:59", NoRoom.SILENT),
        ("18:00", NoRoom.SILENT),
        ("17:50", None),
        ("17:51", NoRoom.ENDS),
        ("12:55", NoRoom.ENDS),
        ("13:30", NoRoom.SILENT),
        ("14:00", None),
        ("15:55", NoRoom.TAKEN),
        ("16:05", NoRoom.TAKEN),
        ("16:10", NoRoom.TAKEN),
        ("16:11", None),
        ("15:49", None),
        ("15:50", NoRoom.TAKEN),
    ],
)
def test_a_sound_has_room_in_the_hours_out_of_the_quiet_ones_and_clear_of_the_other_airings(
    begin: str, why: NoRoom | None
) -> None:
    here = market(quiet=(Hours(time(13), time(14)),))
    taken = [Stretch(at("16:00"), TEN_MINUTES)]
    assert no_room(here, at(begin), TEN_MINUTES, taken) is why


def test_the_first_room_is_a_whole_minute_not_before_the_earliest() -> None:
    taken = [Stretch(at("10:40"), TEN_MINUTES)]
    assert first_room(market(), at("10:30:01"), midnight_after(HALF_PAST), Seconds(60), []) == at("10:31")
    assert first_room(market(), at("10:31"), midnight_after(HALF_PAST), TEN_MINUTES, taken) == at("10:51")
    assert first_room(market(), at("17:51"), midnight_after(HALF_PAST), TEN_MINUTES, []) is None, "it closes at six"
    assert first_room(market(), at("04:00"), midnight_after(HALF_PAST), TEN_MINUTES, []) == at("06:00")


def test_the_day_ends_at_local_midnight_also_where_clocks_change() -> None:
    santiago = ZoneInfo("America/Santiago")
    before_gap = datetime(2022, 9, 10, 23, 0, tzinfo=santiago)
    assert midnight_after(before_gap).astimezone(UTC) == datetime(2022, 9, 11, 4, 0, tzinfo=UTC)
    assert midnight_after(HALF_PAST) == datetime(2021, 6, 19, tzinfo=LIMA)
    assert first_room(market((0, 24)), at("23:59:30"), midnight_after(HALF_PAST), Seconds(20), []) is None


@given(
    earliest=st.integers(0, 1439),
    length=st.integers(1, 7200),
    others=st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 3600)), max_size=6),
)
def test_what_is_found_has_room_and_nothing_before_it_has(
    earliest: int, length: int, others: list[tuple[int, int]]
) -> None:
    here, midnight = market(quiet=(Hours(time(13), time(14)),)), datetime(2021, 6, 18, tzinfo=LIMA)
    taken = [Stretch(midnight + timedelta(minutes=minute), Seconds(seconds)) for minute, seconds in others]
    begin, until = midnight + timedelta(minutes=earliest), midnight_after(midnight)
    found = first_room(here, begin, until, Seconds(length), taken)
    assert found is None or no_room(here, found, Seconds(length), taken) is None
    minute = begin
    while minute < (found or until):
        assert no_room(here, minute, Seconds(length), taken) is not None
        minute += timedelta(minutes=7)


# The season's rule


def test_a_seasons_rule_covers_what_it_airs_and_leaves_the_plans_name_alone() -> None:
    by_hand = season("2021-06-18", "2021-06-19", exceptions=(skip("2021-06-19", markets=(MarketId("north"),)),))
    same_day = replace(by_hand, make_good=MakeGoodRule.SAME_DAY)
    assert plan(by_hand).same_day == frozenset()
    made = plan(same_day)
    assert made.same_day == {airing.id for airing in made.airings if airing.cancelled is None}
    assert len(made.same_day) == 3
    assert plan_sha256(made) == plan_sha256(plan(by_hand))
    assert made.airings == plan(by_hand).airings


def test_what_comes_later_in_a_night_that_repeats_an_hour_is_of_the_hour_in_which_it_is() -> None:
    """Havana, 7 November 2021: from 00:00 to 01:00 twice, an hour apart."""
    second = datetime(2021, 11, 7, 0, 28, tzinfo=ZoneInfo("America/Havana"), fold=1)
    after = later(second, timedelta(minutes=5))
    assert after.astimezone(UTC) == datetime(2021, 11, 7, 5, 33, tzinfo=UTC)
    found = first_room(market((0, 24)), after, midnight_after(second), Seconds(60), [])
    assert found is not None
    assert found.astimezone(UTC) == datetime(2021, 11, 7, 5, 33, tzinfo=UTC)
