"""Files on a stick and beside it: read with suspicion, written so that after a pulled stick the old or the new one is there.

A stick is anybody's: a name on it may be a link, a pipe that never ends, or a file of a terabyte that holds nothing.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from broadcaster.hub.refusals import HalfCopied, Tampered
from broadcaster.store.marker import sync_folder

FOLDER = "broadcaster"
"""Ours on every stick."""
SMALL = 8 << 20
"""Bytes that a list or a card may have."""


def room_on(stick: Path) -> Path:
    """Our folder on a stick, whichever of the two was named."""
    return stick if stick.name == FOLDER else stick / FOLDER


@contextmanager
def opened(path: Path, size: int | None = None) -> Iterator[BinaryIO]:
    """A plain file of a stick, of exactly this size where one is said.

    :raises HalfCopied: it is not there, or shorter.
    :raises Tampered: it is a link, a pipe or a folder, or longer.
    :raises OSError: the stick does not answer.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError as error:
        raise HalfCopied(problem=path.name) from error
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO, errno.EISDIR}:
            raise Tampered(problem=path.name) from error
        raise
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise Tampered(problem=path.name)
    with os.fdopen(descriptor, "rb") as file:
        if size is not None and found.st_size > size:
            raise Tampered(problem=path.name)
        if size is not None and found.st_size < size:
            raise HalfCopied(problem=path.name)
        yield file


def read_small(path: Path) -> bytes:
    """A list or a card. Raises as :func:`opened` does."""
    with opened(path) as file:
        text = file.read(SMALL + 1)
    if len(text) > SMALL:
        raise Tampered(problem=path.name)
    return text


def write_whole(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """A small file, on the disk on return; whole, or what was there before.

    :raises OSError: it could not be written.
    """
    write_by(path, lambda file: file.write(content), mode=mode)


def write_by(path: Path, write: Callable[[BinaryIO], object], *, mode: int = 0o644) -> None:
    """A file as ``write`` writes it: beside, synced, then under its name. Raises what that raises, and :class:`OSError`."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        beside.unlink()
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    sync_folder(path.parent)
