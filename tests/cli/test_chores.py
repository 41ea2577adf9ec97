"""What a running station does once a day, beside playing."""

import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from broadcaster.cli.chores import chores
from broadcaster.clock import ShiftedClock
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Purged, PurgeOrdered, Withdrawn
from broadcaster.journal.reading import read
from broadcaster.model import ClockTrust, EpisodeNumber, Seconds, Sha256

ROOT = Path(__file__).parents[2]
NOON = datetime(2021, 6, 18, 12, tzinfo=ZoneInfo("America/Lima"))
FIVE = EpisodeNumber(5)


def test_a_purge_that_was_cut_short_is_finished_by_the_running_program(tmp_path: Path) -> None:
    """Withdrawn long ago, ordered to go, never done: soon after the start nothing of it is left."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    station = load_station(tmp_path)
    master = station.episodes / "005" / "master.flac"
    master.parent.mkdir(parents=True)
    master.write_bytes(b"sound")
    then = ShiftedClock(NOON - timedelta(days=60))
    with Journal.open(station.database, then, station.timezone) as journal:
        sha256 = Sha256("0" * 64)
        journal.append(Admitted(FIVE, 1, sha256, sha256, Seconds(3.0), ("d-07",), "", ()))
        journal.append(Withdrawn(FIVE, 1, "uno"))
        journal.append(PurgeOrdered(FIVE, 1, "uno"))
    with chores(station, ShiftedClock(NOON), after_s=0.0):
        deadline = time.monotonic() + 60
        while not (rows := read(station.database, kinds=[Purged])):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert [row.event for row in rows] == [Purged(FIVE, 1, files=1)]
    assert not master.parent.exists()


def test_what_goes_after_so_many_days_stays_while_nobody_vouches_for_the_clock(tmp_path: Path) -> None:
    """A clock that is a year ahead must not take away what nobody can bring back."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    station = load_station(tmp_path)
    master = station.episodes / "005" / "master.flac"
    master.parent.mkdir(parents=True)
    master.write_bytes(b"sound")
    sha256 = Sha256("0" * 64)
    with Journal.open(station.database, ShiftedClock(NOON), station.timezone) as journal:
        journal.append(Admitted(FIVE, 1, sha256, sha256, Seconds(3.0), ("d-07",), "", ()))
        journal.append(Withdrawn(FIVE, 1, "uno"))
    ahead = ShiftedClock(NOON + timedelta(days=400), ClockTrust.UNVERIFIED)
    with chores(station, ahead, after_s=0.0):
        time.sleep(1.5)
    assert master.exists()
    assert read(station.database, kinds=[Purged]) == []
