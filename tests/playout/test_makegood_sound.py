"""A make-good on real sound: missed while the box was dark, ordered by the real command, heard whole at the output."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from market_ear import Ear
from real_station import MARKETS, TEN, DaemonProcess, make_station, sinks

from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, make_good_id
from broadcaster.journal.fold import FOR_PLAYS, plays
from broadcaster.journal.reading import read
from broadcaster.model import AiringId, EpisodeNumber, Evidence, Outcome, Reason
from broadcaster.playout.virtual import VirtualOutputs

pytestmark = pytest.mark.sound


def test_a_missed_airing_is_made_good_now_and_heard_whole(tmp_path: Path) -> None:
    station, market = make_station(tmp_path / "station"), MARKETS[0]
    missed = AiringId(f"2021-06-18T10:00/{market}")
    with Journal.open(station.database, ShiftedClock(TEN), station.timezone) as journal:
        journal.append(Ended(missed, market, TEN, Outcome.MISSED, Reason.POWER_LOSS, EpisodeNumber(1)))
    (sink,) = sinks(station, [market])
    with VirtualOutputs([sink]) as outputs, Ear(sink, outputs.environment) as ear:
        daemon = DaemonProcess(station, TEN + timedelta(minutes=30), outputs.environment, [market])
        try:
            daemon.wait_until_ready()
            words = ("plays", "make-good", missed, "--now")
            command = [sys.executable, "-m", "broadcaster", "--station", str(station.root), *words]
            environment = {**os.environ, **outputs.environment}
            ordered_s = time.monotonic()
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
            assert done.returncode == 0, done.stderr
            assert "broadcaster stop" in done.stdout
            deadline_s = time.monotonic() + 30
            while len(found := plays(read(station.database, kinds=FOR_PLAYS))) < 2:
                assert time.monotonic() < deadline_s
                time.sleep(0.2)
        finally:
            daemon.send(signal.SIGTERM)
            daemon.wait()
    first, made = found
    assert (first.airing, first.outcome, first.sequel.made_good) == (missed, Outcome.MISSED, True)
    assert (made.airing, made.make_good_of) == (make_good_id(missed, 1), missed)
    assert (made.outcome, made.reason, made.evidence) == (Outcome.PLAYED, Reason.ON_TIME, Evidence.MONITOR)
    assert ear.silent_from_s() > ordered_s + 4
