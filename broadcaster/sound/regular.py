"""Opening a file that a person names: an ordinary file or nothing, and never a wait."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from broadcaster.locale.shown import shown
from broadcaster.locale.system import clause
from broadcaster.sound.findings import Refused, refused


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """``path`` opened for reading. A link is followed to what it names.

    Raises :class:`Refused` for what is missing, unreadable, or no ordinary file. ``O_NONBLOCK`` lets a pipe without a
    writer, or a device, be opened and looked at without waiting for it.
    """
    name = shown(path.name)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise refused("not_found", name=name) from None
    except OSError as problem:
        raise _unreadable(path, name, problem) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise refused("not_a_file", name=name)
    with os.fdopen(descriptor, "rb") as file:
        yield file


def _unreadable(path: Path, name: str, problem: OSError) -> Refused:
    """A socket, a device without a driver and a forbidden file all fail to open: say which."""
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
    except OSError:
        regular = True
    return refused("unreadable", name=name, problem=clause(problem)) if regular else refused("not_a_file", name=name)
