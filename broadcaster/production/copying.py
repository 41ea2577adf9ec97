"""Copies into a staging folder and what makes them durable: a stranger's recording, an episode's older files."""

import hashlib
import os
import shutil
from collections.abc import Callable
from math import ceil
from pathlib import Path

from broadcaster.locale.shown import shown
from broadcaster.locale.system import clause
from broadcaster.model import Sha256
from broadcaster.sound.findings import refused
from broadcaster.sound.regular import open_regular
from broadcaster.sound.room import NoRoom, check_room
from broadcaster.store.marker import sync_folder

_BLOCK = 1 << 20


def copy_in(source: Path, target: Path, most_bytes: int, progress: Callable[[float], None]) -> Sha256:
    """Copy an ordinary file to ``target``; answers the SHA-256 of the copy, which is what will be looked at and kept.

    Raises :class:`~broadcaster.sound.findings.Refused` for what is no ordinary file, larger than ``most_bytes``, or larger
    than what the disk has to give.
    """
    name = shown(source.name)
    digest, copied = hashlib.sha256(), 0
    with open_regular(source) as file, target.open("xb") as copy:
        size = max(1, os.fstat(file.fileno()).st_size)
        if size > most_bytes:
            raise refused("too_large", name=name, limit_mb=most_bytes // 1_000_000)
        while block := _read(file.read, name):
            _check_room(target.parent, max(size - copied, len(block)), name)
            copied += len(block)
            if copied > most_bytes:
                raise refused("too_large", name=name, limit_mb=most_bytes // 1_000_000)
            digest.update(block)
            copy.write(block)
            progress(min(1.0, copied / size))
    return Sha256(digest.hexdigest())


def _check_room(folder: Path, more: int, name: str) -> None:
    try:
        check_room(folder, more)
    except NoRoom:
        raise refused("no_room", name=name, needed_mb=ceil(more / 1e6)) from None


def _read(read: Callable[[int], bytes], name: str) -> bytes:
    """A stick pulled out while it is read is a fault of the recording, not of the station's disk."""
    try:
        return read(_BLOCK)
    except OSError as problem:
        raise refused("unreadable", name=name, problem=clause(problem)) from None


def carry_over(old: Path, new: Path) -> None:
    """Give ``new`` everything that ``old`` holds, sharing the bytes where the disk can."""
    shutil.copytree(old, new, copy_function=_share, dirs_exist_ok=True)


def _share(old: str, new: str) -> str:
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)
    return new


def settle(folder: Path) -> None:
    """Make a folder and everything in it durable."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
        else:
            _sync(path)
    sync_folder(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
