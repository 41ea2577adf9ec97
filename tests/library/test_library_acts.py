"""Who may do what: every refusal is exit 65 and writes no row."""

from datetime import UTC, datetime, timedelta

import pytest
from library_station import CLEAN, Act, Approve, SetClock, Shelf, pin_of, refused

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.reading import verify_at
from broadcaster.library import acts, pins, withdrawal
from broadcaster.library import people_refusals as nobody
from broadcaster.library import refusals as no
from broadcaster.library.approvals import urgent_until
from broadcaster.library.approving import approve as put_approval
from broadcaster.library.catalogue import master_path, rules_of


def yes(journal: Journal, station: Station, number: int, code: str, pin: str, *, urgent: bool = False) -> None:
    """Approve with a clean checklist."""
    put_approval(journal, station, number, code, pin, answers=CLEAN, urgent=urgent)


def test_one_hand_cannot_approve_twice(station: Station, journal: Journal, shelf: Shelf, approve: Approve) -> None:
    shelf.admit()
    approve(3, "uno")
    refused(journal, no.SameHand, yes, journal, station, 3, "uno", pin_of("uno"))


@pytest.mark.parametrize("act", [yes, withdrawal.withdraw, withdrawal.lift_suspension])
def test_no_act_without_a_registered_code_and_its_pin(
    station: Station, journal: Journal, shelf: Shelf, act: Act
) -> None:
    shelf.admit()
    refused(journal, nobody.UnknownCode, act, journal, station, 3, "nadie", "1234")
    refused(journal, nobody.NoPin, act, journal, station, 3, "oficial", "1234")
    pins.set_pin(journal.store, "oficial", "4711")
    refused(journal, nobody.WrongPin, act, journal, station, 3, "oficial", "1234")
    refused(journal, nobody.WrongPin, act, journal, station, 3, "oficial", "")


@pytest.mark.parametrize("act", [yes, withdrawal.withdraw])
def test_nothing_is_decided_about_an_episode_that_is_not_there(
    station: Station, journal: Journal, hands: None, act: Act
) -> None:
    refused(journal, no.NothingAdmitted, act, journal, station, 3, "uno", pin_of("uno"))


def test_anyone_at_all_may_say_stop_and_only_the_officer_lifts_it(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    shelf.admit()
    refused(journal, no.NotSuspended, withdrawal.lift_suspension, journal, station, 3, "oficial", pin_of("oficial"))
    refused(journal, no.NothingAdmitted, withdrawal.suspend, journal, 4, "uid:1000")
    withdrawal.suspend(journal, 3, "uid:1000")
    refused(journal, no.AlreadySuspended, withdrawal.suspend, journal, 3, "uid:1001")
    refused(journal, no.NotOfficer, withdrawal.lift_suspension, journal, station, 3, "uno", pin_of("uno"))
    withdrawal.lift_suspension(journal, station, 3, "oficial", pin_of("oficial"))


def test_what_was_withdrawn_can_be_neither_approved_nor_withdrawn_again(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    shelf.admit()
    withdrawal.withdraw(journal, station, 3, "uno", pin_of("uno"))
    for act in (yes, withdrawal.withdraw):
        refused(journal, no.EpisodeWithdrawn, act, journal, station, 3, "dos", pin_of("dos"))


def test_a_master_that_is_not_the_admitted_one_cannot_be_approved(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    """What she listened to is what the row says."""
    shelf.admit()
    master_path(station, 3).write_bytes(b"another programme")
    refused(journal, no.MasterChanged, yes, journal, station, 3, "uno", pin_of("uno"))


def test_only_the_officer_approves_urgently_and_it_is_flagged(
    station: Station, journal: Journal, shelf: Shelf, hands: None, clock: SetClock
) -> None:
    admitted = shelf.admit()
    refused(journal, no.NotOfficer, yes, journal, station, 3, "uno", pin_of("uno"), urgent=True)
    yes(journal, station, 3, "oficial", pin_of("oficial"), urgent=True)
    rules = rules_of(station, clock.utc.date(), samples_may_air=False, now=clock.utc)
    assert urgent_until(admitted, acts.decisions_of(journal), rules) == clock.utc + timedelta(hours=72)
    yes(journal, station, 3, "uno", pin_of("uno"))
    assert urgent_until(admitted, acts.decisions_of(journal), rules) is None


def test_the_record_of_all_this_is_whole(station: Station, journal: Journal, shelf: Shelf, approve: Approve) -> None:
    shelf.admit()
    approve(3, "uno", "dos")
    withdrawal.withdraw(journal, station, 3, "uno", pin_of("uno"))
    assert verify_at(station.database).intact
    assert journal.rows()[0].utc == datetime(2021, 6, 18, 15, tzinfo=UTC)
