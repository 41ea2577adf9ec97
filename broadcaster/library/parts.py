"""Shared parts as they lie on disk: ``episodes/_parts/ID/``, each recording under the beginning of its own SHA-256.

A recording never changes its file: another one lies beside it, and a row of the journal says which is meant. So nothing
that is approved or built can change under anybody's hands.
"""

import os
from pathlib import Path

from broadcaster.config import Station
from broadcaster.library.catalogue import sha256_of
from broadcaster.model import Sha256
from broadcaster.store.marker import sync_folder

FOLDER = "_parts"
_SHOWN = 16
"""Digits of the hash that make the file's name."""


def folder_of_parts(station: Station) -> Path:
    """Where all of them lie, whether or not it exists."""
    return station.episodes / FOLDER


def file_of(station: Station, part: str, sha256: Sha256) -> Path | None:
    """The file of a shared part's recording; ``None`` when it is gone, or is something else by now."""
    folder = folder_of_parts(station) / part
    for path in sorted(folder.glob(f"{sha256[:_SHOWN]}.*")) if folder.is_dir() and not folder.is_symlink() else ():
        if path.is_file() and not path.is_symlink() and _is(path, sha256):
            return path
    return None


def _is(path: Path, sha256: Sha256) -> bool:
    try:
        return sha256_of(path) == sha256
    except OSError:
        return False


def put(station: Station, part: str, recording: Path, sha256: Sha256, container: str) -> Path:
    """Move a recording, which lies on the station's own disk, to where ``file_of`` finds it; durable on return."""
    folder = folder_of_parts(station) / part
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(recording, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    place = recording.rename(folder / f"{sha256[:_SHOWN]}.{container}")
    for made in (folder, folder.parent, folder.parent.parent):
        sync_folder(made)
    return place
