"""Exceptions that order an episode: ``replace`` gives a slot another one, ``extra`` adds a slot with one of its own."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from season_builders import NORTH, SOUTH, extra, holidays, move, plan, rule, season, skip, swap, told

from broadcaster.config import load_station
from broadcaster.model import HolidayPolicy, NoteCode
from broadcaster.schedule.load import load_plan
from broadcaster.schedule.plan import plan_sha256
from broadcaster.schedule.season import SkippedEpisode

ROOT = Path(__file__).parents[2]
SHIPPED = "7bd099afad7f0c3b853d36c6f2d1c24e1ba34ae64247eb54e03f1647f57d871b"
"""The name of the shipped season's plan before exceptions could order episodes."""
THREE_DAYS = ("2021-06-01", "2021-06-03")


def test_the_name_of_a_plan_without_amendments_is_what_it_was() -> None:
    """A journal that holds the name of an older program's plan still recognises it."""
    made = load_plan(load_station(ROOT))
    assert (plan_sha256(made), made.changes) == (SHIPPED, ())


def test_a_replaced_slots_own_episode_is_lost_unless_told_otherwise() -> None:
    """The series goes on as if it had aired."""
    made = plan(season(*THREE_DAYS, exceptions=(swap("2021-06-02", 9),)))
    assert told(made) == [("06-01 10:00", 1, None), ("06-02 10:00", 9, None), ("06-03 10:00", 3, None)]
    assert made.notes == ()


def test_a_replaced_slots_own_episode_may_be_carried_to_the_next_slot() -> None:
    """With next_slot nothing of the series is lost."""
    made = plan(season(*THREE_DAYS, skipped=SkippedEpisode.NEXT_SLOT, exceptions=(swap("2021-06-02", 9),)))
    assert told(made) == [("06-01 10:00", 1, None), ("06-02 10:00", 9, None), ("06-03 10:00", 2, None)]
    assert made.notes == ()


def test_an_order_that_a_replacement_pushes_beyond_the_end_says_so() -> None:
    """Carried over, the last of the order finds no slot; lost, it all fits."""
    carried = season(
        *THREE_DAYS, order=(4, 5, 6), skipped=SkippedEpisode.NEXT_SLOT, exceptions=(swap("2021-06-02", 9),)
    )
    lost = season(*THREE_DAYS, order=(4, 5, 6), exceptions=(swap("2021-06-02", 9),))
    assert [(note.code, note.episode) for note in plan(carried).notes] == [(NoteCode.LEFT_OVER, 6)] * 2
    assert [episode for _, episode, _ in told(plan(lost))] == [4, 9, 6]


def test_a_replacement_speaks_of_its_time_and_markets_only() -> None:
    """The other slot of the day and the other market keep their episodes."""
    made = plan(
        season(
            "2021-06-01", "2021-06-01", rule("10:00", "16:00"), exceptions=(swap("2021-06-01", 9, "10:00", (NORTH,)),)
        )
    )
    assert [episode for _, episode, _ in told(made, NORTH)] == [9, 2]
    assert [episode for _, episode, _ in told(made, SOUTH)] == [1, 2]


def test_a_replacement_airs_on_a_holiday() -> None:
    """Somebody decided it for this date."""
    made = plan(
        season(*THREE_DAYS, holidays=HolidayPolicy.SKIP, exceptions=(swap("2021-06-02", 9),)),
        calendar=holidays("2021-06-02"),
    )
    assert told(made)[1] == ("06-02 10:00", 9, None)


def test_an_extra_slot_takes_no_episode_of_the_series() -> None:
    """Before, between or after the rules' own slots."""
    made = plan(
        season(
            "2021-06-01",
            "2021-06-02",
            exceptions=(
                extra("2021-06-01", "09:00", 2),
                extra("2021-06-01", "16:00", 1),
                extra("2021-06-02", "16:00", 7),
            ),
        )
    )
    assert told(made) == [
        ("06-01 09:00", 2, None),
        ("06-01 10:00", 1, None),
        ("06-01 16:00", 1, None),
        ("06-02 10:00", 2, None),
        ("06-02 16:00", 7, None),
    ]
    assert made.notes == ()


def test_an_extra_slot_without_markets_is_for_those_of_the_rules() -> None:
    """With markets, for those only."""
    one = season(*THREE_DAYS, rule("10:00", markets=(NORTH,)), exceptions=(extra("2021-06-01", "12:00", 5),))
    assert [len(told(plan(one), market)) for market in (NORTH, SOUTH)] == [4, 0]


def test_an_extra_slot_may_stand_in_a_market_that_no_rule_names() -> None:
    """A fair in another market: one airing there, and nothing of the order is left over for it."""
    fair = season(
        *THREE_DAYS,
        rule("10:00", markets=(NORTH,)),
        order=(1, 2, 3),
        exceptions=(extra("2021-06-02", "12:00", 5, (SOUTH,)),),
    )
    made = plan(fair)
    assert told(made, SOUTH) == [("06-02 12:00", 5, None)]
    assert made.notes == ()


def test_an_extra_slot_airs_on_a_holiday_and_weekday_without_slots() -> None:
    """It asks no rule."""
    made = plan(
        season(
            *THREE_DAYS,
            rule("10:00", weekdays=frozenset({1})),
            holidays=HolidayPolicy.SKIP,
            exceptions=(extra("2021-06-02", "12:00", 5),),
        ),
        calendar=holidays("2021-06-02"),
    )
    assert told(made) == [("06-01 10:00", 1, None), ("06-02 12:00", 5, None)]


def test_an_extra_slot_gives_way_to_a_slot_of_its_minute_and_is_noted() -> None:
    """One airing a market and minute: the series' own."""
    made = plan(season("2021-06-01", "2021-06-01", exceptions=(extra("2021-06-01", "10:00", 5, (NORTH,)),)))
    assert told(made) == [("06-01 10:00", 1, None)]
    assert [(note.code, note.market, note.episode) for note in made.notes] == [(NoteCode.CLASH, NORTH, 5)]


def test_an_extra_slot_may_take_the_minute_of_one_that_was_moved_away() -> None:
    """Episode 1 an hour later, episode 5 in its place."""
    made = plan(
        season(
            "2021-06-01",
            "2021-06-01",
            exceptions=(move("2021-06-01", to_time="11:00"), extra("2021-06-01", "10:00", 5)),
        )
    )
    assert told(made) == [("06-01 10:00", 5, None), ("06-01 11:00", 1, None)]


def test_the_plan_knows_what_was_amended_and_when() -> None:
    """One change for each airing that an exception touched, with the slot it was about."""
    exceptions = (
        skip("2021-06-01"),
        move("2021-06-02", to_time="11:00"),
        swap("2021-06-03", 9),
        extra("2021-06-03", "16:00", 8),
    )
    made = plan(season("2021-06-01", "2021-06-04", rule("10:00", markets=(NORTH,)), exceptions=exceptions))
    assert [(change.airing, change.action, f"{change.slot:%d %H:%M}") for change in made.changes] == [
        ("2021-06-01T10:00/north", "skip", "01 10:00"),
        ("2021-06-02T11:00/north", "move", "02 10:00"),
        ("2021-06-03T10:00/north", "replace", "03 10:00"),
        ("2021-06-03T16:00/north", "extra", "03 16:00"),
    ]
    assert {(change.amended, change.reason) for change in made.changes} == {(date(2021, 1, 1), "a reason")}


def test_of_two_orders_for_one_slot_the_one_decided_later_counts() -> None:
    """As for every exception; ``schedule check`` asks for one of them to go."""
    early, late = swap("2021-06-01", 9), replace(swap("2021-06-01", 8), amended=date(2021, 5, 1))
    for both in ((early, late), (late, early)):
        assert told(plan(season("2021-06-01", "2021-06-01", exceptions=both))) == [("06-01 10:00", 8, None)]
