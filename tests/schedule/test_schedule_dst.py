"""Zones whose clocks change: a minute that does not exist, and one that comes twice."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from season_builders import NORTH, plan, rule, season

from broadcaster.model import Airing, Hours, Market, MarketId, NoteCode, Plan
from broadcaster.schedule.window import closing


def made(zone: str, day: str, *times: str) -> Plan:
    return plan(season(day, day, rule(*times, markets=(NORTH,))), zone=ZoneInfo(zone))


def moments(airings: tuple[Airing, ...]) -> list[tuple[str, str]]:
    """Name and UTC time of each airing."""
    return [(airing.id.split("/")[0][11:], f"{airing.due.astimezone(UTC):%H:%M}") for airing in airings]


@pytest.mark.parametrize(
    ("zone", "day", "at", "instead", "utc"),
    [
        ("America/Santiago", "2021-09-05", "00:30", "01:30", "04:30"),
        ("Europe/Madrid", "2021-03-28", "02:30", "03:30", "01:30"),
        ("America/Havana", "2021-03-14", "00:15", "01:15", "05:15"),
    ],
)
def test_a_minute_in_the_gap_airs_as_much_later_as_the_gap_is_long(
    zone: str, day: str, at: str, instead: str, utc: str
) -> None:
    """It is planned once, under the minute at which it really airs, and the plan says so."""
    planned = made(zone, day, at)
    assert moments(planned.airings) == [(instead, utc)]
    (note,) = planned.notes
    assert (note.code, f"{note.slot:%H:%M}", note.due) == (NoteCode.GAP, at, planned.airings[0].due)


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("America/Santiago", "2021-04-03", "23:30", "02:30"),
        ("Europe/Madrid", "2021-10-31", "02:30", "00:30"),
        ("America/Havana", "2021-11-07", "00:30", "04:30"),
    ],
)
def test_a_minute_that_comes_twice_airs_the_first_time_only(zone: str, day: str, at: str, utc: str) -> None:
    """One airing, at the earlier of the two moments, without Z1 in its name."""
    planned = made(zone, day, at)
    assert moments(planned.airings) == [(at, utc)]
    assert planned.notes == ()


def test_a_gap_that_pushes_one_slot_onto_another_leaves_one() -> None:
    """02:30 becomes 03:30, where an airing stands already: the one in its own place stays."""
    planned = made("Europe/Madrid", "2021-03-28", "02:30", "03:30")
    assert moments(planned.airings) == [("03:30", "01:30")]
    assert planned.airings[0].episode == 2
    assert {note.code for note in planned.notes} == {NoteCode.GAP, NoteCode.CLASH}


def test_a_day_that_a_zone_left_out_is_not_planned_outside_the_season() -> None:
    """Samoa had no 30 December 2011."""
    planned = made("Pacific/Apia", "2011-12-30", "10:00")
    assert planned.airings == ()
    assert {note.code for note in planned.notes} == {NoteCode.OUTSIDE}


def test_lima_has_no_gap_and_no_fold() -> None:
    """Every hour of a year of slots stands where its rule says."""
    planned = plan(season("2021-01-01", "2021-12-31", rule(*(f"{hour:02}:30" for hour in range(24)), markets=(NORTH,))))
    assert len(planned.airings) == 365 * 24
    assert planned.notes == ()


def test_quiet_hours_that_the_night_leaves_out_silence_nothing_that_night() -> None:
    """From 00:31 to 00:50, where it is 01:00 after 23:59: what airs at 01:30 sounds until the next night."""
    santiago = ZoneInfo("America/Santiago")
    gone = Hours(time(0, 31), time(0, 50))
    quiet = Market(NORTH, "Norte", (), "Lima", "150101", "out", Hours(time(0), time.max), (gone,), 0.8, 1.0, "")
    begins = datetime(2021, 9, 5, 1, 30, tzinfo=santiago)
    assert closing(quiet, begins) == datetime(2021, 9, 6, 0, 31, tzinfo=santiago)


@pytest.mark.parametrize(
    ("zone", "quiet", "moment", "silent"),
    [
        # From 02:00 it is 03:00: half past two never comes, and silence begins with the leap.
        ("Europe/Madrid", ("02:30", "06:00"), "2021-03-28T00:50", "2021-03-28T01:00"),
        # Half past midnight comes twice; asked between the two, the second is meant.
        ("America/Havana", ("00:30", "06:00"), "2021-11-07T05:10", "2021-11-07T05:30"),
        # Fallen back from 01:00 to 00:00, into hours of silence that were over.
        ("America/Havana", ("23:00", "00:45"), "2021-11-07T04:50", "2021-11-07T05:00"),
    ],
)
def test_silence_begins_at_the_first_moment_of_it_also_when_the_clocks_change(
    zone: str, quiet: tuple[str, str], moment: str, silent: str
) -> None:
    """Moments in UTC; held against a clock that is read minute by minute."""
    here = ZoneInfo(zone)
    market = Market(
        MarketId("m"),
        "M",
        (),
        "",
        "",
        "o",
        Hours(time(0), time.max),
        (Hours(*map(time.fromisoformat, quiet)),),
        1,
        1,
        "",
    )
    begin = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert market.may_sound(begin.astimezone(here).time())
    minutes = (begin + timedelta(minutes=minute) for minute in range(1, 2 * 24 * 60))
    first = next(minute for minute in minutes if not market.may_sound(minute.astimezone(here).time()))
    assert closing(market, begin.astimezone(here)) == first == datetime.fromisoformat(silent).replace(tzinfo=UTC)
