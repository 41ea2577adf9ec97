"""What would go wrong on the air is found beforehand, with file and key."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from season_builders import LIMA, NORTH, SOUTH, extra, holidays, move, rule, season, skip, swap

from broadcaster import locale
from broadcaster.config import Station, load_station
from broadcaster.journal.events import Promise
from broadcaster.model import (
    AiringId,
    Announcement,
    Edition,
    EpisodeNumber,
    EpisodeStatus,
    HolidayPolicy,
    Hours,
    MarketId,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.playout.cueing import Situation, cut_at
from broadcaster.schedule.calendar import Calendar
from broadcaster.schedule.check import faults
from broadcaster.schedule.plan import make_plan
from broadcaster.schedule.season import Season

SHIPPED = load_station(Path(__file__).parents[2])
OPEN = Hours(time(6), time(18))
QUIET = (Hours(time(20), time(8)),)
A_DAY = ("2021-06-01", "2021-06-01")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    spoken = locale.language()
    locale.use("en")
    yield
    locale.use(spoken)


def station(hours: Hours = OPEN, quiet: tuple[Hours, ...] = QUIET) -> Station:
    """Two markets with these hours."""
    model = next(iter(SHIPPED.markets.values()))
    markets = {id_: replace(model, id=id_, output=id_, hours=hours, quiet=quiet) for id_ in (NORTH, SOUTH)}
    return replace(SHIPPED, markets=markets)


def library(length_s: float = 60.0, **reasons: Reason) -> Mapping[EpisodeNumber, EpisodeStatus]:
    """Episodes 1 to 9 of this length; ``e3=Reason.…`` keeps one off the air."""
    return {
        EpisodeNumber(number): EpisodeStatus(
            EpisodeNumber(number), 1, Sha256("0" * 64), Seconds(length_s), reasons.get(f"e{number}")
        )
        for number in range(1, 10)
    }


def found(
    *seasons: Season,
    at: Station | None = None,
    statuses: Mapping[EpisodeNumber, EpisodeStatus] | None = None,
    calendar: Calendar | None = None,
    announced: Mapping[Announcement, Seconds] | None = None,
) -> list[tuple[str, str]]:
    """Key and problem of each fault."""
    here = at or station()
    plan = make_plan(seasons, here.markets, calendar or Calendar(), here.timezone, here.grace_s)
    return [
        (f"{fault.file.split('/')[1]}: {fault.key}", fault.problem)
        for fault in faults(plan, seasons, here, library() if statuses is None else statuses, announced or {})
    ]


def keys(*seasons: Season, at: Station | None = None) -> list[str]:
    return [key for key, _ in found(*seasons, at=at)]


def test_a_season_in_order_has_no_fault() -> None:
    """Three days, three episodes, open markets."""
    assert found(season("2021-06-01", "2021-06-03")) == []


def test_an_unknown_market_is_named_with_the_nearest_known() -> None:
    """In rules and in exceptions."""
    lost = MarketId("nort")
    assert found(
        season(*A_DAY, rule("10:00", markets=(NORTH, lost)), exceptions=(skip("2021-06-01", markets=(NORTH, lost)),))
    ) == [
        ("s.toml: rules[1].markets[2]", "there is no market nort; did you mean north?"),
        ("s.toml: exceptions[1].markets[2]", "there is no market nort; did you mean north?"),
    ]


@pytest.mark.parametrize("at", ["05:59", "07:59", "18:00", "20:00", "23:00"])
def test_a_time_out_of_hours_is_found(at: str) -> None:
    """Closed or quiet, in each market."""
    assert keys(season(*A_DAY, rule("10:00", at))) == ["s.toml: rules[1].times[2]"] * 2


def test_a_slot_moved_out_of_hours_is_found() -> None:
    """The exception's own key is named."""
    moved = season(*A_DAY, exceptions=(move("2021-06-01", markets=(NORTH,), to_time="21:00"),))
    assert keys(moved) == ["s.toml: exceptions[1].to_time"]


def test_a_slot_beyond_the_order_has_no_episode() -> None:
    """The date is said."""
    assert found(season("2021-06-01", "2021-06-02", order=(1,))) == [
        (
            "s.toml: order",
            "the order ends before 2021-06-02 10:00, which has no episode; add to it or end the season earlier",
        )
    ]


def test_an_episode_that_the_library_lacks_is_found_once_for_all_markets() -> None:
    """No folder, or a number the library knows nothing of."""
    statuses = {**library(e2=Reason.NO_EPISODE)}
    del statuses[EpisodeNumber(3)]
    assert found(season("2021-06-01", "2021-06-04"), statuses=statuses) == [
        ("s.toml: first_episode", "2021-06-02 10:00 has no episode: number 2 is not in the library; add it"),
        ("s.toml: first_episode", "2021-06-03 10:00 has no episode: number 3 is not in the library; add it"),
    ]


def test_an_episode_that_only_lacks_approval_is_no_fault_of_the_schedule() -> None:
    """The preview says so; the schedule is in order."""
    assert found(season(*A_DAY), statuses=library(e1=Reason.NOT_APPROVED)) == []


def test_an_episode_longer_than_the_time_to_the_next_airing_overlaps() -> None:
    """Of ten minutes the last ten seconds belong to nobody, and the second before to the master's tail."""
    close = season(*A_DAY, rule("10:00", "10:10", markets=(NORTH,)))
    assert found(close, statuses=library(589.0)) == []
    assert found(close, statuses=library(590.0)) == [
        (
            "s.toml: rules[1].times[1]",
            "episode 1 lasts 9:50 and overlaps: on 2021-06-01 10:00 north has room for 9:49 before the next one",
        )
    ]


def test_what_a_market_lets_sound_before_every_episode_counts_though_it_is_not_ready_for_this_one() -> None:
    """It lasts as long as before any other; what has been put before none is not known, and counts nothing."""
    here = station()
    chime = Announcement(chime="careta")
    here = replace(here, markets={**here.markets, NORTH: replace(here.markets[NORTH], chime="careta", ident="")})
    close = season(*A_DAY, rule("10:00", "10:10", markets=(NORTH,)))
    assert found(close, at=here, statuses=library(580.0)) == []
    assert found(close, at=here, statuses=library(580.0), announced={chime: Seconds(9.0)}) == []
    ((_key, problem),) = found(close, at=here, statuses=library(580.0), announced={chime: Seconds(10.0)})
    assert "lasts 9:50" in problem
    ready = Edition(chime, Sha256("1" * 64), (), Seconds(5.0), Seconds(585.0))
    made = {number: replace(each, editions=(ready,)) for number, each in library(580.0).items()}
    assert found(close, at=here, statuses=made, announced={chime: Seconds(10.0)}) == []


@pytest.mark.parametrize("following", ["10:10", None], ids=["before the next airing", "before the market closes"])
def test_what_the_check_approves_is_never_cut_by_playout(following: str | None) -> None:
    """Both hold to the same moment: the master fits, tail included, or it is a fault."""
    market = station(OPEN, QUIET).markets[NORTH]
    first = "10:00" if following else "17:50"
    due = datetime.combine(date(2021, 6, 1), time.fromisoformat(first), tzinfo=LIMA)
    promise = Promise(AiringId("a"), NORTH, due, EpisodeNumber(1), Seconds(0.0))
    next_due = due + timedelta(minutes=10) if following else None
    situation = Situation(now=due, promise=promise, market=market, zone=LIMA, status=None, next_due=next_due)
    ends = cut_at(situation)
    assert ends is not None
    times = [first, following] if following else [first]
    for length_s in range(580, 605):
        silent = due + timedelta(seconds=length_s + 1)
        faults = found(season(*A_DAY, rule(*times, markets=(NORTH,))), statuses=library(float(length_s)))
        assert bool(faults) == (silent > ends), length_s


def test_two_seasons_overlap_on_one_output() -> None:
    """An airing of another file counts as the next airing."""
    one = season(*A_DAY, rule("10:00", markets=(NORTH,)), name="a")
    other = season(*A_DAY, rule("10:05", markets=(NORTH,)), name="b")
    assert [key for key, _ in found(one, other, statuses=library(400.0))] == ["a.toml: rules[1].times[1]"]


def test_a_cancelled_airing_is_in_nobodys_way() -> None:
    """A skipped slot leaves its room to the one before."""
    free = season(*A_DAY, rule("10:00", "10:05"), exceptions=(skip("2021-06-01", "10:05"),))
    assert found(free, statuses=library(400.0)) == []


@pytest.mark.parametrize(
    ("hours", "quiet", "at"),
    [
        (OPEN, QUIET, "17:55"),
        (Hours(time(6), time(23)), QUIET, "19:55"),
        (Hours(time(18), time(2)), (), "01:55"),
        (Hours(time(0), time.max), (Hours(time(0), time(6)),), "23:55"),
    ],
)
def test_an_episode_longer_than_the_time_to_silence_is_found(hours: Hours, quiet: tuple[Hours, ...], at: str) -> None:
    """The market closes, or its quiet hours begin, in five minutes; over midnight too."""
    late, here = season(*A_DAY, rule(at)), station(hours, quiet)
    assert found(late, at=here, statuses=library(299.0)) == []
    assert [key for key, _ in found(late, at=here, statuses=library(300.0))] == ["s.toml: rules[1].times[1]"] * 2


def test_a_market_open_day_and_night_ends_no_episode_at_midnight() -> None:
    """00:00-24:00 without quiet hours has no end."""
    always = station(Hours(time(0), time.max), ())
    assert found(season(*A_DAY, rule("23:59")), at=always, statuses=library(3600.0)) == []


def test_two_airings_in_one_minute_overlap() -> None:
    """The second file's key is named."""
    doubled = [season(*A_DAY, rule("10:00", markets=(NORTH,)), name=name) for name in ("a", "b")]
    assert found(*doubled) == [
        (
            "b.toml: rules[1].times[1]",
            "2021-06-01 10:00 at north overlaps another airing of the same minute; move one of them",
        )
    ]


def test_a_slot_moved_onto_another_overlaps() -> None:
    """The exception that moves it is named."""
    assert keys(
        season(
            "2021-06-01",
            "2021-06-02",
            rule("10:00", markets=(NORTH,)),
            exceptions=(move("2021-06-01", to_date="2021-06-02"),),
        )
    ) == ["s.toml: exceptions[1].to_date"]


def test_a_shift_beyond_the_seasons_end_is_found() -> None:
    """The last episode no longer fits."""
    shifted = season("2021-06-28", "2021-06-30", rule("10:00", markets=(NORTH,)), holidays=HolidayPolicy.SHIFT)
    assert found(shifted, calendar=holidays("2021-06-29")) == [
        ("s.toml: holidays", "holidays shift episode 3 beyond the season's end at north, 2021-06-30; extend until")
    ]


def test_an_order_longer_than_the_season_is_found() -> None:
    """The episode without a slot is named."""
    assert [key for key, _ in found(season(*A_DAY, rule("10:00", markets=(NORTH,)), order=(1, 2)))] == ["s.toml: order"]


def test_weekdays_that_never_come_are_found() -> None:
    """A Tuesday has no Sunday in it."""
    assert keys(season(*A_DAY, rule("10:00"), rule("11:00", weekdays=frozenset({6})))) == ["s.toml: rules[2].weekdays"]


def test_an_exception_about_no_slot_is_found() -> None:
    """A wrong date, time or market would otherwise do nothing, in silence."""
    idle = season(
        "2021-06-01",
        "2021-06-03",
        rule("10:00", markets=(NORTH,)),
        exceptions=(skip("2021-06-01", "10:30"), skip("2021-06-02", markets=(SOUTH,)), skip("2021-06-03")),
    )
    assert keys(idle) == ["s.toml: exceptions[1].date", "s.toml: exceptions[2].date"]


def test_two_exceptions_about_one_slot_are_found() -> None:
    """Only one of them can hold."""
    doubled = season(*A_DAY, exceptions=(skip("2021-06-01"), move("2021-06-01", markets=(NORTH,), to_time="11:00")))
    assert found(doubled) == [
        ("s.toml: exceptions[2].date", "exceptions[1] already speaks of the same slot; one of them must go")
    ]


def test_an_ordered_episode_that_the_library_lacks_is_found() -> None:
    """At the key that orders it."""
    ordered = season(*A_DAY, exceptions=(swap("2021-06-01", 77, markets=(NORTH,)), extra("2021-06-01", "16:00", 78)))
    assert found(ordered) == [
        (
            "s.toml: exceptions[1].episode",
            "2021-06-01 10:00 has no episode: number 77 is not in the library; add it",
        ),
        (
            "s.toml: exceptions[2].episode",
            "2021-06-01 16:00 has no episode: number 78 is not in the library; add it",
        ),
    ]


def test_an_extra_slot_out_of_hours_is_found() -> None:
    """In each of its markets, at its own time."""
    assert keys(season(*A_DAY, exceptions=(extra("2021-06-01", "19:00", 2),))) == ["s.toml: exceptions[1].time"] * 2


def test_an_extra_slot_in_an_unknown_market_is_found() -> None:
    """As everywhere."""
    lost = season(*A_DAY, exceptions=(extra("2021-06-01", "16:00", 2, (MarketId("nort"),)),))
    assert keys(lost) == ["s.toml: exceptions[1].markets[1]"]


def test_an_extra_slot_at_a_taken_minute_is_found() -> None:
    """It would not air: what to do instead is said."""
    taken = season(*A_DAY, exceptions=(extra("2021-06-01", "10:00", 2, (NORTH,)),))
    assert found(taken) == [
        (
            "s.toml: exceptions[1].time",
            "2021-06-01 10:00 at north is taken by another airing; choose another time, or replace instead of extra",
        )
    ]


def test_an_extra_slot_where_another_exception_takes_the_slot_out_is_found() -> None:
    """One says nothing airs, the other says what: replace is meant."""
    for pair in (
        (skip("2021-06-01"), extra("2021-06-01", "10:00", 2)),
        (
            extra("2021-06-01", "10:00", 2),
            skip("2021-06-01"),
        ),
    ):
        assert found(season(*A_DAY, exceptions=pair)) == [
            ("s.toml: exceptions[2].date", "exceptions[1] already speaks of the same slot; one of them must go")
        ]


def test_two_extra_slots_in_one_minute_are_found() -> None:
    """Only one of them can air."""
    doubled = season(*A_DAY, exceptions=(extra("2021-06-01", "16:00", 2), extra("2021-06-01", "16:00", 3, (NORTH,))))
    assert keys(doubled) == ["s.toml: exceptions[1].time"]


def test_an_extra_slot_that_overlaps_the_next_airing_is_found() -> None:
    """At its own time."""
    close = season(*A_DAY, rule("10:00", markets=(NORTH,)), exceptions=(extra("2021-06-01", "09:50", 2),))
    here = found(close, statuses=library(601.0))
    assert [key for key, _ in here] == ["s.toml: exceptions[1].time"]


def test_a_replacement_of_no_slot_is_found() -> None:
    """A wrong date or time would otherwise do nothing, in silence."""
    idle = season("2021-06-01", "2021-06-03", exceptions=(swap("2021-06-01", 2, "10:30"), swap("2021-06-02", 2)))
    assert keys(idle) == ["s.toml: exceptions[1].date"]


def test_every_kind_of_fault_is_said_at_once() -> None:
    """No fault hides another, nor another file's."""
    bad = season(
        "2021-06-01",
        "2021-06-02",
        rule("10:00", "05:00", markets=(NORTH, MarketId("west"))),
        name="a",
        order=(1, 2, 77),
        exceptions=(skip("2021-06-02", "12:00"),),
    )
    assert keys(bad, season(*A_DAY, rule("10:00", markets=(NORTH,)), name="b")) == [
        "a.toml: rules[1].markets[2]",
        "a.toml: rules[1].times[2]",
        "a.toml: exceptions[1].date",
        "a.toml: order[3]",
        "a.toml: order",
        "b.toml: rules[1].times[1]",
    ]
