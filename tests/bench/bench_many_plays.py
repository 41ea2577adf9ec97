"""What many plays leave behind: one daemon, its markets on null sinks, a second and a half of speech again and again.

``python tests/bench/bench_many_plays.py [--plays 500] [--markets 8]`` prints a markdown table: memory, threads, open files and
living children of the daemon, memory and open files of the sound server, each looked at while nothing plays. Every play is
a whole one: a player and a witness of its own, a record, a verdict. A round of one play a market takes fourteen seconds.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "playout"))

from real_station import MARKETS, TEN, make_station
from simulated_station import SilentTeller

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station
from broadcaster.journal.events import Ended, Promise
from broadcaster.journal.reading import read
from broadcaster.model import AiringId, ClockTrust, EpisodeNumber, MarketId, Output, Plan, Seconds
from broadcaster.playout.companions import Beside
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.playbill import Playbill
from broadcaster.playout.repertoire import StationRepertoire
from broadcaster.playout.speaker import PulseSpeakers
from broadcaster.playout.stage import Equipment
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.vlc import VlcPlayers

SOUND_S = 1.5
AHEAD_S = 9.5
"""A player is made eight seconds before its first word."""
GRACE_S = Seconds(60.0)
EVERY = 50
"""Plays between two lines of the table, about."""


@dataclass(frozen=True)
class Look:
    """How things stand while nothing plays."""

    memory_mb: float
    threads: int
    files: int
    children: int
    server_mb: float
    server_files: int

    @classmethod
    def now(cls, server_pid: int) -> "Look":
        gc.collect()
        own = os.getpid()
        children = sum(len(task.read_text().split()) for task in Path(f"/proc/{own}/task").glob("*/children"))
        return cls(
            memory_mb=_resident_mb(own),
            threads=threading.active_count(),
            files=_files(own),
            children=children,
            server_mb=_resident_mb(server_pid),
            server_files=_files(server_pid),
        )


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _station(root: Path, names: tuple[MarketId, ...]) -> Station:
    station = make_station(root, SOUND_S)
    like = station.markets[MARKETS[0]]
    return replace(
        station,
        outputs={name: Output(name, "pulse", name) for name in names},
        markets={name: replace(like, id=name, output=name) for name in names},
    )


class Bench:
    """A companion of the daemon that orders the plays, round by round."""

    def __init__(self, plays: int, markets: tuple[MarketId, ...], outputs: VirtualOutputs) -> None:
        self._rounds = -(-plays // len(markets))
        self._markets = markets
        self._outputs = outputs
        self._bill: asyncio.Future[Playbill] = asyncio.get_running_loop().create_future()

    async def __call__(self, beside: Beside) -> None:
        if not self._bill.done():
            self._bill.set_result(beside.bill)

    async def perform(self, daemon: Daemon) -> None:
        bill = await self._bill
        print(
            "| plays | memory | threads | files | children | sound server | its files |\n|---|---|---|---|---|---|---|"
        )
        shown = max(1, EVERY // len(self._markets))
        for done in range(self._rounds + 1):
            if done % shown == 0 or done == self._rounds:
                look = Look.now(self._outputs.server_pid)
                print(
                    f"| {done * len(self._markets)} | {look.memory_mb:.1f} MB | {look.threads} | {look.files} "
                    f"| {look.children} | {look.server_mb:.1f} MB | {look.server_files} |",
                    flush=True,
                )
            if done < self._rounds:
                await self._round(bill)
        daemon.stop("bench")

    async def _round(self, bill: Playbill) -> None:
        """One airing a market, all at the same moment; until all have ended."""
        due = (bill.stage.clock.now().utc + timedelta(seconds=AHEAD_S)).replace(microsecond=0)
        names = [AiringId(f"{due:%Y-%m-%dT%H:%M:%S}/{market}") for market in self._markets]
        bill.promise(
            Promise(name, market, due, EpisodeNumber(1), GRACE_S)
            for name, market in zip(names, self._markets, strict=True)
        )
        await asyncio.sleep(AHEAD_S)
        while bill.performances:
            await asyncio.sleep(0.2)


async def _run(station: Station, outputs: VirtualOutputs, plays: int) -> None:
    markets = tuple(station.markets)
    bench, where = Bench(plays, markets, outputs), outputs.environment
    setting = Setting(
        station=station,
        plan=Plan(()),
        markets=markets,
        clock=ShiftedClock(TEN - timedelta(hours=1), ClockTrust.SYNCED),
        equipment=Equipment(VlcPlayers(where), MonitorWitnesses(where), PulseSpeakers(where)),
        teller=SilentTeller(),
        repertoire=lambda record: StationRepertoire(station, record.changes),
        database=station.database,
        companions=(bench,),
    )
    daemon = Daemon(setting)
    await asyncio.gather(daemon.run(), bench.perform(daemon))


def main() -> None:
    """Play, look, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=500)
    parser.add_argument("--markets", type=int, default=8)
    asked = parser.parse_args()
    names = tuple(MarketId(f"m{number + 1}") for number in range(asked.markets))
    with tempfile.TemporaryDirectory() as folder, VirtualOutputs(names) as outputs:
        station = _station(Path(folder) / "station", names)
        asyncio.run(_run(station, outputs, asked.plays))
        ended = [row.event for row in read(station.database, kinds=(Ended,)) if isinstance(row.event, Ended)]
    print(f"\n{len(ended)} plays:", dict(Counter(f"{each.outcome.value}: {each.reason.value}" for each in ended)))


if __name__ == "__main__":
    main()
