"""The real commands and a real daemon, where nothing need sound: what it refuses, what is broken, what hangs."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from real_station import LIMA, MARKETS, TEN, DaemonProcess, make_station

from broadcaster.config import Station
from broadcaster.journal.events import Event, Held, PlayOrdered, Resumed, StopOrdered, TestOrdered, VolumeSet
from broadcaster.journal.reading import read
from broadcaster.model import MarketId
from broadcaster.playout.lock import StationLock, is_held

CENTRAL = MARKETS[0]
ME = f"uid:{os.geteuid()}"
NO_SOUND = {"PULSE_SERVER": "unix:/nowhere"}
NIGHT = datetime(2021, 6, 18, 3, 0, tzinfo=LIMA)


class Box:
    """A station whose daemon runs, and what is typed there."""

    def __init__(self, station: Station, daemon: DaemonProcess) -> None:
        self.station = station
        self.daemon = daemon
        self.said = ""

    def __call__(self, *words: str) -> int:
        command = [sys.executable, "-m", "broadcaster", "--station", str(self.station.root), *words]
        done = subprocess.run(
            command, env={**os.environ, **NO_SOUND}, capture_output=True, text=True, check=False, timeout=60
        )
        assert "Traceback" not in done.stderr
        self.said = done.stdout + done.stderr
        return done.returncode

    def rows(self, *kinds: type[Event]) -> list[Event]:
        return [row.event for row in read(self.station.database, kinds=kinds)]


@contextmanager
def running(station: Station, at: datetime) -> Iterator[Box]:
    daemon = DaemonProcess(station, at, NO_SOUND)
    try:
        daemon.wait_until_ready()
        yield Box(station, daemon)
    finally:
        daemon.send(signal.SIGCONT)
        daemon.send(signal.SIGKILL)
        daemon.wait()


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return make_station(tmp_path / "station")


def test_what_cannot_be_done_is_refused_in_a_sentence_and_leaves_no_row(station: Station) -> None:
    with running(station, NIGHT) as box:
        assert box("play", "1", "--market", "unicachi") == 1
        assert "--override" in box.said
        assert box("speaker", "test", "unicachi") == 1
        assert "--override" in box.said
        assert box("play", "2", "--market", "unicachi", "--override", "--reason", "prueba") == 1
        assert "Falta el episodio" in box.said
        assert box.rows(PlayOrdered, TestOrdered) == []
        assert box("stop") == 0
        assert "no suena nada" in box.said
        assert box("play", "1", "--market", "unicachi", "--override", "--reason", "prueba") == 1
        assert "El episodio 1 no suena en Mercado Unicachi." in box.said, "there is no sound server"
        assert len(box.rows(PlayOrdered)) == 1


def test_a_broken_file_hinders_no_order_and_the_volume_counts_all_the_same(station: Station) -> None:
    """Too loud must not stay too loud because somebody spoilt a season."""
    with running(station, TEN - timedelta(hours=1)) as box:
        (station.schedules / "prueba.toml").write_text("[[rules\n", encoding="utf-8")
        assert box("speaker", "volume", "unicachi", "30") == 0
        assert "con este volumen" in box.said
        assert box.rows(VolumeSet) == [VolumeSet(MarketId("unicachi"), 0.3, ME)]
        assert box("status") == 0
        assert "schedules/prueba.toml" in box.said
        (station.root / "config.toml").write_text("[station\n", encoding="utf-8")
        assert box("pause", "--market", "mercado-central") == 0
        assert box("stop") == 0
        assert box("resume") == 0
        assert box("status") == 0
        assert "Mercado Unicachi" in box.said
        assert box.rows(Held, Resumed) == [Held(CENTRAL, ME), Resumed(CENTRAL, ME)]


def test_an_order_in_the_record_is_obeyed_by_a_daemon_that_lost_its_socket(station: Station) -> None:
    with running(station, TEN - timedelta(hours=1)) as box:
        aside = station.control.rename(station.control.with_name("aside"))
        assert box("pause", "--market", "mercado-central") == 0
        assert "quedó en el registro" in box.said
        aside.rename(station.control)
        deadline = time.monotonic() + 60  # it looks into the record every second
        while box("status") == 0 and "en pausa" not in box.said:
            assert time.monotonic() < deadline
        assert "en pausa" in box.said


def test_a_daemon_that_hangs_is_told_and_the_order_is_kept(station: Station) -> None:
    with running(station, TEN - timedelta(hours=1)) as box:
        box.daemon.send(signal.SIGSTOP)
        assert box("stop") == 1
        assert "apague el amplificador" in box.said
        assert box.rows(StopOrdered) == [StopOrdered(MARKETS, ME)]


def test_asking_whether_a_station_is_held_keeps_no_daemon_from_it(station: Station) -> None:
    with StationLock(station.root):
        assert is_held(station.root)
    assert not is_held(station.root)
    asking = threading.Event()

    def ask() -> None:
        while not asking.is_set():
            is_held(station.root)

    curious = threading.Thread(target=ask)
    curious.start()
    try:
        for _ in range(200):
            with StationLock(station.root):
                pass
    finally:
        asking.set()
        curious.join()
