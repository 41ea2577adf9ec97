"""What follows from the rules: episodes in order, holidays, exceptions, one airing per market and minute."""

from season_builders import NORTH, SOUTH, holidays, move, plan, rule, season, skip, told

from broadcaster.model import HolidayPolicy, MarketId, NoteCode
from broadcaster.schedule.plan import plan_sha256
from broadcaster.schedule.season import SkippedEpisode


def test_each_slot_carries_the_next_episode() -> None:
    """Two slots a day, two days: episodes 1 to 4."""
    made = plan(season("2021-06-01", "2021-06-02", rule("10:00", "16:00")))
    assert told(made) == [
        ("06-01 10:00", 1, None),
        ("06-01 16:00", 2, None),
        ("06-02 10:00", 3, None),
        ("06-02 16:00", 4, None),
    ]


def test_each_market_counts_its_own_slots() -> None:
    """Two markets at different times hear the same episode that day."""
    made = plan(season("2021-06-01", "2021-06-02", rule("10:00", markets=(NORTH,)), rule("11:00", markets=(SOUTH,))))
    assert told(made, NORTH) == [("06-01 10:00", 1, None), ("06-02 10:00", 2, None)]
    assert told(made, SOUTH) == [("06-01 11:00", 1, None), ("06-02 11:00", 2, None)]


def test_an_order_says_the_episode_of_each_slot() -> None:
    """Repeats are allowed; a slot after the order's end has none."""
    made = plan(season("2021-06-01", "2021-06-04", order=(2, 2, 7)))
    assert [episode for _, episode, _ in told(made)] == [2, 2, 7, None]


def test_an_order_longer_than_the_season_leaves_a_note() -> None:
    """The episode that finds no slot is named, for each market."""
    made = plan(season("2021-06-01", "2021-06-02", order=(1, 2, 3)))
    assert [(note.code, note.market, note.episode) for note in made.notes] == [
        (NoteCode.LEFT_OVER, NORTH, 3),
        (NoteCode.LEFT_OVER, SOUTH, 3),
    ]


def test_a_skipped_holiday_stays_listed_and_its_episode_is_lost() -> None:
    """The holiday's slot is cancelled with its episode; the next slot has the next one."""
    made = plan(season("2021-06-28", "2021-06-30", holidays=HolidayPolicy.SKIP), calendar=holidays("2021-06-29"))
    assert told(made) == [("06-28 10:00", 1, None), ("06-29 10:00", 2, "holiday"), ("06-30 10:00", 3, None)]


def test_a_skipped_holiday_may_carry_its_episode_to_the_next_slot() -> None:
    """With next_slot nothing of the series is lost."""
    made = plan(
        season("2021-06-28", "2021-06-30", holidays=HolidayPolicy.SKIP, skipped=SkippedEpisode.NEXT_SLOT),
        calendar=holidays("2021-06-29"),
    )
    assert told(made) == [("06-28 10:00", 1, None), ("06-29 10:00", None, "holiday"), ("06-30 10:00", 2, None)]
    assert made.notes == ()


def test_a_shifted_holiday_moves_the_series_and_says_what_no_longer_fits() -> None:
    """The holiday's slot goes, its episode takes the next; the last episode is left over."""
    made = plan(season("2021-06-28", "2021-06-30", holidays=HolidayPolicy.SHIFT), calendar=holidays("2021-06-29"))
    assert told(made) == [("06-28 10:00", 1, None), ("06-30 10:00", 2, None)]
    assert {(note.code, note.episode) for note in made.notes} == {(NoteCode.LEFT_OVER, 3)}


def test_a_shift_with_room_at_the_end_leaves_nothing_over() -> None:
    """An order one shorter than the slots absorbs the holiday."""
    made = plan(
        season("2021-06-28", "2021-06-30", holidays=HolidayPolicy.SHIFT, order=(1, 2)), calendar=holidays("2021-06-29")
    )
    assert [episode for _, episode, _ in told(made)] == [1, 2]
    assert made.notes == ()


def test_air_takes_no_notice_of_a_holiday() -> None:
    """The policy of the real season."""
    made = plan(season("2021-06-28", "2021-06-30"), calendar=holidays("2021-06-29"))
    assert [cancelled for _, _, cancelled in told(made)] == [None, None, None]


def test_a_skip_speaks_of_its_date_time_and_markets_only() -> None:
    """The other market airs, and the other slot of the day too."""
    made = plan(
        season("2021-06-01", "2021-06-01", rule("10:00", "16:00"), exceptions=(skip("2021-06-01", "10:00", (NORTH,)),))
    )
    assert told(made, NORTH) == [("06-01 10:00", 1, "skipped"), ("06-01 16:00", 2, None)]
    assert told(made, SOUTH) == [("06-01 10:00", 1, None), ("06-01 16:00", 2, None)]


def test_a_moved_slot_keeps_its_episode() -> None:
    """Moved behind the next slot, it airs out of order: that is what was decided."""
    made = plan(
        season("2021-06-01", "2021-06-03", exceptions=(move("2021-06-01", to_date="2021-06-02", to_time="12:30"),))
    )
    assert told(made) == [("06-02 10:00", 2, None), ("06-02 12:30", 1, None), ("06-03 10:00", 3, None)]


def test_a_decision_for_a_date_goes_before_its_being_a_holiday() -> None:
    """A slot moved off a holiday airs, and so does one moved onto a holiday."""
    made = plan(
        season(
            "2021-06-28",
            "2021-06-30",
            rule("10:00", markets=(NORTH,)),
            holidays=HolidayPolicy.SKIP,
            exceptions=(move("2021-06-28", to_date="2021-06-29", to_time="12:00"), move("2021-06-29", to_time="11:00")),
        ),
        calendar=holidays("2021-06-29"),
    )
    assert told(made) == [("06-29 11:00", 2, None), ("06-29 12:00", 1, None), ("06-30 10:00", 3, None)]


def test_a_slot_moved_out_of_the_season_is_not_planned_and_noted() -> None:
    """Never outside the season's dates."""
    made = plan(season("2021-06-01", "2021-06-02", exceptions=(move("2021-06-02", to_date="2021-06-03"),)))
    assert told(made) == [("06-01 10:00", 1, None)]
    assert {note.code for note in made.notes} == {NoteCode.OUTSIDE}


def test_one_airing_per_market_and_minute() -> None:
    """Of two seasons in one minute the first file's airs; the other is noted."""
    made = plan(season("2021-06-01", "2021-06-01", name="b"), season("2021-06-01", "2021-06-01", name="a"))
    assert [(airing.market, airing.season) for airing in made.airings] == [(NORTH, "a"), (SOUTH, "a")]
    assert {(note.code, note.season) for note in made.notes} == {(NoteCode.CLASH, "b")}


def test_a_slot_moved_onto_another_gives_way() -> None:
    """The slot in its own place airs; the moved one is noted, not lost in silence."""
    made = plan(season("2021-06-01", "2021-06-02", exceptions=(move("2021-06-01", to_date="2021-06-02"),)))
    assert told(made) == [("06-02 10:00", 2, None)]
    assert {(note.code, note.episode) for note in made.notes} == {(NoteCode.CLASH, 1)}


def test_a_slot_moved_onto_a_cancelled_one_airs() -> None:
    """A cancelled airing keeps no minute from one that sounds."""
    made = plan(
        season("2021-06-01", "2021-06-02", exceptions=(move("2021-06-01", to_date="2021-06-02"), skip("2021-06-02")))
    )
    assert told(made) == [("06-02 10:00", 1, None)]
    assert made.notes == ()


def test_a_market_that_the_station_does_not_have_is_left_out() -> None:
    """The check names it; the plan does not stumble over it."""
    made = plan(season("2021-06-01", "2021-06-01", rule("10:00", markets=(NORTH, MarketId("nowhere")))))
    assert [airing.market for airing in made.airings] == [NORTH]


def test_airings_are_named_by_local_minute_and_market() -> None:
    """The name is the promise's key for ever."""
    made = plan(season("2021-06-18", "2021-06-18"))
    assert [airing.id for airing in made.airings] == ["2021-06-18T10:00/north", "2021-06-18T10:00/south"]


def test_a_plan_has_one_name_until_anything_in_it_changes() -> None:
    """The hash is the same for equal plans, and another when a minute or an episode differs."""
    one = plan(season("2021-06-01", "2021-06-03"))
    same = plan(season("2021-06-01", "2021-06-03"))
    others = [
        plan(season("2021-06-01", "2021-06-02")),
        plan(season("2021-06-01", "2021-06-03", rule("10:01"))),
        plan(season("2021-06-01", "2021-06-03", order=(1, 2, 4))),
        plan(season("2021-06-01", "2021-06-03", exceptions=(skip("2021-06-02"),))),
    ]
    assert plan_sha256(one) == plan_sha256(same)
    assert len({plan_sha256(made) for made in [one, *others]}) == 5
