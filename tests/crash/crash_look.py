"""A disk after a crash, as it is found: read from a copy, by SQLite and the journal's own words, before anything mends it."""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crash_disk import Snapshot

from broadcaster.journal.chain import Verification, verify
from broadcaster.journal.events import Ended
from broadcaster.journal.nodes import COLUMNS
from broadcaster.journal.reading import as_records
from broadcaster.journal.row import Row, understand
from broadcaster.model import AiringId
from broadcaster.store import guarantees

DATABASE, COPY = "data/broadcaster.db", "data/broadcaster.jsonl"
THIS, NEXT = "this", "next"


@dataclass(frozen=True)
class Look:
    """What the record says. No record yet: no rows, of no layout."""

    rows: tuple[Row, ...] = ()
    integrity: str = "ok"
    layout: str | None = None
    """:data:`THIS` release's, the :data:`NEXT` one's, ``None``: empty; anything else is neither."""
    chain: Verification | None = None
    copied: Mapping[str, str] = field(default_factory=dict)
    """What the second copy says: key of a row → its hash."""

    @property
    def ends(self) -> dict[AiringId, Ended]:
        """The terminal rows; of two the later."""
        return {row.event.airing: row.event for row in self.rows if isinstance(row.event, Ended)}


def take(root: Path) -> Snapshot:
    """Everything below ``root``, and it."""
    found: Snapshot = {str(root): None}
    for path in sorted(root.rglob("*")):
        found[str(path)] = None if path.is_dir() else path.read_bytes()
    return found


def put(snapshot: Snapshot, root: Path) -> None:
    """Nothing but the snapshot below ``root``, wherever it was taken at the same place."""
    shutil.rmtree(root, ignore_errors=True)
    for path, content in sorted(snapshot.items()):
        if content is None:
            Path(path).mkdir(parents=True, exist_ok=True)
        else:
            Path(path).write_bytes(content)


def look(root: Path, workshop: Path) -> Look:
    """Read the record of ``root`` from a copy, so that the looking mends nothing."""
    copy = workshop / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy)
    database = copy / DATABASE
    if not database.exists():
        return Look()
    connection = sqlite3.connect(database)
    try:
        return _looked(connection, dict(_copied(copy / COPY)))
    except (sqlite3.Error, ValueError) as problem:
        return Look(integrity=f"{type(problem).__name__}: {problem}")
    finally:
        connection.close()


def _looked(connection: sqlite3.Connection, copied: Mapping[str, str]) -> Look:
    integrity = " ".join(str(line) for (line,) in connection.execute("PRAGMA integrity_check"))
    layout = _layout(connection)
    if layout is None:
        return Look(integrity=integrity, copied=copied)
    columns = ", ".join(column.name for column in COLUMNS)
    found = connection.execute(f"SELECT {columns} FROM journal ORDER BY node, epoch, seq").fetchall()  # noqa: S608
    records = list(as_records(found))
    return Look(tuple(map(understand, records)), integrity, layout, verify(records), copied)


def _layout(connection: sqlite3.Connection) -> str | None:
    """Which release's layout it is, judged by every part that the migration of the next one makes."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not names:
        return None
    (version,) = connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()
    whole = {"journal", "identity", "credentials", "pin_tries", *guarantees.TRIGGERS} <= names
    column = any(row[1] == "since" for row in connection.execute("PRAGMA table_info(credentials)"))
    parts = (version == "next", "spoken" in names, "ix_spoken_words" in names, column)
    if not whole or len(set(parts)) > 1:
        return f"in between: {sorted(names)}, version {version}"
    return NEXT if column else THIS


def _copied(path: Path) -> Iterator[tuple[str, str]]:
    """The rows of the second copy; a line that is none was cut short."""
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        yield f"{row['node']}-{row['epoch']}-{row['seq']}", row["hash"]
