"""Who may do what: every refusal is exit 65 and writes no row."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from library_station import Approve, SetClock, Shelf, pin_of

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal, verify_at
from broadcaster.journal.events import Approved, PinSet
from broadcaster.library import acts, pins, withdrawal
from broadcaster.library import refusals as no
from broadcaster.library.catalogue import master_path, rules_of
from broadcaster.library.decisions import urgent_until
from broadcaster.store.engine import database_path

Act = Callable[..., object]


def refused(journal: Journal, error: type[BadInput], act: Act, *args: object, **options: object) -> BadInput:
    """The refusal, exit 65, after which the journal has no new row."""
    before = len(journal.rows())
    with pytest.raises(error) as refusal:
        act(*args, **options)
    assert refusal.value.exit_code == 65
    assert str(refusal.value)
    assert len(journal.rows()) == before
    return refusal.value


def test_one_hand_cannot_approve_twice(station: Station, journal: Journal, shelf: Shelf, approve: Approve) -> None:
    shelf.admit()
    approve(3, "uno")
    refused(journal, no.SameHand, acts.approve, journal, station, 3, "uno", pin_of("uno"))


def test_two_codes_may_have_the_same_pin(station: Station, journal: Journal, shelf: Shelf) -> None:
    shelf.admit()
    for code in ("uno", "dos"):
        acts.set_pin(journal, station, code, "4711")
        acts.approve(journal, station, 3, code, "4711")
    assert [row.event.approver for row in journal.rows(kinds=[Approved]) if isinstance(row.event, Approved)] == [
        "uno",
        "dos",
    ]


@pytest.mark.parametrize("act", [acts.approve, withdrawal.withdraw, withdrawal.lift_suspension])
def test_no_act_without_a_registered_code_and_its_pin(
    station: Station, journal: Journal, shelf: Shelf, act: Act
) -> None:
    shelf.admit()
    refused(journal, no.UnknownCode, act, journal, station, 3, "nadie", "1234")
    refused(journal, no.NoPin, act, journal, station, 3, "uno", "1234")
    acts.set_pin(journal, station, "uno", "4711")
    refused(journal, no.WrongPin, act, journal, station, 3, "uno", "1234")
    refused(journal, no.WrongPin, act, journal, station, 3, "uno", "")


@pytest.mark.parametrize("act", [acts.approve, withdrawal.withdraw])
def test_nothing_is_decided_about_an_episode_that_is_not_there(
    station: Station, journal: Journal, hands: None, act: Act
) -> None:
    refused(journal, no.NothingAdmitted, act, journal, station, 3, "uno", pin_of("uno"))


def test_demonstrators_decide_about_samples_only(station: Station, journal: Journal, shelf: Shelf, hands: None) -> None:
    shelf.admit(3)
    shelf.admit(4, sample=True)
    for act in (acts.approve, withdrawal.withdraw):
        refused(journal, no.SamplesOnly, act, journal, station, 3, "demo-1", pin_of("demo-1"))
    acts.approve(journal, station, 4, "demo-1", pin_of("demo-1"))


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
    for act in (acts.approve, withdrawal.withdraw):
        refused(journal, no.EpisodeWithdrawn, act, journal, station, 3, "dos", pin_of("dos"))


def test_a_master_that_is_not_the_admitted_one_cannot_be_approved(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    """What she listened to is what the row says."""
    shelf.admit()
    master_path(station, 3).write_bytes(b"another programme")
    refused(journal, no.MasterChanged, acts.approve, journal, station, 3, "uno", pin_of("uno"))


def test_only_the_officer_approves_urgently_and_it_is_flagged(
    station: Station, journal: Journal, shelf: Shelf, hands: None, clock: SetClock
) -> None:
    admitted = shelf.admit()
    refused(journal, no.NotOfficer, acts.approve, journal, station, 3, "uno", pin_of("uno"), urgent=True)
    acts.approve(journal, station, 3, "oficial", pin_of("oficial"), urgent=True)
    rules = rules_of(station, clock.utc.date(), samples_may_air=False, now=clock.utc)
    assert urgent_until(admitted, acts.decisions_of(journal), rules) == clock.utc + timedelta(hours=72)
    acts.approve(journal, station, 3, "uno", pin_of("uno"))
    assert urgent_until(admitted, acts.decisions_of(journal), rules) is None


# Defenders


@pytest.mark.parametrize("code", ["", "maria", "María 7", "d 7", "../7", "-7", "7-", "d-07\n", "x" * 40 + "1", "d_7"])
def test_what_may_be_a_name_is_no_code(journal: Journal, code: str) -> None:
    refused(journal, no.BadDefenderCode, acts.register_defender, journal, code)


def test_a_code_is_issued_once_and_can_be_retired_once(journal: Journal) -> None:
    acts.register_defender(
        journal, "d-07", cohort="2021", trained_from=date(2021, 3, 1), trained_until=date(2021, 4, 18)
    )
    refused(journal, no.DefenderKnown, acts.register_defender, journal, "D-07")
    refused(journal, no.DefenderUnknown, acts.retire_defender, journal, "d-08")
    acts.retire_defender(journal, "d-07")
    refused(journal, no.DefenderIsRetired, acts.retire_defender, journal, "d-07")
    refused(journal, no.DefenderKnown, acts.register_defender, journal, "d-07")
    assert acts.decisions_of(journal).defenders["d-07"].cohort == "2021"


def test_training_does_not_end_before_it_begins(journal: Journal) -> None:
    days = {"trained_from": date(2021, 4, 18), "trained_until": date(2021, 3, 1)}
    refused(journal, no.BadTraining, acts.register_defender, journal, "d-07", **days)


def test_an_episode_names_registered_active_defenders_only(journal: Journal) -> None:
    acts.register_defender(journal, "d-07")
    acts.register_defender(journal, "d-08")
    acts.retire_defender(journal, "d-08")
    decisions = acts.decisions_of(journal)
    acts.require_defenders(decisions, ["d-07"])
    refused(journal, no.DefenderUnknown, acts.require_defenders, decisions, ["d-07", "d-09"])
    refused(journal, no.DefenderIsRetired, acts.require_defenders, decisions, ["d-08"])


# PINs


@pytest.mark.parametrize("pin", ["", "123", "12a4", "12345678901234", " 1234", "١٢٣٤"])
def test_a_pin_is_four_to_twelve_digits(station: Station, journal: Journal, pin: str) -> None:
    refused(journal, no.BadPin, acts.set_pin, journal, station, "uno", pin)
    assert not pins.has_pin(journal.store, "uno")


def test_a_pin_is_changed_with_the_old_one_or_the_officers(station: Station, journal: Journal) -> None:
    acts.set_pin(journal, station, "uno", "1111")
    acts.set_pin(journal, station, "dos", "2222")
    acts.set_pin(journal, station, "oficial", "9999")
    refused(journal, no.PinIsSet, acts.set_pin, journal, station, "uno", "3333")
    refused(journal, no.WrongPin, acts.set_pin, journal, station, "uno", "3333", pin="2222")
    refused(journal, no.NotOfficer, acts.set_pin, journal, station, "uno", "3333", by="dos", pin="2222")
    refused(journal, no.WrongPin, acts.set_pin, journal, station, "uno", "3333", by="oficial", pin="2222")
    acts.set_pin(journal, station, "uno", "3333", pin="1111")
    acts.identify(journal, station, "uno", "3333")
    acts.set_pin(journal, station, "uno", "4444", by="oficial", pin="9999")
    acts.identify(journal, station, "uno", "4444")
    changes = [(row.event.code, row.event.by) for row in journal.rows(kinds=[PinSet]) if isinstance(row.event, PinSet)]
    assert changes[-2:] == [("uno", "uno"), ("uno", "oficial")]


def test_five_wrong_pins_close_the_door_for_a_quarter_of_an_hour(
    station: Station, journal: Journal, hands: None, clock: SetClock
) -> None:
    """Even for the right one; other codes are not kept waiting."""
    for _ in range(5):
        refused(journal, no.WrongPin, acts.identify, journal, station, "uno", "0000")
    refused(journal, no.TooManyTries, acts.identify, journal, station, "uno", pin_of("uno"))
    acts.identify(journal, station, "dos", pin_of("dos"))
    clock.pass_(minutes=14)
    refused(journal, no.TooManyTries, acts.identify, journal, station, "uno", pin_of("uno"))
    clock.pass_(minutes=2)
    acts.identify(journal, station, "uno", pin_of("uno"))


def test_a_right_pin_forgives_the_wrong_ones(station: Station, journal: Journal, hands: None) -> None:
    for _ in range(3):
        for _ in range(4):
            refused(journal, no.WrongPin, acts.identify, journal, station, "uno", "0000")
        acts.identify(journal, station, "uno", pin_of("uno"))


def test_no_pin_can_be_read_from_the_disk(station: Station, journal: Journal) -> None:
    """Neither in a row nor in any file of the database."""
    acts.set_pin(journal, station, "uno", "918273645546")
    acts.identify(journal, station, "uno", "918273645546")
    journal.close()
    for file in database_path(station.database).parent.iterdir():
        assert b"918273645546" not in file.read_bytes()


def test_the_record_of_all_this_is_whole(station: Station, journal: Journal, shelf: Shelf, approve: Approve) -> None:
    shelf.admit()
    approve(3, "uno", "dos")
    withdrawal.withdraw(journal, station, 3, "uno", pin_of("uno"))
    assert verify_at(station.database).intact
    assert journal.rows()[0].utc == datetime(2021, 6, 18, 15, tzinfo=UTC)
