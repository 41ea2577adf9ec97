"""What the panel takes: how soon a page begins with a long play log, and what fifty open live pages cost the daemon.

``python tests/bench/bench_panel.py [--plays 400000] [--pages 50] [--occasions 6] [--in FOLDER]`` prints two markdown tables.

* Pages: the shipped station with so many plays of its markets on record; somebody with every role asks for every page of the
  route table, one after the other, twenty times. First byte is what a browser waits for: the whole page is made before it is
  sent.
* Airings: four markets on null sinks, a real daemon and its real panel beside it, in turns without and with so many pages that
  are kept current. Start errors are those of the play log; the daemon's share of a core leaves out the players and witnesses.
"""

import argparse
import asyncio
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "playout"))
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

from country import LIMA, OWN, Country, write
from host import kept, processor_ticks
from panel import OFFICER, WallClock, make_station, register_everybody, serving
from real_station import MARKETS, TEN, DaemonProcess, ends, sinks
from real_station import make_station as make_sounding
from test_every_page import pages

from broadcaster.config import load_station
from broadcaster.journal.events import PersonRolesChanged
from broadcaster.model import Role
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.reports.ledger.keeping import Ledger
from broadcaster.web.desk import Desk

TIMES = 20
BEGAN = datetime(2021, 2, 1, 10, tzinfo=LIMA)
"""Before the record's first play."""
NOW = datetime(2021, 7, 12, 8, tzinfo=LIMA)
"""In the middle of the shipped season: its plays are on record, and some are to come."""
AHEAD_S = 15.0
SOUND_S = 6.0
PATIENCE_S = 60.0
TICKS = os.sysconf("SC_CLK_TCK")
LIVE = "/stall/events"


# Pages


@dataclass(frozen=True)
class Timed:
    """One page, asked for again and again."""

    path: str
    first_ms: Sequence[float]
    processor_ms: Sequence[float]
    """Of the panel and of who asks it, which are one process here."""
    size: int


def long_station(folder: Path, plays: int) -> Path:
    """The shipped station with so many plays on record, caught up; one that was made before is used again."""
    country = Country(markets=len(OWN), days=plays // len(OWN))
    root = folder / f"panel-{country.days}"
    if not (root / "whole").exists():
        make_station(root, people=False)
        write(load_station(root).database, country)
        with Desk(root, WallClock(BEGAN)).journal() as journal:
            register_everybody(journal)
            journal.append(PersonRolesChanged(OFFICER, tuple(Role), OFFICER))
        (root / "whole").touch()
    with Ledger.open(load_station(root)) as ledger:  # as it is where a panel has been open before
        ledger.look(lambda _sight: None)
    return root


def timed_pages(root: Path) -> Iterator[Timed]:
    with serving(root, WallClock(NOW)) as panel:
        browser = panel.signed_in(OFFICER)
        for way in pages():
            took, used, size = [], [], 0
            for _ in range(TIMES + 1):
                begun_s, before_s = time.perf_counter(), time.process_time()
                with browser.stream("GET", way.example) as answer:
                    pieces = answer.iter_bytes()
                    size = len(next(pieces, b""))
                    took.append(1000 * (time.perf_counter() - begun_s))
                    size += sum(map(len, pieces))
                used.append(1000 * (time.process_time() - before_s))
            yield Timed(way.example, took, used, size)


def print_pages(found: Sequence[Timed]) -> None:
    print(
        "| page | first ms, first time | median | worst of the rest | processor ms, median | kB |\n|---|---|---|---|---|---|"
    )
    for each in sorted(found, key=lambda one: -statistics.median(one.first_ms)):
        first, *rest = each.first_ms
        clock = f"{first:.0f} | {statistics.median(rest):.0f} | {max(rest):.0f}"
        print(f"| `{each.path}` | {clock} | {statistics.median(each.processor_ms):.0f} | {each.size / 1000:.0f} |")


# Airings


@dataclass(frozen=True)
class Occasion:
    """One airing at four markets."""

    errors_ms: Sequence[float]
    daemon_share: float
    """Of a core, from before the first player to after the last end."""
    panel_share: float


def air(folder: Path, number: int, open_pages: int) -> Occasion:
    station = make_sounding(folder / f"station-{number}-{open_pages}", SOUND_S)
    port = free_port()
    with VirtualOutputs(sinks(station)) as outputs:
        where = {**outputs.environment, "BROADCASTER_PANEL": f"127.0.0.1:{port}"}
        daemon = DaemonProcess(station, TEN - timedelta(seconds=AHEAD_S), where)
        try:
            daemon.wait_until_ready()
            panel = panel_of(daemon.pid)
            with kept_open(port, open_pages):
                begun = own_s(daemon.pid), own_s(panel), time.monotonic()
                while len(ends(station)) < len(MARKETS) and time.monotonic() - begun[2] < PATIENCE_S:
                    time.sleep(0.5)
                passed_s = time.monotonic() - begun[2]
                shares = (own_s(daemon.pid) - begun[0]) / passed_s, (own_s(panel) - begun[1]) / passed_s
        finally:
            daemon.send(15)  # type: ignore[arg-type]
            daemon.wait()
    errors = [ended.start_error_ms for ended in ends(station).values()]
    assert len(errors) == len(MARKETS)
    return Occasion([float(error) for error in errors if error is not None], *shares)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def panel_of(pid: int) -> int:
    """The panel's process, as soon as the daemon has one."""
    while True:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                if b"broadcaster.web.child" in Path(f"/proc/{child}/cmdline").read_bytes():
                    return int(child)
        time.sleep(0.05)


def own_s(pid: int) -> float:
    """Seconds of the processor that a process has used, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(int(value) for value in fields[11:13]) / TICKS


@contextmanager
def kept_open(port: int, pages: int) -> Iterator[None]:
    """So many live pages, held by a process of its own."""
    words = [sys.executable, __file__, "--hold", str(port), str(pages)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        try:
            yield
        finally:
            holder.kill()


async def hold(port: int, count: int) -> None:
    """Open the pages, say so, and read what comes."""

    async def one() -> None:
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except OSError:
                await asyncio.sleep(0.1)
        request = f"GET {LIVE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: c={secrets.token_hex(8)}\r\n\r\n"
        writer.write(request.encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 200"), "the live page does not open"
        opened.append(1)
        while await reader.read(65536):
            pass

    opened: list[int] = []
    tasks = [asyncio.create_task(one()) for _ in range(count)]
    while len(opened) < count:
        await asyncio.sleep(0.05)
        for task in tasks:
            if task.done():
                task.result()
    print("open", flush=True)
    await asyncio.sleep(3600)


def print_airings(without: Sequence[Occasion], with_: Sequence[Occasion], count: int) -> None:
    print(
        "| | plays | start ms: median | worst | daemon, % of a core | panel, % of a core |\n|---|---|---|---|---|---|"
    )
    for name, occasions in (("no page open", without), (f"{count} live pages", with_)):
        errors = [abs(error) for occasion in occasions for error in occasion.errors_ms]
        shares = [
            f"{100 * statistics.mean(getattr(each, part) for each in occasions):.1f}"
            for part in ("daemon_share", "panel_share")
        ]
        print(
            f"| {name} | {len(errors)} | {statistics.median(errors):.1f} | {max(errors):.1f} | {shares[0]} | {shares[1]} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=400_000)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--occasions", type=int, default=6)
    parser.add_argument(
        "--in", type=Path, dest="kept", metavar="FOLDER", help="where the long record is kept for the next time"
    )
    parser.add_argument("--hold", nargs=2, type=int, help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.hold:
        asyncio.run(hold(*wish.hold))
        return
    before = processor_ticks()
    with tempfile.TemporaryDirectory() as folder:
        if wish.plays:
            print_pages(list(timed_pages(long_station(wish.kept or Path(folder), wish.plays))))
        without, with_ = [], []
        for number in range(wish.occasions):
            without.append(air(Path(folder), number, 0))
            with_.append(air(Path(folder), number, wish.pages))
            print(f"{number + 1}/{wish.occasions}", file=sys.stderr)
        if wish.occasions:
            print()
            print_airings(without, with_, wish.pages)
    print(f"\n{kept(before)}")


if __name__ == "__main__":
    main()
