"""Mastering beside other ways to the same loudness, as whole processes: the tables of ``docs/performance.md``.

    python tests/bench/bench_mastering.py             everything; under 20 minutes on two idle cores
    python tests/bench/bench_mastering.py --quick     one minute of speech, two formats
    python tests/bench/bench_mastering.py --minutes 10 --formats mp3 opus
    python tests/bench/bench_mastering.py --no-peers  this program and the floor alone

A recorded and a synthetic voice take turns over the formats. Times are medians of three runs up to ten minutes of speech, one
above; memory is the greatest sum of proportional set sizes of all processes of a way. Peers of thirty minutes are run on
two formats only, for each takes more than a minute (``--all`` runs them all).
"""

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from host import kept, processor_ticks
from mastering_speech import FORMATS, VOICES, Speech
from mastering_ways import CEILING_DBTP, WAYS, Reached, Way, this_program, this_program_for_horns

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "production"))

import numpy as np
import pyebur128
from intake_station import register_everybody
from master_meter import file_by_ffmpeg
from process_tree import Finished

from broadcaster.config import load_station
from broadcaster.sound.flac import read_flac
from broadcaster.sound.loudness import decibels, measure_blocks

LOUDNESS_LUFS, LOUD_LUFS = -19.0, -16.0
OURS, PEER, FLOOR = "this program", "`ffmpeg-normalize`", "floor"
SLOW_PEERS = ("mp3", "opus")
REPOSITORY = Path(__file__).parents[2]
METERS = "ffmpeg | libebur128 | ours"
HEAD = f"| minutes | format | voice | way | wall s | memory MB | LUFS: {METERS} | dBTP: {METERS} |"


def reached(path: Path) -> Reached:
    """The three meters."""
    ffmpeg = file_by_ffmpeg(path)
    modes = pyebur128.MeasurementMode.MODE_I | pyebur128.MeasurementMode.MODE_TRUE_PEAK
    other = pyebur128.R128State(1, 48_000, modes)
    for block in read_flac(path):
        other.add_frames(block[:, 0].astype(np.float64), len(block))
    ours = measure_blocks(read_flac(path), 48_000, 1)
    by_other = decibels(pyebur128.get_true_peak(other, 0)) or -99.0
    loudness = (ffmpeg[0], pyebur128.get_loudness_global(other), ours.integrated_lufs or -99.0)
    return Reached(loudness, (ffmpeg[1], by_other, ours.true_peak_dbtp or -99.0))


class Bench:
    """One run: prints its lines as it goes and keeps what the summary needs."""

    def __init__(self, folder: Path) -> None:
        self.speech = Speech(folder)
        self.walls: dict[tuple[float, str], dict[str, float]] = defaultdict(dict)
        """By minutes and format: each way's seconds."""
        self.bad: list[str] = []
        """Masters of ours that missed what was promised."""
        self._target = folder / "made.flac"

    def line(self, minutes: float, kind: str, name: str, way: Way, loudness: float = LOUDNESS_LUFS) -> None:
        """Measure one way on one recording."""
        voice = VOICES[(list(FORMATS).index(kind) + (minutes > 10)) % 2]
        source = self.speech.file(kind, minutes, voice)
        times = 3 if minutes <= 10 and name in {OURS, FLOOR} else 1
        runs = [way(source, self._target, loudness) for _ in range(times)]
        wall, memory, said = summed(runs)
        made = reached(self._target)
        cells = [f"{value:.2f}" if name != FLOOR else "" for value in (*made.loudness, *made.peak)]
        print(
            f"| {minutes:g} | {kind} | {voice} | {name} | {wall:.2f} | {memory:.0f} | {' | '.join(cells)} |", flush=True
        )
        if loudness == LOUDNESS_LUFS:
            self.walls[minutes, kind][name] = wall
        if name.startswith(OURS):
            self._judge(f"{minutes:g} min {kind} {name} to {loudness}", made, loudness, memory, said)

    def _judge(self, what: str, made: Reached, loudness: float, memory: float, said: str) -> None:
        short = float(said.rpartition("shortfall")[2].split()[0])
        off = max(abs(value + short - loudness) for value in made.loudness)
        if off > 0.1 + 0.05 * (short > 0):
            self.bad.append(f"{what}: {off:.2f} LU off (shortfall said: {short})")
        if max(made.peak) > CEILING_DBTP:
            self.bad.append(f"{what}: {max(made.peak):.2f} dBTP")
        if memory > 300:
            self.bad.append(f"{what}: {memory:.0f} MB")

    def summary(self) -> None:
        """How many times the floor, how many times faster than the peer."""
        print(
            "\n| minutes | ours ÷ floor: median | worst | ffmpeg-normalize ÷ ours: median | least |\n|---|---|---|---|---|"
        )
        for minutes in sorted({minutes for minutes, _ in self.walls}):
            lines = [walls for (length, _), walls in self.walls.items() if length == minutes]
            above = [walls[OURS] / walls[FLOOR] for walls in lines if FLOOR in walls]
            faster = [walls[PEER] / walls[OURS] for walls in lines if PEER in walls]
            cells = [
                f"{f(ratios):.2f}" if ratios else ""
                for ratios, f in ((above, statistics.median), (above, max), (faster, statistics.median), (faster, min))
            ]
            print(f"| {minutes:g} | {' | '.join(cells)} |")
        print(
            "\nMissed: "
            + ("; ".join(self.bad) or "nothing. Every master of ours is within 0.1 LU and under its ceiling.")
        )


def summed(runs: Sequence[Sequence[Finished]]) -> tuple[float, float, str]:
    """Median wall seconds, greatest memory in MB, and what the last run said."""
    for run in runs:
        assert all(step.exit_code == 0 for step in run), run
    wall = statistics.median(sum(step.wall_s for step in run) for run in runs)
    return wall, max(step.peak_pss_bytes for run in runs for step in run) / 1e6, runs[-1][-1].output


def table(bench: Bench, minutes: Sequence[float], formats: Sequence[str], peers: Callable[[float, str], bool]) -> None:
    """All ways on all recordings, to both loudnesses; the peers on those of which ``peers`` says so."""
    print(f"\n{HEAD}\n|{'---|' * 12}")
    for length in minutes:
        for kind in formats:
            for name, way in WAYS.items():
                if name in {OURS, FLOOR} or peers(length, kind):
                    bench.line(length, kind, name, way)
    print(f"\nTo {LOUD_LUFS} LUFS:\n\n{HEAD}\n|{'---|' * 12}")
    for length in minutes:
        for kind in formats:
            bench.line(length, kind, OURS, this_program, LOUD_LUFS)
            bench.line(length, kind, OURS + ", `horn`", this_program_for_horns, LOUD_LUFS)
            if length <= 10 and kind in SLOW_PEERS and peers(length, kind):
                for name in (PEER, "two-pass linear `loudnorm`"):
                    bench.line(length, kind, name, WAYS[name], LOUD_LUFS)


def batch(bench: Bench, folder: Path, minutes: float, count: int = 8) -> None:
    """Eight recordings by ``episode add``: one command after the other, and one command for all."""
    sources = [bench.speech.file("mp3", minutes, voice) for voice in VOICES] * (count // 2)
    seconds = []
    for together in (False, True):
        root = station(folder / f"station-{together}")
        with (root / "episodes.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["file", "number", "title", "defenders"])
            for number, source in enumerate(sources, start=11):
                copy = root / f"{number}{source.suffix}"
                copy.write_bytes(source.read_bytes() + bytes(number))  # no two files are the same
                rows.writerow([copy.name, number, "Voz", "d-07"])
        words = ["--from-folder", str(root)]
        each = [
            [str(root / f"{n}.mp3"), "--number", str(n), "--title", "Voz", "--defender", "d-07"]
            for n in range(11, 11 + count)
        ]
        begun = time.monotonic()
        for command in [words] if together else each:
            program(root, "episode", "add", *command)
        seconds.append(time.monotonic() - begun)
    print(
        f"\n{count} mp3 of {minutes:g} minutes by `episode add` (heard, examined, mastered, drawn, recorded): "
        f"one after the other {seconds[0]:.1f} s, together {seconds[1]:.1f} s: {seconds[0] / seconds[1]:.2f} times as fast."
    )


def station(root: Path) -> Path:
    """A new station where everybody is registered."""
    program(root.parent, "init", str(root), station=False)
    register_everybody(load_station(root))
    return root


def program(root: Path, *words: str, station: bool = True) -> None:
    """Run the command as a person would."""
    where = ["--station", str(root)] if station else []
    command = [sys.executable, "-m", "broadcaster", *where, *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=REPOSITORY)


def main() -> None:
    """Everything, or what was asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=float, nargs="+", default=[10.0, 30.0])
    asked.add_argument("--formats", nargs="+", default=list(FORMATS), choices=list(FORMATS))
    asked.add_argument("--quick", action="store_true")
    which = asked.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true")
    which.add_argument("--no-peers", action="store_true")
    asked.add_argument("--no-long", action="store_true", help="leave out the recording of three hours")
    asked.add_argument("--no-batch", action="store_true", help="leave out the eight recordings at once")
    given = asked.parse_args()
    minutes, formats = ([1.0], ["mp3", "opus"]) if given.quick else (given.minutes, given.formats)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        bench, before = Bench(Path(name)), processor_ticks()
        table(
            bench,
            minutes,
            formats,
            lambda length, kind: given.all or (not given.no_peers and (length <= 10 or kind in SLOW_PEERS)),
        )
        if not (given.quick or given.no_long):
            print(f"\nThree hours:\n\n{HEAD}\n|{'---|' * 12}")
            for way in (OURS, FLOOR):
                bench.line(180, "mp3", way, WAYS[way])
        bench.summary()
        if not given.no_batch:
            batch(bench, Path(name), minutes[0])
        print(f"\n{kept(before)}")


if __name__ == "__main__":
    main()
