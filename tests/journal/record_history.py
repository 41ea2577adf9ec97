"""What the tests of the record's safety share: rows of a few kinds, and the record as somebody finds it afterwards."""

import sqlite3
from dataclasses import replace
from pathlib import Path

from broadcaster.journal.append import Journal
from broadcaster.journal.copy import SecondCopy, copy_of
from broadcaster.journal.events import RecordIncident, Stopped, Withdrawn
from broadcaster.journal.proofs import Agreement, agreement
from broadcaster.journal.reading import read, verify_at
from broadcaster.journal.row import Row
from broadcaster.model import EpisodeNumber
from broadcaster.store.engine import database_path


def write(journal: Journal, *causes: str) -> list[Row]:
    """A row of each word."""
    return [journal.append(Stopped(cause)) for cause in causes]


def withdrawal(episode: int = 2) -> Withdrawn:
    return Withdrawn(EpisodeNumber(episode), 1, "P-01")


def causes(url: str) -> list[str]:
    """The words on record, in order."""
    return [row.event.cause for row in read(url) if isinstance(row.event, Stopped)]


def incidents(url: str) -> list[RecordIncident]:
    return [row.event for row in read(url) if isinstance(row.event, RecordIncident)]


def copied(url: str) -> list[str]:
    """The keys in the second copy, line by line."""
    return [record.key for record in SecondCopy(copy_of(database_path(url))).records()]


def whole(url: str) -> bool:
    """Whether the chain holds, no key is used twice, both copies tell the same and SQLite finds nothing wrong."""
    found = agreement(url)
    assert found is not None
    with sqlite3.connect(database_path(url)) as raw:
        sound = raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    keys = [row.play for row in read(url)]
    return (
        sound
        and verify_at(url).intact
        and len(keys) == len(set(keys))
        and replace(found, aside=None) == Agreement(len(keys), lacking=0, beyond=0, first_differing=None)
    )


def database_files(database: Path) -> list[Path]:
    return [path for path in (database.with_name(database.name + end) for end in ("", "-wal", "-shm")) if path.exists()]
