"""How long the command line takes to answer, beside the least that any program made with click takes.

``python tests/bench/bench_cli.py [--runs 25]`` prints a markdown table: medians of runs that take turns, so that whatever else
the machine does falls on all alike. Each is a process of its own, from its start to its end.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = str(Path(sys.executable).with_name("broadcaster"))
PYTHON, CLICK = 'python -c ""', 'python -c "import click"'


def commands(empty: Path) -> Mapping[str, tuple[list[str], Path]]:
    """What is run, and where."""
    return {
        PYTHON: ([sys.executable, "-c", ""], empty),
        CLICK: ([sys.executable, "-c", "import click"], empty),
        "broadcaster --help": ([PROGRAM, "--help"], empty),
        "broadcaster --help, in a station": ([PROGRAM, "--help"], ROOT),
        "broadcaster --version": ([PROGRAM, "--version"], empty),
        "broadcaster plays --help": ([PROGRAM, "plays", "--help"], empty),
        "broadcaster schedule preview --json": ([PROGRAM, "schedule", "preview", "--json"], ROOT),
    }


def taken_s(command: list[str], folder: Path, environment: Mapping[str, str]) -> float:
    """Seconds from start to end."""
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=25)
    runs = parser.parse_args().runs
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BROADCASTER")}
    with tempfile.TemporaryDirectory() as empty:
        wanted = commands(Path(empty))
        took: dict[str, list[float]] = {name: [] for name in wanted}
        for turn in range(runs + 1):
            for name, (command, folder) in wanted.items():
                seconds = taken_s(command, folder, environment)
                if turn:  # the first fills the caches
                    took[name].append(seconds)
    least = statistics.median(took[CLICK])
    print(f"{runs} runs each, taking turns.\n\n| command | median | worst | beside click's import |\n|---|---|---|---|")
    for name, runs_s in took.items():
        median = statistics.median(runs_s)
        print(f"| `{name}` | {1000 * median:.0f} ms | {1000 * max(runs_s):.0f} ms | {median / least:.2f} × |")


if __name__ == "__main__":
    main()
