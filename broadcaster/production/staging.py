"""The folder where an episode is made ready, out of everybody's sight, and how it takes its place in one step.

Everything is written and made durable under ``data/intake``; ``episodes/`` sees one renaming, or nothing.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.locale.system import clause
from broadcaster.model import Sha256
from broadcaster.sound.findings import refused
from broadcaster.sound.regular import open_regular

ASIDE = "aside"
"""Where, in a staging folder, an episode's old folder waits while the new one takes its place."""
_PREFIX = "adding-"
_BLOCK = 1 << 20


class CannotStore(BroadcasterError):
    """The station's folder cannot be written."""

    exit_code = 74
    sentence = N_(
        "The episode could not be stored ({problem}), so nothing was added. Check the disk, free space and try again."
    )


@contextmanager
def staging(station: Station) -> Iterator[Path]:
    """A private folder on the station's own disk, gone afterwards whatever happens. Disk faults become one sentence.

    What a killed predecessor left is put right first. A folder belongs to the process that holds its lock.
    """
    room = station.data / "intake"
    try:
        room.mkdir(parents=True, exist_ok=True)
        with placing(station):
            _sweep(room, station.episodes)
            folder = Path(tempfile.mkdtemp(dir=room, prefix=_PREFIX))
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            _hold(descriptor)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(descriptor)
    except OSError as problem:
        raise CannotStore(problem=clause(problem)) from problem


@contextmanager
def placing(station: Station) -> Iterator[None]:
    """Held by whoever checks that a place is free and takes it: one at a time."""
    with (station.data / "intake" / "lock").open("w") as lock:
        _hold(lock.fileno())
        yield


def _hold(descriptor: int, *, wait: bool = True) -> None:
    """Hold an open file or folder alone, until it is closed or the process ends.

    :raises BlockingIOError: somebody else holds it and ``wait`` is false.
    """
    try:
        import fcntl  # noqa: PLC0415  a coordinator's system may have none, and only adding an episode needs it
    except ImportError:
        raise CannotStore(problem=_("this system cannot reserve a folder for one program")) from None
    fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sweep(room: Path, episodes: Path) -> None:
    """Remove the folders of dead processes; an episode that one of them had moved aside goes back first."""
    for folder in room.glob(f"{_PREFIX}*"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _hold(descriptor, wait=False)
            for aside in folder.glob(f"{ASIDE}/*"):
                if not (episodes / aside.name).exists():
                    aside.rename(episodes / aside.name)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(descriptor)


def copy_in(source: Path, target: Path, most_bytes: int, progress: Callable[[float], None]) -> Sha256:
    """Copy an ordinary file to ``target``; answers the SHA-256 of the copy, which is what will be looked at and kept.

    Raises :class:`~broadcaster.sound.findings.Refused` for what is no ordinary file or larger than ``most_bytes``.
    """
    name = shown(source.name)
    digest, copied = hashlib.sha256(), 0
    with open_regular(source) as file, target.open("xb") as copy:
        size = max(1, os.fstat(file.fileno()).st_size)
        while block := _read(file.read, name):
            copied += len(block)
            if copied > most_bytes:
                raise refused("too_large", name=name, limit_mb=most_bytes // 1_000_000)
            digest.update(block)
            copy.write(block)
            progress(min(1.0, copied / size))
    return Sha256(digest.hexdigest())


def _read(read: Callable[[int], bytes], name: str) -> bytes:
    """A stick pulled out while it is read is a fault of the recording, not of the station's disk."""
    try:
        return read(_BLOCK)
    except OSError as problem:
        raise refused("unreadable", name=name, problem=clause(problem)) from None


def sha256_of(path: Path) -> Sha256:
    """SHA-256 of a file that we wrote."""
    with path.open("rb") as file:
        return Sha256(hashlib.file_digest(file, "sha256").hexdigest())


def settle(folder: Path) -> None:
    """Make a folder and everything in it durable."""
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def carry_over(old: Path, new: Path) -> None:
    """Give ``new`` everything that ``old`` holds, sharing the bytes where the disk can."""
    shutil.copytree(old, new, copy_function=_share, dirs_exist_ok=True)


def _share(old: str, new: str) -> str:
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)
    return new


@contextmanager
def in_place(ready: Path, place: Path, stage: Path) -> Iterator[None]:
    """Put the folder ``ready`` at ``place`` for good, or, when the body fails, put back what stood there.

    What stood there waits in ``stage`` meanwhile; all are on one disk.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = stage / ASIDE / place.name
    aside.parent.mkdir()
    with suppress(FileNotFoundError):
        place.rename(aside)
    try:
        ready.rename(place)
        _sync(place.parent)
        yield
    except BaseException:
        if place.exists() and not ready.exists():
            place.rename(ready)
        if aside.exists():
            aside.rename(place)
        _sync(place.parent)
        raise
