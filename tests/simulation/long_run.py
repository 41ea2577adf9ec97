"""Many market-seasons with random mishaps, on every core: ``make simulate SEED=1 SEASONS=10000``.

Prints what befell them, how fast it went, and each violation with the seed that tells it again:
``python tests/simulation/long_run.py --again SEED``.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from story import Told, tell

AT_ONCE = 2
"""Seeds that wait for each worker."""


@dataclass
class Sum:
    """What all the seeds came to."""

    seeds: int = 0
    market_seasons: int = 0
    rows: int = 0
    plays: int = 0
    mishaps: Counter[str] = field(default_factory=Counter)
    bad: list[Told] = field(default_factory=list)

    def add(self, told: Told) -> None:
        """One more seed."""
        self.seeds += 1
        self.market_seasons += told.market_seasons
        self.rows += told.rows
        self.plays += told.plays
        self.mishaps += told.mishaps
        if told.violations:
            self.bad.append(told)


def run(first_seed: int, market_seasons: int, seconds: float, workers: int, console: Console) -> Sum:
    """As many seeds, from the first on, as make so many market-seasons, or as there is time for."""
    total, until = Sum(), time.monotonic() + seconds
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool, Progress(*columns, console=console) as bar:
        task = bar.add_task("market-seasons", total=market_seasons)
        for told in _told(
            pool, first_seed, workers, lambda: total.market_seasons < market_seasons and time.monotonic() < until
        ):
            total.add(told)
            for violation in told.violations:
                bar.console.print(f"seed {told.seed}: {violation}", style="bold red", highlight=False)
            bar.update(task, completed=total.market_seasons)
    return total


def _told(pool: ProcessPoolExecutor, first_seed: int, workers: int, go_on: Callable[[], bool]) -> Iterator[Told]:
    seeds = count(first_seed)
    waiting: set[Future[Told]] = set()
    while go_on() or waiting:
        while go_on() and len(waiting) < AT_ONCE * workers:
            waiting.add(pool.submit(tell, next(seeds)))
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for one in done:
            yield one.result()


def show(total: Sum, took_s: float, workers: int, console: Console) -> None:
    """The table of what befell them, and the sentence that counts."""
    table = Table(title="Mishaps", title_justify="left", box=None)
    table.add_column("kind")
    table.add_column("times", justify="right")
    for kind, times in total.mishaps.most_common():
        table.add_row(kind, f"{times:,}")
    console.print(table)
    rate = 60 * total.market_seasons / took_s
    console.print(
        f"{total.market_seasons:,} market-seasons ({total.seeds:,} stations, {total.plays:,} sounds, {total.rows:,} rows) "
        f"with {total.mishaps.total():,} mishaps in {took_s:.0f} s by {workers} workers: "
        f"{rate:,.0f} a minute, {60 * rate:,.0f} an hour."
    )
    for told in total.bad:
        console.print(f"seed {told.seed}: {len(told.violations)} violations, the first: {told.violations[0]}")
    found = sum(len(told.violations) for told in total.bad)
    console.print(f"{found} violations.", style="bold red" if found else "bold green")


def main() -> int:
    """The exit code: 1 when anything was violated."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=1, help="of the first station")
    asked.add_argument("--seasons", type=int, default=1000, help="market-seasons to run")
    asked.add_argument("--seconds", type=float, default=float("inf"), help="no longer than this")
    asked.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--again", type=int, help="tell one seed again and say what it violates")
    said, console = asked.parse_args(), Console(width=None if sys.stdout.isatty() else 120)
    if said.again is not None:
        told = tell(said.again)
        console.print(dict(told.mishaps), *map(str, told.violations), sep="\n", highlight=False)
        return 1 if told.violations else 0
    began = time.monotonic()
    total = run(said.seed, said.seasons, said.seconds, said.workers, console)
    show(total, time.monotonic() - began, said.workers, console)
    return 1 if total.bad else 0


if __name__ == "__main__":
    sys.exit(main())
