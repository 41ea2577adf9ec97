"""The sticks that are plugged into this computer: folders that its system has mounted, or that hold what ours hold."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from broadcaster.hub.stick import FOLDER

PLACES: Sequence[Path] = (Path("/media"), Path("/run/media"), Path("/mnt"))
"""Where systems mount them: there, or one folder deeper (the user's)."""


def sticks() -> tuple[Path, ...]:
    """Those that are there now, by name. A person chooses among them; no path is ever typed into the panel."""
    return tuple(sorted({found for place in PLACES for found in _below(place) if _is_stick(found)}))


def _below(place: Path) -> Iterator[Path]:
    for found in _folders(place):
        yield found
        yield from _folders(found)


def _folders(place: Path) -> list[Path]:
    with suppress(OSError):
        return [each for each in place.iterdir() if each.is_dir() and not each.is_symlink()]
    return []


def _is_stick(folder: Path) -> bool:
    with suppress(OSError):
        return folder.is_mount() or ((folder / FOLDER).is_dir() and os.access(folder, os.W_OK))
    return False
