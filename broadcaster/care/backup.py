"""A backup: the station in one file that vouches for itself, made while the program runs.

::

    manifest.json          what is in it: sizes, SHA-256 of each file, the record's newest row
    broadcaster.db         the record as it was at one moment, PINs' hashes included: keep the file as you keep a key
    config.toml, schedules/*.toml
    episodes/NNN/          description, master, captions and pictures; no original, and nothing of what was withdrawn
    episodes/_parts/       recordings that episodes share

It is a ZIP file; the SHA-256 of its manifest stands in the archive's comment, so that one number vouches for everything.
"""

import hashlib
import json
import os
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from broadcaster import __version__
from broadcaster.care.withheld import WITHHOLDING, Withheld
from broadcaster.config import Station
from broadcaster.errors import BadInput, BroadcasterError
from broadcaster.journal.payload import utc_text
from broadcaster.journal.reading import read
from broadcaster.library.parts import FOLDER as PARTS
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause
from broadcaster.model import Sha256
from broadcaster.store.engine import open_to_read, whose
from broadcaster.store.marker import sync_folder
from broadcaster.store.problems import RecordFull, explain, unavailable

DATABASE, MANIFEST = "broadcaster.db", "manifest.json"
FORMAT = 1
SUFFIX = ".backup"
_ALLOWED = re.compile(r"config\.toml|schedules/[^/\\]+\.toml|episodes/([0-9]{3}|_parts)(/[^/\\]+)+")
"""The only names that a backup puts anywhere."""


class NothingToBackUp(BadInput):
    """There is no record."""

    sentence = N_("There is no record here yet, so there is nothing to back up: {name}.")


class BackupExists(BadInput):
    """A file is never overwritten."""

    sentence = N_("{name} is there already. Name another file or a folder.")


class BackupNotWritten(BroadcasterError):
    """The place would not take it."""

    exit_code = 74
    sentence = N_(
        "The backup could not be written to {path} ({problem}). Make room or choose another disk, and try again."
    )


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_utc: str
    node: str
    rows: int
    head: str | None
    """Hash of the newest row of this node."""
    files: dict[str, Sha256]
    """SHA-256 of each file, by its name in the backup."""
    program: str = __version__
    format: int = FORMAT


@dataclass(frozen=True)
class Backup:
    """A backup that was made."""

    path: Path
    sha256: Sha256
    """Of the whole file."""
    rows: int
    files: int
    bytes: int


def back_up(station: Station, to: Path, now: datetime) -> Backup:
    """Write a backup of the station to a new file, or into a folder under a name of its own. Changes nothing else.

    :raises NothingToBackUp: no record was ever made.
    :raises BackupExists: there is such a file.
    :raises BackupNotWritten: the place would not take it.
    :raises RecordUnavailable: the record cannot be read.
    """
    target = to / f"broadcaster-{now:%Y%m%dT%H%M%SZ}{SUFFIX}" if to.is_dir() else to
    if target.exists():
        raise BackupExists(name=target)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            database = Path(folder) / DATABASE
            rows, head, node = _record_as_of_now(station, database, target)
            sources = {DATABASE: database, **dict(_files(station))}
            files = {name: Sha256(_sha256(path)) for name, path in sources.items()}
            manifest = Manifest(utc_text(now), node, rows, head, files)
            archive = Path(folder) / "archive"
            _write(archive, manifest, sources)
            found = Backup(target, Sha256(_sha256(archive)), rows, len(files), archive.stat().st_size)
            archive.rename(target)
            sync_folder(target.parent)
    except OSError as error:
        raise BackupNotWritten(path=target, problem=clause(error)) from error
    return found


def _record_as_of_now(station: Station, target: Path, to: Path) -> tuple[int, str | None, str]:
    """The whole record as of one moment, whoever writes meanwhile; its rows, its newest hash and its node.

    :raises NothingToBackUp: there is none.
    :raises BackupNotWritten: there is no room for it.
    """
    store = open_to_read(station.database)
    if store is None:
        raise NothingToBackUp(name=station.root)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with store.reading() as connection:
            node, _epoch = whose(connection)
        with closing(sqlite3.connect(target)) as copy:
            store.driver().backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            rows = int(copy.execute("SELECT count(*) FROM journal").fetchone()[0])
            newest = "SELECT hash FROM journal WHERE node = ? ORDER BY epoch DESC, seq DESC LIMIT 1"
            head = copy.execute(newest, (node,)).fetchone()
    except sqlite3.Error as error:
        if isinstance(unavailable(error, target), RecordFull):  # the record is only read: it is the other disk
            raise BackupNotWritten(path=to, problem=explain(error, target)) from error
        raise unavailable(error, store.path) from error
    finally:
        store.close()
    return rows, head[0] if head else None, str(node)


def _files(station: Station) -> Iterator[tuple[str, Path]]:
    """The station's files that go into a backup, by name."""
    rows = read(station.database, kinds=WITHHOLDING)
    withheld = Withheld.of(rows, station)
    paths = [station.root / "config.toml", *sorted(station.schedules.glob("*.toml")), *_audio(station)]
    for path in paths:
        name = path.relative_to(station.root).as_posix()
        if allowed(name) and not withheld.keeps_out(name, lambda path=path: Sha256(_sha256(path))):  # type: ignore[misc]
            yield name, path


def _audio(station: Station) -> Iterator[Path]:
    """What lies in the episodes' folders and airs, and what they share; no original, no older revision."""
    for folder in sorted(station.episodes.glob("[0-9][0-9][0-9]")):
        yield from (path for path in sorted(folder.iterdir()) if path.is_file() and not _stays(path))
    yield from (path for path in sorted((station.episodes / PARTS).rglob("*")) if path.is_file())


def _stays(path: Path) -> bool:
    return path.name.startswith((".", "original."))


def _write(archive: Path, manifest: Manifest, sources: dict[str, Path]) -> None:
    """The archive, on the disk; audio is stored as it is, for it is packed already."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True, indent=1).encode()
    with archive.open("xb") as file:
        os.chmod(file.fileno(), 0o600)  # noqa: PTH101  of what is open, whatever has its name
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(MANIFEST, text)
            for name, path in sources.items():
                how = zipfile.ZIP_STORED if name.startswith("episodes/") else zipfile.ZIP_DEFLATED
                packed.write(path, name, compress_type=how)
            packed.comment = f"sha256:{hashlib.sha256(text).hexdigest()}".encode()
        file.flush()
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def allowed(name: str) -> bool:
    """Whether a backup may put a file of this name into a station."""
    return _ALLOWED.fullmatch(name) is not None and not {"..", "."}.intersection(name.split("/"))
