"""How well a play starts: rehearsals of four markets, heard at their monitors.

``python tests/bench/bench_start.py [--quick]`` prints a markdown table. The first word's distance from its minute is measured
twice: by the program's own witness and by a recorder of the bench's own with another arithmetic. Run it on an idle machine.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "playout"))

from market_ear import Ear, look_for, pcm
from real_station import MARKETS, TEN, ends, make_station, sinks
from simulated_station import SilentTeller

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.repertoire import StationRepertoire
from broadcaster.playout.speaker import PulseSpeakers
from broadcaster.playout.stage import Equipment
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.vlc import VlcPlayers
from broadcaster.schedule.load import load_plan

AHEAD_S = 11.0


@dataclass(frozen=True)
class Start:
    """One market's play in one rehearsal."""

    witness_ms: float | None
    ear_ms: float
    drift_ms: float
    found: int
    active: int


def rehearse(folder: Path, sound_s: float) -> list[Start]:
    """One airing in four markets."""
    station = make_station(folder, sound_s)
    master = pcm(station.episodes / "001" / "master.flac")
    with VirtualOutputs(sinks(station)) as outputs:
        ears = {market: Ear(sink, outputs.environment) for market, sink in zip(MARKETS, sinks(station), strict=True)}
        clock = ShiftedClock(TEN - timedelta(seconds=AHEAD_S))
        ten_s = clock.now().monotonic_s + AHEAD_S
        asyncio.run(daemon(station, outputs, clock).run(AHEAD_S + sound_s + 4))
        for ear in ears.values():
            ear.stop()
    starts = []
    for market, ear in ears.items():
        found = look_for(master, ear.samples)
        begun_s = ear.begins_s + found.first_s + station.mastering.lead_in_s
        witness_ms = ends(station)[market].start_error_ms
        starts.append(Start(witness_ms, 1000 * (begun_s - ten_s), 1000 * found.drift_s, found.found, found.active))
    return starts


def processor_ticks() -> tuple[int, int]:
    """Ticks of all processors since the boot: those the host of a virtual machine kept for others, and all (``/proc/stat``)."""
    ticks = [int(field) for field in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    return ticks[7], sum(ticks)


def daemon(station: Station, outputs: VirtualOutputs, clock: ShiftedClock) -> Daemon:
    where = outputs.environment
    return Daemon(
        Setting(
            station=station,
            plan=load_plan(station),
            markets=MARKETS,
            clock=clock,
            equipment=Equipment(VlcPlayers(where), MonitorWitnesses(where), PulseSpeakers(where)),
            teller=SilentTeller(),
            repertoire=lambda record: StationRepertoire(station, record.changes),
            database=station.database,
        )
    )


def line(name: str, values: Iterable[float]) -> str:
    """A row of the table: median, 99th percentile by size, worst."""
    kept = sorted(values, key=abs)
    if not kept:
        return f"| {name} | – | – | – |"
    p99 = kept[min(len(kept) - 1, round(0.99 * (len(kept) - 1)))]
    return f"| {name} | {statistics.median(kept):+.0f} | {p99:+.0f} | {kept[-1]:+.0f} |"


def main() -> None:
    """Rehearse, then print the table."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--quick", action="store_true", help="two rehearsals of four seconds")
    quick = wishes.parse_args().quick
    count, sound_s = (2, 4.0) if quick else (10, 20.0)
    rehearsals = []
    stolen, passed = processor_ticks()
    for number in range(count):
        with tempfile.TemporaryDirectory(prefix="bench-start-") as folder:
            rehearsals.append(rehearse(Path(folder) / "station", sound_s))
        print(f"{number + 1}/{count}", file=sys.stderr)
    stolen, passed = processor_ticks()[0] - stolen, processor_ticks()[1] - passed
    starts = [start for rehearsal in rehearsals for start in rehearsal]
    by_witness = [start.witness_ms for start in starts if start.witness_ms is not None]
    spread = [max(s.ear_ms for s in starts) - min(s.ear_ms for s in starts) for starts in rehearsals]
    found, active = sum(start.found for start in starts), sum(start.active for start in starts)
    table = [
        f"{count} rehearsals of {len(MARKETS)} markets, {sound_s:.0f} s of speech each.",
        "",
        "| ms | median | p99 | worst |",
        "|---|---|---|---|",
        line("first word against the minute, by the witness", by_witness),
        line("first word against the minute, by a recorder of our own", (start.ear_ms for start in starts)),
        line("spread between the four markets", spread),
        line("drift from the first word to the last", (start.drift_ms for start in starts)),
        "",
        f"Active blocks found once and in order: {found} of {active}.",
        f"The host kept {100 * stolen / passed:.1f} % of the processors' time for others.",
    ]
    print("\n".join(table))


if __name__ == "__main__":
    main()
