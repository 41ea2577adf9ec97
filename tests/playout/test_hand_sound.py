"""The operator's hand on real sound: the real commands, one running daemon, what four markets' outputs then give."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from alignment import Samples
from market_ear import Ear
from patience import until
from real_station import MARKETS, TEN, DaemonProcess, ends, make_station, sinks
from scipy import signal as arithmetic

from broadcaster.clock import SystemClock
from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event, Held, StopOrdered, Tested, TestOrdered, VolumeSet, Withdrawn
from broadcaster.journal.reading import read
from broadcaster.library.pins import set_pin
from broadcaster.model import EpisodeNumber, Evidence, MarketId, Outcome, Reason
from broadcaster.playout.virtual import VirtualOutputs

CENTRAL, BOSQUE, UNICACHI, HUAMANTANGA = MARKETS
RATE_HZ = 48_000
WITHIN_S = 2.0
"""From the command's start, whatever it takes to start; where it asks for a PIN, from the last key."""
PIN = "246810"
ME = f"uid:{os.geteuid()}"

pytestmark = pytest.mark.sound("box")


@dataclass(frozen=True)
class Said:
    """One command: when it began, how it ended, what it said."""

    at_s: float
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Box:
    """A station and the sound server beside it."""

    station: Station
    outputs: VirtualOutputs

    def say(self, *words: str) -> Said:
        began_s = time.monotonic()
        command = [sys.executable, "-m", "broadcaster", "--station", str(self.station.root), *words]
        environment = {**os.environ, **self.outputs.environment}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert "Traceback" not in done.stderr
        return Said(began_s, done.returncode, done.stdout, done.stderr)

    def say_with_pin(self, pin: str, *words: str) -> Said:
        """At a terminal, where the PIN is typed: the command is given with its last key."""
        ours, theirs = os.openpty()
        command = [sys.executable, "-m", "broadcaster", "--station", str(self.station.root), *words]
        environment = {**os.environ, **self.outputs.environment}
        typing = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *command], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
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
        return Said(began_s, typing.wait(60), seen.decode(), "")

    def rows(self, kind: type[Event]) -> list[Event]:
        return [row.event for row in read(self.station.database, kinds=[kind])]


def pcm(path: Path) -> Samples:
    """An audio file at 48 kHz: a click is not filtered away."""
    form = ["-ac", "1", "-ar", str(RATE_HZ), "-f", "s16le", "pipe:1"]
    whole = subprocess.run(
        ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", str(path), *form], capture_output=True, check=True
    )
    return np.frombuffer(whole.stdout, "<i2").astype(np.float64) / 32768


def gains(master: Samples, heard: Samples, begin: int, end: int) -> list[float]:
    """How loud each 50 ms of ``heard[begin:end]`` is, beside the second before them; pauses of the speech left out."""
    before = heard[begin - RATE_HZ : begin]
    lag = int(np.argmax(arithmetic.correlate(master, before, "valid")))
    whole = before @ master[lag:][:RATE_HZ] / (master[lag:][:RATE_HZ] @ master[lag:][:RATE_HZ])
    block = RATE_HZ // 20
    places = range(begin, end - block, block)
    pairs = [(heard[at:][:block], master[lag + RATE_HZ + at - begin :][:block]) for at in places]
    return [float(ours @ theirs / (theirs @ theirs) / whole) for ours, theirs in pairs if np.std(theirs) > 1e-3]


@contextmanager
def no_room(process: int) -> Iterator[None]:
    """A limit on the size of its files stands for a full disk: nothing more can be put on record."""
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)


def test_what_the_hand_orders_is_heard_within_two_seconds_faded_on_record_and_outlives_a_kill(tmp_path: Path) -> None:
    """One life of the daemon, four markets: a full disk, a stop, a volume and a pause, a withdrawal."""
    station = make_station(tmp_path / "station", sound_s=22.0)
    with VirtualOutputs(sinks(station)) as outputs, ExitStack() as stack:
        box = Box(station, outputs)
        ears = {
            market: stack.enter_context(Ear(sink, outputs.environment))
            for market, sink in zip(MARKETS, sinks(station), strict=True)
        }
        tape = stack.enter_context(outputs.record(sinks(station, [CENTRAL])[0], tmp_path / "central.wav"))
        _choose_pin(box)
        with _running(box, TEN - timedelta(seconds=9)) as daemon:
            until(lambda: {row.event.kind for row in read(station.database)} >= {"heartbeat"})
            time.sleep(2)
            full = _stopped_on_a_full_disk(box, daemon)
            stopped = box.say("stop", "--market", "Mercado Central")
            softer = box.say("speaker", "volume", "el bosque", "40")
            changed_s = time.monotonic()
            time.sleep(0.7)
            paused = box.say("pause", "--market", "zarate", "--reason", "visita")
            withdrawn = box.say_with_pin(PIN, "episode", "withdraw", "1", "--as", "proteccion-1")
            time.sleep(0.7)
        for market, said in ((HUAMANTANGA, full), (CENTRAL, stopped), (BOSQUE, paused), (UNICACHI, withdrawn)):
            assert said.code == 0, said.err
            assert said.at_s < ears[market].silent_from_s() <= said.at_s + WITHIN_S, market
        with _running(box, TEN + timedelta(minutes=20)):
            assert '"state": "held"' in box.say("status", "--json").out, "a hold outlives a kill"
            assert "broadcaster resume" in box.say("play", "1", "--market", "el-bosque").err
        tape.stop()
        _faded(pcm(station.episodes / "001" / "master.flac"), pcm(tape.path))
        assert changed_s <= softer.at_s + WITHIN_S
        _softened(ears[BOSQUE], softer.at_s, paused.at_s)
    _who_and_when_is_on_record(box)


def _choose_pin(box: Box) -> None:
    with Journal.open(box.station.database, SystemClock(), box.station.timezone) as journal:
        set_pin(journal.store, "proteccion-1", PIN)


@contextmanager
def _running(box: Box, at: datetime) -> Iterator[DaemonProcess]:
    """A daemon that lives by this clock until it is killed."""
    half_compiled = {"PYTHONDONTWRITEBYTECODE": "1"}  # is what a full disk would leave behind
    daemon = DaemonProcess(box.station, at, {**box.outputs.environment, **half_compiled})
    try:
        daemon.wait_until_ready()
        yield daemon
    finally:
        daemon.send(signal.SIGKILL)
        daemon.wait()


def _stopped_on_a_full_disk(box: Box, daemon: DaemonProcess) -> Said:
    """It falls silent before the record takes it, and is on record once there is room."""
    with no_room(daemon.pid):
        full = box.say("stop", "--market", "huamantanga")
        time.sleep(0.7)
        assert box.rows(StopOrdered) == []
    assert "no se pudo registrar" in full.err
    until(lambda: box.rows(StopOrdered) == [StopOrdered((HUAMANTANGA,), ME)])
    return full


def _who_and_when_is_on_record(box: Box) -> None:
    assert box.rows(StopOrdered)[1:] == [StopOrdered((CENTRAL,), ME)]
    assert box.rows(Held) == [Held(BOSQUE, ME, "visita")]
    (volume,) = box.rows(VolumeSet)
    assert volume == VolumeSet(BOSQUE, 0.4, ME, pytest.approx(0.4, abs=0.01))  # type: ignore[arg-type]
    assert load_station(box.station.root).markets[BOSQUE].volume == 0.4
    assert box.rows(Withdrawn) == [Withdrawn(EpisodeNumber(1), 1, "proteccion-1")]
    reasons = {MarketId(market): (ended.outcome, ended.reason) for market, ended in ends(box.station).items()}
    assert reasons == {
        **dict.fromkeys((CENTRAL, BOSQUE, HUAMANTANGA), (Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR)),
        UNICACHI: (Outcome.PARTIAL, Reason.WITHDRAWN),
    }


def _faded(master: Samples, heard: Samples) -> None:
    """No click: the sound gets softer step by step, and no step between two samples is larger than the programme's own."""
    end = int(np.flatnonzero(np.abs(heard) > 1e-4)[-1])
    begin = end - RATE_HZ * 6 // 10
    steps = np.abs(np.diff(heard))
    assert steps[begin:].max() <= steps[:begin].max()
    fading = gains(master, heard, begin, end)
    assert fading[0] == pytest.approx(1.0, abs=0.1)
    assert fading[-1] <= 0.4, "the last of it is on its way out already"
    assert all(after <= before + 0.15 for before, after in pairwise(fading))
    assert sum(0.15 < gain < 0.85 for gain in fading) >= 2, "over a fifth of a second at least"


def _softened(ear: Ear, ordered_s: float, until_s: float) -> None:
    """From 80 to 40 % is an eighth of the amplitude: a sound server counts in cubes."""
    samples = ear.samples

    def level(first_s: float, last_s: float) -> float:
        begin, end = (int((moment - ear.begins_s) * 8000) for moment in (first_s, last_s))
        return float(np.sqrt(np.mean(samples[begin:end] ** 2)))

    assert level(until_s - 0.5, until_s) < 0.3 * level(ordered_s - 2.0, ordered_s)


def test_a_speaker_is_tested_before_anything_is_started_and_the_test_is_on_record(tmp_path: Path) -> None:
    station = make_station(tmp_path / "station")
    with VirtualOutputs(sinks(station)[:1]) as outputs, Ear(sinks(station)[0], outputs.environment) as ear:
        box = Box(station, outputs)
        done = box.say("speaker", "test", "mercado-central", "--override", "--reason", "instalación")
        assert done.code == 0, done.err
        assert "se escuchó entera" in done.out
        assert ear.silent_from_s() > done.at_s
    (ordered,), (tested,) = box.rows(TestOrdered), box.rows(Tested)
    assert ordered == TestOrdered(CENTRAL, sinks(station)[0], ME, "instalación")
    assert isinstance(tested, Tested)
    assert (tested.heard, tested.evidence) == (True, Evidence.MONITOR)
