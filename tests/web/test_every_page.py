"""What holds for every page there is: anybody can use it, on any screen; it asks nobody else for anything."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from full_station import fill
from panel import OFFICER, Panel, make_station, serving
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from test_doors import WAYS, Way

from broadcaster.journal.events import PersonRolesChanged
from broadcaster.model import Role
from broadcaster.web.doors import Kind

pytestmark = pytest.mark.xdist_group("browser")

SCREENS = [pytest.param((360, 740), id="phone"), pytest.param((1280, 800), id="office")]
SCHEMES: Sequence[Literal["light", "dark"]] = ("light", "dark")
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
NO_PAGES = ("/static/", "/events")
"""Styles, and streams that never end."""


def pages() -> Iterator[Way]:
    for way in WAYS:
        if way.method == "GET" and not any(part in way.path for part in NO_PAGES):
            yield way


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Of a station where something of everything is on record; the protection officer may see every page."""
    with serving(fill(make_station(tmp_path_factory.mktemp("pages") / "station"))) as made:
        made.write(PersonRolesChanged(OFFICER, tuple(Role), OFFICER))
        yield made


class Machine:
    """Keeps a browser from leaving this computer, and remembers where it wanted to go."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self.elsewhere: list[str] = []

    def see_to(self, route: Route) -> None:
        url = route.request.url
        if url.startswith((self._panel.url, "data:", "blob:")):
            route.continue_()
        else:
            self.elsewhere.append(url)
            route.abort()


def context_of(chromium: Browser, panel: Panel, screen: tuple[int, int]) -> BrowserContext:
    width, height = screen
    context = chromium.new_context(viewport={"width": width, "height": height}, base_url=panel.url, locale="es-PE")
    panel.sign_in(context, OFFICER)
    return context


def faults(page: Page) -> Iterator[str]:
    """What axe finds, each with its place, in light and in dark."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=RULES)
        yield from (
            f"{scheme} {each['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for each in found.response["violations"]
            for node in each["nodes"]
        )


@pytest.mark.parametrize("screen", SCREENS)
def test_everybody_can_use_every_page_and_no_page_asks_anybody_else_for_anything(
    chromium: Browser, panel: Panel, screen: tuple[int, int]
) -> None:
    machine = Machine(panel)
    wrong: dict[str, object] = {}
    with context_of(chromium, panel, screen) as context:
        context.route("**/*", machine.see_to)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        for way in pages():
            said.clear()
            answer = page.goto(way.example, wait_until="domcontentloaded")
            if answer is None or "text/html" not in answer.headers.get("content-type", ""):
                continue
            if "sandbox" in answer.headers["content-security-policy"]:
                continue  # a report's own layout, shown within a page: no script runs in it, axe as little as another
            told = [each for each in said if not each.startswith("Failed to load")]  # of an episode without sound
            assert page.evaluate("window.hurt") is None, way
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if found := [*faults(page), *told, *(["wider than the screen"] if wide > 0 else [])]:
                wrong[f"{way.example} {answer.status}"] = found
    assert wrong == {}
    assert machine.elsewhere == []


def test_the_way_through_a_page_by_keyboard_begins_with_the_way_past_the_links(chromium: Browser, panel: Panel) -> None:
    with context_of(chromium, panel, (360, 740)) as context:
        page = context.new_page()
        page.goto("/sign-in")
        page.keyboard.press("Tab")
        skip = page.locator("a.skip")
        assert skip.evaluate("link => link === document.activeElement")
        assert skip.evaluate("link => link.getBoundingClientRect().top >= 0")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_on_a_phone_the_ways_are_one_line_until_somebody_opens_them_by_keyboard_too(
    chromium: Browser, panel: Panel
) -> None:
    with context_of(chromium, panel, (360, 740)) as context:
        page = context.new_page()
        page.goto("/office/log")
        head = page.locator("header.top").bounding_box()
        assert head is not None
        assert head["height"] < 740 / 3
        assert page.get_by_role("link", name="Calendario").count() == 0
        ways = page.locator(".menu summary")
        expect(ways).to_have_text("Páginas: Registro de emisiones")
        for _ in range(2):
            page.keyboard.press("Tab")
        expect(ways).to_be_focused()
        page.keyboard.press("Enter")
        calendar = page.get_by_role("link", name="Calendario")
        expect(calendar).to_be_visible()
        assert list(faults(page)) == []
        calendar.press("Enter")
        expect(page).to_have_url(re.compile("/office/calendar$"))


def test_no_page_is_larger_than_150_kilobytes_and_none_fails(panel: Panel) -> None:
    browser = panel.signed_in(OFFICER)
    sizes = {}
    for way in pages():
        answer = browser.get(way.example)
        assert answer.status_code < 500, way
        if "text/html" in answer.headers.get("content-type", ""):
            sizes[way.example] = len(answer.content)
    assert {path: size for path, size in sizes.items() if size > 150_000} == {}


def test_every_page_speaks_both_languages(panel: Panel) -> None:
    browser = panel.signed_in(OFFICER)
    spanish = {way.example: browser.get(way.example).text for way in pages()}
    browser.form("/language", language="en")
    for path, text in spanish.items():
        english = browser.get(path).text
        if "<html" in english:
            assert '<html lang="es">' in text, path
            assert '<html lang="en">' in english, path


def test_the_stalls_pages_are_among_them() -> None:
    assert any(way.door.kind is Kind.NEARNESS for way in pages())


def screenshots(folder: Path, chromium: Browser, panel: Panel) -> None:
    """Every page on every screen, to be looked at."""
    for parameters in SCREENS:
        (screen,) = parameters.values
        with context_of(chromium, panel, screen) as context:  # type: ignore[arg-type]
            page = context.new_page()
            for way in pages():
                page.goto(way.example, wait_until="domcontentloaded")
                name = way.example.strip("/").replace("/", "-") or "first"
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme=scheme)
                    page.screenshot(path=folder / f"{name}-{parameters.id}-{scheme}.png", full_page=True)
