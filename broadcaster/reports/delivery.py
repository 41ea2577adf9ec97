"""A document reaches its file whole, or the file stays as it was."""

import os
import stat
from pathlib import Path
from secrets import token_hex
from typing import ClassVar

from broadcaster.errors import RecordUnavailable, UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.locale.system import clause


class NoPlaceForADocument(UsageError):
    """What the document is to be written to can hold none."""

    sentence: ClassVar[str] = N_("{name} cannot be written: {problem}. Give the name of a file.")


class DocumentNotWritten(RecordUnavailable):
    """The disk did not take the document."""

    sentence: ClassVar[str] = N_(
        "{name} could not be written ({problem}); what was there is as it was. Choose another place and try again."
    )


def deliver(content: bytes, path: Path) -> None:
    """Write ``content`` to ``path``, over an older file of that name; through a link, to what it leads to.

    :raises NoPlaceForADocument: ``path`` is a folder or a device, or its folder is not there.
    :raises DocumentNotWritten: the disk is full, or may not be written.
    """
    try:
        place = path.resolve()
        old = place.stat().st_mode if place.exists() else None
        if old is not None and not stat.S_ISREG(old):
            problem = _("it is a folder") if stat.S_ISDIR(old) else _("it is no ordinary file")
            raise NoPlaceForADocument(name=shown(str(path)), problem=problem)
        if not place.parent.is_dir():
            raise NoPlaceForADocument(name=shown(str(path)), problem=_("its folder is not there"))
        _replace(place, content, old)
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError
        problem = clause(error) if isinstance(error, OSError) else _("it is a link to itself")
        raise DocumentNotWritten(name=shown(str(path)), problem=problem) from error


def _replace(place: Path, content: bytes, mode: int | None) -> None:
    temporary = place.with_name(f".broadcaster-{token_hex(8)}")  # not longer than names can be, whatever the name
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(stat.S_IMODE(mode))
        temporary.replace(place)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
