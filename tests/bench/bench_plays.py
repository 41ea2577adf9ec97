"""What a long play log costs: ``plays`` on stations whose journals have a thousand to several hundred thousand rows.

``python tests/bench/bench_plays.py [--rows 1000 100000 400000] [--runs 3]`` prints a markdown table of medians: time by the
clock and of the processor, and the greatest resident memory of the whole process. An airing has two rows (its intent and
its end), or one if it was missed.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from long_log import FIRST, write_log

ROOT = Path(__file__).parents[2]
WAYS = {
    "`plays --json`, all": ("--json",),
    "`plays --json --market unicachi --outcome missed`": ("--json", "--market", "unicachi", "--outcome", "missed"),
    "`plays --json`, one week": ("--json", "--from", "2021-06-21", "--until", "2021-06-27"),
    "`plays`, the table of one market's week": (
        *("--market", "unicachi"),
        *("--from", "2021-06-21", "--until", "2021-06-27"),
    ),
}


def measured(station: Path, words: tuple[str, ...]) -> tuple[float, float, float]:
    """Seconds from start to end, seconds of the processor, and the peak of resident memory in MB."""
    program = str(Path(sys.executable).with_name("broadcaster"))
    began = time.perf_counter()
    child = subprocess.Popen(
        [program, "--station", str(station), "plays", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(child.returncode)
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def main() -> None:
    """Write the journals, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 100_000, 400_000])
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    print(f"The log begins on {FIRST:%Y-%m-%d}; medians of {asked.runs}.\n")
    print("| rows | asked | clock | processor | memory |\n|---|---|---|---|---|")
    for rows in asked.rows:
        with tempfile.TemporaryDirectory() as folder:
            station = Path(folder)
            shutil.copy(ROOT / "config.toml", station)
            write_log(station, rows)
            for name, words in WAYS.items():
                runs = [measured(station, words) for _ in range(asked.runs)]
                clock_s, processor_s, memory = (statistics.median(column) for column in zip(*runs, strict=True))
                print(f"| {rows:,} | {name} | {clock_s:.1f} s | {processor_s:.1f} s | {memory:.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
