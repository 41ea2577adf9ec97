"""Two processes at the second copy at once: one brings it into step or makes it anew, the other takes a row aside.

One of the two stands still at every line of its work in turn, and the other does all of its own there, as far as it need not
wait; then the first goes on. So nothing here depends on luck.
"""

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from record_history import causes, copied, whole, write

from broadcaster.clock import ShiftedClock
from broadcaster.errors import RecordUnavailable
from broadcaster.journal import append, copy, settling, turns
from broadcaster.journal.append import Journal
from broadcaster.journal.copy import SecondCopy
from broadcaster.journal.events import Event, StickTaken, Stopped
from broadcaster.journal.reading import read
from broadcaster.store.engine import url_of

LIMA = ZoneInfo("America/Lima")
FILES = {module.__file__ for module in (append, copy, settling)}
WATCHED = {
    *("_settle", "_copy_out", "_put_aside", "settle", "_take_in", "mark", "since", "last", "held", "add", "rewrite"),
    *("_taken", "_is", "_write"),
}
"""The functions that look at the copy or change it: at every line of these somebody may come between."""

Place = tuple[str, int]
"""A file and a line of it."""
Work = Callable[[], object]


@contextmanager
def watched(reached: Callable[[Place], object]) -> Iterator[None]:
    """While the block lasts, this thread tells of every place that it reaches for the first time."""
    told: set[Place] = set()

    def trace(frame: FrameType, what: str, _value: Any) -> Any:
        place = frame.f_code.co_filename, frame.f_lineno
        if place[0] not in FILES or frame.f_code.co_name not in WATCHED:
            return None
        if what == "line" and place not in told:
            told.add(place)
            reached(place)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def places(work: Work) -> list[Place]:
    """Every place of this work, in order."""
    found: list[Place] = []
    with watched(found.append):
        work()
    return found


def meet(first: Work, at: Place, other: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first works; at this place the other does, until it is done or waits for its turn."""
    still = threading.Event()

    def whole_work() -> None:
        try:
            other()
        finally:
            still.set()

    def pause() -> None:
        still.set()
        threading.Event().wait(0.001)

    thread = threading.Thread(target=whole_work)

    def reached(place: Place) -> None:
        if place == at:
            thread.start()
            assert still.wait(60)

    monkeypatch.setattr(turns, "TRIES", 1_000_000)
    monkeypatch.setattr(turns, "pause", pause)
    with watched(reached):
        first()
    thread.join(60)
    assert not thread.is_alive()


class Record:
    """A copy of the record in a folder of its own, and two processes that have it open."""

    def __init__(self, folder: Path, clock: ShiftedClock, before: Path) -> None:
        shutil.copytree(before, folder)
        self.url, self.clock = url_of(folder / "broadcaster.db"), clock
        self.open = ExitStack()
        self.desk = self.open.enter_context(Journal.open(self.url, clock, LIMA))
        self.daemon = self.open.enter_context(Journal.open(self.url, clock, LIMA))
        self.aside: list[str] = []

    def take_aside(self) -> None:
        self.aside.append(self.daemon.append_aside(Stopped("aside")).hash)

    def write(self) -> None:
        write(self.desk, "desk")

    def cut_copy(self) -> None:
        """The copy lacks its last two rows."""
        path = self.desk.copy.path
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))

    def take_early(self) -> None:
        write(self.daemon, "before")
        self.daemon.append_aside(Stopped("early"))

    def ends_well(self, words: list[str]) -> None:
        """After two more rows: nothing acknowledged is lost, nothing is there twice, and database and copy tell the same."""
        self.open.close()
        with Journal.open(self.url, self.clock, LIMA) as later:
            write(later, "then", "at last")
        assert sorted(causes(self.url)) == sorted([*words, "aside", "desk", "then", "at last"])
        assert set(self.aside) <= {row.hash for row in read(self.url)}
        assert whole(self.url)
        keys = copied(self.url)
        assert len(keys) == len(set(keys))


ROWS = (Stopped("a"), Stopped("b"), Stopped("c"))
BROUGHT = (Stopped("a"), StickTaken("office", 1, 5, rows=0), Stopped("c"))
BEFORE: dict[str, tuple[tuple[Event, ...], Callable[[Record], None], list[str]]] = {
    "in_step": (ROWS, lambda record: None, ["a", "b", "c"]),
    "copy_behind": (ROWS, Record.cut_copy, ["a", "b", "c"]),
    "copy_ahead": (ROWS, Record.take_early, ["a", "b", "c", "before", "early"]),
    "copy_behind_by_a_stick": (BROUGHT, Record.cut_copy, ["a", "c"]),
}
MADE_ANEW = {"copy_behind_by_a_stick"}
"""Where the copy is written anew beside, and takes the name."""


def begun(folder: Path, clock: ShiftedClock, events: tuple[Event, ...]) -> Path:
    with Journal.open(url_of(folder / "broadcaster.db"), clock, LIMA) as journal:
        for event in events:
            journal.append(event)
    return folder


@pytest.mark.parametrize("stands", ["who_writes", "who_takes_aside"])
def test_wherever_the_two_meet_no_acknowledged_row_is_lost_or_stands_there_twice(
    tmp_path: Path, clock: ShiftedClock, monkeypatch: pytest.MonkeyPatch, stands: str
) -> None:
    """Every state of the copy. Of those in which the file keeps its name, each place once."""
    tried: set[Place] = set()
    for before, (events, disturb, words) in BEFORE.items():
        if before in MADE_ANEW:
            tried.clear()
        made = begun(tmp_path / before, clock, events)

        def again(
            name: str, made: Path = made, disturb: Callable[[Record], None] = disturb
        ) -> tuple[Record, Work, Work]:
            record = Record(made.with_name(f"{made.name}-{name}"), clock, made)
            disturb(record)
            works = (record.write, record.take_aside)
            return (record, *(works if stands == "who_writes" else works[::-1]))

        measured, first, _other = again("measured")
        found = places(first)
        measured.open.close()
        assert len(found) > 20
        for number, place in enumerate(each for each in found if each not in tried):
            tried.add(place)
            record, first, other = again(str(number))
            meet(first, place, other, monkeypatch)
            try:
                record.ends_well(words)
            except AssertionError as problem:
                raise AssertionError(f"{before}: they met at {Path(place[0]).name}:{place[1]}") from problem


def test_whoever_waited_for_a_file_that_lost_its_name_writes_into_the_one_that_has_it(
    url: str, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is open and its turn awaited when another takes its place."""
    rows = write(journal, "a", "b")
    path = journal.copy.path

    def replaced() -> None:
        new = path.with_name("new")
        shutil.copy(path, new)
        new.replace(path)
        holder.close()

    holder = ExitStack()
    holder.enter_context(SecondCopy(path).held())
    monkeypatch.setattr(turns, "pause", replaced)
    taken = journal.append_aside(Stopped("aside"))
    assert copied(url) == [*(row.play for row in rows), taken.play]


def test_a_turn_that_somebody_keeps_is_not_waited_for_for_ever(
    url: str, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row goes on record without its copy, which catches up; what wants the copy alone is refused."""
    write(journal, "a")
    monkeypatch.setattr(turns, "TRIES", 3)
    with SecondCopy(journal.copy.path).held():
        with pytest.raises(RecordUnavailable):
            journal.append_aside(Stopped("aside"))
        write(journal, "b")
        assert len(copied(url)) == 1
    write(journal, "c")
    assert causes(url) == ["a", "b", "c"]
    assert whole(url)


HOLD = """
import sys
from pathlib import Path
from broadcaster.journal.copy import SecondCopy
turn = SecondCopy(Path(sys.argv[1])).held()
turn.__enter__()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_turn_ends_with_the_process_that_was_killed_in_it(url: str, journal: Journal) -> None:
    write(journal, "a")
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(journal.copy.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        child.kill()
    assert journal.append_aside(Stopped("aside")).play in copied(url)
