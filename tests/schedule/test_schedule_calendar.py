"""Public holidays of Peru, and what a decree changes."""

from datetime import date

import pytest
from season_builders import extra, move, plan, rule, season, told

from broadcaster.config import CalendarSettings
from broadcaster.errors import ConfigurationError
from broadcaster.model import HolidayPolicy
from broadcaster.schedule.calendar import read_calendar

PERU = CalendarSettings("PE", working={}, holidays={})
WEDNESDAY, FRIDAY = 2, 4


def clashes(year: int) -> list[str]:
    """The slots of a Wednesday and Friday season of June and July that fall on a holiday."""
    made = plan(
        season(
            f"{year}-06-01",
            f"{year}-07-31",
            rule("10:00", weekdays=frozenset({WEDNESDAY, FRIDAY})),
            holidays=HolidayPolicy.SKIP,
        ),
        calendar=read_calendar(PERU, {year}),
    )
    return [slot[:5] for slot, _, cancelled in told(made) if cancelled == "holiday"]


def test_in_2021_only_28_july_clashes() -> None:
    """29 June was a Tuesday and 29 July a Thursday."""
    assert clashes(2021) == ["07-28"]


@pytest.mark.parametrize("year", range(2021, 2031))
def test_every_season_meets_one_or_two_holidays(year: int) -> None:
    """No year from 2021 to 2030 goes without: a season must say what it does on them."""
    assert 1 <= len(clashes(year)) <= 2


def test_holidays_came_with_their_laws() -> None:
    """23 July since 2023, 7 June since 2024: the law of each year counts."""
    calendar = read_calendar(PERU, {2022, 2023, 2024})
    assert [calendar.is_holiday(date(year, 7, 23)) for year in (2022, 2023, 2024)] == [False, True, True]
    assert [calendar.is_holiday(date(year, 6, 7)) for year in (2022, 2023, 2024)] == [False, False, True]


def test_a_decree_can_make_a_holiday_and_undo_one() -> None:
    """29 July 2020 was worked; a day given by decree is a holiday."""
    settings = CalendarSettings(
        "PE", working={date(2020, 7, 29): "DU 081-2020"}, holidays={date(2020, 7, 31): "a decree"}
    )
    calendar = read_calendar(settings, {2020})
    days = (date(2020, 7, 28), date(2020, 7, 29), date(2020, 7, 30), date(2020, 7, 31))
    assert [calendar.is_holiday(day) for day in days] == [True, False, False, True]


def test_on_a_day_of_silence_nothing_airs_whatever_the_rules_and_exceptions_say() -> None:
    """Its slots stay listed with that reason, also an extra one and one moved there; the day after airs as ever."""
    settings = CalendarSettings("PE", {}, {}, blackouts={date(2021, 6, 2): "Elecciones"})
    decided = (extra("2021-06-02", "12:00", 9), move("2021-06-03", to_date="2021-06-02", to_time="15:00"))
    week = season("2021-06-01", "2021-06-03", rule("10:00"), exceptions=decided)
    made = plan(week, calendar=read_calendar(settings, {2021}))
    assert [slot for slot, _, cancelled in told(made) if cancelled != "blackout"] == ["06-01 10:00"]
    assert len([slot for slot, _, cancelled in told(made) if cancelled == "blackout"]) == 3


def test_a_country_without_holidays_is_a_fault_with_its_key() -> None:
    """Two letters that are no country known."""
    with pytest.raises(ConfigurationError) as caught:
        read_calendar(CalendarSettings("XX", {}, {}), {2021})
    assert [(fault.file, fault.key) for fault in caught.value.faults] == [("config.toml", "calendar.country")]
