"""Before a market's computer falls silent for want of a stick somebody is told: five days before, that day, and after it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadcaster import locale
from broadcaster.care.alerts.alert import Cause
from broadcaster.care.alerts.due import alerts_due
from broadcaster.care.alerts.words import said
from broadcaster.journal.events import Event, LeaseGiven, LeaseRenewed, OfficePaired
from broadcaster.journal.row import Row
from broadcaster.model import ClockTrust

LIMA = ZoneInfo("America/Lima")
LAST = date(2021, 6, 25)
PAIRED = OfficePaired("office", "00", "00")
GIVEN = LeaseGiven("box", LAST)


def rows(*events: Event) -> list[Row]:
    written = datetime(2021, 6, 11, 12, tzinfo=LIMA)
    return [
        Row("box", 1, seq, written, 0, 0.0, "one", ClockTrust.SYNCED, each, "", "") for seq, each in enumerate(events)
    ]


def told(day: date, at: time = time(9), *events: Event, sent: tuple[str, ...] = ()) -> list[str]:
    """The keys of what is to be told then."""
    now = datetime.combine(day, at, LIMA)
    return [alert.key for alert in alerts_due(rows(*(events or (PAIRED, GIVEN))), (), now, sent)]


def test_it_is_told_once_five_days_before_once_on_the_last_day_and_once_when_it_is_silent() -> None:
    sent: list[str] = []
    found = {}
    for after in range(-10, 40):
        day = LAST + timedelta(days=after)
        for hour in (0, 7, 8, 20):
            fresh = told(day, time(hour), sent=tuple(sent))
            found.update(dict.fromkeys(fresh, (after, hour)))
            sent += fresh
    assert found == {"lease/2021-06-20": (-5, 8), "lease/2021-06-25": (0, 8), "lease/2021-06-26": (1, 8)}


def test_a_computer_that_was_off_on_that_day_tells_it_when_it_is_on_again_and_only_the_newest() -> None:
    assert told(LAST - timedelta(days=3)) == ["lease/2021-06-20"]
    assert told(LAST + timedelta(days=9)) == ["lease/2021-06-26"]


def test_a_new_stick_or_a_dictated_code_ends_it() -> None:
    later = LAST + timedelta(days=14)
    assert told(LAST, time(9), PAIRED, GIVEN, LeaseGiven("box", later)) == []
    assert told(LAST, time(9), PAIRED, GIVEN, LeaseRenewed(later)) == []
    assert told(later, time(9), PAIRED, GIVEN, LeaseRenewed(later)) == [f"lease/{later.isoformat()}"]


def test_an_office_and_a_station_of_its_own_have_nothing_to_tell() -> None:
    assert told(LAST, time(9), GIVEN) == []
    assert told(LAST, time(9), PAIRED) == []


def test_it_says_until_when_and_what_to_do_and_then_that_it_is_silent() -> None:
    for language, (soon, silent) in {
        "en": ("may play until", "nothing sounds"),
        "es": ("hasta el", "ya no suena"),
    }.items():
        locale.use(language)
        words = []
        for day in (LAST, LAST + timedelta(days=1)):
            [alert] = alerts_due(rows(PAIRED, GIVEN), (), datetime.combine(day, time(9), LIMA), ())
            assert alert.cause is Cause.LEASE
            words.append(said(alert))
        assert soon in words[0]
        assert silent in words[1]
        assert all("25/06/2021" in each and "broadcaster bundle code" in each for each in words)
