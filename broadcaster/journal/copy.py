"""The second copy: every row of the journal as one line of JSON in a plain file beside the database.

A row goes into the database first, then here; only then it is acknowledged. So the copy holds nothing that the database has
not held, and either can be made again from the other. Lines are only ever added, each by one write at the file's end; processes
take turns. One that was cut short is followed by a new line and left out when the file is read. The same row may stand here
twice: its key and its hash say so.
"""

import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import fields
from pathlib import Path

from broadcaster.journal.chain import digest
from broadcaster.journal.payload import dumps
from broadcaster.journal.row import Record
from broadcaster.journal.turns import take_turn, there_are_turns
from broadcaster.store.marker import sync_folder

SUFFIX = ".jsonl"
CHUNK = 1 << 16
AT_ONCE = 1 << 20
"""Bytes that one write takes, about: a few rows go in one, many years of a country's in as many as they need."""

Mark = tuple[int, int]
"""Which file it is, and its size in bytes."""
NOTHING: Mark = (0, 0)
_NAMES = frozenset(field.name for field in fields(Record))


def copy_of(database: Path) -> Path:
    """Where the second copy of a database lies, whether or not it is there."""
    return database.with_suffix(SUFFIX)


def line_of(record: Record) -> bytes:
    """A record as its line: canonical JSON of all its columns, the hash too, UTF-8, ended by a line feed."""
    return dumps({name: getattr(record, name) for name in _NAMES}).encode() + b"\n"  # years of them at once


def record_of(line: bytes) -> Record | None:
    """The record that a line holds; ``None`` when it is torn, or was changed: its own hash tells."""
    try:
        values = json.loads(line)
        record = Record(**values) if type(values) is dict and values.keys() == _NAMES else None
        return record if record is not None and record.hash == digest(record) else None
    except (TypeError, ValueError):
        return None


class SecondCopy:
    """The copy at ``path``, for one thread at a time. Nothing is made before the first row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: int | None = None
        """The open file, while it is this object's turn."""

    def mark(self) -> Mark:
        """Something that differs when lines were added or another file took its place; zeros where there is none."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return NOTHING
        return found.st_ino, found.st_size

    def records(self) -> Iterator[Record]:
        """Every row, in the order of the lines; what cannot be read is left out. Nothing where there is no file.

        :raises OSError: the file cannot be read.
        """
        if self.path.exists():
            with self.path.open("rb") as file:
                yield from filter(None, map(record_of, file))

    def since(self, mark: Mark) -> list[Record]:
        """The rows that were added since this mark; all, when it is of another file.

        :raises OSError: the file cannot be read.
        """
        if self.mark() in (mark, NOTHING):
            return []
        number, size = mark
        with self.path.open("rb") as file:
            if os.fstat(file.fileno()).st_ino == number:
                file.seek(size)
            return list(filter(None, map(record_of, file)))

    def last(self) -> Record | None:
        """The row of the last line that can be read.

        :raises OSError: the file cannot be read.
        """
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            return next(filter(None, map(record_of, _backwards(file.fileno()))), None)

    @contextmanager
    def held(self) -> Iterator[int]:
        """While the block lasts nobody else adds to the file or puts another in its place. Gives the open file; may be nested.

        :raises OSError: it cannot be opened, or somebody else keeps it.
        """
        if self._held is not None:
            yield self._held
            return
        self._held = self._taken()
        try:
            yield self._held
        finally:
            file, self._held = self._held, None
            os.close(file)

    def add(self, records: Iterable[Record]) -> None:
        """Add these rows; they are on the disk on return.

        :raises OSError: they could not be written, or not all of them.
        """
        with self.held() as file:
            new = os.fstat(file).st_size == 0
            for lines in _in_parts(map(line_of, records), b"" if _ends_well(file) else b"\n"):
                _write(file, lines)
            os.fsync(file)
        if new:
            sync_folder(self.path.parent)

    def lacks(self, records: Collection[Record]) -> list[Record]:
        """Those of these rows that are not in the file.

        :raises OSError: the file cannot be read.
        """
        wanted = {record.hash for record in records}
        there = {record.hash for record in self.records() if record.hash in wanted} if wanted else set()
        return [record for record in records if record.hash not in there]

    def rewrite(self, records: Iterable[Record], *, seen: Mark, keep: bool = False) -> Mark:
        """Make the file anew, at once and whole, of these rows, and after them those that were added since the mark ``seen``.

        The rows are taken one by one, however many they are. ``keep``: what was there, under another name.

        :returns: the new file's mark after these rows: what was added since stands behind it.
        :raises OSError: it could not be written; what was there is there still.
        """
        temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        made = SecondCopy(temporary)
        try:
            temporary.unlink(missing_ok=True)
            made.add(records)
            mark = made.mark()
            with self._replacing():  # from here on nobody adds to a file that is about to lose its name
                if late := made.lacks(self.since(seen)):
                    made.add(late)
                if keep:
                    self._name_aside()
                temporary.replace(self.path)
        finally:  # nothing of it is left, whatever failed: the rows are read while they are written
            temporary.unlink(missing_ok=True)
        sync_folder(self.path.parent)
        return mark

    def kept_aside(self) -> "list[SecondCopy]":
        """What :meth:`put_aside` has kept."""
        return [SecondCopy(path) for path in sorted(self.path.parent.glob(f"{self.path.name}.aside-*"))]

    def put_aside(self) -> None:
        """Keep what is there under another name: it is not this record's."""
        with self._replacing():
            self.path.rename(self._free_name())
        sync_folder(self.path.parent)

    def _replacing(self) -> AbstractContextManager[object]:
        """The turn; but a system without turns may refuse to take the name from an open file."""
        return self.held() if there_are_turns() else nullcontext()

    def _name_aside(self) -> None:
        """A second name for what is there: until another takes the first, there is no moment without a copy."""
        aside = self._free_name()
        try:
            os.link(self.path, aside)
        except OSError:  # a file system where nothing has two names
            self.path.rename(aside)

    def _free_name(self) -> Path:
        names = (self.path.with_name(f"{self.path.name}.aside-{number}") for number in range(1, 1_000_000))
        return next(path for path in names if not path.exists())

    def _taken(self) -> int:
        """The file that has the name now, opened, its turn taken."""
        while True:
            file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
            try:
                take_turn(file)
                if self._is(file):
                    return file
            except BaseException:
                os.close(file)
                raise
            os.close(file)  # another has taken its place meanwhile

    def _is(self, file: int) -> bool:
        """Whether this open file still has the name."""
        try:
            return os.path.samestat(os.fstat(file), self.path.stat())
        except FileNotFoundError:
            return False


def _in_parts(lines: Iterable[bytes], before: bytes) -> Iterator[bytes]:
    """The lines put together, not too many at a time, and this ``before`` the first."""
    part, size = [before], 0
    for line in lines:
        part.append(line)
        size += len(line)
        if size >= AT_ONCE:
            yield b"".join(part)
            part, size = [], 0
    if size:
        yield b"".join(part)


def _write(file: int, data: bytes) -> None:
    """All of it: a disk that fills up takes a part and says nothing."""
    while data:
        data = data[os.write(file, data) :]


def _ends_well(file: int) -> bool:
    """Whether the file is empty or ends with a line's end."""
    size = os.fstat(file).st_size
    if not size:
        return True
    os.lseek(file, -1, os.SEEK_END)
    return os.read(file, 1) == b"\n"


def _backwards(file: int) -> Iterator[bytes]:
    """The file's lines from the last to the first."""
    end, rest = os.fstat(file).st_size, b""
    while end > 0:
        begin = max(0, end - CHUNK)
        os.lseek(file, begin, os.SEEK_SET)
        first, *lines = (os.read(file, end - begin) + rest).split(b"\n")
        yield from (line for line in reversed(lines) if line)
        rest, end = first, begin
    if rest:
        yield rest
