"""Rows on real SQLite: durable when acknowledged, chained whoever writes, never changed."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from broadcaster.clock import ShiftedClock
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.append import Journal
from broadcaster.journal.events import DefenderRegistered, Heartbeat, Stopped
from broadcaster.journal.payload import UnknownPayload
from broadcaster.journal.reading import read, verify_at
from broadcaster.model import ClockTrust, Evidence, PlayId, Seconds
from broadcaster.store.engine import database_path, url_of

LIMA = ZoneInfo("America/Lima")
LIMA_BEHIND_UTC_S = -5 * 3600


def test_a_row_keeps_the_clocks_and_the_event(journal: Journal) -> None:
    row = journal.append(Stopped("sigterm"))
    assert row.event == Stopped("sigterm")
    assert abs(row.utc - datetime(2021, 6, 18, 14, 59, 45, tzinfo=UTC)) < timedelta(minutes=1)
    assert (row.offset_s, row.clock) == (LIMA_BEHIND_UTC_S, ClockTrust.SHIFTED)
    assert (row.local.hour, row.local.minute) == (9, 59)
    assert row.play == f"{journal.node}-1-1"


def test_rows_come_back_in_order_and_by_kind(journal: Journal, url: str) -> None:
    beat = Heartbeat(PlayId("a-1-1"), Seconds(1.0), Evidence.MONITOR)
    written = [journal.append(event) for event in (Stopped("a"), beat, Stopped("b"))]
    assert journal.rows() == written == read(url)
    assert [row.event for row in journal.rows(kinds=[Stopped])] == [Stopped("a"), Stopped("b")]
    assert journal.rows(kinds=()) == []


def test_reading_where_there_is_no_journal_gives_nothing_and_makes_nothing(url: str) -> None:
    assert read(url) == []
    assert verify_at(url).rows == 0
    assert not database_path(url).parent.exists()


def test_an_opened_journal_goes_on_where_the_last_ended(url: str, clock: ShiftedClock, journal: Journal) -> None:
    first = journal.append(Stopped("a"))
    journal.close()
    with Journal.open(url, clock, LIMA) as again:
        second = again.append(Stopped("b"))
        assert (again.node, second.seq, second.prev_hash) == (journal.node, first.seq + 1, first.hash)


def test_changes_tells_of_others_and_not_of_oneself(url: str, clock: ShiftedClock, journal: Journal) -> None:
    before = journal.changes()
    journal.append(Stopped("own"))
    assert journal.changes() == before
    with Journal.open(url, clock, LIMA) as other:
        other.append(Stopped("other"))
    assert journal.changes() != before


def test_changes_tells_of_others_also_over_a_failure_after_which_the_database_was_opened_anew(
    url: str, clock: ShiftedClock, journal: Journal
) -> None:
    """SQLite counts from the same number on every connection."""
    before = journal.changes()
    with pytest.raises(RecordUnavailable), journal.store.writing() as connection:
        connection.execute(text("SELECT * FROM nowhere"))
    with Journal.open(url, clock, LIMA) as other:
        other.append(Stopped("other"))
    assert journal.changes() != before


REFUSED = [
    "UPDATE journal SET payload = '{}'",
    "UPDATE OR REPLACE journal SET seq = seq + 1",
    "DELETE FROM journal",
    "INSERT INTO journal SELECT * FROM journal",
    "INSERT OR REPLACE INTO journal SELECT * FROM journal",
    "REPLACE INTO journal SELECT * FROM journal",
    "INSERT OR IGNORE INTO journal SELECT * FROM journal",
]


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("statement", REFUSED)
def test_a_row_on_record_is_neither_changed_nor_deleted(
    url: str, journal: Journal, statement: str, recursive: str
) -> None:
    """Whoever opens the file, with whatever settings: the database itself refuses."""
    journal.append(Stopped("a"))
    raw = sqlite3.connect(database_path(url))
    raw.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite3.IntegrityError, match="the journal refuses"):
        raw.execute(statement)
    raw.close()
    assert [row.event for row in journal.rows()] == [Stopped("a")]


APPEND = """
import os, sys
from zoneinfo import ZoneInfo
from broadcaster.clock import SystemClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Stopped
with Journal.open(sys.argv[1], SystemClock(), ZoneInfo("America/Lima")) as journal:
    for number in range(int(sys.argv[2])):
        row = journal.append(Stopped(f"{sys.argv[3]}-{number}"))
        os.write(1, f"{row.seq} {row.hash}\\n".encode())
"""


def _appending(url: str, rows: int, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", APPEND, url, str(rows), name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_append_to_one_chain(url: str) -> None:
    """The daemon and somebody at the command line, at the same time."""
    children = [_appending(url, 100, name) for name in ("daemon", "desk")]
    for child in children:
        child.communicate(timeout=600)
    rows = read(url)
    assert [row.seq for row in rows] == list(range(1, 201))
    assert verify_at(url).intact
    assert {row.event.cause.split("-")[0] for row in rows if isinstance(row.event, Stopped)} == {"daemon", "desk"}


def test_many_threads_append_to_one_chain(url: str, journal: Journal) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: journal.append(Stopped(str(n))), range(80)))
    assert verify_at(url).rows == 80
    assert verify_at(url).intact


@pytest.mark.parametrize("after", [1, 7, 40])
def test_no_acknowledged_row_is_lost_when_the_process_is_killed(url: str, after: int) -> None:
    child = _appending(url, 10_000, "x")
    assert child.stdout is not None
    acknowledged = [child.stdout.readline().split() for _ in range(after)]
    child.send_signal(signal.SIGKILL)
    acknowledged += [line.split() for line in child.stdout.read().splitlines() if len(line.split()) == 2]
    child.wait()
    child.stdout.close()
    on_record = {(str(row.seq), row.hash) for row in read(url)}
    assert {(seq, digest) for seq, digest in acknowledged} <= on_record
    assert verify_at(url).intact


def test_no_acknowledged_row_is_lost_in_a_power_cut(tmp_path: Path, url: str) -> None:
    """What was written to the write-ahead log after its last sync is taken away, as a disk without power would.

    Every row acknowledged by then is there all the same, and the database is sound.
    """
    cuts = _append_and_cut(tmp_path, url, "")
    assert len(cuts) == 12
    for number, cut in enumerate(cuts):
        after = _without_power(tmp_path / f"cut-{number}", url, cut)
        assert (cut.seq, cut.hash) in {(row.seq, row.hash) for row in read(after)}
        assert verify_at(after).intact
        with sqlite3.connect(database_path(after)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_power_cut_would_show_a_record_that_is_not_synced(tmp_path: Path, url: str) -> None:
    """The same with ``synchronous=NORMAL`` loses acknowledged rows: the test above can fail."""
    cuts = _append_and_cut(tmp_path, url, 'journal.store.driver().execute("PRAGMA synchronous = NORMAL")')
    after = _without_power(tmp_path / "cut", url, cuts[-1])
    assert (cuts[-1].seq, cuts[-1].hash) not in {(row.seq, row.hash) for row in read(after)}


@dataclass(frozen=True)
class Cut:
    """The moment a row was acknowledged."""

    seq: int
    hash: str
    synced: int
    """Bytes of the write-ahead log that were surely on the disk."""


def _append_and_cut(folder: Path, url: str, before: str) -> list[Cut]:
    """Append twelve rows under strace and give the moments of their acknowledgement."""
    trace = folder / "trace"
    program = APPEND.replace("    for", f"    {before or 'pass'}\n    for")
    program += "    import signal; os.kill(os.getpid(), signal.SIGKILL)\n"  # a tidy close would sync everything
    watch = ["strace", "-f", "-y", "-s", "80", "-e", "trace=pwrite64,fdatasync,fsync,write", "-o", str(trace)]
    subprocess.run([*watch, sys.executable, "-c", program, url, "12", "x"], stdout=subprocess.DEVNULL, check=False)
    return _cuts(trace.read_text(errors="replace").splitlines())


def _without_power(copy: Path, url: str, cut: Cut) -> str:
    """A copy of the database in which only what was synced is left of the log."""
    shutil.copytree(database_path(url).parent, copy)
    with (copy / "broadcaster.db-wal").open("r+b") as log:
        log.truncate(cut.synced)
    (copy / "broadcaster.db-shm").unlink(missing_ok=True)
    return url_of(copy / "broadcaster.db")


def _cuts(trace: list[str]) -> list[Cut]:
    written = synced = 0
    cuts = []
    for line in trace:
        call = line.split(maxsplit=1)[1]
        if call.startswith("pwrite64(") and "-wal>" in call:
            length, offset = call.rsplit(") = ", 1)[0].rsplit(", ", 2)[1:]
            written = max(written, int(offset) + int(length))
        elif call.startswith(("fdatasync(", "fsync(")) and "-wal>" in call:
            synced = written
        elif call.startswith("write(1<"):
            seq, digest = call.split('"')[1].split("\\n")[0].split()
            cuts.append(Cut(int(seq), digest, synced))
    return cuts


def test_a_full_disk_is_said_and_the_next_row_goes_in_when_there_is_room(journal: Journal) -> None:
    """The row that did not fit is not there; nothing is lost of what was."""
    journal.append(Stopped("before"))
    driver = journal.store.driver()
    pages = driver.execute("PRAGMA page_count").fetchone()[0]
    driver.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(RecordUnavailable, match=r"full|lleno") as refusal:
        journal.append(Stopped("x" * 100_000))
    assert refusal.value.exit_code == 74
    journal.append(Stopped("after"))
    assert [row.event for row in journal.rows()] == [Stopped("before"), Stopped("after")]


def test_a_busy_database_is_said(url: str, journal: Journal) -> None:
    journal.store.driver().execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(database_path(url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordUnavailable):
        journal.append(Stopped("x"))
    other.execute("ROLLBACK")
    other.close()
    assert journal.append(Stopped("y")).seq == 1


def _edit(url: str, statement: str) -> None:
    """What somebody with the file and no scruples does."""
    with sqlite3.connect(database_path(url)) as raw:
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(statement)
        for _, text in triggers:
            raw.execute(text)
    raw.close()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ('UPDATE journal SET payload = \'{"cause":"y"}\' WHERE seq = 3', 3),
        ("UPDATE journal SET payload = 'nonsense' WHERE seq = 1", 1),
        ("UPDATE journal SET utc = 7 WHERE seq = 5", 5),
        ("DELETE FROM journal WHERE seq = 2", 3),
        ("UPDATE journal SET seq = 9 WHERE seq = 5", 9),
    ],
)
def test_a_row_edited_by_hand_is_named(url: str, journal: Journal, statement: str, broken: int) -> None:
    for number in range(5):
        journal.append(Stopped(str(number)))
    journal.close()
    _edit(url, statement)
    found = verify_at(url)
    assert not found.intact
    assert found.first_broken == f"{journal.node}-1-{broken}"


@pytest.mark.parametrize(
    "nonsense",
    [
        "UPDATE journal SET payload = 'nonsense'",
        "UPDATE journal SET payload = x'ff00'",
        "UPDATE journal SET payload = 7",
        "UPDATE journal SET utc = 7",
        "UPDATE journal SET utc = 'today'",
        "UPDATE journal SET clock = 'sundial'",
    ],
)
def test_a_row_that_cannot_be_understood_is_refused_and_not_passed_over(
    url: str, journal: Journal, nonsense: str
) -> None:
    journal.append(DefenderRegistered("d-07"))
    journal.close()
    _edit(url, nonsense)
    assert not verify_at(url).intact
    with pytest.raises(UnknownPayload):
        read(url)
