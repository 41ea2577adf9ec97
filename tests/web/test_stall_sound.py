"""The stall's screen beside the real daemon: it follows an airing by itself, and what is touched there is heard."""

import re
import signal
import threading
import time
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from panel import serving
from patience import until
from stall_box import MARKETS, TEN, DaemonProcess, Ear, ends, make_station, panel_apart, sinks

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station
from broadcaster.journal.events import Confirmed, Held, MakeGoodOrdered, StopOrdered, Tested
from broadcaster.journal.reading import read
from broadcaster.model import ClockTrust, HeardAs, MarketId, Outcome, Reason
from broadcaster.playout.virtual import VirtualOutputs

CENTRAL, BOSQUE, UNICACHI, HUAMANTANGA = MARKETS
WITHIN_S = 2.0
"""From the touch to silence."""
START = TEN - timedelta(seconds=42)
STATE = re.compile(r'id="name-mercado-central".*?class="state">([^<]+)<.*?</section>', re.DOTALL)

pytestmark = pytest.mark.sound("box")


class Watching(threading.Thread):
    """A phone that stays on the screen: what it is sent, as it comes."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.parts: list[str] = []
        self._url = url
        self.start()

    def run(self) -> None:
        part = event = ""
        with suppress(httpx.HTTPError), httpx.stream("GET", f"{self._url}/stall/events", timeout=60) as answer:
            for line in answer.iter_lines():
                if line.startswith("event:"):
                    event = line.removeprefix("event:").strip()
                elif line.startswith("data:") and event == "screen":
                    part += line.removeprefix("data:").strip() + "\n"
                elif not line and part:
                    self.parts.append(part)
                    part = ""

    @property
    def states(self) -> list[str]:
        """What the first market's screen said, one after the other."""
        found = [match[1] for part in self.parts if (match := STATE.search(part))]
        return [state for before, state in zip(["", *found], found, strict=False) if state != before]

    def until(self, said: str, limit_s: float = 90.0) -> None:
        deadline = time.monotonic() + limit_s
        while not (self.parts and said in self.parts[-1]):
            assert time.monotonic() < deadline, (said, self.states)
            time.sleep(0.05)


def test_the_screen_follows_an_airing_and_what_is_touched_there_is_heard(tmp_path: Path) -> None:
    """One morning at four markets: one plays to its end, one is stopped and aired again, one is tested, one is silenced."""
    station = make_station(tmp_path / "station", sound_s=14.0)
    touched: dict[MarketId, float] = {}
    with VirtualOutputs(sinks(station)) as outputs, ExitStack() as stack:
        ears = {
            market: stack.enter_context(Ear(sink, outputs.environment))
            for market, sink in zip(MARKETS, sinks(station), strict=True)
        }
        panel = stack.enter_context(serving(station.root, ShiftedClock(START, ClockTrust.SYNCED)))
        beside, url = stack.enter_context(panel_apart(station, START))
        operator, watching = panel.client(), Watching(panel.url)
        daemon = DaemonProcess(station, START, outputs.environment)
        stack.callback(daemon.wait)
        stack.callback(daemon.send, signal.SIGKILL)
        daemon.wait_until_ready()
        assert httpx.get(f"{url}/stall", timeout=20).status_code == 200

        watching.until(">AL AIRE<")
        word = operator.word("/stall")
        time.sleep(1.5)
        for market, deed in ((BOSQUE, "stop"), (UNICACHI, "safety"), (HUAMANTANGA, "stop")):
            touched[market] = time.monotonic()
            assert operator.post(f"/stall/{market}/{deed}", data={"csrf": word}).status_code == 303
        beside.kill()
        silent_s = {market: ears[market].silent_from_s() for market in touched}

        assert operator.post(f"/stall/{HUAMANTANGA}/test", data={"csrf": word}).status_code == 303
        watching.until(f'id="heard-well-{CENTRAL}"')
        heard = {"csrf": word, "airing": f"2021-06-18T10:00/{CENTRAL}", "heard": "well"}
        assert operator.post(f"/stall/{CENTRAL}/heard", data=heard).status_code == 303
        watching.until("Usted dijo")
        watching.until("salió entera")
        states, last = watching.states, watching.parts[-1]
        missed = {"csrf": word, "airing": f"2021-06-18T10:00/{BOSQUE}"}

        def ordered() -> bool:  # there is no room for it while its own minute lasts
            assert operator.post(f"/stall/{BOSQUE}/now", data=missed).status_code == 303
            return bool(read(station.database, kinds=[MakeGoodOrdered]))

        until(ordered, 90, every_s=1)
        watching.until(">AL AIRE<")

    for market, at_s in touched.items():
        assert at_s < silent_s[market] <= at_s + WITHIN_S, market
    following = states[states.index("ENCIENDA AHORA") :] if "ENCIENDA AHORA" in states else states
    assert following[:3] == ["ENCIENDA AHORA", "YA COMIENZA", "AL AIRE"]
    assert "emitida" in last
    _is_on_record(station)


def _is_on_record(station: Station) -> None:
    how = {market: (ended.outcome, ended.reason) for market, ended in ends(station).items()}
    assert how[CENTRAL] == (Outcome.PLAYED, Reason.ON_TIME), (
        "neither a panel's death nor anything touched elsewhere harmed it"
    )
    assert how[UNICACHI] == (Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR), "an ordinary stop"
    rows = [row.event for row in read(station.database)]
    (held,) = [event for event in rows if isinstance(event, Held)]
    assert (held.market, held.safety) == (UNICACHI, True)
    assert {event.markets for event in rows if isinstance(event, StopOrdered)} == {(BOSQUE,), (HUAMANTANGA,)}
    assert [event.promise.market for event in rows if isinstance(event, MakeGoodOrdered)] == [BOSQUE]
    assert [(event.market, event.heard) for event in rows if isinstance(event, Tested)] == [(HUAMANTANGA, True)]
    assert [event.heard for event in rows if isinstance(event, Confirmed)] == [HeardAs.WELL]
