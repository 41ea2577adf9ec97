"""Two people in real browsers while an episode plays at three markets: what their touches do to the outputs' sound.

The operator stops her market on the stall's screen; the protection officer takes the consent back on the episode's page.
"""

import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from panel import PIN, Panel, serving
from people_at_hand import OFFICER
from playwright.sync_api import Browser, Page, expect
from stall_box import MARKETS, TEN, DaemonProcess, Ear, ends, make_station, sinks

from broadcaster.clock import ShiftedClock
from broadcaster.journal.events import StopOrdered, Withdrawn
from broadcaster.journal.reading import read
from broadcaster.model import ClockTrust, EpisodeNumber, MarketId, Outcome, Reason
from broadcaster.playout.messenger import me
from broadcaster.playout.virtual import VirtualOutputs

STALL, *ELSEWHERE = PLAYING = MARKETS[:3]
STOPPED_WITHIN_S = 2.0
"""From the touch of DETENER to silence."""
WITHDRAWN_WITHIN_S = 5.0
"""From the touch to silence, the PIN's check included."""
START = TEN - timedelta(seconds=16)
PHONE = {"width": 360, "height": 740}

pytestmark = pytest.mark.sound("box")


def test_the_operator_stops_one_market_and_the_officer_withdraws_while_it_plays_at_two(
    tmp_path: Path, chromium: Browser
) -> None:
    station = make_station(tmp_path / "station", sound_s=24.0)
    silent_s: dict[MarketId, float] = {}
    with VirtualOutputs(sinks(station, PLAYING)) as outputs, ExitStack() as stack:
        ears = {
            market: stack.enter_context(Ear(sink, outputs.environment))
            for market, sink in zip(PLAYING, sinks(station, PLAYING), strict=True)
        }
        daemon = DaemonProcess(station, START, outputs.environment, PLAYING)
        stack.callback(daemon.wait)
        stack.callback(daemon.send, signal.SIGKILL)
        panel = stack.enter_context(serving(station.root, ShiftedClock(START, ClockTrust.SYNCED)))
        daemon.wait_until_ready()
        operator, officer = at_the_stall(panel, chromium, stack), about_to_withdraw(panel, chromium, stack)
        expect(operator.locator(".stage.on-air")).to_have_count(len(PLAYING), timeout=60_000)
        _until(lambda: all(ear.silent_from_s() > ear.begins_s for ear in ears.values()))
        time.sleep(1.5)  # some words

        stopped_s = time.monotonic()
        operator.locator(f"#stop-{STALL}").click()
        expect(operator.get_by_role("status")).to_contain_text("Silencio", timeout=20_000)
        section = operator.locator(f'section[aria-labelledby="name-{STALL}"]')
        expect(section.locator(".badge")).to_have_text("incompleta", timeout=20_000)
        expect(section).to_contain_text("Se detuvo a mano", timeout=20_000)
        expect(operator.locator(".stage.on-air")).to_have_count(len(ELSEWHERE), timeout=20_000)

        withdrawn_s = time.monotonic()
        silent_s[STALL] = ears[STALL].silent_from_s()
        officer.get_by_role("button", name="Retirarlo para siempre").click()
        expect(officer.get_by_role("status").first).to_contain_text("no volverá a sonar", timeout=20_000)
        expect(operator.locator(".stage.on-air")).to_have_count(0, timeout=20_000)
        assert operator.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        _until(lambda: len(ends(station)) >= len(PLAYING))
        silent_s.update({market: ears[market].silent_from_s() for market in ELSEWHERE})
        assert ears[STALL].silent_from_s() < silent_s[STALL] + 0.5, "what was stopped did not come back"

    assert stopped_s < silent_s[STALL] <= stopped_s + STOPPED_WITHIN_S
    for market in ELSEWHERE:
        assert withdrawn_s < silent_s[market] <= withdrawn_s + WITHDRAWN_WITHIN_S, market
    rows = [row.event for row in read(station.database, kinds=[StopOrdered, Withdrawn])]
    assert rows == [StopOrdered((STALL,), me()), Withdrawn(EpisodeNumber(1), 1, OFFICER)], "who did it is on record"
    how = {market: (ended.outcome, ended.reason) for market, ended in ends(station).items()}
    assert how == {
        STALL: (Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR),
        **dict.fromkeys(ELSEWHERE, (Outcome.PARTIAL, Reason.WITHDRAWN)),
    }


def at_the_stall(panel: Panel, chromium: Browser, stack: ExitStack) -> Page:
    """A phone that nobody has signed in with, on the stall's screen."""
    page = _phone(panel, chromium, stack, None)
    page.goto("/stall")
    return page


def about_to_withdraw(panel: Panel, chromium: Browser, stack: ExitStack) -> Page:
    """The officer's phone: one touch is left."""
    panel.give_pin(OFFICER)
    page = _phone(panel, chromium, stack, OFFICER)
    page.goto("/library/episodes/1")
    page.get_by_role("link", name="retirarlo para siempre").click()
    page.locator("#pin-withdraw").fill(PIN)
    return page


def _phone(panel: Panel, chromium: Browser, stack: ExitStack, who: str | None) -> Page:
    context = chromium.new_context(base_url=panel.url, viewport={"width": PHONE["width"], "height": PHONE["height"]})
    stack.callback(context.close)
    if who is not None:
        panel.sign_in(context, who)
    return context.new_page()


def _until(holds: Callable[[], object], limit_s: float = 60.0) -> None:
    deadline = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
