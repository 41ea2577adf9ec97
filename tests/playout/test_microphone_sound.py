"""The microphone on real sound: five markets at once, each with its own amplifier, air and microphone, and one play each."""

import asyncio
import os
import signal
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from market_ear import pcm
from market_microphone import LivelyMarket, air_of, microphone_of
from people_at_hand import OFFICER
from real_station import MARKETS, ROOT, TEN, ends, make_station, sinks
from test_daemon_sound import daemon

from broadcaster.cli.program import run
from broadcaster.clock import ShiftedClock
from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, Listened, MicrophoneOn
from broadcaster.journal.fold import plays
from broadcaster.journal.reading import read
from broadcaster.model import ClockTrust, Deaf, Evidence, Hearing, MarketId, Outcome
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.microphone import MicrophoneChild
from broadcaster.playout.microphone_companion import Microphones
from broadcaster.playout.virtual import VirtualOutputs

FIFTH = MarketId("quinta")
HEARD, SILENT, OTHER, OFF, KILLED = (*MARKETS, FIFTH)
AHEAD_S, SOUND_S = 12.0, 8.5
RECORD = {"lock", "broadcaster.db-wal", "broadcaster.db-shm"}
"""All that may be new in the station: nothing of what was heard is there."""
A_FIFTH = """
[outputs.quinta]
sink = "broadcaster-quinta"

[markets.quinta]
name = "Mercado Quinta"
district = "Villa El Salvador"
ubigeo_inei = "150142"
output = "quinta"
hours = "06:00-18:00"
"""

pytestmark = pytest.mark.sound("box")


def station_of_five(root: Path) -> Station:
    station = make_station(root, SOUND_S)
    with (root / "config.toml").open("a", encoding="utf-8") as file:
        file.write(A_FIFTH)
    season = root / "schedules" / "prueba.toml"
    season.write_text(season.read_text(encoding="utf-8").replace('"huamantanga"]', '"huamantanga", "quinta"]'), "utf-8")
    with Journal.open(station.database, ShiftedClock(TEN - timedelta(days=1)), station.timezone) as journal:
        for market in (*MARKETS, FIFTH):
            journal.append(MicrophoneOn(market, microphone_of(market), OFFICER))
    return load_station(root)


class Opened:
    """Opens real microphones, and remembers them."""

    def __init__(self, outputs: VirtualOutputs) -> None:
        self._outputs = outputs
        self.pids: dict[str, int] = {}

    async def __call__(self, source: str) -> MicrophoneChild:
        child = await MicrophoneChild.open(source, self._outputs.environment)
        self.pids[source] = child.process.pid
        return child


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_heard_silent_another_sound_switched_off_and_killed_are_told_apart_and_no_play_notices(tmp_path: Path) -> None:
    """One row a play, after its terminal row; what was switched off is gone at once; the outcomes are the machine's."""
    station = station_of_five(tmp_path / "station")
    markets = (*MARKETS, FIFTH)
    told: list[tuple[Ended, Listened]] = []
    gone: dict[str, bool] = {}
    music = pcm(ROOT / "episodes" / "001" / "original.ogg")[4 * 8000 :]
    before = set(station.root.rglob("*"))
    with ExitStack() as stack:
        outputs = stack.enter_context(VirtualOutputs([*sinks(station, markets), *map(air_of, markets)]))
        clock = ShiftedClock(TEN - timedelta(seconds=AHEAD_S), ClockTrust.SYNCED)
        ten_s = clock.now().monotonic_s + AHEAD_S
        for market, sink in zip(markets, sinks(station, markets), strict=True):
            other = music if market == OTHER else None
            amplifier = market != SILENT
            place = LivelyMarket(outputs, market, sink, amplifier=amplifier, other=other, other_from_s=ten_s - 0.5)
            stack.enter_context(place)
        opened = Opened(outputs)
        ears = Microphones(lambda ended, listened: told.append((ended, listened)), opened)

        async def live() -> None:
            setting = replace(daemon(station, outputs, clock, markets)._setting, companions=(ears,))
            living = asyncio.create_task(Daemon(setting).run(AHEAD_S + SOUND_S + 5.0))
            await asyncio.sleep(ten_s + 3 - clock.now().monotonic_s)
            os.kill(opened.pids[microphone_of(KILLED)], signal.SIGKILL)
            await asyncio.to_thread(partial(run, ["--station", str(station.root), "microphone", "off", OFF]))
            await asyncio.sleep(2)
            gone.update({source: not alive(pid) for source, pid in opened.pids.items()})
            await living

        asyncio.run(live())
    rows = read(station.database)
    heard = {row.event.market: row.event for row in rows if isinstance(row.event, Listened)}
    assert {path.name for path in set(station.root.rglob("*")) - before} <= RECORD
    assert {market: ended.outcome for market, ended in ends(station).items()} == dict.fromkeys(markets, Outcome.PLAYED)
    assert {market: (each.hearing, each.problem) for market, each in heard.items()} == {
        HEARD: (Hearing.HEARD, None),
        SILENT: (Hearing.SILENT, None),
        OTHER: (Hearing.OTHER, None),
        OFF: (Hearing.UNSURE, Deaf.SWITCHED_OFF),
        KILLED: (Hearing.UNSURE, Deaf.NO_ANSWER),
    }, heard
    assert {source for source, is_gone in gone.items() if is_gone} == {microphone_of(OFF), microphone_of(KILLED)}
    assert {play.market: play.evidence for play in plays(rows)} == {
        market: Evidence.MICROPHONE if market == HEARD else Evidence.MONITOR for market in markets
    }
    assert {(ended.market, listened.hearing) for ended, listened in told} == {
        (SILENT, Hearing.SILENT),
        (OTHER, Hearing.OTHER),
    }
