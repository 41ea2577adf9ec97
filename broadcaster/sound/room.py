"""Room on the disk: what work on sound leaves free, because the record must always find some."""

import shutil
from pathlib import Path

KEEP_FREE = 256 << 20
"""Bytes of the disk that nothing made from a recording ever takes."""


class NoRoom(Exception):
    """The disk is too full to go on."""


def check_room(folder: Path, more: int = 0) -> None:
    """Return when ``more`` bytes can be written into ``folder``; raise :class:`NoRoom` when they would be too many."""
    if shutil.disk_usage(folder).free - more < KEEP_FREE:
        raise NoRoom
