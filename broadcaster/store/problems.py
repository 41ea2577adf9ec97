"""What SQLite says when it cannot, put so that a person understands it; and the errors of this room."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from broadcaster.errors import BroadcasterError, RecordUnavailable
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause

PROBLEMS: Mapping[str, str] = {
    "SQLITE_BUSY": N_("another program holds it"),
    "SQLITE_LOCKED": N_("another program holds it"),
    "SQLITE_FULL": N_("the disk is full"),
    "SQLITE_READONLY": N_("the disk can only be read"),
    "SQLITE_CANTOPEN": N_("the file cannot be opened"),
    "SQLITE_PERM": N_("this user may not open the file"),
    "SQLITE_IOERR": N_("the disk does not answer"),
    "SQLITE_CORRUPT": N_("the file is damaged"),
    "SQLITE_NOTADB": N_("the file is not a database"),
    "SQLITE_CONSTRAINT_TRIGGER": N_("a row on record can be neither changed nor deleted"),
    "SQLITE_CONSTRAINT": N_("a row on record can be neither changed nor deleted"),
}
"""By SQLite's own name of the error, or the beginning of it."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
LITTLE = 65_536
"""Bytes; with fewer free a database cannot even be opened."""


FULL = ("SQLITE_FULL",)
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class RecordFull(RecordUnavailable):
    """There is no room for a row, nor for opening the database."""

    sentence = N_(
        "No space is left: {path} cannot take another row ({problem}), so nothing will play. "
        "Delete nothing; call the coordinator."
    )


class RecordDamaged(RecordUnavailable):
    """The file is not, or no longer, a sound database."""

    sentence = N_(
        "The record {path} is damaged ({problem}). `broadcaster run` puts it aside and goes on with what the second copy "
        "holds. Delete nothing; call the coordinator."
    )


class RecordMissing(RecordUnavailable):
    """The database this station once made is gone; a new, empty one beside it would hide that."""

    sentence = N_(
        "The record {path} that this station made before is not there, so nothing will play. "
        "Connect its disk again; if that does not help, call the coordinator."
    )


class RecordUnprotected(RecordUnavailable):
    """The database does not give, or no longer has, what the record's promises rest on."""

    sentence = N_(
        "The record {path} is not protected ({problem}), so nothing will play. Delete nothing; call the coordinator."
    )


class UnknownSchema(BroadcasterError):
    """The database was laid out by another program, or by a newer version of this one."""

    exit_code = 78
    sentence = N_(
        "The record {path} was written by a newer program or another one ({found}), so nothing will play. "
        "Install the program's latest version; delete nothing."
    )


class UnknownDatabase(BroadcasterError):
    """The station's database URL is not one this program can keep its promises on."""

    exit_code = 78
    sentence = N_(
        "The database {url} cannot keep the record, so nothing will play. "
        "Write a file as the station's database, as in sqlite:///data/broadcaster.db."
    )


def unavailable(error: BaseException, path: Path) -> RecordUnavailable:
    """An error of the database at ``path`` as this room's, of the class that tells whether it can be helped."""
    cause = getattr(error, "orig", None) or error
    name, problem = _name(cause, path), explain(error, path)
    if name.startswith(FULL) or no_room(cause):
        return RecordFull(path=path, problem=problem)
    kind = RecordDamaged if name.startswith(DAMAGED) else RecordUnavailable
    return kind(path=path, problem=problem)


def no_room(error: BaseException) -> bool:
    """Whether it is the disk that is full."""
    return isinstance(error, RecordFull) or (isinstance(error, OSError) and error.errno in NO_ROOM)


def _name(cause: BaseException, path: Path) -> str:
    """SQLite's own name of an error."""
    name = str(getattr(cause, "sqlite_errorname", "") or "")
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and _full(path.parent):
        return "SQLITE_FULL"  # what it says when not even its shared memory finds room
    if name.startswith("SQLITE_CANTOPEN") and _read_only(path.parent):
        return "SQLITE_READONLY"  # what it says when its log cannot be made
    return name


def _read_only(folder: Path) -> bool:
    """Whether the disk is mounted so that nobody writes on it; no system but those with ``statvfs`` says so."""
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except (AttributeError, OSError):
        return False


def explain(error: BaseException, path: Path) -> str:
    """The problem behind an error of the database at ``path`` as a clause for people; never the values of a row."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.Error):
        name = _name(cause, path)
        for start, problem in PROBLEMS.items():
            if name.startswith(start):
                return _(problem)
        return str(cause) or name
    if isinstance(cause, OSError):
        return clause(cause)
    return type(cause).__name__


def _full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < LITTLE
    except OSError:
        return False
