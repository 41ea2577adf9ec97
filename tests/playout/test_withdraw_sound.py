"""Suspended, and withdrawn, while it plays on two markets at once: what their outputs then give, and what stays on record."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from market_ear import Ear
from people_at_hand import OFFICER, all_said
from real_station import LIMA, MARKETS, TEN, DaemonProcess, make_master, make_station, sinks

from broadcaster.clock import ShiftedClock, SystemClock
from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Event, Intent, PersonRegistered, Purged, Suspended, Withdrawn
from broadcaster.journal.fold import plays
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import sha256_of
from broadcaster.library.pins import set_pin
from broadcaster.model import EpisodeNumber, MarketId, Outcome, Reason, Role, Seconds
from broadcaster.playout.virtual import VirtualOutputs

CENTRAL, BOSQUE, UNICACHI, HUAMANTANGA = MARKETS
ONE, TWO = EpisodeNumber(1), EpisodeNumber(2)
SOUND_S, OTHER_S = 22.0, 18.0
WITHIN_S = 5.0
"""From the command's start; where it asks for a PIN, from the last key."""
AGAIN = TEN + timedelta(minutes=20)
PIN = "246810"
VOICE = "d-02"

SEASON = """\
name = "{name}"
from = 2021-06-18
until = 2021-06-18
order = [{episode}, {episode}]
holidays = "air"

[[rules]]
weekdays = ["friday"]
times = ["10:00", "10:20"]
markets = {markets}
"""

pytestmark = pytest.mark.sound("box")


@dataclass(frozen=True)
class Box:
    """A station and the sound server beside it."""

    station: Station
    outputs: VirtualOutputs

    def say(self, *words: str) -> float:
        """When the command began."""
        began_s = time.monotonic()
        done = subprocess.run(
            self._command(words), env=self._environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return began_s

    def say_with_pin(self, pin: str, *words: str) -> float:
        """At a terminal, where the PIN is typed; when its last key was pressed."""
        ours, theirs = os.openpty()
        typing = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *self._command(words)],
            env=self._environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        seen = b""
        while b"PIN" not in seen:
            seen += os.read(ours, 1024)
        began_s = time.monotonic()
        os.write(ours, f"{pin}\n".encode())
        with suppress(OSError):  # the terminal's other end is closed
            while more := os.read(ours, 1024):
                seen += more
        os.close(ours)
        assert typing.wait(60) == 0, seen.decode()
        return began_s

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "broadcaster", "--station", str(self.station.root), *words]

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self.outputs.environment}

    def events(self, *kinds: type[Event]) -> list[Event]:
        return [row.event for row in read(self.station.database, kinds=kinds)]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """Two episodes, each at two markets, at ten and at twenty past."""
    station = make_station(tmp_path / "station", sound_s=SOUND_S)
    for season in station.schedules.iterdir():
        season.unlink()
    for episode, markets in ((1, MARKETS[:2]), (2, MARKETS[2:])):
        text = SEASON.format(name=f"Prueba {episode}", episode=episode, markets=[str(market) for market in markets])
        (station.schedules / f"prueba-{episode}.toml").write_text(text, encoding="utf-8")
    _admit_the_second(station)
    return station


def _admit_the_second(station: Station) -> None:
    master = station.episodes / "002" / "master.flac"
    master.parent.mkdir()
    make_master(master, OTHER_S)  # not the same recording: that would be withdrawn with it
    sha256 = sha256_of(master)
    clock = ShiftedClock(datetime(2021, 6, 17, 12, 0, tzinfo=LIMA))
    with Journal.open(station.database, clock, station.timezone) as journal:
        admitted = Admitted(
            TWO,
            1,
            sha256,
            sha256,
            Seconds(OTHER_S),
            (VOICE,),
            "",
            ("linea-100",),
            consents=("CONS-2",),
            helpline_numbers=("100",),
        )
        for event in (PersonRegistered(VOICE, (Role.PRODUCER,), OFFICER), admitted, *all_said(admitted)):
            journal.append(event)


def test_a_suspension_and_a_voice_taken_back_silence_two_markets_each_within_five_seconds(
    station: Station, tmp_path: Path
) -> None:
    """Nobody is asked for a PIN to suspend. Later airings do not begin; of the purged one no sound is left."""
    with VirtualOutputs(sinks(station)) as outputs, ExitStack() as stack:
        box = Box(station, outputs)
        ears = {
            market: stack.enter_context(Ear(sink, outputs.environment))
            for market, sink in zip(MARKETS, sinks(station), strict=True)
        }
        _choose_pin(box)
        with _running(box, TEN - timedelta(seconds=9)):
            _until(lambda: len(box.events(Intent)) == len(MARKETS))
            _until(lambda: all(ear.silent_from_s() > ear.begins_s for ear in ears.values()))
            time.sleep(1.5)  # some words
            suspended_s = box.say("episode", "suspend", "1")
            withdrawn_s = box.say_with_pin(PIN, *WITHDRAW)
            time.sleep(1.5)
        for market in (CENTRAL, BOSQUE):
            assert suspended_s < ears[market].silent_from_s() <= suspended_s + WITHIN_S, market
        for market in (UNICACHI, HUAMANTANGA):
            assert withdrawn_s < ears[market].silent_from_s() <= withdrawn_s + WITHIN_S, market
        with _running(box, AGAIN + timedelta(seconds=5)):
            _until(lambda: len(_ended(box)) == 2 * len(MARKETS))
    _is_on_record(box)
    assert not (station.episodes / "002").exists()
    assert (station.episodes / "001" / "master.flac").is_file()


WITHDRAW = ("consent", "withdraw", "--voice", VOICE, "--as", OFFICER, "--purge")


def _choose_pin(box: Box) -> None:
    with Journal.open(box.station.database, SystemClock(), box.station.timezone) as journal:
        set_pin(journal.store, OFFICER, PIN)


def _is_on_record(box: Box) -> None:
    assert box.events(Suspended) == [Suspended(ONE, f"uid:{os.geteuid()}")]
    assert box.events(Withdrawn) == [Withdrawn(TWO, 1, OFFICER, voice=VOICE)]
    assert box.events(Purged) == [Purged(TWO, 1, files=1)]
    expected = {
        **dict.fromkeys((CENTRAL, BOSQUE), Reason.SUSPENDED),
        **dict.fromkeys((UNICACHI, HUAMANTANGA), Reason.WITHDRAWN),
    }
    assert _ended(box) == {
        (market, due): (outcome, reason)
        for market, reason in expected.items()
        for due, outcome in ((TEN, Outcome.PARTIAL), (AGAIN, Outcome.CANCELLED))
    }


def _ended(box: Box) -> dict[tuple[MarketId, datetime], tuple[Outcome, Reason]]:
    log = plays(read(box.station.database))
    return {(play.market, play.due): (play.outcome, play.reason) for play in log}


@contextmanager
def _running(box: Box, at: datetime) -> Iterator[DaemonProcess]:
    """A daemon that lives by this clock until it is killed."""
    daemon = DaemonProcess(box.station, at, box.outputs.environment)
    try:
        daemon.wait_until_ready()
        yield daemon
    finally:
        daemon.send(signal.SIGKILL)
        daemon.wait()


def _until(holds: Callable[[], object], limit_s: float = 30.0) -> None:
    deadline = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
