"""The whole crash sweep: every sync of the scenario is the last one once, under each model: ``make crash-sweep``.

``crash_sweep.py [--every N] [--weakness NAME]``: each N-th sync only; something deliberately broken. Ends with 1 when
anything was lost.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from crash_bench import LATE_S, SOON_S, Bench, Point, Result
from crash_disk import NOTHING

WORKERS = 2


@dataclass(frozen=True)
class Share:
    """What one worker does: each ``of``-th of the syncs, from its own first one."""

    first: int
    of: int
    weakness: str = ""


def workshop() -> Path:
    """A folder in memory where there is one: what lasts is modelled, not measured."""
    memory = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
    return Path(tempfile.mkdtemp(prefix="crash.", dir=memory if memory.is_dir() else None))


def every_crash(bench: Bench, point: Point) -> Iterator[Result]:
    """All that is done to one sync of the scenario."""
    yield bench.killed(point, SOON_S)
    yield bench.killed(point, LATE_S)
    yield from bench.killed_again(point)
    for leave in bench.leaves(point):
        yield bench.cut(point, leave)
    yield bench.cut(point, NOTHING, LATE_S)
    yield from bench.cut_again(point)


def work(share: Share) -> tuple[int, list[Result]]:
    """How many syncs the scenario has, and what became of this share of them."""
    folder = workshop()
    try:
        with Bench(folder) as bench:
            bench.weakness = share.weakness
            mine = bench.points[share.first :: share.of]
            return len(bench.points), [result for point in mine for result in every_crash(bench, point)]
    finally:
        shutil.rmtree(folder)


def sweep(every: int, weakness: str) -> tuple[int, list[Result]]:
    """Shared out over the workers, each with a folder and a scenario of its own."""
    shares = [Share(number * every, WORKERS * every, weakness) for number in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS) as pool:
        done = list(pool.map(work, shares))
    return done[0][0], [result for _syncs, results in done for result in results]


def _models(results: list[Result]) -> Counter[str]:
    """How many crashes of each kind."""
    again = {1: "", 2: ", and again during recovery"}
    return Counter(f"{result.model.split(',')[0]}{again[result.crashes]}" for result in results)


def _print(syncs: int, results: list[Result], took_s: float) -> None:
    print(f"{syncs} syncs in the scenario, {len(results)} crash points run in {took_s:.0f} s")
    for name, number in _models(results).items():
        print(f"  {number:5} {name}")
    for place, number in sorted(Counter(result.stage for result in results).items()):
        print(f"  {number:5} {place}")
    lost = [result for result in results if result.faults]
    for result in lost[:40]:
        print(f"{result.name}; {result.model}:", *result.faults, sep="\n    ")
    rows = sum("lost" in fault for result in lost for fault in result.faults)
    print(f"{rows} acknowledged rows lost, {len(lost)} crash points with a fault of any kind")


def main() -> int:
    """Run it and say what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--weakness", default="")
    chosen = parser.parse_args()
    begun = time.monotonic()
    syncs, results = sweep(chosen.every, chosen.weakness)
    _print(syncs, results, time.monotonic() - begun)
    return int(any(result.faults for result in results))


if __name__ == "__main__":
    sys.exit(main())
