"""What an episode says people should call answers: somebody called, not too long ago; a wrong number is not said at all."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from library_station import CEM, DEFENDER, LINEA_100, THREE, TODAY, Approve, SetClock, Shelf, pin_of, refused

from broadcaster.config import SafetySettings, Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import HelplineVerified, HelplineWrong
from broadcaster.library import calling
from broadcaster.library.catalogue import rules_of
from broadcaster.library.decisions import decisions_of
from broadcaster.library.helplines import Standing, standing_of
from broadcaster.library.people_refusals import NotAllowed, UnknownCode, WrongPin
from broadcaster.model import Flag, Helpline, Reason

DAYS = 90
CALLED = replace(LINEA_100, verified_on=TODAY)
"""Línea 100, called today according to the station's file."""


@pytest.fixture
def ready(station: Station, shelf: Shelf, approve: Approve) -> Shelf:
    """Episode 3 with every gate open but that nobody has called its helpline."""
    shelf.admit(consented=True, helplines=("linea-100",), helpline_numbers=())
    approve(3, "uno", "dos")
    return shelf


def having(station: Station, *helplines: Helpline) -> Station:
    return replace(station, helplines={each.id: each for each in helplines})


def test_a_number_that_nobody_ever_called_does_not_count(station: Station, ready: Shelf) -> None:
    assert ready.status().reason is Reason.NO_HELPLINE
    assert ready.status(samples_may_air=True).reason is None, "a rehearsal may be of any day"


def test_a_call_counts_ninety_days_then_fourteen_flagged_then_no_more(
    station: Station, journal: Journal, ready: Shelf, hands: None
) -> None:
    """Judged on the day of each airing."""
    calling.verify_helpline(journal, station, "linea-100", DEFENDER, pin_of(DEFENDER))

    def seen(after: int) -> tuple[Reason | None, tuple[Flag, ...]]:
        status = ready.status(day=TODAY + timedelta(days=after))
        return status.reason, status.flags

    assert [seen(after) for after in (0, DAYS)] == [(None, ())] * 2
    assert [seen(after) for after in (DAYS + 1, DAYS + 14)] == [(None, (Flag.HELPLINE_STALE,))] * 2
    assert seen(DAYS + 15)[0] is Reason.NO_HELPLINE
    shorter = replace(station, safety=SafetySettings(helpline_verified_days=7))
    assert ready.status(day=TODAY + timedelta(days=22), station=shorter).reason is Reason.NO_HELPLINE


def test_a_number_that_keeps_an_episode_off_the_air_is_not_told_a_second_time(ready: Shelf, station: Station) -> None:
    """«Nobody called it yet» and «it was not called lately» would be two errands for one call."""
    status = ready.status(station=station)
    assert (status.reason, status.flags) == (Reason.NO_HELPLINE, ())


def test_the_day_in_the_stations_file_is_the_first_call(station: Station, ready: Shelf) -> None:
    assert ready.status(station=having(station, CALLED)).reason is None
    old = replace(CALLED, verified_on=TODAY - timedelta(days=DAYS + 15))
    assert ready.status(station=having(station, old)).reason is Reason.NO_HELPLINE


@pytest.mark.parametrize(
    "registered",
    [
        None,
        replace(CALLED, wrong=True),
        replace(CALLED, valid_to=TODAY - timedelta(days=1)),
        replace(CALLED, valid_from=TODAY + timedelta(days=1)),
    ],
    ids=["unregistered", "wrong", "past", "future"],
)
def test_a_helpline_must_be_registered_valid_and_right(
    station: Station, ready: Shelf, registered: Helpline | None
) -> None:
    known = having(station, *([registered] if registered else []))
    assert ready.status(station=known).reason is Reason.NO_HELPLINE


def test_one_good_helpline_is_enough_beside_one_that_is_out_of_date_and_the_episode_is_flagged(
    station: Station, shelf: Shelf, approve: Approve
) -> None:
    shelf.admit(helplines=("cem", "linea-100"), helpline_numbers=("", "100"))
    approve(3, "uno", "dos")
    known = having(station, CALLED, replace(CEM, valid_to=TODAY - timedelta(days=1)))
    status = shelf.status(station=known)
    assert (status.reason, status.flags) == (None, (Flag.HELPLINE_STALE,))


def test_a_wrong_number_keeps_an_episode_off_the_air_whatever_else_it_says(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    """Who is in danger dials the one she remembers. Any registered person may say so."""
    shelf.admit(helplines=("cem", "linea-100"), helpline_numbers=("", "100"))
    approve(3, "uno", "dos")
    assert shelf.status().reason is None
    calling.report_wrong(journal, station, "cem", DEFENDER, pin_of(DEFENDER))
    assert shelf.status().reason is Reason.NO_HELPLINE
    assert shelf.status(samples_may_air=True).reason is Reason.NO_HELPLINE, "in a rehearsal too"


def test_a_number_is_another_number_when_it_was_corrected(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    """The episode still says the old one; a new revision says the new one, once somebody has called it."""
    shelf.admit()
    approve(3, "uno", "dos")
    calling.report_wrong(journal, station, "linea-100", "uno", pin_of("uno"))
    corrected = having(station, replace(LINEA_100, number="1000"))
    assert shelf.status(station=corrected).reason is Reason.NO_HELPLINE
    shelf.admit(revision=2, consented=True, helpline_numbers=("1000",))
    approve(3, "uno", "dos")
    assert shelf.status(station=corrected).reason is None
    assert shelf.status(station=corrected).wrong_revisions == {1}, "where it sounds yet, it is cut"
    assert shelf.status(station=station).reason is Reason.NO_HELPLINE, "it says another than the file's"


def test_an_older_rows_number_is_taken_for_any_the_helpline_had(
    station: Station, journal: Journal, ready: Shelf, hands: None
) -> None:
    calling.report_wrong(journal, station, "linea-100", "uno", pin_of("uno"))
    corrected = having(station, replace(CALLED, number="1000"))
    assert ready.status(station=corrected).reason is Reason.NO_HELPLINE


def test_who_may_say_what(station: Station, journal: Journal, hands: None) -> None:
    """Anybody registered that it answers or is wrong; that a wrong one serves again, only who keeps the registers."""
    refused(journal, UnknownCode, calling.verify_helpline, journal, station, "linea-100", "nadie", "1234")
    refused(journal, WrongPin, calling.report_wrong, journal, station, "linea-100", "tres", "0000")
    refused(journal, calling.NoSuchHelpline, calling.report_wrong, journal, station, "x", "tres", pin_of("tres"))
    calling.report_wrong(journal, station, "linea-100", "tres", pin_of("tres"))
    again = (journal, station, "linea-100")
    refused(journal, calling.AlreadyWrong, calling.report_wrong, *again, "uno", pin_of("uno"))
    refused(journal, NotAllowed, calling.verify_helpline, *again, "tres", pin_of("tres"))
    calling.verify_helpline(*again, "uno", pin_of("uno"))
    assert standing(station, journal) is Standing.GOOD
    in_file = having(station, replace(LINEA_100, wrong=True))
    refused(journal, calling.WrongInFile, calling.verify_helpline, journal, in_file, "linea-100", "uno", pin_of("uno"))


def test_a_row_of_nobody_verifies_nothing_and_a_warning_of_nobody_counts(
    station: Station, journal: Journal, shelf: Shelf
) -> None:
    """In doubt the number is not said."""
    shelf.write(HelplineVerified("linea-100", "100", TODAY, "nadie"))
    assert standing(station, journal) is Standing.NEVER_CALLED
    shelf.write(HelplineWrong("linea-100", "100", "nadie"))
    assert standing(station, journal) is Standing.WRONG


def test_the_row_says_the_day_at_the_station_and_what_was_dialled(
    station: Station, journal: Journal, hands: None, clock: SetClock
) -> None:
    clock.pass_(hours=12)  # in Lima it is still the same day
    calling.verify_helpline(journal, station, "linea-100", "uno", pin_of("uno"))
    assert journal.rows()[-1].event == HelplineVerified("linea-100", "100", date(2021, 6, 18), "uno")


def standing(station: Station, journal: Journal) -> Standing:
    rules = rules_of(station, TODAY, samples_may_air=False)
    assert THREE
    return standing_of("linea-100", "100", decisions_of(journal), rules)


def test_a_wrong_number_is_wrong_under_another_id_too(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    """Who verifies it under the new id must be who keeps the register, and then it serves again under both."""
    shelf.admit(helplines=("linea-cien",))
    approve(3, "uno", "dos")
    both = having(station, LINEA_100, replace(CALLED, id="linea-cien"))
    assert shelf.status(station=both).reason is None
    calling.report_wrong(journal, both, "linea-100", DEFENDER, pin_of(DEFENDER))
    assert shelf.status(station=both).reason is Reason.NO_HELPLINE
    refused(journal, NotAllowed, calling.verify_helpline, journal, both, "linea-cien", DEFENDER, pin_of(DEFENDER))
    shelf.write(HelplineVerified("linea-cien", "100", TODAY, DEFENDER))
    assert shelf.status(station=both).reason is Reason.NO_HELPLINE, "nor does her row alone"
    calling.verify_helpline(journal, both, "linea-cien", "uno", pin_of("uno"))
    assert shelf.status(station=both).reason is None
