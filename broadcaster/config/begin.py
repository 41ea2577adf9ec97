"""A new station: the folder ``template`` beside this file, laid down where a person wants it.

``config.toml`` comes last and in one step: cut short at any moment, what is there is no station.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from broadcaster.config.keys import FILE
from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause

TEMPLATE = Path(__file__).with_name("template")
HIDDEN = {"gitignore": ".gitignore"}
"""Files that get their dot only here: within the program's own folder they would act on it."""
EXAMPLE = Path("schedules", "temporada.toml.ejemplo")


class FolderTaken(BadInput):
    """There is something in the folder already."""

    sentence = N_("{folder} is not empty, so no station was made there. Name a new folder or an empty one.")


class CannotBegin(BadInput):
    """The folder cannot be made or written."""

    sentence = N_("No station could be made in {folder} ({problem}). Choose another place and try again.")


def begin_station(folder: Path) -> Path:
    """Make a station with commented defaults in ``folder``, a new one or an empty one; answers its absolute path.

    :raises FolderTaken: something is in it.
    :raises CannotBegin: it cannot be made or written; nothing of it stays.
    """
    folder = folder.resolve()
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FolderTaken(folder=folder)
        _fill(folder, is_new=is_new)
    except OSError as error:
        raise CannotBegin(folder=folder, problem=clause(error)) from error
    return folder


def _fill(folder: Path, *, is_new: bool) -> None:
    try:
        (folder / "episodes").mkdir()
        for source in sorted(TEMPLATE.rglob("*")):
            name = source.relative_to(TEMPLATE)
            if source.is_dir():
                (folder / name).mkdir()
            elif name != Path(FILE):
                _copy(source, folder / name.with_name(HIDDEN.get(name.name, name.name)))
        whole = folder / f".{FILE}.new"
        _copy(TEMPLATE / FILE, whole)
        whole.rename(folder / FILE)
    except BaseException:
        _undo(folder, is_new=is_new)
        raise


def _copy(source: Path, target: Path) -> None:
    with target.open("xb") as file:
        file.write(source.read_bytes())
        file.flush()
        os.fsync(file.fileno())


def _undo(folder: Path, *, is_new: bool) -> None:
    """Take away what was begun in a folder that was empty."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if is_new:
        with suppress(OSError):
            folder.rmdir()
