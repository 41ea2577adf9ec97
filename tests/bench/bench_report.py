"""What a report and a page of the log cost over a country's plays, in SQLite and in PostgreSQL, beside the same asked by hand.

``python tests/bench/bench_report.py [--plays 400400 | 10000000] [--in FOLDER] [--runs 40] [--databases sqlite postgresql]``

Writes the record of a season (:mod:`country`: 2,600 plays a day, 154 days), catches the ledger up, repeats the season in the
years that follow until there are so many plays (:mod:`many_years`), holds one market's rows against the ledger, and prints
sizes and a markdown table of medians and 95th percentiles. What is asked is asked of the newest year. The clock says little on
a busy machine; the processor's time is that of this process, its children and the server. With ``--in`` the season stays there,
and the next run uses it.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "reports"))

from country import FIRST, LIMA, MONTH, OWN, SEASON, Country, write
from host import kept, processor_ticks
from many_years import multiply, multiply_on_server
from postgres_server import Server, server
from report_ways import Wanted, ways
from sqlalchemy import text

from broadcaster.config import Station, load_station
from broadcaster.journal.reading import as_records
from broadcaster.journal.row import Row, understand
from broadcaster.model import MarketId
from broadcaster.reports.gathering import summary_of
from broadcaster.reports.ledger.entries import microseconds
from broadcaster.reports.ledger.keeping import Ledger, Sight
from broadcaster.reports.ledger.opening import file_of
from broadcaster.reports.summary import Period
from broadcaster.reports.summing import summarise
from broadcaster.store.engine import database_path

ROOT = Path(__file__).parents[2]
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
Times = tuple[float, float, float]
"""Median and 95th percentile by the clock, median of the processor's time; ms."""


class Watch:
    """Times what is done."""

    def __init__(self, served: Server | None, runs: int) -> None:
        self._served = served
        self._runs = runs

    def times(self, work: Callable[[], Any]) -> Times:
        """Once for nothing, then so many times."""
        work()
        taken, spent = [], []
        for _ in range(self._runs):
            began, used = time.perf_counter(), self._processor_s()
            work()
            taken.append(1000 * (time.perf_counter() - began))
            spent.append(1000 * (self._processor_s() - used))
        return statistics.median(taken), statistics.quantiles(taken, n=20)[-1], statistics.median(spent)

    def _processor_s(self) -> float:
        own = sum(os.times()[:4])
        return own if self._served is None else own + sum(map(_of_process, _processes(self._served)))


def _processes(served: Server) -> Iterator[int]:
    """Of the server: the first one, which is told what those that ended had used, and those that live."""
    first = int((served.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    yield first
    yield from map(int, Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split())


def _of_process(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0  # it ended meanwhile, and its parent knows
    return sum(map(int, fields[11:15])) * TICK_S


def measure(station: Station, wanted: Wanted, watch: Watch, *, commands: bool) -> Iterator[str]:
    """Lines of a table."""
    with Ledger.open(station) as ledger:
        for way in ways(wanted, ledger, commands=commands):
            asked = watch.times(lambda way=way: way.ask(station))  # type: ignore[misc]
            hand = ledger.look(lambda sight, way=way: _by_hand(sight, way.hand, watch)) if way.hand else None  # type: ignore[misc]
            beside = "| |" if hand is None else "| {:,.0f}, {:,.0f}, {:,.0f} ms |".format(*hand)
            yield f"| {way.name} " + "| {:,.0f} ms | {:,.0f} ms | {:,.0f} ms ".format(*asked) + beside


def _by_hand(sight: Sight | None, statements: tuple[str, ...], watch: Watch) -> Times:
    assert sight is not None
    return watch.times(lambda: [sight.ledger.execute(text(statement)).fetchall() for statement in statements])


# Making it


def _station(folder: Path, address: str | None) -> Station:
    folder.mkdir(parents=True, exist_ok=True)
    settings = (ROOT / "config.toml").read_text(encoding="utf-8")
    if address is not None:
        settings = settings.replace('"sqlite:///data/broadcaster.db"', f'"{address}"')
    (folder / "config.toml").write_text(settings, encoding="utf-8")
    return load_station(folder)


@contextmanager
def _said(what: str) -> Iterator[None]:
    began, used = time.perf_counter(), sum(os.times()[:4])
    yield
    spent = sum(os.times()[:4]) - used
    print(f"{what}: {time.perf_counter() - began:.0f} s, processor {spent:.0f} s", file=sys.stderr, flush=True)


def make(station: Station, country: Country) -> None:
    """A season's record, and its ledger."""
    with _said("rows"):
        write(station.database, country)
    with _said("ledger"), Ledger.open(station) as ledger:
        ledger.look(lambda _sight: None)


def _season(folder: Path, country: Country) -> Station:
    """In SQLite; one that was made before is used again."""
    base = folder / f"season-{country.markets}-{country.days}"
    station, whole = _station(base, None), base / "whole"
    if not whole.exists():
        make(station, country)
        whole.touch()
    return station


def _filled(folder: Path, own: Path, served: Server | None, country: Country, years: int) -> Station:
    if served is None:
        base = _season(folder, country)
        if years == 1:
            return base
        station = _station(own, None)
        with _said(f"{years} years"):
            multiply(base, station, years)
        return station
    station = _station(own, served.new())
    make(station, country)
    with _said(f"{years} years"):
        multiply_on_server(station, years)
    return station


def _check(station: Station, wanted: Wanted) -> None:
    """Of one market, what all its rows come to is what the ledger says."""
    market = MarketId("unicachi")
    with Ledger.open(station) as ledger:
        rows = ledger.look(_rows_of_one)
    for period in (wanted.month, Period(FIRST, wanted.month.last)):
        pure = summarise([rows], (), station.markets, period, wanted.made, only={market})
        found = summary_of(station, period, wanted.made, plan=(), only={market})
        for one, other in zip(found.lines, pure.lines, strict=True):
            # how long a missed one was is told by other markets too
            assert replace(one, expected_s=None) == replace(other, expected_s=None)
        assert (found.total.reasons, found.total.evidence) == (pure.total.reasons, pure.total.evidence)
    print("one market's rows come to the same", file=sys.stderr)


def _rows_of_one(sight: Sight | None) -> list[Row]:
    assert sight is not None
    wanted = text("SELECT * FROM journal WHERE node = :node AND kind <> 'heartbeat' ORDER BY epoch, seq")
    found = sight.journal.execute(wanted, {"node": f"{OWN.index('unicachi'):012x}"})
    return [understand(record) for record in as_records(found)]


def main() -> None:
    """Write, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=0, help="at least so many, by whole years; 0: one season")
    parser.add_argument("--markets", type=int, default=2_600)
    parser.add_argument("--days", type=int, default=SEASON, help="of a season")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--in", dest="folder", type=Path)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    asked = parser.parse_args()
    country = Country(asked.markets, asked.days)
    years = max(1, -(-asked.plays // country.plays))
    plays = country.plays * years
    print(f"{plays:,} plays: {country.markets:,} markets, {country.days:,} days, {years} years; {asked.runs} runs.")
    with tempfile.TemporaryDirectory() if asked.folder is None else nullcontext(str(asked.folder)) as folder:
        for name in asked.databases:
            settings = ("shared_buffers=1GB", "max_wal_size=4GB")
            running = nullcontext(None) if name == "sqlite" else server(asked.folder, *settings)
            with tempfile.TemporaryDirectory(dir=folder) as own, running as served:
                station = _filled(Path(folder), Path(own), served, country, years)
                _one(name, station, served, _when(years), asked.runs, many=years > 1)


def _when(years: int) -> Wanted:
    first, last = (day.replace(year=FIRST.year + years - 1) for day in MONTH)
    middle = datetime(FIRST.year + years // 2, 5, 17, 12, tzinfo=LIMA)
    return Wanted(Period(first, last), datetime(last.year, 7, 2, 9, 0, tzinfo=LIMA), microseconds(middle))


def _one(name: str, station: Station, served: Server | None, wanted: Wanted, runs: int, *, many: bool) -> None:
    _check(station, wanted)
    print(f"\n{name}: {_sizes(station, served)}; load {os.getloadavg()[1]:.1f}\n")
    print("| asked | median | 95 % | processor | by hand: median, 95 %, processor |\n|---|---|---|---|---|", flush=True)
    before = processor_ticks()
    for line in measure(station, wanted, Watch(served, runs), commands=not many):
        print(line, flush=True)
    print(f"\n{kept(before)} Load {os.getloadavg()[1]:.1f}.", flush=True)


def _sizes(station: Station, served: Server | None) -> str:
    if served is None:
        path = database_path(station.database)
        return f"journal {_mb(path)}, ledger {_mb(file_of(path))}"
    asked = "SELECT pg_total_relation_size('journal'), (SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
    asked += "WHERE relkind = 'r' AND relname LIKE 'ledger_%')"
    journal, ledger = served.run(asked, "station1").split("|")
    return f"journal {int(journal) / 1e6:,.0f} MB, ledger {int(ledger) / 1e6:,.0f} MB"


def _mb(path: Path) -> str:
    return f"{sum(each.stat().st_size for each in path.parent.glob(path.name + '*')) / 1e6:,.0f} MB"


if __name__ == "__main__":
    main()
