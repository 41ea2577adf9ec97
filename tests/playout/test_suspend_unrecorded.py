"""Somebody says stop, and the record cannot be written, or the settings cannot be read: it falls silent all the same."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from real_station import TEN, DaemonProcess, make_station

from broadcaster.config import Station
from broadcaster.journal.events import StopOrdered, Suspended
from broadcaster.journal.reading import read

NO_SOUND = {"PULSE_SERVER": "unix:/nowhere"}
WHOLE_OR_NOT = {"PYTHONDONTWRITEBYTECODE": "1"}
"""Where files must stay small, half a compiled module would be left behind."""


def suspend(station: Station, *, room: bool = True) -> tuple[int, str]:
    """The command, on a disk with or without room: its exit code, what it said."""

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    command = [sys.executable, "-m", "broadcaster", "--station", str(station.root), "episode", "suspend", "1"]
    done = subprocess.run(
        command,
        env={**os.environ, **NO_SOUND, **WHOLE_OR_NOT},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=None if room else full,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


@contextmanager
def running(station: Station) -> Iterator[None]:
    daemon = DaemonProcess(station, TEN - timedelta(hours=1), NO_SOUND)
    try:
        daemon.wait_until_ready()
        yield
    finally:
        daemon.send(signal.SIGKILL)
        daemon.wait()


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return make_station(tmp_path / "station")


def test_on_a_full_disk_what_sounds_is_stopped_and_the_person_told_that_it_would_sound_again(station: Station) -> None:
    with running(station):
        code, said = suspend(station, room=False)
        assert code == 74
        assert "se detuvo" in said
        assert "broadcaster pause" in said
        deadline = time.monotonic() + 60
        while not read(station.database, kinds=[StopOrdered]):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    assert read(station.database, kinds=[Suspended]) == []


def test_with_a_broken_file_too_and_without_any_program_the_amplifier_is_named(station: Station) -> None:
    (station.root / "config.toml").write_text("[station\n", encoding="utf-8")
    code, said = suspend(station)
    assert code == 74
    assert "amplificador" in said
