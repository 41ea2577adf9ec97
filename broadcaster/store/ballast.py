"""A reserve of the disk that only the record may use: given up when there is no room for a row."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from broadcaster.store.marker import sync_folder

SIZE = 8 << 20
"""Bytes: some ten thousand rows in both copies, and what SQLite needs beside them; weeks to make room again."""
SPARE = 4 * SIZE
"""With fewer bytes free none is laid: it would take the last room from others."""


def ballast_of(database: Path) -> Path:
    """Where the reserve lies, whether or not it is there."""
    return database.with_name("ballast")


def lay(database: Path) -> bool:
    """Take the reserve, unless it is there; whether it is there now."""
    path = ballast_of(database)
    if _whole(path):
        return True
    try:
        if shutil.disk_usage(path.parent).free < SPARE:
            return False
        _fill(path)
        sync_folder(path.parent)
    except OSError:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        return False
    return True


def free(database: Path) -> bool:
    """Give the reserve up; whether there was one."""
    try:
        ballast_of(database).unlink()
    except OSError:
        return False
    return True


def _whole(path: Path) -> bool:
    try:
        return path.stat().st_size == SIZE
    except OSError:
        return False


def _fill(path: Path) -> None:
    """Blocks of its own, whatever the disk makes of runs of zeros."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        block = os.urandom(1 << 20)
        for _ in range(SIZE // len(block)):
            os.write(file, block)
        os.fsync(file)
    finally:
        os.close(file)
