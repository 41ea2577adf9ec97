"""What people do with a phone and a mouse, in a real browser: send a recording with a fault, approve it, listen to it."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from panel import APPROVERS, OFFICER, PIN, PRODUCER, Panel, make_station, serving
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from shelved import CLEAN, CONSENT, THREE, copied, events, limited, make_shelved, spoken

from broadcaster.journal.events import Admitted, Approved, EpisodeHeard
from broadcaster.model import Role

PHONE = ViewportSize(width=360, height=740)
OFFICE = ViewportSize(width=1280, height=900)
LIMIT_MS = 300_000.0

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("voice")


@pytest.fixture(scope="module")
def shelved(voice: Path) -> Path:
    return make_shelved(voice / "station", spoken(voice))


def page_of(chromium: Browser, panel: Panel, who: Role | str, *, phone: bool = True) -> Page:
    context: BrowserContext = chromium.new_context(
        base_url=panel.url,
        viewport=PHONE if phone else OFFICE,
        has_touch=phone,
        is_mobile=phone,
    )
    panel.sign_in(context, who)
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def asked_of_others(page: Page, panel: Panel) -> list[str]:
    """Every request that does not go to the panel, from now on."""
    found: list[str] = []
    page.on(
        "request",
        lambda request: None if request.url.startswith((panel.url, "data:", "blob:")) else found.append(request.url),
    )
    return found


def test_a_phone_sends_a_recording_with_a_fault_and_gets_the_sentence(
    chromium: Browser, voice: Path, tmp_path: Path
) -> None:
    """Speech recorded so loud that it is torn; nothing of the page runs out at the side, and nobody else is asked."""
    torn = spoken(voice, "torn.wav", times=3, louder=12.0)
    with serving(make_station(tmp_path / "station")) as panel:
        page = page_of(chromium, panel, PRODUCER)
        others = asked_of_others(page, panel)
        page.goto("/library/receive")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.get_by_label("Título").fill("Nuestra voz")
        page.get_by_label(re.compile("Referencias")).fill(CONSENT)
        page.get_by_label("Línea 100").check()
        page.get_by_label("La grabación").set_input_files(torn)
        page.get_by_role("button", name="Enviar").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Recibido. Código d-07.")
        message = page.get_by_label("Mensaje para WhatsApp")
        expect(message).to_have_value(re.compile("la voz suena rota"), timeout=LIMIT_MS)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copiar").click()
        expect(page.get_by_text("Copiado.")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == message.input_value()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert others == []
        assert [event.by for event in events(panel, Admitted)] == [PRODUCER]
        page.context.close()


def test_a_file_that_is_too_large_is_not_even_sent(chromium: Browser, voice: Path, tmp_path: Path) -> None:
    root = limited(make_station(tmp_path / "station"), 1_000_000)
    large = tmp_path / "large.wav"
    large.write_bytes(bytes(1_200_000))
    with serving(root) as panel:
        page = page_of(chromium, panel, PRODUCER)
        page.goto("/library/receive")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method))
        page.get_by_label("Título").fill("Nuestra voz")
        page.get_by_label("La grabación").set_input_files(large)
        page.get_by_role("button", name="Enviar").click()
        expect(page.get_by_text("pesa más de 1 MB")).to_be_visible()
        assert "POST" not in sent
        page.context.close()


def test_two_people_approve_and_the_same_one_twice_is_told(chromium: Browser, shelved: Path, tmp_path: Path) -> None:
    with serving(copied(shelved, tmp_path / "station")) as panel:
        for code in APPROVERS:
            panel.give_pin(code)
        first, second = (page_of(chromium, panel, code) for code in APPROVERS)
        for page in (first, first.context.new_page(), second):
            page.goto(f"/library/episodes/{THREE}")
        late = first.context.pages[1]
        for page in (first, late, second):
            answer(page)
        expect(late.get_by_role("alert")).to_contain_text("ya aprobó el episodio 3")
        expect(second.get_by_text("No falta nada")).to_be_visible()
        assert [event.approver for event in events(panel, Approved)] == list(APPROVERS)
        first.context.close()
        second.context.close()


def answer(page: Page) -> None:
    """The checklist, clean, and the PIN."""
    for word in CLEAN:
        page.locator(f'input[name="{word}"][value="no"]').check()
    page.locator("#pin-approve").fill(PIN)
    page.get_by_role("button", name="Aprobar el episodio").click()


def test_a_finding_leads_the_player_to_its_second_and_that_is_on_record(
    chromium: Browser, voice: Path, tmp_path: Path
) -> None:
    torn = spoken(voice, "torn.wav", times=3, louder=12.0)
    with serving(make_shelved(tmp_path / "station", torn)) as panel:
        page = page_of(chromium, panel, APPROVERS[0], phone=False)
        page.goto(f"/library/episodes/{THREE}")
        assert not events(panel, EpisodeHeard)
        at = page.locator("[data-at]").first
        second = float(at.get_attribute("data-at") or "-1")
        at.click()
        page.wait_for_function(
            "() => { const p = document.getElementById('player'); return p.currentTime > 0 && !p.seeking; }"
        )
        there = page.evaluate("document.getElementById('player').currentTime")
        assert second <= there < second + 30
        assert page.evaluate("document.getElementById('player').duration") > 10
        assert [event.by for event in events(panel, EpisodeHeard)] == [APPROVERS[0]]
        page.context.close()


def test_without_a_script_a_recording_is_sent_and_answered(chromium: Browser, voice: Path, tmp_path: Path) -> None:
    with serving(make_station(tmp_path / "station")) as panel:
        context = chromium.new_context(base_url=panel.url, viewport=PHONE, java_script_enabled=False)
        panel.sign_in(context, PRODUCER)
        page = context.new_page()
        page.goto("/library/receive")
        page.get_by_label("Título").fill("Nuestra voz")
        page.get_by_label("La grabación").set_input_files(spoken(voice))
        page.get_by_role("button", name="Enviar").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Recibido. Código d-07.")
        until = threading.Event()
        while not page.get_by_label("Mensaje para WhatsApp").count():
            until.wait(0.3)
            page.reload()
        assert [event.by for event in events(panel, Admitted)] == [PRODUCER]
        context.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(chromium: Browser, shelved: Path, tmp_path: Path, colours: str) -> None:
    with serving(copied(shelved, tmp_path / "station")) as panel:
        context = chromium.new_context(
            base_url=panel.url,
            viewport=PHONE,
            color_scheme="dark" if colours == "dark" else "light",
        )
        panel.sign_in(context, OFFICER)
        page = context.new_page()
        for path in paths():
            page.goto(path)
            for details in page.locator("details").all():
                details.evaluate("element => { element.open = true; }")
            found = Axe().run(page)
            assert found.violations_count == 0, (path, found.generate_report())
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        context.close()


def paths() -> Iterator[str]:
    yield from (f"/library/{name}" for name in ("episodes", "receive", "people", "consents", "helplines", "pin"))
    yield from (f"/library/episodes/{THREE}{more}" for more in ("", "/withdraw"))
    yield f"/library/receive?episode={THREE}"
