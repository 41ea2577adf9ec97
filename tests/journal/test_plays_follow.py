"""``plays --follow`` in a process of its own, beside whoever writes."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import pytest
from written import write

from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, Started
from broadcaster.model import AiringId, ClockTrust, EpisodeNumber, MarketId, Outcome, Reason
from broadcaster.store.engine import url_of

TEN = datetime(2021, 6, 18, 15, tzinfo=UTC)
PATIENCE_S = 30


@pytest.fixture
def station(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_bytes((Path(__file__).parents[2] / "config.toml").read_bytes())
    return tmp_path


class Follower:
    """One command, still running; its lines are waited for."""

    def __init__(self, station: Path, *words: str) -> None:
        command = [sys.executable, "-m", "broadcaster", "--station", str(station), "--language", "en", "plays", *words]
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        self.child = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  a shell's «&» ignores it
        )
        assert self.child.stdout and self.child.stderr  # noqa: PT018
        self.out, self.err = self.child.stdout, self.child.stderr

    def line(self) -> str:
        return _line(self.out)

    def interrupted(self) -> tuple[int, bytes, bytes]:
        self.child.send_signal(signal.SIGINT)
        rest, said = self.child.communicate(timeout=PATIENCE_S)
        return self.child.returncode, rest, said


def _line(pipe: IO[bytes]) -> str:
    os.set_blocking(pipe.fileno(), False)
    until, got = time.monotonic() + PATIENCE_S, b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while not got.endswith(b"\n") and selector.select(until - time.monotonic()):
            if not (byte := os.read(pipe.fileno(), 1)):
                break
            got += byte
    return got.decode()


@pytest.fixture
def followers() -> Iterator[list[Follower]]:
    """Whoever follows is ended with the test."""
    running: list[Follower] = []
    yield running
    for follower in running:
        follower.child.kill()
        follower.child.communicate()


def missed(day: int, market: str = "unicachi") -> Ended:
    due = TEN + timedelta(days=day - 18)
    return Ended(
        AiringId(f"2021-06-{day}T10:00/{market}"),
        MarketId(market),
        due,
        Outcome.MISSED,
        Reason.NO_AUDIO_DEVICE,
        EpisodeNumber(3),
    )


def opened(station: Path) -> Journal:
    clock = ShiftedClock(TEN, trust=ClockTrust.SYNCED)
    return Journal.open(url_of(station / "data" / "broadcaster.db"), clock, ZoneInfo("America/Lima"))


def test_each_end_is_told_as_it_is_written_from_before_the_first_record_on_and_over_restarts(
    station: Path, followers: list[Follower]
) -> None:
    """JSON, one object a line, chosen as ever; Ctrl+C ends it as it ends every command."""
    follower = Follower(station, "--follow", "--json", "--market", "unicachi")
    followers.append(follower)
    assert "Ctrl+C" in _line(follower.err)
    assert not (station / "data").exists()
    told: list[dict[str, Any]] = []
    for day in (18, 23):  # two lives of the daemon
        with opened(station) as journal:
            journal.append(Started("0.1.0", 1, (MarketId("unicachi"),)))
            journal.append(missed(day, "el-bosque"))
            journal.append(missed(day))
            told.append(json.loads(follower.line()))
    assert [line["airing"] for line in told] == ["2021-06-18T10:00/unicachi", "2021-06-23T10:00/unicachi"]
    assert told[0]["due"] == "2021-06-18T10:00:00-05:00"
    assert follower.interrupted() == (130, b"", b"")


def test_people_see_the_table_and_then_a_line_an_end(station: Path, followers: list[Follower]) -> None:
    with opened(station) as journal:
        journal.append(missed(18))
        follower = Follower(station, "--follow")
        followers.append(follower)
        assert "Ctrl+C" in _line(follower.err)
        journal.append(missed(23, "el-bosque"))
        lines = [follower.line() for _ in range(5)]
    assert lines[0].strip() == "Play log"
    assert lines[3].startswith("Fri 18 Jun 2021, 10:00  ")
    assert lines[4].startswith("Wed 23 Jun 2021, 10:00 · Mercado El Bosque – Zárate · episode 3 · missed · ")
    assert follower.interrupted()[0] == 130


def test_a_reader_that_halts_keeps_no_writer_waiting(station: Path, followers: list[Follower]) -> None:
    """The list stands still in the middle, more than a pipe holds; rows go in beside it, and the list stays of its moment."""
    rows = [(("a1", 1, seq), ClockTrust.SYNCED, missed(18, f"market-{seq:04}")) for seq in range(1, 2001)]
    write(station / "data" / "broadcaster.db", rows)
    follower = Follower(station, "--json")
    followers.append(follower)
    assert follower.line() == "[\n"
    with opened(station) as journal:
        for day in range(19, 29):
            journal.append(missed(day))  # a lock would make it wait and fail
    os.set_blocking(follower.out.fileno(), True)
    rest, _said = follower.child.communicate(timeout=PATIENCE_S)
    assert len(json.loads(b"[" + rest)) == 2000
