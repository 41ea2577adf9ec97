"""The schedule as a calendar: read back by the library that wrote it, and by one that did not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject
from icalendar import Calendar
from office import SEASON, Office, library, office, read

from broadcaster import locale
from broadcaster.reports.calendar_file import calendar_file


@pytest.fixture(scope="module")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office(tmp_path_factory.mktemp("office"))


@pytest.fixture(autouse=True)
def _spanish() -> Iterator[None]:
    spoken = locale.language()
    locale.use("es")
    yield
    locale.use(spoken)


def written(here: Office, **lengths: float) -> bytes:
    return calendar_file(here.station, here.plan, here.seasons, here.plan.airings, library(**lengths))


def events(here: Office, **lengths: float) -> dict[str, Any]:
    """Each event by its UID."""
    return {str(event["uid"]): event for event in Calendar.from_ical(written(here, **lengths)).walk("VEVENT")}


def test_every_airing_is_one_event_under_its_own_name(amended: Office) -> None:
    """At its minute in Lima, where it sounds."""
    found = events(amended)
    assert list(found) == [airing.id for airing in amended.plan.airings]
    for airing in amended.plan.airings:
        event, market = found[airing.id], amended.station.markets[airing.market]
        assert event.decoded("dtstart") == airing.due
        assert event["dtstart"].params["TZID"] == "America/Lima"
        assert str(event["location"]) == f"{market.name}, {market.district}"


def test_an_episode_goes_by_its_number(amended: Office) -> None:
    """No title is known to the file."""
    assert str(events(amended)["2021-06-23T10:00/unicachi"]["summary"]) == "Defensoras al Parlante: episodio 4"


def test_an_event_is_as_long_as_its_master(amended: Office) -> None:
    """In whole seconds; without a master nothing is said of its length."""
    found = events(amended, e4=483.4)
    assert found["2021-06-23T10:00/unicachi"].decoded("duration") == timedelta(minutes=8, seconds=3)
    assert "duration" not in found["2021-06-25T10:00/unicachi"]


def test_what_does_not_air_is_cancelled_with_its_reason(amended: Office) -> None:
    """The slot that was taken out; all others are confirmed."""
    found = events(amended)
    cancelled = [uid for uid, event in found.items() if event["status"] == "CANCELLED"]
    assert cancelled == ["2021-06-11T10:00/unicachi"]
    assert {str(event["status"]) for event in found.values()} == {"CANCELLED", "CONFIRMED"}
    description = str(found[cancelled[0]]["description"])
    assert "Enmienda del 3 de junio" in description
    assert "Motivo: El mercado cierra por fiestas." in description


def test_an_amended_event_is_newer_than_it_was(amended: Office) -> None:
    """Its sequence rises with the day of the decision, and its stamp is that day; what no one changed keeps the first."""
    found = events(amended)
    plain, early, late = (
        found[uid] for uid in ("2021-06-23T10:00/unicachi", "2021-06-11T10:00/unicachi", "2021-06-19T16:00/unicachi")
    )
    assert plain["sequence"] == 0 < early["sequence"] < late["sequence"]
    assert [event.decoded("dtstamp") for event in (plain, early, late)] == [
        datetime(2021, 6, 11, 5, tzinfo=UTC),
        datetime(2021, 6, 3, 5, tzinfo=UTC),
        datetime(2021, 6, 14, 5, tzinfo=UTC),
    ]


def test_the_same_files_give_the_same_bytes(amended: Office, tmp_path: Path) -> None:
    """Today and tomorrow, here and on another computer."""
    assert written(amended, e4=483.4) == written(office(tmp_path), e4=483.4)


def test_another_reader_reads_the_same(amended: Office) -> None:
    """A parser of other people finds the same moments, places, letters and lengths."""
    calendar = vobject.readOne(written(amended, e2=360.0).decode())
    found = {event.uid.value: event for event in calendar.vevent_list}
    assert list(found) == [airing.id for airing in amended.plan.airings]
    for airing in amended.plan.airings:
        event = found[airing.id]
        assert event.dtstart.value.astimezone(UTC) == airing.due.astimezone(UTC)
        assert event.location.value.startswith(amended.station.markets[airing.market].name)
    extra = found["2021-06-19T16:00/el-bosque"]
    assert extra.duration.value == timedelta(minutes=6)
    assert "«¿sabía usted?», 20 °C" in extra.description.value


def test_lines_are_no_longer_than_the_standard_allows(amended: Office) -> None:
    """75 octets, ended by CR and LF."""
    lines = written(amended).split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\n" in line for line in lines)


def test_clocks_that_change_are_told_in_the_file(tmp_path: Path) -> None:
    """In Santiago 10:00 is 14:00 UTC in winter and 13:00 from 5 September 2021 on, for a reader without our zones too."""
    office(tmp_path, "")
    for file, old, new in (
        ("config.toml", "America/Lima", "America/Santiago"),
        (f"schedules/{SEASON}", "until = 2021-07-30", "until = 2021-09-30"),
    ):
        text = (tmp_path / file).read_text(encoding="utf-8")
        (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    calendar = vobject.readOne(written(read(tmp_path)).decode())
    hours = {event.uid.value[:10]: event.dtstart.value.astimezone(UTC).hour for event in calendar.vevent_list}
    assert (hours["2021-09-03"], hours["2021-09-08"]) == (14, 13)
