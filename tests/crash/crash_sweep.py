"""The whole crash sweep: every sync of the scenario is the last one once, under each model: ``make crash-sweep``.

``crash_sweep.py [--every N] [--weakness NAME]``: each N-th sync only; something deliberately broken. Ends with 1 when
anything was found.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from crash_bench import LATE_S, SOON_S, Bench, Point, Result
from crash_disk import NOTHING

WORKERS = 2
"""Each with a folder and a scenario of its own; the work is done by the processes that they start."""
TOLD_EACH = 50


@contextmanager
def bench() -> Iterator[Bench]:
    """A bench in a folder in memory where there is one: what lasts is modelled, not measured."""
    memory = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
    folder = Path(tempfile.mkdtemp(prefix="crash.", dir=memory if memory.is_dir() else None))
    try:
        with Bench(folder) as made:
            yield made
    finally:
        shutil.rmtree(folder)


def every_crash(bench: Bench, point: Point) -> Iterator[Result]:
    """All that is done to one sync of the scenario."""
    yield bench.killed(point, SOON_S)
    yield bench.killed(point, LATE_S)
    yield from bench.killed_again(point)
    for leave in bench.leaves(point):
        yield bench.cut(point, leave)
    yield bench.cut(point, NOTHING, LATE_S)
    yield from bench.cut_again(point)


class Sweep:
    """Each ``every``-th sync, shared out over the workers."""

    def __init__(self, every: int, weakness: str) -> None:
        self.syncs = 0
        self.results: list[Result] = []
        self._every = every
        self._weakness = weakness
        self._begun = time.monotonic()
        self._numbers = count(1)
        self._broken_off = False

    @property
    def took_s(self) -> float:
        return time.monotonic() - self._begun

    def run(self) -> None:
        """Until all is done, or somebody interrupts it."""
        with ThreadPoolExecutor(WORKERS) as pool:
            working = [pool.submit(self._work, worker) for worker in range(WORKERS)]
            try:
                for each in working:
                    each.result()
            except BaseException:
                self._broken_off = True
                raise

    def _work(self, worker: int) -> None:
        with bench() as mine:
            mine.weakness = self._weakness
            self.syncs = len(mine.points)
            for point in mine.points[worker * self._every :: WORKERS * self._every]:
                for result in every_crash(mine, point):
                    self._take(result)
                    if self._broken_off:
                        return

    def _take(self, result: Result) -> None:
        self.results.append(result)
        if next(self._numbers) % TOLD_EACH == 0:
            print(f"{len(self.results)} crash points, {self.took_s:.0f} s", file=sys.stderr, flush=True)
        if result.faults:
            print(f"{result.name}; {result.model}:", *result.faults, sep="\n    ", flush=True)


def tell(sweep: Sweep) -> None:
    """What was found, in few lines."""
    results = sweep.results
    print(f"{sweep.syncs} syncs in the scenario, {len(results)} crash points run in {sweep.took_s:.0f} s")
    again = {1: "", 2: ", and again during recovery"}
    models = Counter(f"{result.model.split(',')[0]}{again[result.crashes]}" for result in results)
    for name, number in sorted(models.items()):
        print(f"  {number:5} {name}")
    for place, number in sorted(Counter(result.stage for result in results).items()):
        print(f"  {number:5} {place}")
    faults = [fault for result in results for fault in result.faults]
    print(f"{sum('is lost' in fault for fault in faults)} acknowledged rows lost")
    print(f"{sum('terminal rows' in fault for fault in faults)} airings without exactly one terminal row")
    print(f"{sum(bool(result.faults) for result in results)} crash points with a fault of any kind")


def main() -> int:
    """Run it and say what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--weakness", default="")
    chosen = parser.parse_args()
    sweep = Sweep(chosen.every, chosen.weakness)
    try:
        sweep.run()
    except KeyboardInterrupt:
        print("broken off; so far:")
    tell(sweep)
    return int(any(result.faults for result in sweep.results))


if __name__ == "__main__":
    sys.exit(main())
