"""A daemon that lives says so, one that hangs says nothing and is gone within its time; the next start tells why."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadcaster.care.supervisor import Supervisor, supervisor
from broadcaster.care.watchdog import PATIENCE_S, rhythm
from broadcaster.config import Station, load_station
from broadcaster.journal.fold import terminal
from broadcaster.journal.reading import read
from broadcaster.model import Reason
from broadcaster.playout import control
from broadcaster.playout.orders import Refusal, Status

ROOT = Path(__file__).parents[2]
MORNING = datetime(2021, 6, 18, 9, 0, tzinfo=ZoneInfo("America/Lima"))
AFTER = MORNING.replace(hour=11)
WATCHED_S = 6.0
SEASON = """\
name = "Prueba"
from = 2021-06-18
until = 2021-06-18
first_episode = 1
holidays = "air"

[[rules]]
weekdays = ["friday"]
times = ["10:00"]
markets = ["unicachi"]
"""


class Ear:
    """A notify socket of our own, in systemd's place."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)

    def hear(self, within_s: float) -> list[str]:
        """The words of the next datagram; none when nobody speaks for so long."""
        self._socket.settimeout(within_s)
        try:
            return self._socket.recv(4096).decode().splitlines()
        except TimeoutError:
            return []

    def all_words(self) -> list[str]:
        """Of all datagrams that lie there unread."""
        words: list[str] = []
        while said := self.hear(0.1):
            words += said
        return words

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    one = Ear(tmp_path)
    yield one
    one.close()


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """The shipped configuration and one airing, at ten; it has no episode, so nothing ever sounds."""
    folder = tmp_path / "station"
    (folder / "schedules").mkdir(parents=True)
    shutil.copy(ROOT / "config.toml", folder)
    (folder / "schedules" / "prueba.toml").write_text(SEASON, encoding="utf-8")
    return load_station(folder)


def daemon(
    station: Station, *parts: str, ear: Ear | None = None, at: datetime = MORNING, boot: str = "one"
) -> "subprocess.Popen[str]":
    """Started as systemd starts it where there is an ``ear``, else as a desktop does."""
    watched = {"NOTIFY_SOCKET": ear.address, "WATCHDOG_USEC": str(int(WATCHED_S * 1e6))} if ear else {}
    script = Path(__file__).with_name("watched_daemon.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(station.root), at.isoformat(), boot, *parts],
        env={**os.environ, **watched, "PULSE_SERVER": "unix:/nonexistent"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ready(ear: Ear) -> None:
    words = ear.hear(120)
    assert words[:2] == ["READY=1", "WATCHDOG=1"]


def test_it_says_that_it_is_ready_and_then_that_it_lives_and_at_the_end_that_it_stops(
    station: Station, ear: Ear
) -> None:
    running = daemon(station, ear=ear)
    ready(ear)
    for _ in range(3):  # systemd asks for one in half of the time
        assert "WATCHDOG=1" in ear.hear(WATCHED_S / 2)
    running.send_signal(signal.SIGTERM)
    words: list[str] = []
    while said := ear.hear(3):
        words += said
    assert words[-1] == "STOPPING=1"
    assert (running.communicate(timeout=10)[1], running.returncode) == ("", 0)


@pytest.mark.parametrize("part", ["alarms", "players", "record", "loop"])
def test_with_a_broken_part_it_says_no_longer_that_it_lives_and_ends_with_70(
    part: str, station: Station, ear: Ear
) -> None:
    running = daemon(station, part, ear=ear)
    ready(ear)
    running.send_signal(signal.SIGUSR1)
    deadline_s = time.monotonic() + 60
    while not (station.root / "broken").exists() and time.monotonic() < deadline_s:
        time.sleep(0.01)
    ear.all_words()
    red = False
    while running.poll() is None and time.monotonic() < deadline_s:
        red = red or (part in {"alarms", "record"} and part in failing(station))  # the others cannot be asked any more
        time.sleep(0.05)
    _out, complaint = running.communicate(timeout=1)
    assert running.returncode == 70
    said = ear.all_words()
    assert said.count("WATCHDOG=1") <= 1  # what was under way when it broke
    assert "READY=1" not in said
    assert red is (part in {"alarms", "record"})
    log = (station.root / "data" / "broadcaster.log").read_text(encoding="utf-8")
    if part == "loop":  # it could not say so any more, but where it hung is kept
        assert "in break_loop" in log
    else:
        assert f"{part}: does not do its work" in log
        assert part == "record" or "dejó de responder" in complaint  # it could still put that on record, and say it


def failing(station: Station) -> list[str]:
    """The parts that the daemon itself says do not answer."""
    try:
        return list(control.ask(station.control, Status(), limit_s=2)["failing"])
    except Refusal:
        return []


@pytest.mark.parametrize("rotated", [False, True], ids=["the log it began with", "a log that was begun anew"])
def test_a_stopped_process_says_nothing_and_the_signal_of_systemds_watchdog_leaves_its_trace(
    station: Station, ear: Ear, *, rotated: bool
) -> None:
    running = daemon(station, ear=ear)
    ready(ear)
    if rotated:
        (station.root / "data" / "broadcaster.log").rename(station.root / "old.log")
        for _ in range(2):
            assert "WATCHDOG=1" in ear.hear(WATCHED_S)
    running.send_signal(signal.SIGSTOP)
    assert [ear.hear(WATCHED_S / 2) for _ in range(2)][-1] == []
    running.send_signal(signal.SIGABRT)
    running.send_signal(signal.SIGCONT)
    running.communicate(timeout=10)
    # its threads run on while the trace is written, and CPython may trip over one of them
    assert -running.returncode in {signal.SIGABRT, signal.SIGSEGV}
    assert "Fatal Python error: Aborted" in (station.root / "data" / "broadcaster.log").read_text(encoding="utf-8")
    assert told_later(station, boot="one") is Reason.PROCESS_DIED


@pytest.mark.parametrize(
    ("end", "boot", "reason"),
    [
        (signal.SIGTERM, "two", Reason.SWITCHED_OFF),  # by hand, or the computer was shut down in order
        (signal.SIGKILL, "one", Reason.PROCESS_DIED),
        (signal.SIGKILL, "two", Reason.POWER_LOSS),
    ],
)
def test_what_was_missed_meanwhile_says_whether_it_was_the_power_somebodys_hand_or_the_program(
    end: signal.Signals, boot: str, reason: Reason, station: Station
) -> None:
    running = daemon(station)
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(end)
    running.communicate(timeout=20)
    assert told_later(station, boot) is reason


def told_later(station: Station, boot: str) -> Reason:
    """The reason why the airing at ten was missed, as the next start has it, an hour later."""
    running = daemon(station, at=AFTER, boot=boot)
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(signal.SIGTERM)
    assert running.communicate(timeout=20)[1] == ""
    (ended,) = terminal(read(station.database)).values()
    return ended.reason


def test_within_a_minute_a_daemon_that_hangs_is_no_more_however_it_was_started() -> None:
    for watched_s in (None, 60.0, 6.0):
        times = rhythm(watched_s)
        whole = PATIENCE_S if watched_s is None else watched_s
        assert times.tick_s <= whole / 2
        farewell_s = times.tick_s + times.answer_s + times.patience_s
        assert times.patience_s < times.limit_s < whole
        assert farewell_s <= whole


def test_what_names_the_socket_is_kept_from_children() -> None:
    environment = {"NOTIFY_SOCKET": "@here", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7", "HOME": "/"}
    assert supervisor(environment, pid=7) == Supervisor("@here", 60.0)
    assert environment == {"HOME": "/"}


def test_a_watchdog_meant_for_another_process_is_not_ours() -> None:
    assert supervisor({"NOTIFY_SOCKET": "/here", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "8"}, pid=7) == (
        Supervisor("/here", None)
    )
    assert supervisor({}, pid=7) == Supervisor("", None)


def test_nobody_listening_hinders_nobody(tmp_path: Path) -> None:
    Supervisor().tell("READY=1")
    Supervisor(str(tmp_path / "nobody")).tell("READY=1")
    Supervisor("@nobody-of-that-name").tell("READY=1")
