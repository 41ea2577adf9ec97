"""Signing in and out: a code and its PIN, and nothing that a guesser or a link could use instead."""

import re
import time
from pathlib import Path

import pytest
from panel import COORDINATOR, OFFICER, PIN, PRODUCER, Browser, Panel, WallClock, make_station, serving

from broadcaster.errors import RecordUnavailable
from broadcaster.journal.events import PersonRetired, PersonRolesChanged, PinSet
from broadcaster.library import people
from broadcaster.model import Role
from broadcaster.web import tries
from broadcaster.web.sessions import IDLE_S, LONGEST_S, MOST, Sessions
from broadcaster.web.signing import REFUSED_S
from broadcaster.web.tries import FOR_A_CODE, FROM_AN_ADDRESS, WITHIN_S, Tries

WRONG = "000000"


def signed_in(browser: Browser) -> bool:
    return 'action="/sign-out"' in browser.get("/sign-in").text


def clock_of(panel: Panel) -> WallClock:
    assert isinstance(panel.clock, WallClock)
    return panel.clock


def test_a_code_and_its_pin_open_the_panel_and_lead_back_to_the_page_that_was_wanted(panel: Panel) -> None:
    panel.give_pin(COORDINATOR)
    browser = panel.client()
    assert not signed_in(browser)
    answer = browser.form("/sign-in", code=COORDINATOR, pin=PIN, to="/sign-in?to=/office")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?to=/office"
    assert signed_in(browser)
    assert COORDINATOR in browser.get("/sign-in").text


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(panel: Panel) -> None:
    answer = panel.client().form("/sign-out")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("code", "pin"),
    [
        (COORDINATOR, WRONG),
        ("nobody-77", PIN),
        (PRODUCER, PIN),
        (COORDINATOR, ""),
        ("", ""),
        ("<script>", PIN),
        ("ñ" * 3000, PIN),
        (COORDINATOR.upper(), PIN),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_that_tells_nobody_which_codes_there_are(
    panel: Panel, code: str, pin: str
) -> None:
    panel.give_pin(COORDINATOR)
    browser = panel.client()
    answer = browser.form("/sign-in", code=code, pin=pin)
    assert answer.status_code == 422
    (said,) = re.findall(r'role="alert">([^<]+)<', answer.text)
    assert said.startswith("El código y el PIN no corresponden")
    assert not signed_in(browser)


def test_a_session_that_a_browser_brings_along_is_never_taken_over(panel: Panel) -> None:
    """Who has put a cookie into somebody's browser does not know the session that begins there."""
    panel.give_pin(COORDINATOR)
    browser = panel.client()
    planted = "planted-by-somebody-else"
    browser.cookies.set(panel.jar.session, planted, domain="127.0.0.1")
    browser.form("/sign-in", code=COORDINATOR, pin=PIN)
    attacker = panel.client()
    attacker.cookies.set(panel.jar.session, planted, domain="127.0.0.1")
    assert signed_in(browser)
    assert not signed_in(attacker)


def test_signing_in_again_ends_the_session_before(panel: Panel) -> None:
    panel.give_pin(COORDINATOR)
    browser = panel.client()
    browser.form("/sign-in", code=COORDINATOR, pin=PIN)
    before = browser.cookies[panel.jar.session]
    browser.form("/sign-in", code=COORDINATOR, pin=PIN)
    old = panel.client()
    old.cookies.set(panel.jar.session, before, domain="127.0.0.1")
    assert browser.cookies[panel.jar.session] != before
    assert not signed_in(old)


def test_signing_out_ends_the_session_here_and_not_in_the_browser_alone(panel: Panel) -> None:
    browser = panel.signed_in(COORDINATOR)
    kept = browser.cookies[panel.jar.session]
    assert browser.form("/sign-out").headers["location"] == "/sign-in"
    thief = panel.client()
    thief.cookies.set(panel.jar.session, kept, domain="127.0.0.1")
    assert not signed_in(browser)
    assert not signed_in(thief)


def test_who_does_nothing_for_half_an_hour_signs_in_again(panel: Panel) -> None:
    browser = panel.signed_in(COORDINATOR)
    clock_of(panel).monotonic_s += IDLE_S - 1
    assert signed_in(browser)
    clock_of(panel).monotonic_s += IDLE_S - 1
    assert signed_in(browser)
    clock_of(panel).monotonic_s += IDLE_S + 1
    assert not signed_in(browser)


def test_no_session_outlives_a_working_day_however_busy_it_is() -> None:
    held = Sessions()
    key, now_s = held.begin("c", 0.0), 0.0
    while now_s + IDLE_S / 2 <= LONGEST_S:
        now_s += IDLE_S / 2
        assert held.code_of(key, now_s) == "c"
    assert held.code_of(key, LONGEST_S + 1) == ""


def test_sessions_are_bounded_and_the_oldest_goes() -> None:
    held = Sessions()
    keys = [held.begin(str(number), 0.0) for number in range(MOST + 1)]
    assert len(set(keys)) == MOST + 1
    assert held.code_of(keys[0], 0.0) == ""
    assert held.code_of(keys[-1], 0.0) == str(MOST)


def test_a_new_pin_ends_what_the_old_one_opened(panel: Panel) -> None:
    """Somebody's phone was taken: the officer gives her another PIN."""
    panel.give_pin(PRODUCER)
    taken = panel.client()
    taken.form("/sign-in", code=PRODUCER, pin=PIN)
    another = panel.signed_in(COORDINATOR)
    assert signed_in(taken)
    panel.give_pin(PRODUCER, "8642")
    panel.write(PinSet(PRODUCER, OFFICER))
    assert not signed_in(taken)
    assert signed_in(another)
    hers = panel.client()
    hers.form("/sign-in", code=PRODUCER, pin="8642")
    assert signed_in(hers)


def test_who_is_retired_is_out_at_once_and_a_role_taken_away_closes_its_doors(panel: Panel) -> None:
    coordinator, producer = panel.signed_in(COORDINATOR), panel.signed_in(PRODUCER)
    assert signed_in(coordinator)
    panel.write(PersonRetired(COORDINATOR, OFFICER), PersonRolesChanged(PRODUCER, (Role.APPROVER,), OFFICER))
    assert not signed_in(coordinator)
    assert signed_in(producer)
    assert panel.desk.decisions().people[PRODUCER].roles == (Role.APPROVER,)


def test_guessing_ends_after_five_for_a_code_also_with_the_right_pin(panel: Panel) -> None:
    panel.give_pin(COORDINATOR)
    browser = panel.client()
    for _ in range(FOR_A_CODE):
        assert "corresponden" in browser.form("/sign-in", code=COORDINATOR, pin=WRONG).text
    late = browser.form("/sign-in", code=COORDINATOR, pin=PIN)
    assert "demasiados" in late.text
    assert not signed_in(browser)


def test_a_code_that_nobody_has_is_guessed_at_no_longer_than_one_that_somebody_has(panel: Panel) -> None:
    browser = panel.client()
    for _ in range(FOR_A_CODE):
        assert "corresponden" in browser.form("/sign-in", code="nobody-77", pin=WRONG).text
    assert "demasiados" in browser.form("/sign-in", code="nobody-77", pin=WRONG).text


@pytest.mark.parametrize("code", [COORDINATOR, PRODUCER, "nobody-77", "<script>"])
def test_no_refusal_tells_by_the_time_it_takes_whether_the_code_is_somebodys(panel: Panel, code: str) -> None:
    panel.give_pin(COORDINATOR)
    browser = panel.client()
    browser.word()
    began = time.monotonic()
    browser.form("/sign-in", code=code, pin=WRONG)
    assert time.monotonic() - began >= REFUSED_S


def test_a_try_that_nobody_could_judge_counts_as_none(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is held by somebody else for a while; the PIN is right all the time."""
    panel.give_pin(COORDINATOR)
    browser = panel.client()
    identify = people.identify

    def held(*_words: object) -> None:
        raise RecordUnavailable(path="broadcaster.db", problem="database is locked")

    monkeypatch.setattr(people, "identify", held)
    for _ in range(FOR_A_CODE + 1):
        assert browser.form("/sign-in", code=COORDINATOR, pin=PIN).status_code == 409
    monkeypatch.setattr(people, "identify", identify)
    assert browser.form("/sign-in", code=COORDINATOR, pin=PIN).status_code == 303


def test_guessing_ends_for_an_address_that_tries_code_after_code() -> None:
    guesses = Tries()
    for number in range(FROM_AN_ADDRESS):
        assert guesses.left(f"code-{number}", "10.0.0.9", 0.0)
        guesses.wrong(f"code-{number}", "10.0.0.9", 0.0)
    assert not guesses.left("code-new", "10.0.0.9", WITHIN_S - 1)
    assert guesses.left("code-new", "10.0.0.10", 0.0)
    assert guesses.left("code-new", "10.0.0.9", WITHIN_S)


def test_many_who_sign_in_from_one_office_do_not_lock_it() -> None:
    guesses = Tries()
    for number in range(3 * FROM_AN_ADDRESS):
        assert guesses.left(f"code-{number}", "10.0.0.9", 0.0)
        guesses.wrong(f"code-{number}", "10.0.0.9", 0.0)
        guesses.right(f"code-{number}", "10.0.0.9")


def test_what_is_remembered_of_guesses_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST", 10)
    guesses = Tries()
    for number in range(100):
        guesses.wrong(f"code-{number}", f"address-{number}", 0.0)
    assert len(guesses._of) <= 10


def test_whoever_has_a_network_of_addresses_has_no_more_tries() -> None:
    guesses = Tries()
    for number in range(FROM_AN_ADDRESS):
        guesses.wrong(f"code-{number}", f"2001:db8::{number:x}", 0.0)
    assert not guesses.left("another", "2001:db8::ffff", 0.0)
    assert guesses.left("another", "2001:db8:0:1::1", 0.0)
    assert guesses.left("another", "::ffff:203.0.113.9", 0.0)


@pytest.mark.parametrize(
    "to",
    [
        "https://attacker.example/",
        "//attacker.example",
        "/\\attacker.example",
        "javascript:alert(1)",
        "/a\r\nX: y",
        "ñ",
        "",
    ],
)
def test_no_link_leads_from_the_sign_in_page_to_somebody_elses(panel: Panel, to: str) -> None:
    panel.give_pin(COORDINATOR)
    browser = panel.client()
    form = browser.get("/sign-in", params={"to": to}).text.partition('action="/sign-in"')[2]
    assert 'name="to" value="/"' in form
    assert browser.form("/sign-in", code=COORDINATOR, pin=PIN, to=to).headers["location"] == "/"


def test_where_nobody_is_registered_the_sign_in_page_says_how_the_first_person_is(tmp_path: Path) -> None:
    with serving(make_station(tmp_path / "station", people=False)) as panel:
        assert "broadcaster person add" in panel.client().get("/sign-in").text
        assert not (panel.root / "data").exists()


def test_once_somebody_is_registered_it_says_so_no_more(panel: Panel) -> None:
    assert "person add" not in panel.client().get("/sign-in").text


def test_a_restart_loses_nothing_but_the_sign_in(panel: Panel) -> None:
    """Also a page that was loaded before still works: the word of its forms is the browser's own."""
    browser = panel.signed_in(COORDINATOR)
    word, visit = browser.word(), browser.cookies[panel.jar.visit]
    with serving(panel.root) as again:
        later = again.client()
        later.cookies.set(again.jar.visit, visit, domain="127.0.0.1")
        later.cookies.set(again.jar.session, browser.cookies[panel.jar.session], domain="127.0.0.1")
        assert not signed_in(later)
        assert later.post("/language", data={"csrf": word, "language": "en"}).status_code == 303


def test_sessions_are_told_apart_by_secrets_that_cannot_be_guessed() -> None:
    keys = {Sessions().begin("c", 0.0) for _ in range(100)}
    assert len(keys) == 100
    assert min(map(len, keys)) >= 43
