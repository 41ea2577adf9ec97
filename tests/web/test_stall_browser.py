"""The stall's screen in a real browser: it follows what happens without being loaded again, and fits a phone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from panel import WallClock, make_station, serving
from playwright.sync_api import Browser, expect
from stall_box import listening

from broadcaster.journal.events import Confirmed
from broadcaster.model import AiringId, HeardAs, Role
from broadcaster.playout.control import Answer
from broadcaster.playout.orders import Order

LIMA = ZoneInfo("America/Lima")
TEN = datetime(2021, 6, 18, 10, 0, tzinfo=LIMA)
NEXT = {"airing": "a", "due": TEN.isoformat(), "episode": 3, "reason": None, "make_good_of": None}
WAITING: Mapping[str, Any] = {
    "market": "unicachi",
    "name": "Mercado Unicachi",
    "state": "waiting",
    "held_until": None,
    "episode": None,
    "airing": None,
    "position_s": None,
    "expected_s": None,
    "until": None,
    "obstacle": None,
    "next": NEXT,
    "last": None,
}
SOUNDING = {
    "episode": 3,
    "airing": "a",
    "expected_s": 485.0,
    "until": (TEN + timedelta(seconds=485)).isoformat(),
    "next": None,
}
PLAYED = {"airing": "a", "due": TEN.isoformat(), "outcome": "played", "reason": "on_time", "make_good_of": None}

pytestmark = pytest.mark.xdist_group("browser")


def test_it_goes_from_the_next_airing_to_on_air_to_aired_without_being_loaded_again(
    tmp_path: Path, chromium: Browser
) -> None:
    clock = WallClock(TEN - timedelta(minutes=5))
    root = make_station(tmp_path / "station", clock=clock)
    market = dict(WAITING)

    async def obey(_order: Order, _by: str) -> Answer:
        facts = {"version": "0", "now": clock.utc.isoformat(), "clock": "synced", "plan_sha256": ""}
        return {**facts, "faults": [], "waiting": [], "failing": [], "markets": [dict(market)]}

    with listening(root / "data" / "control", obey), serving(root, clock) as panel:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=panel.url)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text))
        page.goto("/stall")
        page.evaluate("window.kept = true")
        expect(page.locator(".state")).to_have_text("ENCIENDA AHORA")
        expect(page.locator(".figure")).to_contain_text(":")
        market.update(state="on_air", position_s=10.0, **SOUNDING)
        expect(page.locator(".state")).to_have_text("AL AIRE", timeout=20_000)
        expect(page.locator("progress")).to_be_visible()
        market.update({**WAITING, "next": None, "last": PLAYED})
        expect(page.locator(".badge")).to_have_text("emitida", timeout=20_000)
        assert page.evaluate("window.kept") is True
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        assert complaints == []
        context.close()


def test_a_screen_that_hears_nothing_more_says_so_and_finds_the_computer_again(
    tmp_path: Path, chromium: Browser
) -> None:
    """The box lost its power: nobody closes the connection, and the phone would count on."""
    clock = WallClock(TEN - timedelta(minutes=5))
    with serving(make_station(tmp_path / "station", clock=clock), clock) as panel:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=panel.url)
        page = context.new_page()
        page.clock.install()
        page.goto("/stall")
        page.locator("#volume-unicachi").wait_for()
        page.locator("#softer-unicachi").click()
        expect(page.get_by_role("status")).to_contain_text("Volumen")
        lost = page.locator(".lost")
        expect(lost).to_be_hidden()
        page.clock.fast_forward(50_000)
        expect(lost).to_be_visible()
        page.clock.fast_forward(6_000)
        expect(lost).to_be_hidden(timeout=20_000)
        page.clock.fast_forward(10_000)
        expect(page.get_by_role("status")).to_have_count(0)
        context.close()


def test_an_office_page_is_not_left_open_when_its_person_signs_out_elsewhere(tmp_path: Path, chromium: Browser) -> None:
    clock = WallClock(TEN - timedelta(minutes=5))
    with serving(make_station(tmp_path / "station", clock=clock), clock) as panel:
        context = chromium.new_context(base_url=panel.url)
        panel.sign_in(context, Role.COORDINATOR)
        open_, other = context.new_page(), context.new_page()
        open_.clock.install()
        open_.goto("/office/markets")
        other.goto("/office/markets")
        expect(open_.locator("[data-live]")).to_be_visible()
        other.locator('form[action="/sign-out"] button').click()
        panel.write(Confirmed(AiringId("2021-06-18T09:00/unicachi"), HeardAs.WELL, "uid:1000"))  # wakes open pages
        expect(open_.locator("[data-lost]")).to_be_visible(timeout=30_000)
        for _second in range(30):
            open_.clock.fast_forward(6_000)
            if "/sign-in" in open_.url:
                break
            open_.wait_for_timeout(1_000)
        assert "/sign-in" in open_.url
        assert open_.locator("[data-live]").count() == 0
        context.close()
