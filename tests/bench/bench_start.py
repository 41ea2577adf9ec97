"""How well a play starts, beside the obvious ways: four markets at the same minute, heard at their monitors.

``python tests/bench/bench_start.py [--quick] [--sound SECONDS]`` prints the table of ``docs/performance.md``. Every way plays
the same speech, on PulseAudio's null sinks as they are, on low-latency ones and on pipes for cards; the same recorder hears it
and the same arithmetic (``tests/playout/market_ear.py``) finds its blocks. Thirty-five minutes, on an idle machine.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "playout"))

from alignment import Samples
from host import kept, processor_ticks
from market_ear import Ear, Found, look_for, pcm
from paced_outputs import Card, PacedOutputs
from peers import LIMIT, PEERS, Peer, end
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

OURS = "this program"
LOW = "low latency"
RECORDERS_MS = {"default latency": 2000, LOW: 20}
"""The kinds of outputs, and how long the recorder may wait there. An impatient one would make every sink a low-latency one;
a patient one hears a sink that runs ahead of its moment, and puts all sound too early by the same some hundred milliseconds."""
LOW_HOLDS_MS = 20.0
"""A low-latency sink's buffer: what its recorder asks for, and what ``pactl list sinks`` says."""
PIPE = "a pipe for a card"
"""The kind whose reader knows when each sample sounds."""
OUTPUTS = (*RECORDERS_MS, PIPE)
AHEAD_S = 11.0
PEERS_AHEAD_S = 2.5
"""Enough for processes that stand ready before the minute."""
AFTER_S = 5.0
"""So long after the last word is recorded: the latest peer starts 1.7 s late, a patient recorder hands on two-second pieces."""
LEAD_IN_S = 3.0


@dataclass(frozen=True)
class Wish:
    """How much is measured."""

    ours: int
    """Rehearsals of four markets, on each kind of output;"""
    peers: int
    """and how often each other way plays."""
    sound_s: float


FULL = Wish(ours=10, peers=10, sound_s=6.0)
QUICK = Wish(ours=1, peers=1, sound_s=4.0)


@dataclass(frozen=True)
class Take:
    """One market's recording of one play."""

    way: str
    output: str
    occasion: int
    master: Samples
    samples: Samples
    early_s: float
    """How long before the minute the recording begins, and the master too, where it has a lead-in."""
    witness_ms: float | None = None


@dataclass(frozen=True)
class Start:
    """What a take holds."""

    take: Take
    found: Found

    @property
    def error_ms(self) -> float:
        """The first word heard: its distance from where it would be had the speech begun on the minute."""
        return 1000 * (self.found.first_s - self.take.early_s)


def rehearse(folder: Path, wish: Wish, output: str, occasion: int) -> Iterator[Take]:
    """One airing in four markets, by this program."""
    station = make_station(folder / f"station-{occasion}-{output[0]}", wish.sound_s)
    master = pcm(station.episodes / "001" / "master.flac")
    with open_outputs(sinks(station), output) as outputs:
        ears = listen(sinks(station), outputs, output)
        clock = ShiftedClock(TEN - timedelta(seconds=AHEAD_S))
        ten_s = clock.now().monotonic_s + AHEAD_S
        asyncio.run(daemon(station, outputs, clock).run(AHEAD_S + wish.sound_s + AFTER_S))
        stop(ears)
    ended = ends(station)
    for market, ear in zip(MARKETS, ears, strict=True):
        error_ms = ended[market].start_error_ms
        yield Take(OURS, output, occasion, master, ear.samples, ten_s - ear.begins_s - LEAD_IN_S, error_ms)


def play(way: str, speech: Path, wish: Wish, output: str, occasion: int) -> Iterator[Take]:
    """The same speech in four markets, by one of the obvious ways."""
    names = [f"m{number}" for number in range(len(MARKETS))]
    peer: Peer = PEERS[way]
    with open_outputs(names, output) as outputs:
        ears = listen(names, outputs, output)
        due_s = time.monotonic() + PEERS_AHEAD_S
        players = peer(speech, names, outputs.environment, due_s)
        time.sleep(due_s + wish.sound_s + AFTER_S - time.monotonic())
        end(players)
        stop(ears)
    for ear in ears:
        yield Take(way, output, occasion, pcm(speech), ear.samples, due_s - ear.begins_s)


def open_outputs(names: Iterable[str], output: str) -> VirtualOutputs:
    return PacedOutputs(names) if output == PIPE else VirtualOutputs(names, low_latency=output == LOW)


def listen(names: Iterable[str], outputs: VirtualOutputs, output: str) -> Sequence[Ear | Card]:
    if isinstance(outputs, PacedOutputs):
        return outputs.cards
    return [Ear(name, outputs.environment, RECORDERS_MS[output]) for name in names]


def stop(ears: Iterable[Ear | Card]) -> None:
    for ear in ears:
        ear.stop()


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


def without_lead_in(master: Path, speech: Path) -> Path:
    """What the others play: the speech alone."""
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-ss", str(LEAD_IN_S), "-i", str(master), str(speech)]
    subprocess.run(command, check=True)
    return speech


def perform(folder: Path, wish: Wish) -> Iterator[Take]:
    """Every way on every kind of output, in turns, so that a busy minute spoils no single row."""
    station = make_station(folder / "speech", wish.sound_s)
    speech = without_lead_in(station.episodes / "001" / "master.flac", folder / "speech.wav")
    for occasion in range(max(wish.ours, wish.peers)):
        for output in OUTPUTS:
            if occasion < wish.ours:
                yield from rehearse(folder, wish, output, occasion)
            for way in PEERS if occasion < wish.peers else ():
                yield from play(way, speech, wish, output, occasion)
        print(f"{occasion + 1}/{max(wish.ours, wish.peers)}", file=sys.stderr)


def judged(take: Take) -> Start:
    return Start(take, look_for(take.master, take.samples))


# What is printed

HEAD = (
    *("way", "output", "plays"),
    *("start ms: median", "p99", "worst", "between the markets ms, worst"),
    *("blocks lost", "drift ms: median", "worst"),
)


def row(way: str, output: str, starts: Sequence[Start], zero_ms: float) -> str:
    """A row of the table; start and drift are of the plays of which anything was found."""
    heard = [start for start in starts if start.found.found]
    lost = sum(start.found.active - start.found.found for start in starts)
    cells = [way, output, str(len(starts)), *middle_and_ends([start.error_ms - zero_ms for start in heard])]
    cells.append(f"{max(spreads(heard), default=float('nan')):.0f}")
    cells.append(f"{lost} of {sum(start.found.active for start in starts)}")
    drift = middle_and_ends([1000 * start.found.drift_s for start in heard])
    return f"| {' | '.join([*cells, drift[0], drift[2]])} |"


def middle_and_ends(values: Iterable[float]) -> list[str]:
    """Median, 99th percentile by size, worst."""
    kept = sorted(values, key=abs)
    if not kept:
        return ["–"] * 3
    p99 = kept[min(len(kept) - 1, round(0.99 * (len(kept) - 1)))]
    return [f"{value:+.0f}" for value in (statistics.median(kept), p99, kept[-1])]


def spreads(starts: Iterable[Start]) -> list[float]:
    """Between the first and the last of the markets that play together."""
    together: dict[int, list[float]] = {}
    for start in starts:
        together.setdefault(start.take.occasion, []).append(start.error_ms)
    return [max(errors) - min(errors) for errors in together.values()]


def zeros_ms(limit: Mapping[str, Sequence[Start]]) -> Mapping[str, float]:
    """Where the recorder of each kind of output puts what sounds on the minute.

    A pipe's reader knows it. A null sink's monitor is heard ahead of the sink by what the sink holds: of a low-latency one that
    is known, of one that runs ahead it is not; there the limit, which starts equally late on either, says by how much.
    """
    latest = {
        output: statistics.median([start.error_ms for start in starts if start.found.found] or [0.0])
        for output, starts in limit.items()
    }
    behind = {output: latest[output] - latest[LOW] - LOW_HOLDS_MS for output in RECORDERS_MS}
    return {**behind, PIPE: 0.0}


def report(rows: Mapping[tuple[str, str], Sequence[Start]], wish: Wish, host: str) -> str:
    """The table, and what is needed to read it."""
    lines = [f"{len(MARKETS)} markets at once, {wish.sound_s:.0f} s of speech each.", ""]
    lines += [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    zeros = zeros_ms({output: rows[LIMIT, output] for output in OUTPUTS})
    lines += [row(way, output, starts, zeros[output]) for (way, output), starts in rows.items()]
    for output in OUTPUTS:
        ours = rows[OURS, output]
        errors = [start.take.witness_ms for start in ours if start.take.witness_ms is not None]
        said = ", ".join(middle_and_ends(errors))
        lines += ["", f"{output}: by the play log {OURS} starts {said} ms from the minute (median, p99, worst);"]
        lines += [f"starts above are counted from {zeros[output]:+.0f} ms after the minute."]
    return "\n".join([*lines, "", host])


def main() -> None:
    """Play everything, then judge it, then print the table."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--quick", action="store_true", help="every way once, four seconds")
    wishes.add_argument(
        "--sound", type=float, metavar="SECONDS", help="so much speech: drift needs longer than a start"
    )
    said = wishes.parse_args()
    wish = QUICK if said.quick else FULL
    wish = replace(wish, sound_s=said.sound or wish.sound_s)
    before = processor_ticks()
    with tempfile.TemporaryDirectory(prefix="bench-start-") as folder:
        takes = list(perform(Path(folder), wish))
    host = kept(before)
    with multiprocessing.get_context("fork").Pool() as judges:
        starts = judges.map(judged, takes, chunksize=1)
    rows = {
        (way, output): [start for start in starts if (start.take.way, start.take.output) == (way, output)]
        for output in OUTPUTS
        for way in (OURS, *PEERS)
    }
    print(report(rows, wish, host))


if __name__ == "__main__":
    main()
