"""What the unit forbids the program, the program does not need: its system calls are those that the unit lets through."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from patience import until

from broadcaster.care.boot import Way, boot

ROOT = Path(__file__).parents[2]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def groups() -> dict[str, set[str]]:
    """systemd's own groups of system calls, by their names."""
    shown = subprocess.run(
        ["systemd-analyze", "syscall-filter", "--no-pager"], capture_output=True, text=True, check=True
    ).stdout
    found: dict[str, set[str]] = {}
    name = ""
    for line in COLOUR.sub("", shown).splitlines():
        if line.startswith("@"):
            name = line.strip()
            found[name] = set()
        elif line.startswith(" ") and not line.strip().startswith("#"):
            found[name].add(line.strip())
    return found


def spelt_out(words: set[str], known: dict[str, set[str]]) -> set[str]:
    """Groups as the calls in them."""
    return {call for word in words for call in (spelt_out(known[word], known) if word[0] == "@" else {word})}


def made(folder: Path) -> set[str]:
    """The system calls of a daemon and its children, from its start to its end in order."""
    station, counted = folder / "station", folder / "calls"
    station.mkdir()
    shutil.copy(ROOT / "config.toml", station)
    script = Path(__file__).with_name("watched_daemon.py")
    daemon = [sys.executable, str(script), str(station), "2021-06-18T09:00:00-05:00", "one"]
    running = subprocess.Popen(
        ["strace", "-D", "-f", "-c", "-o", str(counted), *daemon],
        env={**os.environ, "PULSE_SERVER": "unix:/nonexistent"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=120)
    until(lambda: "total" in counted.read_text(encoding="utf-8"))  # strace writes it after the daemon is gone
    rows = (line.split() for line in counted.read_text(encoding="utf-8").splitlines())
    return {words[-1] for words in rows if len(words) >= 5 and words[0][0].isdigit() and words[-1] != "total"}


def test_the_program_makes_no_call_that_its_unit_forbids(tmp_path: Path) -> None:
    unit = boot(Way.COMPUTER, tmp_path, {"HOME": str(tmp_path)}).text
    wanted = {word for line in re.findall(r"^SystemCallFilter=(.+)$", unit, re.MULTILINE) for word in line.split()}
    calls = made(tmp_path)
    assert {"execve", "fdatasync", "sendto"} & calls
    assert calls - spelt_out(wanted, groups()) == set()
