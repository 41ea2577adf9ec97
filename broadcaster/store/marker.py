"""The mark a station keeps of having a record, so that a lost one is never replaced by a new, empty one.

It lies in the station's folder, outside the folder of the database: when the data disk is not mounted or the folder was
deleted, the mark is still there and says so. It names the database's place: in a copy of the station's folder it means
nothing. Databases that belong to no station's folder (a rehearsal's) have none.
"""

import os
import threading
from pathlib import Path

NAME = ".record"


def mark_of(database: Path) -> Path | None:
    """Where the mark of this database lies: beside the ``config.toml`` next to its folder; ``None`` without one."""
    station = database.parent.parent
    return station / NAME if (station / "config.toml").is_file() else None


def names(mark: Path | None, database: Path) -> bool:
    """Whether the mark says that a record was made at this place."""
    if mark is None or not mark.is_file():
        return False
    return str(database) in mark.read_text(encoding="utf-8", errors="surrogateescape").splitlines()


def leave(mark: Path, database: Path, node: str) -> None:
    """Write down, durably, that a record was made at this place, by ``node``."""
    temporary = mark.with_name(f"{mark.name}.{os.getpid()}-{threading.get_ident()}")
    with temporary.open("w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(f"{node}\n{database}\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(mark)
    sync_folder(mark.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where a system lets folders be opened; elsewhere it sees to that itself."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
