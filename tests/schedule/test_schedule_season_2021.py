"""The real season: Wednesdays and Fridays, 11 June to 30 July 2021, four markets, 10:00."""

from collections import Counter
from pathlib import Path

import pytest

from broadcaster.config import Station, load_station
from broadcaster.model import HolidayPolicy, Plan
from broadcaster.schedule.load import load_plan
from broadcaster.schedule.season import read_seasons

ROOT = Path(__file__).parents[2]
DAYS = {6: (11, 16, 18, 23, 25, 30), 7: (2, 7, 9, 14, 16, 21, 23, 28, 30)}
DATES = [f"2021-{month:02}-{day:02}" for month, days in DAYS.items() for day in days]


@pytest.fixture(scope="module")
def station() -> Station:
    return load_station(ROOT)


@pytest.fixture(scope="module")
def plan(station: Station) -> Plan:
    return load_plan(station)


def test_sixty_airings_fifteen_a_market(plan: Plan) -> None:
    """15 slots in four markets."""
    assert Counter(airing.market for airing in plan.airings) == {
        "mercado-central": 15,
        "el-bosque": 15,
        "unicachi": 15,
        "huamantanga": 15,
    }
    assert plan.notes == ()


def test_the_fifteen_dates(plan: Plan) -> None:
    """From Friday 11 June to Friday 30 July, always at 10:00 in Lima, which is 15:00 UTC."""
    assert [f"{airing.due:%Y-%m-%d}" for airing in plan.airings if airing.market == "unicachi"] == DATES
    assert {airing.due.isoformat()[10:] for airing in plan.airings} == {"T10:00:00-05:00"}


def test_episode_one_on_11_june_and_three_on_18_june_everywhere(plan: Plan) -> None:
    """The two dates that press notes confirm."""
    episodes = {f"{airing.due:%m-%d}": airing.episode for airing in plan.airings}
    assert (episodes["06-11"], episodes["06-18"], episodes["07-30"]) == (1, 3, 15)
    assert sum(airing.id.startswith("2021-06-18T10:00/") and airing.episode == 3 for airing in plan.airings) == 4


def test_the_holiday_of_28_july_airs(station: Station, plan: Plan) -> None:
    """Markets do not rest on holidays as the municipality does: the policy is to air."""
    (season,) = read_seasons(station)
    assert season.holidays is HolidayPolicy.AIR
    on_the_day = [airing for airing in plan.airings if f"{airing.due:%m-%d}" == "07-28"]
    assert len(on_the_day) == 4
    assert {airing.cancelled for airing in on_the_day} == {None}


def test_every_airing_falls_in_the_hours_of_its_market(station: Station, plan: Plan) -> None:
    """10:00 is open and not quiet in all four."""
    assert all(station.markets[airing.market].may_sound(airing.due.time()) for airing in plan.airings)


def test_what_no_source_gives_is_marked_in_the_file() -> None:
    """The time of day and the last date are suppositions."""
    text = (ROOT / "schedules" / "2021-junio-julio.toml").read_text(encoding="utf-8")
    lines = {line.split(" =")[0]: line for line in text.splitlines() if " = " in line and not line.startswith("#")}
    assert "unconfirmed" in lines["times"]
    assert "unconfirmed" in lines["until"]


def test_the_examples_in_the_comments_are_good_exceptions(station: Station, tmp_path: Path) -> None:
    """Uncommented, they are read and do what they say."""
    text = (ROOT / "schedules" / "2021-junio-julio.toml").read_text(encoding="utf-8")
    head, _, examples = text.partition("# [[exceptions]]")
    live = "\n".join(line.removeprefix("# ").removeprefix("#") for line in f"[[exceptions]]{examples}".splitlines())
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules" / "s.toml").write_text(head + live, encoding="utf-8")
    (tmp_path / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    plan = load_plan(load_station(tmp_path))
    cancelled = [(airing.id, airing.cancelled) for airing in plan.airings if airing.cancelled]
    assert cancelled == [("2021-07-28T10:00/unicachi", "skipped")]
    assert sum(f"{airing.due:%m-%d %H:%M}" == "07-08 11:00" for airing in plan.airings) == 4
    assert [airing.episode for airing in plan.airings if f"{airing.due:%m-%d}" == "07-14"] == [3] * 4
    assert [(airing.id, airing.episode) for airing in plan.airings if f"{airing.due:%H}" == "16"] == [
        ("2021-07-15T16:00/el-bosque", 1)
    ]
