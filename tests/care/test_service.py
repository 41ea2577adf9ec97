"""What starts the program is set up, told and taken away whole; systemd's words about it are understood."""

import getpass
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadcaster.care.boot import Way, boot, boot_here, write
from broadcaster.care.service import Condition, Service, judge, parsed
from broadcaster.care.unit import lingered_before, sound_server
from broadcaster.cli import program
from broadcaster.cli.service_shown import sentences
from broadcaster.clock import Instant
from broadcaster.locale import use
from broadcaster.model import ClockTrust
from broadcaster.playout.lock import StationLock

ROOT = Path(__file__).parents[2]
NOW = Instant(datetime(2021, 6, 18, 15, 0, tzinfo=UTC), 10_000.0, "one", ClockTrust.SYNCED)
THRESHOLD = 70
"""Tenths of systemd's exposure level, which a user's unit reaches without namespaces, even root's (that name costs 4)."""
RUNNING = """\
LoadState=loaded
UnitFileState=enabled
ActiveState=active
SubState=running
Result=success
NRestarts=2
ExecMainCode=0
ExecMainStatus=0
MainPID=77
StatusText=Todo bien.
ActiveEnterTimestampMonotonic=9940000000
"""
AGAIN = """\
UnitFileState=enabled
ActiveState=activating
SubState=auto-restart
Result={}
ExecMainCode={}
ExecMainStatus={}
"""


@pytest.fixture
def station(tmp_path: Path) -> Path:
    folder = tmp_path / "station"
    folder.mkdir()
    (folder / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    return folder


def judged(tmp_path: Path, shown: str) -> Service:
    planned = boot(Way.COMPUTER, tmp_path, {"HOME": str(tmp_path)})
    write(planned)
    return judge(planned, parsed(shown), NOW)


def said(found: Service) -> str:
    use("en")
    return " ".join(sentence for sentence, _colour in sentences(found))


# What systemd says


def test_a_service_that_runs_is_told_with_its_beginning_and_its_restarts(tmp_path: Path) -> None:
    found = judged(tmp_path, RUNNING)
    assert (found.condition, found.current, found.enabled) == (Condition.RUNNING, True, True)
    assert (found.since, found.restarts, found.says) == (NOW.utc - timedelta(seconds=60), 2, "Todo bien.")
    assert said(found) == "The program runs."


@pytest.mark.parametrize(
    ("result", "code", "status", "sentence"),
    [
        ("watchdog", 3, 6, "stopped answering"),
        ("exit-code", 1, 75, "runs already for this station"),
        ("exit-code", 1, 78, "broadcaster schedule check"),
        ("exit-code", 1, 74, "record could not be written"),
        ("exit-code", 1, 70, "code 70"),
        ("signal", 2, 9, "ended it from outside"),
    ],
)
def test_a_service_that_is_started_anew_says_why_it_ended(
    result: str, code: int, status: int, sentence: str, tmp_path: Path
) -> None:
    found = judged(tmp_path, AGAIN.format(result, code, status))
    assert found.condition is Condition.AGAIN
    assert sentence in said(found)


def test_dead_failed_starting_and_silent_are_told_apart(tmp_path: Path) -> None:
    conditions = {
        "ActiveState=inactive\nSubState=dead": Condition.STOPPED,
        "ActiveState=failed\nSubState=failed": Condition.FAILED,
        "ActiveState=activating\nSubState=start": Condition.STARTING,
        "": Condition.SILENT,
    }
    for shown, condition in conditions.items():
        assert judged(tmp_path, shown).condition is condition


def test_another_stations_file_and_one_out_of_effect_are_told(tmp_path: Path) -> None:
    found = replace(judged(tmp_path, RUNNING), current=False, enabled=False)
    assert "written for another station" in said(found)
    assert "does not start" in said(found)


# What is written


def test_the_unit_waits_for_the_word_and_the_watchdog_and_systemd_finds_it_hard_enough(tmp_path: Path) -> None:
    planned = boot(Way.COMPUTER, tmp_path / "station", {"HOME": str(tmp_path)}, sound="pipewire-pulse.socket")
    write(planned)
    lines = planned.text.splitlines()
    assert {"Type=notify", "WatchdogSec=60", "NoNewPrivileges=yes", "Wants=pipewire-pulse.socket"} <= set(lines)
    assert not [line for line in lines if "network" in line and line[0] != "#"]
    (tmp_path / "run").mkdir(mode=0o700)
    checked = subprocess.run(
        [
            *("systemd-analyze", "security", "--user", "--offline=true", "--no-pager"),
            *(f"--threshold={THRESHOLD}", str(planned.path)),
        ],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path / "run"), "SYSTEMD_COLORS": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout[-200:]
    assert re.search(r"Overall exposure level for broadcaster\.service: \d", checked.stdout)


def test_the_sound_server_that_is_enabled_is_asked_for_and_a_forbidden_one_never(tmp_path: Path) -> None:
    settings, root = tmp_path / "settings", tmp_path / "computer"
    units = root / "usr/lib/systemd/user"
    units.mkdir(parents=True)
    assert sound_server(settings, root) is None
    (units / "pulseaudio.socket").touch()
    assert sound_server(settings, root) == "pulseaudio.socket"
    (units / "pipewire-pulse.socket").touch()
    assert sound_server(settings, root) == "pipewire-pulse.socket"
    wanted = root / "etc/systemd/user/sockets.target.wants"
    wanted.mkdir(parents=True)
    (wanted / "pulseaudio.socket").symlink_to(units / "pulseaudio.socket")
    assert sound_server(settings, root) == "pulseaudio.socket"
    settings.mkdir()
    (settings / "pulseaudio.socket").symlink_to("/dev/null")
    assert sound_server(settings, root) == "pipewire-pulse.socket"


def test_whoever_lingered_before_goes_on_lingering_after(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path)}
    ours = boot(Way.COMPUTER, tmp_path, environment)
    hers = boot(Way.COMPUTER, tmp_path, environment, lingered=True)
    assert (lingered_before(ours.text), lingered_before(hers.text)) == (False, True)
    assert ("loginctl", "disable-linger") in ours.undo
    assert ("loginctl", "disable-linger") not in hers.undo


def test_what_was_so_before_the_first_time_is_remembered_at_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadcaster.care.boot.way_here", lambda _environment: Way.COMPUTER)  # there is no systemd here
    environment, computer = {"HOME": str(tmp_path)}, tmp_path / "computer"
    first = boot_here(tmp_path, environment, computer)
    write(first)
    lingering(computer)  # it is this program that made her linger
    assert boot_here(tmp_path, environment, computer).is_written
    first.path.unlink()
    assert lingered_before(boot_here(tmp_path, environment, computer).text)


def lingering(computer: Path) -> None:
    folder = computer / "var/lib/systemd/linger"
    folder.mkdir(parents=True)
    (folder / getpass.getuser()).touch()


# The commands


def run(station: Path, home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """In the home of somebody who has a desktop and no systemd."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    return subprocess.run(
        [sys.executable, "-m", "broadcaster", "--station", str(station), *words],
        env={**environment, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def everything(home: Path) -> set[Path]:
    return {path for path in home.rglob("*") if path.is_file()}


def test_on_a_desktop_it_is_set_up_twice_and_taken_away_without_a_trace(station: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert run(station, home, "service", "status").returncode == 1
    first, second = (run(station, home, "service", "install") for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert [path.name for path in everything(home)] == ["broadcaster.desktop"]
    assert str(station) in first.stdout
    assert "escrito ahora" in first.stdout
    assert "como estaba" in second.stdout
    assert run(station, home, "service", "status").returncode == 1  # it does not run
    with StationLock(station):
        assert run(station, home, "service", "status").returncode == 0
    assert run(station, home, "service", "uninstall").returncode == 0
    assert everything(home) == set()
    again = run(station, home, "service", "uninstall")
    assert (again.returncode, again.stderr) == (0, "")


STAND_IN = """#!/bin/sh
echo "$0 $*" >> "{told}"
case "$*" in *is-active*|*is-enabled*) exit 1;; *show*) cat "{shown}";; esac
"""


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's systemd as far as the commands go: this machine has none. The file of what it was told."""
    told, shown = tmp_path / "told", tmp_path / "shown"
    shown.write_text(RUNNING, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    for name in ("systemctl", "loginctl"):
        (tmp_path / "bin" / name).write_text(STAND_IN.format(told=told, shown=shown), encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr("broadcaster.care.boot.way_here", lambda _environment: Way.COMPUTER)
    return told


def command(station: Path, *words: str) -> int:
    return program.run(["--station", str(station), "service", *words])


def test_by_systemd_all_that_was_set_is_told_and_all_of_it_is_undone(
    station: Path, tmp_path: Path, systemd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(station, "install") == 0
    table = capsys.readouterr().out
    unit = tmp_path / ".config/systemd/user/broadcaster.service"
    assert unit.read_text(encoding="utf-8") == boot_here(station, dict(os.environ)).text
    for shown in (str(unit), str(station), "journalctl --user -u broadcaster", "60", "10"):
        assert shown in table
    told = systemd.read_text(encoding="utf-8")
    for word in ("--user daemon-reload", "--user enable broadcaster.service", "enable-linger", "--user start"):
        assert word in told
    assert command(station, "status") == 0
    assert command(station, "uninstall") == 0
    assert not unit.exists()
    undone = systemd.read_text(encoding="utf-8").removeprefix(told)
    for word in ("--user disable --now broadcaster.service", "--user daemon-reload", "disable-linger"):
        assert word in undone


def test_status_for_programs_has_stable_names(station: Path, systemd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command(station, "install")
    capsys.readouterr()
    assert command(station, "status", "--json") == 0
    told: Mapping[str, object] = json.loads(capsys.readouterr().out)
    assert set(told) == {
        *("way", "path", "condition", "current", "enabled", "since", "restarts", "exit_code", "hung", "says"),
    }
    assert told["condition"] == "running"
