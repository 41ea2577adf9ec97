"""A station on disk with one short, approved episode on Friday 18 June 2021 at ten: what the real-sound tests run on."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from people_at_hand import all_said, staff

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Ended
from broadcaster.journal.fold import terminal
from broadcaster.journal.reading import read
from broadcaster.model import EpisodeNumber, MarketId, Seconds, Sha256

ROOT = Path(__file__).parents[2]
LIMA = ZoneInfo("America/Lima")
TEN = datetime(2021, 6, 18, 10, 0, tzinfo=LIMA)
SOUND_S = 4.0
MARKETS = tuple(MarketId(name) for name in ("mercado-central", "el-bosque", "unicachi", "huamantanga"))

SEASON = """\
name = "Prueba"
from = 2021-06-18
until = 2021-06-18
first_episode = 1
holidays = "air"

[[rules]]
weekdays = ["friday"]
times = ["10:00"]
markets = ["mercado-central", "el-bosque", "unicachi", "huamantanga"]
"""


def make_station(root: Path, sound_s: float = SOUND_S) -> Station:
    """The shipped configuration, a season of one slot, one episode that two people approved."""
    (root / "schedules").mkdir(parents=True)
    shutil.copy(ROOT / "config.toml", root)
    (root / "schedules" / "prueba.toml").write_text(SEASON, encoding="utf-8")
    station = load_station(root)
    master = station.episodes / "001" / "master.flac"
    master.parent.mkdir(parents=True)
    make_master(master, sound_s)
    sha256 = Sha256(hashlib.sha256(master.read_bytes()).hexdigest())
    clock = ShiftedClock(datetime(2021, 6, 17, 12, 0, tzinfo=LIMA))
    number = EpisodeNumber(1)
    with Journal.open(station.database, clock, station.timezone) as journal:
        admitted = Admitted(
            number,
            1,
            sha256,
            sha256,
            Seconds(sound_s),
            ("D-001",),
            "",
            ("linea-100",),
            consents=("CONS-1",),
            helpline_numbers=("100",),
        )
        for event in (*staff("D-001"), admitted, *all_said(admitted)):
            journal.append(event)
    return station


def make_master(target: Path, sound_s: float) -> None:
    """Three seconds of silence, so much of a shipped sample's speech, a second of silence."""
    voice = ROOT / "episodes" / "003" / "original.ogg"
    shape = f"atrim=0.5:{0.5 + sound_s},asetpts=PTS-STARTPTS,volume=-3dB,adelay=3000:all=1,apad=pad_dur=1"
    form = ["-ac", "1", "-ar", "48000", "-sample_fmt", "s16", "-c:a", "flac", "-map_metadata", "-1"]
    subprocess.run(
        ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", str(voice), "-af", shape, *form, str(target)], check=True
    )


def sinks(station: Station, markets: Collection[MarketId] = MARKETS) -> list[str]:
    return [station.outputs[station.markets[market].output].sink for market in markets]


def ends(station: Station) -> dict[str, Ended]:
    """The terminal rows by market."""
    return {ended.market: ended for ended in terminal(read(station.database)).values()}


class DaemonProcess:
    """``broadcaster run`` as a process of its own, at a moment of the test's choosing."""

    def __init__(
        self,
        station: Station,
        at: datetime,
        environment: Mapping[str, str],
        markets: Collection[MarketId] = MARKETS,
        boot: str = "",
    ) -> None:
        script = Path(__file__).with_name("daemon_process.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script), str(station.root), at.isoformat(), boot, *markets],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_ready(self) -> str:
        """The first line it says: it has settled the past and set its alarms."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self) -> int:
        """Its exit code."""
        _out, complaints = self._process.communicate(timeout=30)
        assert "Traceback" not in complaints, complaints
        return self._process.returncode
