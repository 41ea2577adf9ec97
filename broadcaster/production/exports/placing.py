"""Where copies go: never among the episodes, whole or not at all, durable, under a name that tells nothing but a number."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import ceil
from pathlib import Path
from typing import ClassVar

from broadcaster.config import Station
from broadcaster.errors import BadInput, BroadcasterError
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.locale.system import clause
from broadcaster.model import Sha256
from broadcaster.store.marker import sync_folder

FOLDER = "copies"
"""In the station: where copies go unless told otherwise."""
_BLOCK = 1 << 20
_SPARE_BYTES = 1 << 20


class PlaceTaken(BadInput):
    """Something of this name is there."""

    sentence: ClassVar[str] = N_(
        "{path} exists already, so nothing was copied. Move it away or give another name with -o."
    )


class PlaceForbidden(BadInput):
    """A copy inside the station would be taken for part of it."""

    sentence: ClassVar[str] = N_(
        "{path} lies inside the station, so nothing was copied there. Give a folder outside it with -o, such as a USB stick."
    )


class NoPlace(BadInput):
    """The folder is not there."""

    sentence: ClassVar[str] = N_(
        "There is no folder {path}, so nothing was copied. Check the stick or the name and try again."
    )


class PlaceFull(BadInput):
    """It does not fit."""

    sentence: ClassVar[str] = N_(
        "The copies need {needed_mb} MB and {path} has {free_mb} MB free, so nothing was copied. Make room."
    )


class NotCopied(BroadcasterError):
    """The disk or the stick failed."""

    exit_code: ClassVar[int] = 74
    sentence: ClassVar[str] = N_(
        "The copy could not be written ({problem}), so there is none. Check the disk or the stick."
    )


def name_of(number: int, suffix: str, extra: str = "") -> str:
    """``E03.mp3``: eight letters and three, which every player reads."""
    return f"E{number:02d}{extra}{suffix}"


def place_of(station: Station, given: Path | None, name: str) -> Path:
    """Where a copy is to lie; nothing is written. ``given``: a file, or a folder that is there.

    :raises PlaceForbidden, NoPlace, PlaceTaken: and why not there.
    """
    if given is None:
        folder = station.root / FOLDER
        return _free(folder / name)
    path = given.absolute()
    path = path / name if path.is_dir() else path
    if not path.parent.is_dir():
        raise NoPlace(path=shown(str(given if given.suffix == "" else given.parent)))
    refuse_inside(station, path)
    return _free(path)


def refuse_inside(station: Station, path: Path) -> None:
    """Return unless the path lies inside the station, but for its folder of copies."""
    real, root = path.resolve(), station.root.resolve()
    if real.is_relative_to(root) and not real.is_relative_to(root / FOLDER):
        raise PlaceForbidden(path=shown(str(path)))


def _free(path: Path) -> Path:
    if os.path.lexists(path):
        raise PlaceTaken(path=shown(str(path)))
    return path


def check_fits(folder: Path, needed: int) -> None:
    """Return when so many bytes fit."""
    free = shutil.disk_usage(folder).free
    if needed + _SPARE_BYTES > free:
        raise PlaceFull(path=shown(str(folder)), needed_mb=ceil(needed / 1e6), free_mb=free // 1_000_000)


def hash_of(path: Path) -> Sha256:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return Sha256(hashlib.file_digest(file, "sha256").hexdigest())


@contextmanager
def disk_faults_told() -> Iterator[None]:
    """A full stick or one pulled out becomes one sentence."""
    try:
        yield
    except OSError as problem:
        raise NotCopied(problem=clause(problem)) from problem


def put(source: Path, target: Path, about_to_be: Callable[[], None]) -> None:
    """Copy ``source`` beside ``target``, make it durable, call ``about_to_be``, and give it its name; or leave nothing."""
    with disk_faults_told():
        target.parent.mkdir(exist_ok=True)
        check_fits(target.parent, source.stat().st_size)
        beside = target.with_name(f".{target.stem[:6]}{os.getpid()}.tmp")
        try:
            _copy(source, beside)
            about_to_be()
            _name(beside, target)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as old, target.open("xb") as new:
        while block := old.read(_BLOCK):
            new.write(block)
        new.flush()
        os.fsync(new.fileno())


def _name(beside: Path, target: Path) -> None:
    if os.path.lexists(target):  # somebody was quicker
        raise PlaceTaken(path=shown(str(target)))
    beside.rename(target)
    with suppress(OSError):  # a stick's file system may not know how
        sync_folder(target.parent)
