"""The episodes on pages: what is shown, who says yes, what stops one; each decision is a row under its own code."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from panel import APPROVERS, COORDINATOR, OFFICER, PIN, PRODUCER, Browser, Panel, serving
from shelved import CLEAN, CONSENT, THREE, TITLE, VOICE, copied, events, make_shelved, spoken

from broadcaster.errors import BroadcasterError
from broadcaster.journal.events import (
    Approved,
    ConsentConfirmed,
    ConsentWithdrawn,
    HelplineWrong,
    PersonRolesChanged,
    Purged,
    Suspended,
    SuspensionLifted,
    Withdrawn,
)
from broadcaster.library import approvals, approving, calling, consents, gates, helplines, people_refusals, signing
from broadcaster.library import refusals as library_refusals
from broadcaster.library.objection import Objection
from broadcaster.locale import speaking
from broadcaster.model import Reason, Role, Sha256
from broadcaster.production import refusals as admission
from broadcaster.web import words

PAGE = f"/library/episodes/{THREE}"
FIRST, SECOND = APPROVERS
COMMAND = re.compile(r"`|--[a-z]|\bbroadcaster [a-z]|config\.toml")


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelved")
    return make_shelved(folder / "station", spoken(folder))


@pytest.fixture
def panel(shelved: Path, tmp_path: Path) -> Iterator[Panel]:
    with serving(copied(shelved, tmp_path / "station")) as made:
        yield made


def heard(panel: Panel) -> str:
    """The master that a page of this moment shows."""
    admitted = panel.desk.decisions().newest(THREE)
    assert admitted is not None
    return admitted.master_sha256


def approve(panel: Panel, browser: Browser, **said: object) -> int:
    answers: dict[str, Any] = {**CLEAN, "pin": PIN, "master": heard(panel), **said}
    return browser.form(f"{PAGE}/approve", **answers).status_code


def note(browser: Browser, path: str = PAGE) -> str:
    """What the next page says first."""
    found = re.search(r'<p class="notice \w+" role="status">(.*?)</p>', browser.get(path).text)
    return found[1] if found else ""


def test_an_episode_is_shown_with_what_was_noticed_and_what_is_missing(panel: Panel) -> None:
    browser = panel.signed_in(Role.COORDINATOR)
    assert f'href="{PAGE}"' in browser.get("/library/episodes").text
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "Dos personas" in page.text
    (finding,) = re.findall(r'<li class="finding warn">.*?</li>', page.text, re.DOTALL)[:1]
    assert "Dura 0:1" in finding
    assert 'src="/library/episodes/3/waveform.svg"' in page.text
    assert "whatsapp://send?text=" in page.text
    picture = browser.get(f"{PAGE}/waveform.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith("<svg")


def test_a_picture_that_is_gone_is_drawn_again(panel: Panel) -> None:
    drawn = panel.desk.station.episodes / "003" / "waveform.svg"
    before = drawn.read_text(encoding="utf-8")
    drawn.unlink()
    assert panel.signed_in(Role.APPROVER).get(f"{PAGE}/waveform.svg").text == before
    assert not drawn.exists()


def test_a_title_is_text_on_every_page(panel: Panel) -> None:
    browser = panel.signed_in(OFFICER)
    for path in ("/library/episodes", PAGE, f"/library/receive?episode={THREE}"):
        text = browser.get(path).text
        assert "<b>" not in text
    assert "&lt;b&gt;" in browser.get(PAGE).text
    assert TITLE not in browser.get(PAGE).text


def test_two_people_approve_and_the_same_one_twice_is_refused(panel: Panel) -> None:
    first, second = panel.signed_in(FIRST), panel.signed_in(SECOND)
    for code in APPROVERS:
        panel.give_pin(code)
    assert approve(panel, first) == 303
    assert "quedó registrada" in note(first)
    twice = first.form(f"{PAGE}/approve", **CLEAN, pin=PIN, master=heard(panel))
    assert twice.status_code == 422
    assert f"{FIRST} ya aprobó el episodio {THREE}" in twice.text
    assert f"{FIRST} ya aprobó" in first.get(PAGE).text
    assert approve(panel, second) == 303
    assert [event.approver for event in events(panel, Approved)] == [FIRST, SECOND]
    assert "No falta nada" in second.get(PAGE).text
    assert "puede salir" in second.get("/library/episodes").text


def test_a_slip_of_the_pin_costs_no_answer(panel: Panel) -> None:
    browser = panel.signed_in(FIRST)
    panel.give_pin(FIRST)
    slipped = browser.form(f"{PAGE}/approve", **{**CLEAN, "minors": "yes"}, pin="999999", master=heard(panel))
    assert slipped.status_code == 422
    assert "PIN" in slipped.text
    assert 'name="minors" value="yes" required checked' in slipped.text
    assert 'name="names" value="no" required checked' in slipped.text
    unanswered = browser.form(
        f"{PAGE}/approve", **{key: said for key, said in CLEAN.items() if key != "names"}, pin=PIN, master=heard(panel)
    )
    assert unanswered.status_code == 422
    without = browser.form(f"{PAGE}/approve", **CLEAN)
    assert without.status_code == 422
    assert not events(panel, Approved)


@pytest.mark.parametrize("answers", [{"names": "yes"}, {"testimony": "yes"}, {"minors": "yes"}])
def test_what_can_put_somebody_at_risk_is_not_approved(panel: Panel, answers: dict[str, str]) -> None:
    panel.give_pin(FIRST)
    assert approve(panel, panel.signed_in(FIRST), **answers) == 422
    assert not events(panel, Approved)


def test_who_made_it_does_not_approve_it(panel: Panel) -> None:
    panel.write(PersonRolesChanged(PRODUCER, (Role.PRODUCER, Role.APPROVER), OFFICER))
    panel.give_pin(PRODUCER)
    browser = panel.signed_in(PRODUCER)
    assert approve(panel, browser) == 422
    assert f'action="{PAGE}/approve"' not in browser.get(PAGE).text
    assert not events(panel, Approved)


def test_nobody_answers_for_a_version_that_came_after_her_page(panel: Panel) -> None:
    """Her page shows the first version; while she listens to it another one comes."""
    for code in (FIRST, PRODUCER):
        panel.give_pin(code)
    shown, first, producer = heard(panel), panel.signed_in(FIRST), panel.signed_in(PRODUCER)
    assert f'name="master" value="{shown}"' in first.get(PAGE).text
    admitted = panel.desk.decisions().newest(THREE)
    assert admitted is not None
    panel.write(replace(admitted, revision=2, original_sha256=Sha256("ab" * 32), master_sha256=Sha256("cd" * 32)))
    for slip in ({}, {"pin": ""}):
        late = first.form(f"{PAGE}/approve", **{**CLEAN, "pin": PIN, "master": shown, **slip})
        assert late.status_code == 422
        assert 'value="' + "cd" * 32 not in late.text
    answers = {"every_voice": "yes", "minors": "no", "testimony": "no", "consent": CONSENT, "pin": PIN}
    assert producer.form(f"{PAGE}/confirm", **answers, master=shown).status_code == 422
    assert first.form(f"{PAGE}/approve", **CLEAN, pin=PIN).status_code == 422
    assert not events(panel, Approved)
    assert len(events(panel, ConsentConfirmed)) == 1


def test_an_urgent_yes_is_the_officers_and_is_told(panel: Panel) -> None:
    panel.give_pin(OFFICER)
    panel.give_pin(FIRST)
    assert approve(panel, panel.signed_in(FIRST), urgent="yes") == 403
    officer = panel.signed_in(OFFICER)
    assert approve(panel, officer, urgent="yes") == 303
    assert events(panel, Approved)[0].urgent
    assert "Una aprobación urgente" in officer.get(PAGE).text


def test_its_producer_confirms_the_consents(panel: Panel) -> None:
    panel.give_pin(PRODUCER)
    browser = panel.signed_in(PRODUCER)
    answers = {
        "every_voice": "yes",
        "minors": "no",
        "testimony": "no",
        "consent": CONSENT,
        "pin": PIN,
        "master": heard(panel),
    }
    assert browser.form(f"{PAGE}/confirm", **{**answers, "every_voice": "no"}).status_code == 422
    assert browser.form(f"{PAGE}/confirm", **{**answers, "consent": "C-9"}).status_code == 422
    assert browser.form(f"{PAGE}/confirm", **{**answers, "pin": "0000"}).status_code == 422
    assert len(events(panel, ConsentConfirmed)) == 1
    assert browser.form(f"{PAGE}/confirm", **answers).status_code == 303
    assert events(panel, ConsentConfirmed)[-1].by == PRODUCER


def test_anybody_signed_in_suspends_without_a_pin_and_only_the_officer_lifts(panel: Panel) -> None:
    producer, officer = panel.signed_in(PRODUCER), panel.signed_in(OFFICER)
    assert producer.form(f"{PAGE}/suspend").status_code == 303
    assert events(panel, Suspended) == [Suspended(THREE, PRODUCER)]
    assert "suspendido" in note(producer)
    panel.give_pin(OFFICER)
    panel.give_pin(COORDINATOR)
    assert panel.signed_in(COORDINATOR).form(f"{PAGE}/lift", pin=PIN).status_code == 403
    assert officer.form(f"{PAGE}/lift").status_code == 422
    assert officer.form(f"{PAGE}/lift", pin=PIN).status_code == 303
    assert events(panel, SuspensionLifted) == [SuspensionLifted(THREE, OFFICER)]


def test_a_withdrawal_asks_the_pin_and_removes_every_byte_where_that_is_wanted(panel: Panel) -> None:
    panel.give_pin(OFFICER)
    officer = panel.signed_in(OFFICER)
    assert officer.get(f"{PAGE}/withdraw").status_code == 200
    assert officer.form(f"{PAGE}/withdraw", pin="0000").status_code == 422
    assert not events(panel, Withdrawn)
    assert officer.form(f"{PAGE}/withdraw", pin=PIN, purge="yes").status_code == 303
    assert events(panel, Withdrawn) == [Withdrawn(THREE, 1, OFFICER)]
    assert events(panel, Purged)
    assert not (panel.desk.station.episodes / "003").exists()
    assert "Su audio se borró de esta estación" in note(officer)
    after = officer.get(PAGE)
    assert after.status_code == 200
    assert "Nunca se escuchó en un mercado" in after.text
    assert officer.form(f"{PAGE}/approve", **CLEAN, pin=PIN).status_code == 422


def test_a_consent_or_a_voice_taken_back_withdraws_what_rests_on_it(panel: Panel) -> None:
    panel.give_pin(FIRST)
    browser = panel.signed_in(FIRST)
    back = "/library/consents/withdraw"
    assert browser.form(back, consent="C-77", pin=PIN).status_code == 422
    assert browser.form(back, voice="nobody-1", pin=PIN).status_code == 422
    assert not events(panel, Withdrawn)
    assert browser.form(back, voice=VOICE, pin=PIN).status_code == 303
    assert events(panel, ConsentWithdrawn) == [ConsentWithdrawn(CONSENT, FIRST)]
    assert events(panel, Withdrawn) == [Withdrawn(THREE, 1, FIRST, voice=VOICE)]
    assert browser.form(back, consent=CONSENT, pin=PIN).status_code == 422


def test_a_helpline_reported_wrong_takes_what_says_it_off_the_air(panel: Panel) -> None:
    panel.give_pin(FIRST)
    browser = panel.signed_in(FIRST)
    assert browser.form("/library/helplines/linea-100/wrong", pin=PIN).status_code == 303
    assert [event.by for event in events(panel, HelplineWrong)] == [FIRST]
    assert "equivocado" in browser.get(PAGE).text
    assert browser.form("/library/helplines/linea-100/verify", pin=PIN).status_code == 403
    assert browser.form("/library/helplines/..%2f..%2fetc/verify", pin=PIN).status_code in {404, 422}


def test_of_an_episode_that_nobody_admitted_a_sentence_is_said(panel: Panel) -> None:
    browser = panel.signed_in(OFFICER)
    panel.give_pin(OFFICER)
    for path in ("/library/episodes/9", "/library/episodes/9/audio", "/library/episodes/9/waveform.svg"):
        answer = browser.get(path)
        assert answer.status_code == 422
        assert "episodio 9" in answer.text
    for act in ("approve", "suspend", "lift", "withdraw"):
        assert browser.form(f"/library/episodes/9/{act}", **CLEAN, pin=PIN).status_code == 422
    assert browser.get("/library/episodes/1000000000000000000000").status_code < 500
    assert browser.get("/library/episodes/three").status_code == 404


REFUSALS = [
    found
    for module in (approving, calling, people_refusals, signing, library_refusals, admission)
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, BroadcasterError) and found.__module__ == module.__name__
]
ELSEWHERE = {"CopyUnknown"}
"""Of what no page does."""


def facts_of(sentence: str) -> dict[str, object]:
    """Something for each of its braces."""
    return dict.fromkeys(re.findall(r"\{(\w+)\}", sentence), "7")


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_page_tells_anybody_to_type_a_command(language: str) -> None:
    with speaking(language):
        for refusal in REFUSALS:
            if refusal.__name__ not in ELSEWHERE:
                made = refusal()
                made.facts = facts_of(refusal.sentence)
                assert not COMMAND.search(words.said(made)), refusal


@pytest.mark.parametrize("module", [approvals, consents, gates, helplines])
def test_what_keeps_an_episode_off_the_air_is_said_for_a_page(module: object) -> None:
    for name, text in vars(module).items():
        texts = text.values() if name == "SENTENCES" else (text,)
        for each in texts:
            if name.isupper() and isinstance(each, str) and " " in each:
                assert not COMMAND.search(words.lacks(Objection(Reason.NOT_APPROVED, each, facts_of(each)))), name
