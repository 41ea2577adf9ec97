"""People, consents and helplines on pages: kept by who may, on her PIN, as rows; no name passes for a code."""

from collections.abc import Mapping, Sequence

import httpx
import pytest
from panel import APPROVERS, COORDINATOR, OFFICER, PIN, PRODUCER, Browser, Panel
from shelved import events

from broadcaster.journal.events import (
    ConsentRegistered,
    HelplineVerified,
    PersonRegistered,
    PersonRetired,
    PersonRolesChanged,
    PinSet,
)
from broadcaster.model import Role, Scope

PEOPLE, CONSENTS, HELPLINES = "/library/people", "/library/consents", "/library/helplines"
NAME = "<script>alert(1)</script> María Quispe"


def form(browser: Browser, path: str, fields: Mapping[str, str | Sequence[str]]) -> httpx.Response:
    """A form with boxes, of which several may be ticked."""
    return browser.post(path, data={"csrf": browser.word(), **fields})


def signed(**other: str | Sequence[str]) -> dict[str, str | Sequence[str]]:
    return {
        "consent": "C-2021-020",
        "voice": "v-20",
        "season": "2021-junio-julio",
        "scope": ["loudspeakers", "whatsapp"],
        "form": "F-2021-020",
        "expires": "2021-07-30",
        "pin": PIN,
        **other,
    }


def test_the_officer_registers_a_person_with_her_roles_and_her_pin(panel: Panel) -> None:
    panel.give_pin(OFFICER)
    officer = panel.signed_in(OFFICER)
    before = len(events(panel, PersonRegistered))
    fields = {"code": "d-20", "role": ["producer", "approver"], "new_pin": "1357", "cohort": "2021-1", "pin": PIN}
    assert form(officer, PEOPLE, {**fields, "pin": "0000"}).status_code == 422
    assert form(officer, PEOPLE, {**fields, "code": NAME}).status_code == 422
    assert form(officer, PEOPLE, {**fields, "role": []}).status_code == 422
    assert form(officer, PEOPLE, {**fields, "trained_from": "yesterday"}).status_code == 422
    assert len(events(panel, PersonRegistered)) == before
    assert form(officer, PEOPLE, fields).status_code == 303
    made = events(panel, PersonRegistered)[-1]
    assert (made.code, made.roles, made.by) == ("d-20", (Role.PRODUCER, Role.APPROVER), OFFICER)
    assert events(panel, PinSet)[-1] == PinSet("d-20", OFFICER)
    assert "d-20" in officer.get(PEOPLE).text


@pytest.mark.parametrize("slip", [{"pin": "0000"}, {"expires": ""}, {"form": NAME}])
def test_a_slip_costs_nothing_that_was_typed_of_a_consent(panel: Panel, slip: Mapping[str, str]) -> None:
    panel.give_pin(COORDINATOR)
    answer = form(panel.signed_in(COORDINATOR), CONSENTS, {**signed(), **slip})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    for typed in ("C-2021-020", "v-20", "2021-junio-julio"):
        assert f'value="{typed}"' in answer.text
    assert 'name="scope" value="whatsapp" checked' in answer.text
    assert PIN not in answer.text
    assert NAME not in answer.text
    assert events(panel, ConsentRegistered) == []


def test_the_officer_changes_roles_sets_pins_and_retires(panel: Panel) -> None:
    panel.give_pin(OFFICER)
    officer = panel.signed_in(OFFICER)
    at = f"{PEOPLE}/{PRODUCER}"
    assert form(officer, f"{at}/roles", {"role": ["approver"], "pin": PIN}).status_code == 303
    assert events(panel, PersonRolesChanged) == [PersonRolesChanged(PRODUCER, (Role.APPROVER,), OFFICER)]
    assert form(officer, f"{at}/pin", {"new_pin": "12", "pin": PIN}).status_code == 422
    assert form(officer, f"{at}/pin", {"new_pin": "1234", "pin": PIN}).status_code == 303
    assert form(officer, f"{at}/retire", {"pin": PIN}).status_code == 303
    assert events(panel, PersonRetired) == [PersonRetired(PRODUCER, OFFICER)]
    assert form(officer, f"{PEOPLE}/{OFFICER}/retire", {"pin": PIN}).status_code == 422
    assert form(officer, f"{PEOPLE}/nobody-1/retire", {"pin": PIN}).status_code == 422
    assert events(panel, PinSet) == [PinSet(PRODUCER, OFFICER)]


def test_everybody_changes_her_own_pin_with_the_old_one(panel: Panel) -> None:
    panel.give_pin(PRODUCER)
    browser = panel.signed_in(PRODUCER)
    assert form(browser, "/library/pin", {"pin": "0000", "new_pin": "8642"}).status_code == 422
    assert form(browser, "/library/pin", {"pin": PIN, "new_pin": "8642"}).status_code == 303
    assert events(panel, PinSet) == [PinSet(PRODUCER, PRODUCER)]
    assert form(browser, "/library/pin", {"pin": "8642", "new_pin": "9753"}).status_code == 401, (
        "what the old PIN opened"
    )
    browser = panel.signed_in(PRODUCER)
    assert form(browser, "/library/pin", {"pin": PIN, "new_pin": "9753"}).status_code == 422


def test_five_wrong_pins_close_a_code_for_a_while(panel: Panel) -> None:
    panel.give_pin(PRODUCER)
    browser = panel.signed_in(PRODUCER)
    for _try in range(5):
        form(browser, "/library/pin", {"pin": "0000", "new_pin": "8642"})
    assert form(browser, "/library/pin", {"pin": PIN, "new_pin": "8642"}).status_code == 422
    assert not events(panel, PinSet)


def test_who_keeps_no_register_sees_none_of_its_forms(panel: Panel) -> None:
    for code in (PRODUCER, APPROVERS[0]):
        browser = panel.signed_in(code)
        assert browser.get(PEOPLE).status_code == 403
        assert f'action="{CONSENTS}"' not in browser.get(CONSENTS).text
        assert form(browser, CONSENTS, signed()).status_code == 403
    coordinator = panel.signed_in(COORDINATOR)
    assert f'action="{PEOPLE}"' not in coordinator.get(PEOPLE).text
    assert form(coordinator, PEOPLE, {"code": "d-20", "role": ["producer"], "pin": PIN}).status_code == 403
    assert not events(panel, ConsentRegistered)


def test_a_signed_form_comes_into_the_register_by_codes_only(panel: Panel) -> None:
    panel.give_pin(COORDINATOR)
    browser = panel.signed_in(COORDINATOR)
    for wrong in (
        {"pin": "0000"},
        {"voice": NAME},
        {"form": NAME},
        {"season": "../../etc"},
        {"expires": "30/07/2021"},
        {"expires": "2020-01-01"},
        {"expires": "2022-01-01"},
        {"minor": "yes"},
    ):
        assert form(browser, CONSENTS, signed(**wrong)).status_code == 422, wrong
    assert not events(panel, ConsentRegistered)
    assert form(browser, CONSENTS, signed()).status_code == 303
    made = events(panel, ConsentRegistered)[-1]
    assert (made.consent, made.voice, made.by) == ("C-2021-020", "v-20", COORDINATOR)
    assert made.scopes == (Scope.LOUDSPEAKERS, Scope.WHATSAPP)
    assert form(browser, CONSENTS, signed()).status_code == 422
    minor = signed(consent="C-2021-021", voice="v-21", minor="yes", guardian_form="F-2021-021")
    assert form(browser, CONSENTS, minor).status_code == 303
    assert "C-2021-021" in browser.get(CONSENTS).text


def test_a_call_to_a_helpline_counts_under_its_callers_code(panel: Panel) -> None:
    panel.give_pin(APPROVERS[1])
    browser = panel.signed_in(APPROVERS[1])
    assert "Nadie" in browser.get(HELPLINES).text
    assert form(browser, f"{HELPLINES}/linea-100/verify", {"pin": PIN}).status_code == 303
    made = events(panel, HelplineVerified)[-1]
    assert (made.helpline, made.number, made.by) == ("linea-100", "100", APPROVERS[1])
    assert "2021-06-14" in browser.get(HELPLINES).text
    assert form(browser, f"{HELPLINES}/no-such-1/verify", {"pin": PIN}).status_code == 422


@pytest.mark.parametrize("path", [PEOPLE, CONSENTS, HELPLINES, "/library/episodes", "/library/receive", "/library/pin"])
def test_nothing_that_was_typed_becomes_part_of_a_page_as_it_is(panel: Panel, path: str) -> None:
    """What a form refuses is told, and never as anything but text."""
    panel.give_pin(OFFICER)
    officer = panel.signed_in(OFFICER)
    told = form(officer, PEOPLE, {"code": NAME, "role": ["producer"], "pin": PIN}).text
    assert "<script>alert" not in told
    assert "&lt;script&gt;alert" in told
    answer = officer.get(path)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
