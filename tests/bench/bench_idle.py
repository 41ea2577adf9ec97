"""What it costs to wait: the daemon of four markets beside Liquidsoap with the same times, both with nothing to play.

``python tests/bench/bench_idle.py [--minutes 10] [--settle 90]``: both run at once on one private sound server with four
outputs; it prints a markdown table of the processor's time (children and what they were included) and of memory (the sum of
proportional set sizes of the process and its children, and the resident set), and how busy the machine was besides.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from broadcaster.config import load_station
from broadcaster.playout.virtual import VirtualOutputs

ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
EVERY_S = 10.0
PEER = """\
settings.init.allow_root.set(true)
settings.log.file.set(false)
settings.frame.audio.samplerate.set(48000)
{outputs}
"""
OUTPUT = """\
output.pulseaudio(fallible=true, device="{sink}", switch([({{ 4w10h00m0s or 6w16h00m0s }}, single("{master}"))]))
"""
"""Two times a week, as the shipped season has them."""


@dataclass(frozen=True)
class Cost:
    """Of one program, over the measured time."""

    processor: float
    """Share of one core."""
    proportional_mb: float
    resident_mb: float


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it and live."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text(encoding="ascii").split():
            yield from family(int(child))


def processor_s(pid: int) -> float:
    """Seconds of the processor, of itself, of the children it has seen end, and of those that live."""
    total = 0.0
    for number, each in enumerate(family(pid)):
        fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        total += (
            sum(int(value) for value in fields[11:15]) if number == 0 else sum(int(value) for value in fields[11:13])
        )
    return total / TICKS


def memory_mb(pid: int) -> tuple[float, float]:
    """Proportional and resident sets."""
    sums = {"Pss": 0, "Rss": 0}
    for each in family(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:  # it has just ended
            continue
        for line in lines:
            name, _colon, value = line.partition(":")
            if name in sums:
                sums[name] += int(value.split()[0])
    return sums["Pss"] / 1000, sums["Rss"] / 1000


def machine_s() -> tuple[float, float]:
    """Seconds of all processors that somebody used, and that the host of a virtual machine took."""
    values = [int(value) for value in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]]
    user, nice, system, _idle, _wait, irq, soft, stolen = values[:8]
    return (user + nice + system + irq + soft) / TICKS, stolen / TICKS


def ours(folder: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """``broadcaster run`` on the shipped configuration and a season without end, with no episode."""
    station = folder / "station"
    (station / "schedules").mkdir(parents=True)
    shutil.copy(ROOT / "config.toml", station)
    (station / "schedules" / "idle.toml").write_text(SEASON, encoding="utf-8")
    program = str(Path(sys.executable).with_name("broadcaster"))
    return subprocess.Popen(
        [program, "--station", str(station), "run"],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=(folder / "ours.log").open("wb"),
        stderr=subprocess.STDOUT,
    )


SEASON = """\
name = "Espera"
from = {year}-01-01
until = {year}-12-31
first_episode = 1
holidays = "skip"

[[rules]]
weekdays = ["thursday"]
times = ["10:00"]
markets = ["mercado-central", "el-bosque", "unicachi", "huamantanga"]

[[rules]]
weekdays = ["saturday"]
times = ["16:00"]
markets = ["mercado-central", "el-bosque", "unicachi", "huamantanga"]
""".replace("{year}", time.strftime("%Y"))


def confirm(folder: Path) -> None:
    """The operator's yes to the time, for a machine that nothing vouches for: only then are the airings promised."""
    program = str(Path(sys.executable).with_name("broadcaster"))
    asked = [program, "--station", str(folder / "station"), "clock", "confirm"]
    subprocess.run(asked, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def peer(folder: Path, sinks: list[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Liquidsoap with the same outputs and times."""
    master = ROOT / "episodes" / "003" / "original.ogg"
    script = folder / "peer.liq"
    outputs = "".join(OUTPUT.format(sink=sink, master=master) for sink in sinks)
    script.write_text(PEER.format(outputs=outputs), encoding="utf-8")
    return subprocess.Popen(
        ["liquidsoap", str(script)],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=(folder / "peer.log").open("wb"),
        stderr=subprocess.STDOUT,
    )


def measure(programs: Mapping[str, int], for_s: float) -> tuple[dict[str, Cost], float, float]:
    """The cost of each, the share of all processors that others used, and that the host took."""
    began, before = time.monotonic(), {name: processor_s(pid) for name, pid in programs.items()}
    used, stolen = machine_s()
    memory: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    while (passed := time.monotonic() - began) < for_s:
        for name, pid in programs.items():
            memory[name].append(memory_mb(pid))
        time.sleep(min(EVERY_S, for_s - passed))
    passed = time.monotonic() - began
    spent = {name: processor_s(pid) - before[name] for name, pid in programs.items()}
    used_now, stolen_now = machine_s()
    whole = passed * (os.cpu_count() or 1)
    costs = {
        name: Cost(
            spent[name] / passed,
            statistics.median(each[0] for each in memory[name]),
            statistics.median(each[1] for each in memory[name]),
        )
        for name in programs
    }
    return costs, (used_now - used - sum(spent.values())) / whole, (stolen_now - stolen) / whole


def main() -> None:
    """Start both, let them settle, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--settle", type=float, default=90.0, help="seconds before it begins")
    asked = parser.parse_args()
    station = load_station(ROOT)
    sinks = [station.outputs[market.output].sink for market in station.markets.values()]
    with tempfile.TemporaryDirectory() as name, VirtualOutputs(sinks) as outputs:
        folder = Path(name)
        running = {
            "this program": ours(folder, outputs.environment),
            "Liquidsoap": peer(folder, sinks, outputs.environment),
        }
        try:
            time.sleep(asked.settle / 2)
            confirm(folder)
            time.sleep(asked.settle / 2)
            for each, process in running.items():
                if process.poll() is not None:
                    raise SystemExit(
                        f"{each} ended: {(folder / 'peer.log').read_text()} {(folder / 'ours.log').read_text()}"
                    )
            costs, others, stolen = measure({each: one.pid for each, one in running.items()}, asked.minutes * 60)
        finally:
            for process in running.values():
                process.terminate()
            for process in running.values():
                process.wait(20)
    print(
        f"{asked.minutes:g} minutes, both at once, {len(sinks)} outputs; other work took {others:.0%} of the machine,"
    )
    print(f"the host of the virtual machine {stolen:.1%}.\n")
    print("| waiting | of one core | memory, proportional | memory, resident |\n|---|---|---|---|")
    for each, cost in costs.items():
        print(f"| {each} | {cost.processor:.2%} | {cost.proportional_mb:.0f} MB | {cost.resident_mb:.0f} MB |")


if __name__ == "__main__":
    main()
