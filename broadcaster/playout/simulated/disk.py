"""The record's files on a disk that can fill up, stall, and forget: a real SQLite database with its second copy, and what of
them is certainly there.

SQLite promises: with ``synchronous=FULL`` a commit returns when the write-ahead log is synced; with less, the log is synced
only when it is carried over into the database. So a power cut takes what was written since, which :class:`Disk` undoes from a
copy. A kill takes nothing that was written, for the kernel still has it; only a commit under way may be torn.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from broadcaster.clock import Clock
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.append import Journal
from broadcaster.journal.copy import SecondCopy, line_of
from broadcaster.journal.events import Event
from broadcaster.journal.row import Record, Row
from broadcaster.playout.simulated.loop import Killed

FULL = 2
"""``PRAGMA synchronous`` at ``FULL``, as SQLite numbers it."""
FILES = ("", "-wal")
"""What belongs to a database, by the end of its name; the third file, of shared memory, is made anew."""

PLACES = ("before", "torn", "uncopied", "half copied", "after")
"""Before anything of a row is on the disk; while it goes into the database; when it is there and not in the copy; while it goes
into the copy; when it is in both, and nobody has been told."""

Key = tuple[int, int]
"""Epoch and sequence number of a row."""
Copy = Mapping[str, bytes]


@dataclass(frozen=True)
class Acknowledged:
    """A row that the program was told is on the disk, or has read from there."""

    hash: str
    at_s: float


@dataclass(frozen=True)
class Doom:
    """The process ends at a row it writes. ``where`` is one of :data:`PLACES`."""

    rows: int
    """How many rows are still written whole."""
    where: str
    power: bool = False
    """It is the light that goes out, not the process that is killed."""


@dataclass
class Disk:
    """The files of one database. ``now_s`` tells the world's time."""

    database: Path
    now_s: Callable[[], float]
    chance: Random
    full: bool = False
    busy: bool = False
    """Somebody else holds the database."""
    doom: Doom | None = None
    acknowledged: dict[Key, Acknowledged] = field(default_factory=dict)
    _unsynced: Copy | None = None
    """The files as they were synced last; ``None``: they still are so."""
    _carried_over: int = 0
    """When the database itself was written last."""
    _torn: bytes | None = None
    """The log before the commit that was torn."""
    _open: "list[WatchedJournal]" = field(default_factory=list)

    def open_journal(self, url: str, clock: Clock, zone: ZoneInfo) -> Journal:
        """As :meth:`~broadcaster.journal.append.Journal.open`."""
        self.refuse()
        journal = WatchedJournal.open(url, clock, zone)
        journal.disk = self
        journal.in_step.copy = WatchedCopy(journal.copy.path, self)
        self._open.append(journal)
        return journal

    def refuse(self, *, copy: bool = False) -> None:
        """:raises RecordUnavailable: the disk is full, or the database, though not its ``copy``, is busy."""
        if self.full or (self.busy and not copy):
            raise RecordUnavailable(path=self.database, problem="database or disk is full" if self.full else "locked")

    # What is certainly there

    def about_to_write(self, synchronous: int) -> None:
        """Whatever is not synced by the commit that comes can be undone."""
        if self._doomed and self._doomed.where == "before":
            raise Killed
        if self._doomed and self._doomed.where == "torn":
            self._torn = self._bytes("-wal")
        if synchronous < FULL and self._unsynced is None:
            self._unsynced = self._copy()
            self._carried_over = self._written_ns()

    def has_written(self, row: Row, synchronous: int) -> None:
        """A commit returned."""
        if synchronous >= FULL or self._written_ns() != self._carried_over:
            self._unsynced = None
        self.has_told(row)

    def about_to_copy(self, path: Path, lines: bytes) -> None:
        """The database has it; or not all of it, and then nothing after that has happened."""
        if self._doomed and self._doomed.where in {"torn", "uncopied"}:
            raise Killed
        if self._doomed and self._doomed.where == "half copied":
            with path.open("ab") as file:
                file.write(lines[: self.chance.randint(0, len(lines))])
            raise Killed

    def has_told(self, row: Row) -> None:
        """It is on the disk, and the program is about to be told."""
        if self._doomed:
            raise Killed
        if self.doom is not None:
            self.doom = Doom(self.doom.rows - 1, self.doom.where, self.doom.power)
        self.acknowledge([row])

    @property
    def _doomed(self) -> Doom | None:
        return self.doom if self.doom is not None and self.doom.rows == 0 else None

    def acknowledge(self, rows: Collection[Row]) -> None:
        """The program was told of these."""
        for row in rows:
            self.acknowledged.setdefault((row.epoch, row.seq), Acknowledged(row.hash, self.now_s()))

    def let_go(self, journal: "WatchedJournal") -> None:
        """A journal was closed in order: the last to leave carries the log over and syncs."""
        if journal in self._open:
            self._open.remove(journal)
        if not self._open:
            self._unsynced = None

    # The end of a process

    def die(self, *, power: bool) -> None:
        """Every process that has it open is no more; with ``power``, what was not synced neither."""
        left = dict(self._copy())
        for journal in self._open:
            journal.dead = True
            journal.close()
        self._open = []
        if self._torn is not None:
            left["-wal"] = self._tear(self._torn, left["-wal"])
        if power:
            left = dict(self._unsynced or left)
            self._unsynced = None
        self._restore(left)
        self.doom = self._torn = None

    def _tear(self, before: bytes, after: bytes) -> bytes:
        """The log as far as it was written over."""
        same = next(
            (
                place
                for place in range(0, len(before), 4096)
                if before[place : place + 4096] != after[place : place + 4096]
            ),
            len(before),
        )
        cut = self.chance.randint(same, len(after)) if len(after) >= same else len(after)
        return after[:cut] + before[cut:]

    def _copy(self) -> Copy:
        return {suffix: self._bytes(suffix) for suffix in FILES}

    def _restore(self, copy: Copy) -> None:
        for suffix, content in copy.items():
            self._file(suffix).write_bytes(content)
        self._file("-shm").unlink(missing_ok=True)

    def _bytes(self, suffix: str) -> bytes:
        try:
            return self._file(suffix).read_bytes()
        except FileNotFoundError:
            return b""

    def _file(self, suffix: str) -> Path:
        return Path(f"{self.database}{suffix}")

    def _written_ns(self) -> int:
        return self.database.stat().st_mtime_ns


class WatchedJournal(Journal):
    """A real journal that tells its disk what it does, and whose process can be killed."""

    disk: Disk
    dead = False

    def append_aside(self, event: Event) -> Row:
        self._live(copy=True)
        row = super().append_aside(event)
        self.disk.has_told(row)
        return row

    def take_in(self) -> None:
        if hasattr(self, "disk"):  # else it is being opened, which the disk has allowed
            self._live()
        super().take_in()

    def prove(self) -> None:
        self._live()
        super().prove()

    def append(self, event: Event) -> Row:
        self._live()
        synchronous = int(self.store.driver().execute("PRAGMA synchronous").fetchone()[0])
        self.disk.about_to_write(synchronous)
        row = super().append(event)
        self.disk.has_written(row, synchronous)
        return row

    def rows(self, *, kinds: Collection[type[Event]] | None = None) -> list[Row]:
        self._live()
        found = super().rows(kinds=kinds)
        self.disk.acknowledge(found)
        return found

    def _live(self, *, copy: bool = False) -> None:
        """:raises RecordUnavailable: the process is no more, or the disk refuses."""
        if self.dead:
            raise RecordUnavailable(path=self.disk.database, problem="killed")
        self.disk.refuse(copy=copy)

    def close(self) -> None:
        super().close()
        if not self.dead and hasattr(self, "disk"):
            self.disk.let_go(self)


class WatchedCopy(SecondCopy):
    """A real second copy; what it adds can be cut short."""

    def __init__(self, path: Path, disk: Disk) -> None:
        super().__init__(path)
        self._disk = disk

    def add(self, records: Iterable[Record]) -> None:
        kept = tuple(records)
        if kept:
            self._disk.about_to_copy(self.path, b"".join(map(line_of, kept)))
        super().add(kept)
