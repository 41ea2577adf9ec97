"""A connection that only reads, on any disk that can be read.

SQLite wants to write even then: in write-ahead mode readers and writers meet in a small shared file beside the database. On
a disk mounted read-only (a copy brought on a stick, a card that has worn out) there is nowhere to put it, and nobody
who writes.
"""

import os
import sqlite3
from pathlib import Path

from broadcaster.store.guarantees import BUSY_TIMEOUT_MS

NOWHERE_TO_MEET = frozenset(
    {"SQLITE_CANTOPEN", "SQLITE_READONLY_DIRECTORY", "SQLITE_READONLY_CANTINIT", "SQLITE_READONLY_RECOVERY"}
)
"""What SQLite answers when it can neither find nor make the shared file."""


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that sees every committed row and changes nothing.

    :raises sqlite3.Error: the file cannot be read.
    """
    try:
        return _connect(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname not in NOWHERE_TO_MEET or os.access(path.parent, os.W_OK):
            raise
    return _connect_to_still(path)


def _connect_to_still(path: Path) -> sqlite3.Connection:
    """Of a folder that takes no writing. Rows that were never moved out of the write-ahead log are read there, too."""
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and log.stat().st_size:
        return _connect(path, "mode=ro&vfs=unix-none", "PRAGMA locking_mode = EXCLUSIVE")  # no shared file, no locks
    return _connect(path, "mode=ro&immutable=1")


def _connect(path: Path, how: str, *before: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, isolation_level=None, check_same_thread=False)
    try:
        for pragma in (f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}", *before):
            connection.execute(pragma)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opens the file: nothing before did
    except BaseException:
        connection.close()
        raise
    return connection
