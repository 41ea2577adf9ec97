"""One daemon, a market for each fault of real sound, each on a server of its own; ten o'clock breaks, a minute later plays.

Everything is real: the daemon, its players and witnesses, PulseAudio, the recorded monitors. The clock is moved over the
empty half minute between the two airings.
"""

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from market_ear import Ear
from playing import pactl
from real_station import MARKETS, SEASON, TEN, make_station
from simulated_station import SilentTeller

from broadcaster.clock import Instant, ShiftedClock
from broadcaster.config import Station
from broadcaster.journal.events import Ended, Heartbeat, Intent
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.model import ClockTrust, MarketId, Output
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.listener import MonitorWitness, MonitorWitnesses
from broadcaster.playout.player import PlayOrder
from broadcaster.playout.repertoire import StationRepertoire
from broadcaster.playout.speaker import Found, PulseSpeakers
from broadcaster.playout.stage import Equipment
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.vlc import VlcPlayer, VlcPlayers
from broadcaster.playout.witness import WatchOrder
from broadcaster.schedule.load import load_plan

SOUND_S = 9.0
AHEAD_S = 11.0
FAULT_S = 2.0
"""After the first word."""
MENDED_S = 10.5
LEAP_S = 30.0
ELSEWHERE = "elsewhere"
LITTLE_MEMORY = 96 << 20
"""Bytes of address space: less than a player has when it opens its master."""

FAULTS = (
    "whole",
    "server-killed",
    "server-frozen",
    "sink-unloaded",
    "stream-moved",
    "sink-muted",
    "player-hung",
    "player-segfault",
    "player-out-of-memory",
    "no-memory-at-all",
)


class LeapingClock(ShiftedClock):
    """A clock that somebody may set forward."""

    ahead_s = 0.0

    def now(self) -> Instant:
        instant = super().now()
        return replace(instant, utc=instant.utc + timedelta(seconds=self.ahead_s))


@dataclass
class Market:
    """A market, its server, and what is recorded of it."""

    id: MarketId
    server: VirtualOutputs
    ears: dict[str, Ear] = field(default_factory=dict)
    fault_s: float = float("inf")
    """When its fault happened, on ``CLOCK_MONOTONIC``."""
    starved: bool = False
    """Whether no player there is given the memory to start."""

    @property
    def sink(self) -> str:
        return f"sink-{self.id}"


class Rig:
    """Players, witnesses and speakers that find each output on its own server."""

    def __init__(self, markets: Mapping[str, Market]) -> None:
        self.markets = markets
        self._markets = {market.sink: market for market in markets.values()}
        self.players: dict[MarketId, list[VlcPlayer]] = {market.id: [] for market in markets.values()}

    async def spawn(self, order: PlayOrder) -> VlcPlayer:
        market = self._markets[order.output.sink]
        player = await VlcPlayers(market.server.environment).spawn(order)
        self.players[market.id].append(player)
        if market.starved:
            resource.prlimit(player.process.pid, resource.RLIMIT_AS, (LITTLE_MEMORY, LITTLE_MEMORY))
        return player

    async def find(self, output: Output) -> Found | None:
        return await PulseSpeakers(self._markets[output.sink].server.environment).find(output)

    async def stream_volume(self, player_pid: int) -> float | None:
        raise NotImplementedError(player_pid)

    async def watch(self, order: WatchOrder) -> MonitorWitness:
        return await MonitorWitnesses(self._markets[order.output.sink].server.environment).spawn(order)


@dataclass(frozen=True)
class _Witnesses:
    rig: Rig

    async def spawn(self, order: WatchOrder) -> MonitorWitness:
        return await self.rig.watch(order)


@dataclass(frozen=True)
class Broken:
    """What came of all markets."""

    rows: list[Row]
    ten_s: float
    """When it was ten, on ``CLOCK_MONOTONIC``."""
    markets: Mapping[str, Market]

    def ended(self, market: str) -> tuple[Ended, Ended]:
        """The terminal rows of the broken airing and of the next one."""
        first, second = (row.event for row in self._of(market, Ended))
        assert isinstance(first, Ended)
        assert isinstance(second, Ended)
        return first, second

    def noticed_after_s(self, market: str) -> float:
        """From the fault to the row."""
        first = next(self._of(market, Ended))
        return (first.utc - TEN).total_seconds() - (self.markets[market].fault_s - self.ten_s)

    def believed_s(self, market: str) -> list[float]:
        """The seconds heard, as the heartbeats of the first play say."""
        plays = [row.play for row in self._of(market, Intent)]
        beats = (row.event for row in self.rows if isinstance(row.event, Heartbeat))
        return [beat.heard_s for beat in beats if beat.play == plays[0]]

    def _of(self, market: str, kind: type[Ended] | type[Intent]) -> Iterator[Row]:
        for row in self.rows:
            if isinstance(row.event, kind) and row.event.market == market:
                yield row


def broken_evening(folder: Path) -> Broken:
    """Let every fault happen; whatever hangs for long fails."""
    with ExitStack() as stack:
        markets = {name: _market(name, stack) for name in FAULTS}
        station = _station(folder, markets)
        rig, clock = Rig(markets), LeapingClock(TEN - timedelta(seconds=AHEAD_S), ClockTrust.SYNCED)
        ten_s = clock.now().monotonic_s + AHEAD_S
        setting = Setting(
            station=station,
            plan=load_plan(station),
            markets=tuple(station.markets),
            clock=clock,
            equipment=Equipment(rig, _Witnesses(rig), rig),
            teller=SilentTeller(),
            repertoire=lambda record: StationRepertoire(station, record.changes),
            database=station.database,
        )
        asyncio.run(_live(Daemon(setting), clock, rig, ten_s, stack))
        for market in markets.values():
            for ear in market.ears.values():
                ear.stop()
        return Broken(read(station.database), ten_s, markets)


def _market(name: str, stack: ExitStack) -> Market:
    sinks = [f"sink-{name}", *([ELSEWHERE] if name == "stream-moved" else [])]
    market = Market(MarketId(name), stack.enter_context(VirtualOutputs(sinks)), starved=name == "no-memory-at-all")
    if name == "stream-moved":
        market.ears = {ELSEWHERE: Ear(ELSEWHERE, market.server.environment)}
    return market


def _station(folder: Path, markets: Mapping[str, Market]) -> Station:
    """Every fault is a market; the same episode at ten and a minute later."""
    station = make_station(folder, SOUND_S)
    like = station.markets[MARKETS[0]]
    names = ", ".join(f'"{name}"' for name in markets)
    season = SEASON.replace('times = ["10:00"]', 'times = ["10:00", "10:01"]').replace(
        "first_episode = 1", "order = [1, 1]"
    )
    lines = [line if not line.startswith("markets") else f"markets = [{names}]" for line in season.splitlines()]
    (folder / "schedules" / "prueba.toml").write_text("\n".join(lines), encoding="utf-8")
    return replace(
        station,
        outputs={name: Output(name, "pulse", market.sink) for name, market in markets.items()},
        markets={market.id: replace(like, id=market.id, output=name) for name, market in markets.items()},
    )


async def _live(daemon: Daemon, clock: LeapingClock, rig: Rig, ten_s: float, stack: ExitStack) -> None:
    living = asyncio.create_task(daemon.run(AHEAD_S + 60 - LEAP_S + SOUND_S + 4))
    await asyncio.sleep(ten_s + FAULT_S - time.monotonic())
    for name, fault in _faults(rig, stack).items():
        rig.markets[name].fault_s = time.monotonic()
        await asyncio.to_thread(fault)
    await asyncio.sleep(ten_s + MENDED_S - time.monotonic())
    await asyncio.to_thread(_mend, rig.markets, stack)
    clock.ahead_s = LEAP_S
    rig.markets["no-memory-at-all"].starved = False  # the first airing has no time left for another try
    await living


def _faults(rig: Rig, stack: ExitStack) -> dict[str, Callable[[], object]]:
    """The processes first: what asks a server may take a moment."""
    markets = rig.markets

    def player(name: str, number: signal.Signals) -> Callable[[], object]:
        return lambda: os.kill(rig.players[markets[name].id][0].process.pid, number)

    def server(name: str, *words: str) -> Callable[[], object]:
        return lambda: pactl(markets[name].server, *words)

    return {
        "player-hung": player("player-hung", signal.SIGSTOP),
        "player-segfault": player("player-segfault", signal.SIGSEGV),
        "player-out-of-memory": player("player-out-of-memory", signal.SIGKILL),  # what the kernel does then
        "server-killed": lambda: markets["server-killed"].server.signal_server(signal.SIGKILL),
        "server-frozen": lambda: markets["server-frozen"].server.signal_server(signal.SIGSTOP),
        "sink-muted": server("sink-muted", "set-sink-mute", markets["sink-muted"].sink, "1"),
        "sink-unloaded": lambda: _unload(markets["sink-unloaded"]),
        "stream-moved": lambda: _move(markets["stream-moved"]),
        "whole": lambda: stack.enter_context(_somebody_else(markets["whole"])),
    }


def _unload(market: Market) -> None:
    modules = pactl(market.server, "list", "short", "modules").splitlines()
    (number,) = (line.split("\t")[0] for line in modules if f"sink_name={market.sink} " in line)
    pactl(market.server, "unload-module", number)


def _move(market: Market) -> None:
    """Somebody drags the stream to another output in the mixer."""
    streams = pactl(market.server, "list", "short", "sink-inputs").splitlines()
    pactl(market.server, "move-sink-input", streams[0].split("\t")[0], ELSEWHERE)


def _somebody_else(market: Market) -> "subprocess.Popen[bytes]":
    """Another program that plays a second of silence there: nothing is heard of it, and it is no less another voice."""
    command = ["pacat", "-p", "-d", market.sink, "--raw", "--rate=8000", "--channels=1", "--format=s16le", "/dev/stdin"]
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdout.buffer.write(bytes(32000))"], stdout=subprocess.PIPE
    ) as made:
        assert made.stdout is not None
        whole = made.stdout.read()
    playing = subprocess.Popen(command, env={**os.environ, **market.server.environment}, stdin=subprocess.PIPE)
    assert playing.stdin is not None
    playing.stdin.write(whole)
    playing.stdin.close()
    return playing


def _mend(markets: Mapping[str, Market], stack: ExitStack) -> None:
    """What the operator or the system does after a fault."""
    markets["server-frozen"].server.signal_server(signal.SIGCONT)
    killed = markets["server-killed"]
    killed.server = stack.enter_context(VirtualOutputs([killed.sink]))
    pactl(markets["sink-muted"].server, "set-sink-mute", markets["sink-muted"].sink, "0")
    unloaded = markets["sink-unloaded"]
    pactl(unloaded.server, "load-module", "module-null-sink", f"sink_name={unloaded.sink}")
