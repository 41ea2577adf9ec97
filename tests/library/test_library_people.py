"""People are registered by the protection officer, with roles and PINs; the first one registers herself, on record."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from library_station import SetClock, pin_of, refused

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import DefenderRegistered, DefenderRetired, PersonRegistered, PersonRolesChanged, PinSet
from broadcaster.library import people, pins
from broadcaster.library import people_refusals as no
from broadcaster.library.decisions import decisions_of
from broadcaster.library.refusals import NotOfficer
from broadcaster.model import Role
from broadcaster.store.engine import database_path

OFFICER, APPROVER, PRODUCER = Role.PROTECTION_OFFICER, Role.APPROVER, Role.PRODUCER
FIRST: Any = {"new_pin": "9999"}
BY_HER: Any = {"by": "proteccion-1", "pin": "9999"}


@pytest.fixture
def empty(station: Station, clock: SetClock) -> Iterator[Journal]:
    """The record of a station where nobody is registered."""
    with Journal.open(station.database, clock, station.timezone) as opened:
        yield opened


def found(journal: Journal) -> None:
    """The station's first person."""
    people.register(journal, "proteccion-1", [OFFICER], **FIRST)


def test_the_first_person_is_the_protection_officer_and_the_row_says_that_nobody_registered_her(empty: Journal) -> None:
    refused(empty, no.OfficerFirst, people.register, empty, "coordinadora-1", [APPROVER], new_pin="1111")
    refused(empty, no.UnknownCode, people.register, empty, "c-1", [APPROVER], new_pin="1111", **BY_HER)
    refused(empty, no.BadPin, people.register, empty, "proteccion-1", [OFFICER])
    found(empty)
    row = empty.rows(kinds=[PersonRegistered])[0].event
    assert row == PersonRegistered("proteccion-1", (OFFICER,), by="")
    people.identify(empty, "proteccion-1", "9999", OFFICER)


def test_after_her_only_a_protection_officer_registers(empty: Journal) -> None:
    found(empty)
    refused(empty, no.OfficerNeeded, people.register, empty, "proteccion-2", [OFFICER], new_pin="1111")
    refused(empty, no.WrongPin, people.register, empty, "c-1", [APPROVER], new_pin="1111", by="proteccion-1", pin="1")
    assert not pins.has_pin(empty.store, "c-1")
    people.register(empty, "c-1", [APPROVER, Role.COORDINATOR], new_pin="1111", **BY_HER)
    refused(empty, NotOfficer, people.register, empty, "c-2", [APPROVER], new_pin="2222", by="c-1", pin="1111")
    people.identify(empty, "c-1", "1111", Role.COORDINATOR)
    refused(empty, no.NotAllowed, people.identify, empty, "c-1", "1111", PRODUCER)
    assert decisions_of(empty).people["c-1"].by == "proteccion-1"


def test_a_second_officer_may_be_registered_and_the_last_one_can_neither_go_nor_change(empty: Journal) -> None:
    found(empty)
    refused(empty, no.LastOfficer, people.retire, empty, "proteccion-1", **BY_HER)
    refused(empty, no.LastOfficer, people.change_roles, empty, "proteccion-1", [APPROVER], **BY_HER)
    people.register(empty, "proteccion-2", [OFFICER], new_pin="2222", **BY_HER)
    people.retire(empty, "proteccion-1", by="proteccion-2", pin="2222")
    refused(empty, no.UnknownCode, people.identify, empty, "proteccion-1", "9999")
    refused(empty, no.OfficerNeeded, people.register, empty, "proteccion-3", [OFFICER], new_pin="3333")


def test_roles_are_given_and_taken(empty: Journal) -> None:
    found(empty)
    people.register(empty, "c-1", [APPROVER], new_pin="1111", **BY_HER)
    refused(empty, no.NoRole, people.change_roles, empty, "c-1", [], **BY_HER)
    refused(empty, NotOfficer, people.change_roles, empty, "c-1", [OFFICER], by="c-1", pin="1111")
    people.change_roles(empty, "c-1", [PRODUCER, PRODUCER], **BY_HER)
    assert decisions_of(empty).people["c-1"].roles == (PRODUCER,)
    refused(empty, no.NotAllowed, people.identify, empty, "c-1", "1111", APPROVER)


def test_rows_of_somebody_who_was_not_allowed_count_for_nothing(empty: Journal) -> None:
    """However they came onto the record."""
    found(empty)
    for row in (
        PersonRegistered("mala-1", (OFFICER,)),
        PersonRegistered("mala-2", (APPROVER,), by="nadie"),
        PersonRolesChanged("proteccion-1", (APPROVER,), by="mala-1"),
    ):
        empty.append(row)
    assert set(decisions_of(empty).people) == {"proteccion-1"}
    assert decisions_of(empty).people["proteccion-1"].roles == (OFFICER,)


@pytest.mark.parametrize("code", ["", "maria", "María 7", "d 7", "../7", "-7", "7-", "d-07\n", "x" * 40 + "1", "d_7"])
def test_what_may_be_a_name_is_no_code(empty: Journal, code: str) -> None:
    refused(empty, no.BadPersonCode, people.register, empty, code, [OFFICER], **FIRST)


def test_a_code_is_issued_once(empty: Journal) -> None:
    """Whoever had it, in capitals or not, retired or not."""
    found(empty)
    trained: Any = {"cohort": "2021", "trained_from": date(2021, 3, 1), "trained_until": date(2021, 4, 18)}
    people.register(empty, "d-07", [PRODUCER], **BY_HER, **trained)
    refused(empty, no.CodeKnown, people.register, empty, "D-07", [PRODUCER], **BY_HER)
    people.retire(empty, "d-07", **BY_HER)
    refused(empty, no.UnknownCode, people.retire, empty, "d-07", **BY_HER)
    refused(empty, no.CodeKnown, people.register, empty, "d-07", [PRODUCER], **BY_HER)
    assert decisions_of(empty).defenders["d-07"].cohort == "2021"


def test_a_course_is_a_code_and_does_not_end_before_it_begins(empty: Journal) -> None:
    found(empty)
    days: Any = {"trained_from": date(2021, 4, 18), "trained_until": date(2021, 3, 1)}
    refused(empty, no.BadTraining, people.register, empty, "d-07", [PRODUCER], **BY_HER, **days)
    refused(empty, no.BadCohort, people.register, empty, "d-07", [PRODUCER], **BY_HER, cohort="el de María")


def test_an_episode_names_registered_active_producers_only(empty: Journal) -> None:
    found(empty)
    for code in ("d-07", "d-08"):
        people.register(empty, code, [PRODUCER], **BY_HER)
    people.retire(empty, "d-08", **BY_HER)
    decisions = decisions_of(empty)
    people.require_defenders(decisions, ["d-07"])
    refused(empty, no.DefenderUnknown, people.require_defenders, decisions, ["d-07", "d-09"])
    refused(empty, no.DefenderUnknown, people.require_defenders, decisions, ["proteccion-1"])
    refused(empty, no.DefenderIsRetired, people.require_defenders, decisions, ["d-08"])


def test_defenders_of_an_older_record_are_producers_and_make_nobody_an_officer(empty: Journal) -> None:
    """Their rows came before there were people with roles."""
    empty.append(DefenderRegistered("d-07", "2021-1"))
    empty.append(DefenderRegistered("d-08"))
    empty.append(DefenderRetired("d-08"))
    decisions = decisions_of(empty)
    people.require_defenders(decisions, ["d-07"])
    refused(empty, no.DefenderIsRetired, people.require_defenders, decisions, ["d-08"])
    refused(empty, no.OfficerFirst, people.register, empty, "c-1", [APPROVER], new_pin="1111")
    found(empty)
    people.set_pin(empty, "d-07", "7777", **BY_HER)
    people.identify(empty, "d-07", "7777", PRODUCER)


def test_once_there_is_an_officer_a_row_of_the_older_kind_makes_and_retires_nobody(empty: Journal) -> None:
    empty.append(DefenderRegistered("d-07"))
    found(empty)
    before = decisions_of(empty).people
    empty.append(DefenderRegistered("d-08"))
    empty.append(DefenderRetired("d-07"))
    empty.append(DefenderRetired("proteccion-1"))
    assert decisions_of(empty).people == before


# PINs


@pytest.mark.parametrize("pin", ["", "123", "12a4", "12345678901234", " 1234", "١٢٣٤"])
def test_a_pin_is_four_to_twelve_digits(journal: Journal, hands: None, pin: str) -> None:
    refused(journal, no.BadPin, people.set_pin, journal, "uno", pin, pin=pin_of("uno"))


def test_two_codes_may_have_the_same_pin(journal: Journal, hands: None) -> None:
    for code in ("uno", "dos"):
        people.set_pin(journal, code, "4711", pin=pin_of(code))
        people.identify(journal, code, "4711")


def test_a_first_pin_too_is_set_by_the_officer_only(journal: Journal) -> None:
    """No code waits for whoever comes first."""
    pins.set_pin(journal.store, "oficial", "9999")
    refused(journal, no.PinIsSet, people.set_pin, journal, "uno", "3333", pin="")
    refused(journal, no.NoPin, people.set_pin, journal, "uno", "3333", pin="3333")
    people.set_pin(journal, "uno", "3333", by="oficial", pin="9999")
    people.identify(journal, "uno", "3333")


def test_a_pin_is_changed_with_the_old_one_or_the_officers(journal: Journal, hands: None) -> None:
    refused(journal, no.PinIsSet, people.set_pin, journal, "uno", "3333", pin="")
    refused(journal, no.WrongPin, people.set_pin, journal, "uno", "3333", pin=pin_of("dos"))
    refused(journal, NotOfficer, people.set_pin, journal, "uno", "3333", by="dos", pin=pin_of("dos"))
    refused(journal, no.WrongPin, people.set_pin, journal, "uno", "3333", by="oficial", pin=pin_of("dos"))
    people.set_pin(journal, "uno", "3333", pin=pin_of("uno"))
    people.identify(journal, "uno", "3333")
    people.set_pin(journal, "uno", "4444", by="oficial", pin=pin_of("oficial"))
    people.identify(journal, "uno", "4444")
    changes = [(row.event.code, row.event.by) for row in journal.rows(kinds=[PinSet]) if isinstance(row.event, PinSet)]
    assert changes == [("uno", "uno"), ("uno", "oficial")]


def test_five_wrong_pins_close_the_door_for_a_quarter_of_an_hour(
    journal: Journal, hands: None, clock: SetClock
) -> None:
    """Even for the right one; other codes are not kept waiting."""
    for _ in range(5):
        refused(journal, no.WrongPin, people.identify, journal, "uno", "0000")
    refused(journal, no.TooManyTries, people.identify, journal, "uno", pin_of("uno"))
    people.identify(journal, "dos", pin_of("dos"))
    clock.pass_(minutes=14)
    refused(journal, no.TooManyTries, people.identify, journal, "uno", pin_of("uno"))
    clock.pass_(minutes=2)
    people.identify(journal, "uno", pin_of("uno"))


def test_a_right_pin_forgives_the_wrong_ones(journal: Journal, hands: None) -> None:
    for _ in range(3):
        for _ in range(4):
            refused(journal, no.WrongPin, people.identify, journal, "uno", "0000")
        people.identify(journal, "uno", pin_of("uno"))


def test_no_pin_can_be_read_from_the_disk(station: Station, journal: Journal, hands: None) -> None:
    """Neither in a row nor in any file of the database."""
    people.set_pin(journal, "uno", "918273645546", pin=pin_of("uno"))
    people.identify(journal, "uno", "918273645546")
    journal.close()
    for file in database_path(station.database).parent.iterdir():
        assert b"918273645546" not in file.read_bytes()
