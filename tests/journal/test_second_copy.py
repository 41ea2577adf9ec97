"""The second copy: every row of the record once more, on the disk before it is acknowledged; either is made of the other."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from record_history import causes, copied, database_files, incidents, whole, withdrawal, write

from broadcaster.clock import Instant, ShiftedClock
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.append import Journal
from broadcaster.journal.copy import SecondCopy, copy_of, line_of, record_of
from broadcaster.journal.events import (
    DIVERGED,
    UNANSWERED,
    WENT_BACK,
    RecordIncident,
    Stopped,
    Suspended,
    SuspensionLifted,
    Withdrawn,
)
from broadcaster.journal.proofs import agreement
from broadcaster.journal.reading import read
from broadcaster.journal.silences import in_force
from broadcaster.model import EpisodeNumber
from broadcaster.store.engine import database_path, url_of

LIMA = ZoneInfo("America/Lima")


@pytest.fixture
def copy(url: str) -> Path:
    return copy_of(database_path(url))


def reopen(url: str, clock: ShiftedClock, *words: str) -> None:
    with Journal.open(url, clock, LIMA) as again:
        write(again, *words)


def test_every_row_stands_in_the_copy_as_it_stands_in_the_database(url: str, journal: Journal, copy: Path) -> None:
    rows = write(journal, "a", "b", "línea\nnueva \u2028 ñ")
    assert copied(url) == [row.play for row in rows]
    assert [record.hash for record in SecondCopy(copy).records()] == [row.hash for row in rows]
    assert len(copy.read_bytes().splitlines()) == 3
    assert copy.stat().st_mode & 0o777 == 0o600


TRACED = """
import os, sys
from zoneinfo import ZoneInfo
from broadcaster.clock import SystemClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Stopped
with Journal.open(sys.argv[1], SystemClock(), ZoneInfo("America/Lima")) as journal:
    for number in range(3):
        journal.append(Stopped(str(number)))
        os.write(1, b"acknowledged")
"""


def test_a_row_is_synced_in_the_database_then_in_the_copy_and_only_then_acknowledged(tmp_path: Path, url: str) -> None:
    """So a power cut between the two leaves a row that the copy lacks, never one that the database lacks."""
    trace = tmp_path / "trace"
    watch = ["strace", "-f", "-y", "-e", "trace=pwrite64,write,fdatasync,fsync", "-o", str(trace)]
    subprocess.run([*watch, sys.executable, "-c", TRACED, url], check=True, stdout=subprocess.DEVNULL)
    steps = [step for step in map(_step, trace.read_text(errors="replace").splitlines()) if step]
    text = " ".join(steps)
    row = "db synced copy written copy synced acknowledged"
    assert text.count(row) == 3, text


def _step(line: str) -> str | None:
    call = line.split(maxsplit=1)[1]
    if call.startswith("write(1<"):
        return "acknowledged"
    what = "synced" if call.startswith(("fdatasync", "fsync")) else "written"
    if "-wal>" in call:
        return "db synced" if what == "synced" else None
    return f"copy {what}" if ".jsonl>" in call else None


def test_a_line_torn_anywhere_is_left_out_and_it_alone(url: str, journal: Journal, copy: Path) -> None:
    """The last line, cut at each of its bytes."""
    write(journal, "a", "b", "c")
    lines = copy.read_bytes().splitlines(keepends=True)
    for cut in range(1, len(lines[2]) - 1, 7):
        copy.write_bytes(lines[0] + lines[1] + lines[2][:cut])
        assert len(copied(url)) == 2
        last = SecondCopy(copy).last()
        assert last is not None
        assert last.seq == 2


def test_after_a_torn_line_the_row_is_added_again_and_the_next_one_stands_on_its_own_line(
    url: str, clock: ShiftedClock, journal: Journal, copy: Path
) -> None:
    write(journal, "a", "b", "c")
    journal.close()
    copy.write_bytes(copy.read_bytes()[:-20])
    reopen(url, clock)
    assert whole(url)
    reopen(url, clock, "d")
    assert causes(url) == ["a", "b", "c", "d"]
    assert whole(url)
    assert incidents(url) == []


@pytest.mark.parametrize("torn", [b"{}\n", b"\0" * 300 + b"\n", b"\xff\xfe\n", b"[1]\n", b"null\n", b'{"seq":1}\n'])
def test_nonsense_between_two_lines_hides_neither(url: str, journal: Journal, copy: Path, torn: bytes) -> None:
    write(journal, "a", "b")
    first, second = copy.read_bytes().splitlines(keepends=True)
    copy.write_bytes(first + torn + second + torn)
    assert len(copied(url)) == 2


def test_a_line_changed_by_hand_is_no_row(journal: Journal, copy: Path) -> None:
    write(journal, "missed")
    [record] = SecondCopy(copy).records()
    assert record_of(line_of(record)) == record
    assert record_of(line_of(record).replace(b"missed", b"played")) is None


@pytest.mark.parametrize("lost", [1, 2, 4])
def test_a_power_cut_after_the_database_and_before_the_copy_is_settled_at_the_next_opening(
    url: str, clock: ShiftedClock, journal: Journal, copy: Path, lost: int
) -> None:
    write(journal, *"abcd")
    journal.close()
    lines = copy.read_bytes().splitlines(keepends=True)
    copy.write_bytes(b"".join(lines[:-lost]))
    reopen(url, clock)
    assert whole(url)
    assert copy.read_bytes() == b"".join(lines)
    assert incidents(url) == []


def test_a_station_from_before_there_was_a_copy_gets_a_whole_one(
    url: str, clock: ShiftedClock, journal: Journal, copy: Path
) -> None:
    write(journal, *"abc")
    journal.close()
    copy.unlink()
    reopen(url, clock)
    assert whole(url)


def test_a_copy_of_more_rows_than_there_is_memory_for_is_made_one_by_one(journal: Journal, copy: Path) -> None:
    write(journal, "a")
    (row,) = SecondCopy(copy).records()
    rows = (replace(row, seq=number, payload="x" * 4096) for number in range(10_000))
    tracemalloc.start()
    try:
        SecondCopy(copy).rewrite(rows, seen=SecondCopy(copy).mark())
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert copy.stat().st_size > 40e6
    assert peak < 10e6


def test_a_copy_deleted_while_the_daemon_runs_is_made_again_by_the_next_row(
    url: str, journal: Journal, copy: Path
) -> None:
    write(journal, *"abc")
    copy.unlink()
    write(journal, "d")
    assert whole(url)


def test_a_copy_of_nothing_but_nonsense_is_kept_beside_and_begun_anew(
    url: str, clock: ShiftedClock, journal: Journal, copy: Path
) -> None:
    write(journal, *"abc")
    journal.close()
    copy.write_bytes(os.urandom(5000))
    reopen(url, clock, "d")
    assert whole(url)
    assert copy.with_name("broadcaster.jsonl.aside-1").stat().st_size == 5000


def test_a_copy_that_cannot_be_written_keeps_no_row_from_being_written_and_catches_up(
    url: str, journal: Journal, copy: Path
) -> None:
    """A folder stands where the file should be."""
    write(journal, "a")
    copy.rename(copy.with_suffix(".kept"))
    copy.mkdir()
    write(journal, "b", "c")
    found = agreement_lacks(url, copy)
    copy.rmdir()
    write(journal, "d")
    assert found
    assert causes(url) == ["a", "b", "c", "d"]
    assert whole(url)


def agreement_lacks(url: str, copy: Path) -> bool:
    """The record cannot be compared with a folder: that is said, not passed over."""
    with pytest.raises(RecordUnavailable):
        agreement(url)
    return copy.is_dir()


APPEND = """
import os, sys
from zoneinfo import ZoneInfo
from broadcaster.clock import SystemClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Stopped
with Journal.open(sys.argv[1], SystemClock(), ZoneInfo("America/Lima")) as journal:
    for number in range(int(sys.argv[2])):
        row = journal.append(Stopped(f"{sys.argv[3]}-{number}"))
        os.write(1, f"{row.play} {row.hash}\\n".encode())
"""


def _appending(url: str, rows: int, name: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", APPEND, url, str(rows), name], stdout=subprocess.PIPE, text=True)


def test_processes_that_append_at_once_leave_one_line_a_row_in_order(url: str) -> None:
    children = [_appending(url, 60, name) for name in ("daemon", "desk", "chores")]
    for child in children:
        child.communicate(timeout=600)
    assert [child.returncode for child in children] == [0, 0, 0]
    assert len(read(url)) == 180
    assert whole(url)
    assert [int(key.rsplit("-", 1)[1]) for key in dict.fromkeys(copied(url))] == list(range(1, 181))


def test_after_processes_are_killed_at_any_moment_both_copies_hold_every_acknowledged_row(
    url: str, clock: ShiftedClock
) -> None:
    acknowledged: set[str] = set()
    for lines in (1, 3, 8):
        children = [_appending(url, 10_000, name) for name in ("one", "two")]
        for child in children:
            assert child.stdout is not None
            acknowledged |= {child.stdout.readline().strip() for _ in range(lines)}
            child.send_signal(signal.SIGKILL)
            acknowledged |= {line for line in child.stdout.read().splitlines() if len(line.split()) == 2}
            child.wait()
            child.stdout.close()
        on_copy = {f"{record.key} {record.hash}" for record in SecondCopy(copy_of(database_path(url))).records()}
        assert acknowledged <= on_copy
    reopen(url, clock)
    assert acknowledged <= {f"{row.play} {row.hash}" for row in read(url)}
    assert whole(url)


# The database goes back


def test_an_old_database_put_back_by_hand_forgets_no_row_and_uses_no_number_twice(
    url: str, clock: ShiftedClock, journal: Journal, tmp_path: Path
) -> None:
    """A withdrawal made since is in force before anything else is written."""
    database = database_path(url)
    before = write(journal, "a", "b")
    journal.close()
    shutil.copy(database, tmp_path / "last-week.db")
    with Journal.open(url, clock, LIMA) as later:
        lost = [later.append(withdrawal()), *write(later, "c")]
    for file in database_files(database):
        file.unlink()
    shutil.copy(tmp_path / "last-week.db", database)
    with Journal.open(url, clock, LIMA) as again:
        assert [row.event for row in again.rows(kinds=[Withdrawn])] == [withdrawal()]
        new = write(again, "d")
    rows = read(url)
    assert [row.hash for row in (*before, *lost)] == [row.hash for row in rows[:4]]
    assert incidents(url) == [RecordIncident(WENT_BACK, recovered=2)]
    assert {row.epoch for row in new}.isdisjoint(row.epoch for row in (*before, *lost))
    assert whole(url)


def put_back_after(story: Callable[[], None], url: str, tmp_path: Path) -> bytes:
    """The database as it was before this story, alone; the second copy that tells the story."""
    database, copy = database_path(url), copy_of(database_path(url))
    shutil.copy(database, tmp_path / "last-week.db")
    story()
    theirs = copy.read_bytes()
    for file in (*database_files(database), copy):
        file.unlink()
    shutil.copy(tmp_path / "last-week.db", database)
    return theirs


def test_another_story_under_the_same_numbers_is_put_aside_and_what_it_forbids_stays_forbidden(
    url: str, clock: ShiftedClock, journal: Journal, tmp_path: Path, copy: Path
) -> None:
    """The old database was put back, and a program that knew no second copy went on with it."""
    write(journal, "a")
    journal.close()

    def decide() -> None:
        with Journal.open(url, clock, LIMA) as later:
            for event in (
                withdrawal(),
                Suspended(EpisodeNumber(3), "uid:0"),
                Suspended(EpisodeNumber(4), "uid:0"),
                SuspensionLifted(EpisodeNumber(4), "P-01"),
            ):
                later.append(event)

    theirs = put_back_after(decide, url, tmp_path)
    reopen(url, clock, "other")
    copy.write_bytes(theirs)
    reopen(url, clock, "z")
    assert causes(url) == ["a", "other", "z"]
    assert [incident.what for incident in incidents(url)] == [DIVERGED]
    silences = set(in_force(row.event for row in read(url)))
    assert silences == {(Withdrawn, 2, 1), (Suspended, 3)}
    assert copy.with_name("broadcaster.jsonl.aside-1").read_bytes() == theirs
    assert whole(url)


def test_another_story_whose_place_no_new_copy_can_take_holds_up_no_row_and_is_told_once(
    url: str, clock: ShiftedClock, journal: Journal, tmp_path: Path, copy: Path
) -> None:
    """Something stands where the new copy is written: the rows are on record all the same, each of them once."""
    write(journal, "a")
    journal.close()
    theirs = put_back_after(lambda: reopen(url, clock, "theirs"), url, tmp_path)
    with Journal.open(url, clock, LIMA) as going_on:
        write(going_on, "ours")
        copy.write_bytes(theirs)
        obstacle = copy.with_name(f"{copy.name}.{os.getpid()}")
        obstacle.mkdir()
        write(going_on, "y", "z")
        assert causes(url) == ["a", "ours", "y", "z"]
        assert [incident.what for incident in incidents(url)] == [DIVERGED]
        assert copy.with_name("broadcaster.jsonl.aside-1").read_bytes() == theirs
        obstacle.rmdir()
        write(going_on, "caught up")
    assert whole(url)


def test_a_database_made_anew_beside_its_copy_goes_on_as_the_one_it_replaces(
    url: str, clock: ShiftedClock, journal: Journal
) -> None:
    rows = write(journal, "a", "b")
    journal.close()
    for file in database_files(database_path(url)):
        file.unlink()
    reopen(url, clock, "c")
    assert causes(url) == ["a", "b", "c"]
    assert {row.node for row in read(url)} == {rows[0].node}
    assert incidents(url) == [RecordIncident(WENT_BACK, recovered=2)]
    assert whole(url)


# Aside


def test_a_row_taken_aside_while_the_database_is_held_comes_into_it_with_the_next_row(
    url: str, journal: Journal
) -> None:
    write(journal, "a")
    other = sqlite3.connect(database_path(url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordUnavailable), journal.patience(0.01):
        journal.append(Stopped("b"))
    aside = [journal.append_aside(Stopped(word)) for word in ("b", "c")]
    assert causes(url) == ["a"]
    assert [record.hash for record in SecondCopy(journal.copy.path).records()][1:] == [row.hash for row in aside]
    other.execute("ROLLBACK")
    other.close()
    write(journal, "d")
    assert causes(url) == ["a", "b", "c", "d"]
    assert incidents(url) == [RecordIncident(UNANSWERED, recovered=2)]
    assert {row.play for row in aside} <= {row.play for row in read(url)}
    assert whole(url)


def test_a_row_taken_aside_outlives_the_process_and_a_row_that_another_wrote_meanwhile(
    url: str, clock: ShiftedClock, journal: Journal
) -> None:
    write(journal, "a")
    with Journal.open(url, clock, LIMA) as holder:
        with holder.store.writing():
            taken = journal.append_aside(Stopped("aside"))
        journal.close()
        write(holder, "desk")
    assert sorted(causes(url)) == ["a", "aside", "desk"]
    assert taken.hash in {row.hash for row in read(url)}
    assert whole(url)


class WhileItIsRead:
    """A clock that is read in the middle of a row: the database is held then, and something may happen elsewhere."""

    def __init__(self, clock: ShiftedClock) -> None:
        self.clock = clock
        self.happens: Callable[[], object] | None = None

    def now(self) -> Instant:
        happens, self.happens = self.happens, None
        if happens is not None:
            happens()
        return self.clock.now()


@pytest.mark.parametrize("then", [[], ["desk"], ["desk", "desk"]])
def test_a_row_taken_aside_while_another_process_is_in_the_middle_of_one_comes_into_the_database(
    url: str, clock: ShiftedClock, journal: Journal, then: list[str]
) -> None:
    """And both copies hold the row that was being written, whoever writes the next."""
    write(journal, "before")
    slow = WhileItIsRead(clock)
    with Journal.open(url, slow, LIMA) as holder:
        slow.happens = lambda: journal.append_aside(Stopped("aside"))
        write(holder, "held", *then)
    write(journal, "after")
    assert sorted(causes(url)) == sorted(["before", "aside", "held", *then, "after"])
    assert incidents(url) == [RecordIncident(UNANSWERED, recovered=1)]
    assert whole(url)


def test_two_that_are_taken_aside_after_rows_of_the_database_each_find_their_place(url: str, journal: Journal) -> None:
    for word in "abc":
        write(journal, word)
        journal.append_aside(Stopped(f"{word}-aside"))
    write(journal, "d")
    assert len(causes(url)) == 7
    assert [incident.recovered for incident in incidents(url)] == [1, 1, 1]
    assert whole(url)


def test_without_a_second_copy_nothing_is_taken_aside(url: str, journal: Journal) -> None:
    with pytest.raises(RecordUnavailable):
        journal.append_aside(Stopped("a"))
    write(journal, "a")
    journal.copy.path.unlink()
    with pytest.raises(RecordUnavailable):
        journal.append_aside(Stopped("b"))


def test_a_rehearsals_record_has_a_copy_of_its_own(tmp_path: Path, clock: ShiftedClock) -> None:
    reopen(url_of(tmp_path / "r" / "journal.db"), clock, "a")
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == ["journal.db", "journal.jsonl"]
