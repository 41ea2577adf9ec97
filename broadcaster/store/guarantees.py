"""What the record's promises rest on, asked for on every connection and read back: an answer is believed, a wish is not.

``synchronous=FULL`` keeps every acknowledged row through a power cut (``NORMAL`` loses them); ``recursive_triggers`` closes
the way round the triggers that ``INSERT OR REPLACE`` takes; ``secure_delete`` wipes what is deleted from the file.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from broadcaster.store.problems import RecordUnprotected

BUSY_TIMEOUT_MS = 5_000

SETTINGS: Mapping[str, str | int] = {
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
}
"""Pragmas of a writing connection and the values SQLite must answer with; ``busy_timeout`` and ``journal_mode`` go first."""

TRIGGERS: Mapping[str, str] = {
    "journal_refuses_update": """CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal refuses UPDATE'); END""",
    "journal_refuses_delete": """CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal refuses DELETE'); END""",
    "journal_refuses_replace": """CREATE TRIGGER journal_refuses_replace BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE node = NEW.node AND epoch = NEW.epoch AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the journal refuses a second row of this key'); END""",
}
"""The triggers of the journal and their text, as the newest migration leaves them."""


def _answer(connection: sqlite3.Connection, pragma: str) -> str | int | None:
    row = connection.execute(f"PRAGMA {pragma}").fetchone()
    return row[0] if row else None


def secure(connection: sqlite3.Connection, path: Path) -> None:
    """Ask for every guarantee of a writing connection and read it back.

    :raises RecordUnprotected: the database did not grant one.
    """
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    if _answer(connection, "journal_mode") != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    for pragma, value in SETTINGS.items():
        connection.execute(f"PRAGMA {pragma} = {value}")
    wanted = {"busy_timeout": BUSY_TIMEOUT_MS, "journal_mode": "wal", **SETTINGS}
    for pragma, value in wanted.items():
        answer = _answer(connection, pragma)
        if answer != value:
            raise RecordUnprotected(path=path, problem=f"{pragma} = {answer}")


def check_triggers(connection: sqlite3.Connection, path: Path) -> None:
    """See that every trigger of the journal stands, word for word.

    :raises RecordUnprotected: one is missing or reads differently.
    """
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    for name, text in TRIGGERS.items():
        if found.get(name) != text:
            raise RecordUnprotected(path=path, problem=name)
