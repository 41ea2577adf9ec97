"""Values of ``config.toml`` changed by the program, as a careful person would: the rest stays, letter for letter.

::

    read ─▶ changed, comments kept ─▶ is it still that file but for these values? ─▶ a good station? ─▶ put in its place
"""

import os
import shutil
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable, Item

from broadcaster.config.document import read_document
from broadcaster.config.keys import FILE
from broadcaster.config.load import station_of
from broadcaster.config.station import Station
from broadcaster.errors import ConfigurationError, Fault, RecordUnavailable
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause

Value = str | int | float | bool | date | list[str]
TRIES = 3
"""An editor may save the file while it is being changed here: then what it saved is changed instead."""
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Some editors begin a file with it."""
SUPPOSED = ("# unconfirmed", "# por confirmar")
"""How the remark begins beside a value that somebody supposed."""


class SettingNotKept(RecordUnavailable):
    """The file could not be replaced."""

    sentence: ClassVar[str] = N_(
        "{path} could not be written ({problem}), so the setting stays as it was. Delete nothing; call the coordinator."
    )


class FileBusy(SettingNotKept):
    """Somebody else changes it all the time."""

    sentence: ClassVar[str] = N_(
        "{path} is being changed by somebody else, so the setting stays as it was. Close the editor and try again."
    )


def set_value(root: Path, key: str, value: Value) -> Station:
    """Set one key of the station in folder ``root``, by its dotted path; the station as it then is.

    :raises ConfigurationError: the file is wrong, or would be; it stays as it was.
    :raises SettingNotKept: it cannot be written; it stays as it was.
    """
    return set_values(root, {key: value})


def set_values(root: Path, values: Mapping[str, Value | None], *, confirmed: bool = False) -> Station:
    """Several keys at once: all of them or none. Tables that are not there are made; a key whose value is ``None`` goes.

    ``confirmed``: somebody found these values right, so a remark that they are supposed goes too. Raises as
    :func:`set_value` does.
    """
    path = (root / FILE).resolve()  # where it is a link, the file stays where it is
    for _try in range(TRIES):
        before = _stamp(path)
        text = _changed(path, values, confirmed=confirmed)
        station = station_of(root.resolve(), tomllib.loads(text.removeprefix(BOM)))
        if _replace(path, text, before):
            return station
    raise FileBusy(path=path)


def _changed(path: Path, values: Mapping[str, Value | None], *, confirmed: bool) -> str:
    """The file's text with the values in it, and nothing else changed."""
    wanted = read_document(path, FILE)  # says what is wrong with it, if anything is
    text = path.read_bytes().decode("utf-8")
    mark = BOM if text.startswith(BOM) else ""
    try:
        document = tomlkit.parse(text.removeprefix(mark))
        for key, value in values.items():
            _put(document, key, value)
            _put(wanted, key, value)
            if confirmed:
                _confirm(document, key)
        changed = tomlkit.dumps(document)
        faithful = tomllib.loads(changed) == wanted
    except (TOMLKitError, ValueError, TypeError, KeyError, AttributeError):
        faithful = False
    if not faithful:
        problem = _("the program cannot change it here; change it with a text editor")
        raise ConfigurationError([Fault(FILE, key, problem) for key in values])
    return mark + changed


def _put(document: "tomlkit.TOMLDocument | dict[str, Any]", key: str, value: Value | None) -> None:
    *tables, name = key.split(".")
    table: Any = document
    for part in tables:
        if part not in table:
            if value is None:
                return
            table[part] = tomlkit.table() if isinstance(table, Container | AbstractTable) else {}
        table = table[part]
    if value is None:
        table.pop(name, None)
    elif name not in table and isinstance(table, AbstractTable):
        _add(table, name, value)
    else:
        table[name] = value


def _add(table: AbstractTable, name: str, value: Value) -> None:
    """A new key stands below the others, above the remarks that lead to the next table."""
    body, remarks = table.value.body, []
    while body and body[-1][0] is None:
        remarks.append(body.pop())
    table[name] = value
    body.extend(reversed(remarks))


def _confirm(document: tomlkit.TOMLDocument, key: str) -> None:
    """Take away the remark beside the value that it is supposed; any other stays."""
    item: Any = document
    for part in key.split("."):
        item = item.get(part, {})
    if isinstance(item, Item) and item.trivia.comment.startswith(SUPPOSED):
        item.trivia.comment = item.trivia.comment_ws = ""


def _stamp(path: Path) -> tuple[int, ...]:
    """Something that differs when the file was saved in between."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _replace(path: Path, text: str, before: tuple[int, ...]) -> bool:
    """Whether it was put in place: after a power cut the old file or the new one is there, whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        _dress(temporary, path)
        if _stamp(path) != before:
            return False
        temporary.replace(path)
        _settle(path.parent)
    except OSError as error:
        raise SettingNotKept(path=path, problem=clause(error)) from error
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _dress(temporary: Path, path: Path) -> None:
    """Whoever may read and write the old file may read and write the new one."""
    shutil.copymode(path, temporary)
    if hasattr(os, "chown"):
        owner = path.stat()
        with suppress(PermissionError):  # not root: it is this user's from now on
            os.chown(temporary, owner.st_uid, owner.st_gid)


def _settle(folder: Path) -> None:
    """Make the new name durable, where a system lets folders be opened."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
