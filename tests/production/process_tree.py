"""The memory of a process and of all its children: the sum of their proportional set sizes."""

import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finished:
    """A program that ran to its end."""

    exit_code: int
    output: str
    wall_s: float
    peak_pss_bytes: int
    """The greatest sum seen, of shared pages each process's share (``Pss`` of ``/proc/PID/smaps_rollup``)."""


def run_watched(command: Sequence[str], every_s: float = 0.05) -> Finished:
    """Run a program and look at its tree's memory every so often."""
    started, peak = time.monotonic(), 0
    with tempfile.TemporaryFile("w+") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(pss_bytes, tree(process.pid))))
            time.sleep(every_s)
        wall_s = time.monotonic() - started
        output.seek(0)
        return Finished(process.returncode, output.read(), wall_s, peak)


def tree(root: int) -> list[int]:
    """The process and everything below it."""
    children = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            children[int(status.read_text().rpartition(")")[2].split()[1])].append(int(status.parent.name))
        except OSError:
            continue
    found = [root]
    for pid in found:
        found += children[pid]
    return found


def pss_bytes(pid: int) -> int:
    """One process's share; 0 when it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
