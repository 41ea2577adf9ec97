"""The second copy: every row of the journal as one line of JSON in a plain file beside the database.

A row goes into the database first, then here; only then it is acknowledged. So the copy holds nothing that the database has
not held, and either can be made again from the other. Lines are only ever added, each by one write at the file's end, so
that several processes may add at once; one that was cut short is followed by a new line and left out when the file is read.
The same row may stand here twice: its key and its hash say so.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from broadcaster.journal.chain import digest
from broadcaster.journal.payload import dumps
from broadcaster.journal.row import Record
from broadcaster.store.marker import sync_folder

SUFFIX = ".jsonl"
CHUNK = 1 << 16
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
    """The copy at ``path``. Nothing is made before the first row."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def mark(self) -> tuple[int, int]:
        """Something that differs when lines were added or another file took its place; zeros where there is none."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_ino, found.st_size

    def records(self) -> Iterator[Record]:
        """Every row, in the order of the lines; what cannot be read is left out. Nothing where there is no file.

        :raises OSError: the file cannot be read.
        """
        if self.path.exists():
            with self.path.open("rb") as file:
                for line in file:
                    record = record_of(line)
                    if record is not None:
                        yield record

    def last(self) -> Record | None:
        """The row of the last line that can be read.

        :raises OSError: the file cannot be read.
        """
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            for line in _backwards(file.fileno()):
                record = record_of(line)
                if record is not None:
                    return record
        return None

    def add(self, records: Iterable[Record]) -> None:
        """Add these rows; they are on the disk on return.

        :raises OSError: they could not be written, or not all of them.
        """
        lines = b"".join(map(line_of, records))
        new = not self.path.exists()
        file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _write(file, lines if _ends_well(file) else b"\n" + lines)
            os.fsync(file)
        finally:
            os.close(file)
        if new:
            sync_folder(self.path.parent)

    def rewrite(self, records: Iterable[Record]) -> None:
        """Make the file anew, at once and whole, of these rows.

        :raises OSError: it could not be written; what was there is there still.
        """
        temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            temporary.unlink(missing_ok=True)
            SecondCopy(temporary).add(records)
            temporary.replace(self.path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(self.path.parent)

    def kept_aside(self) -> "list[SecondCopy]":
        """What :meth:`put_aside` has kept."""
        return [SecondCopy(path) for path in sorted(self.path.parent.glob(f"{self.path.name}.aside-*"))]

    def put_aside(self) -> None:
        """Keep what is there under another name: it is not this record's."""
        aside = (self.path.with_name(f"{self.path.name}.aside-{number}") for number in range(1, 1_000_000))
        self.path.rename(next(path for path in aside if not path.exists()))
        sync_folder(self.path.parent)


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
