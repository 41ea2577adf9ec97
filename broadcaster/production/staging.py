"""The folder where an episode is made ready, out of everybody's sight, and how it takes its place in one step.

Everything is written and made durable under ``data/intake``; ``episodes/`` sees one renaming, or nothing.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.events import Admitted
from broadcaster.journal.row import Row
from broadcaster.library.shelf import EpisodeFile, read_episode
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause
from broadcaster.store.marker import sync_folder

ASIDE = "aside"
"""Where, in a staging folder, an episode's old folder waits while the new one takes its place."""
MARK = ".placing"
"""In an episode's new folder, until its row is written: the name of the staging folder it came from."""
_PREFIX = "adding-"


class CannotStore(BroadcasterError):
    """The station's folder cannot be written."""

    exit_code = 74
    sentence = N_(
        "The episode could not be stored ({problem}), so nothing was added. Check the disk, free space and try again."
    )


@contextmanager
def staging(station: Station) -> Iterator[Path]:
    """A private folder on the station's own disk, gone afterwards whatever happens. Disk faults become one sentence.

    A folder belongs to the process that holds its lock.
    """
    with _disk_faults_told():
        room = _room(station)
        room.mkdir(parents=True, exist_ok=True)
        with placing(station):
            folder = Path(tempfile.mkdtemp(dir=room, prefix=_PREFIX))
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            _hold(descriptor)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(descriptor)


def _room(station: Station) -> Path:
    return station.data / "intake"


@contextmanager
def _disk_faults_told() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise CannotStore(problem=clause(problem)) from problem


@contextmanager
def placing(station: Station) -> Iterator[None]:
    """Held by whoever checks that a place is free and takes it: one at a time."""
    with (_room(station) / "lock").open("w") as lock:
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


@contextmanager
def in_place(ready: Path, place: Path, stage: Path) -> Iterator[None]:
    """Put the folder ``ready`` at ``place`` for good, or, when the body fails, put back what stood there.

    What stood there waits in ``stage`` meanwhile; all are on one disk. Until the body is done the folder is marked with its
    stage's name, so that :func:`put_right` knows it when the body was never reached.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = stage / ASIDE / place.name
    aside.parent.mkdir()
    _mark(ready, stage)
    for folder in (aside.parent, stage, stage.parent):  # what is about to lie there must be found after a power cut
        sync_folder(folder)
    with suppress(FileNotFoundError):
        place.rename(aside)
    try:
        ready.rename(place)
        sync_folder(place.parent)
        yield
    except BaseException:
        if place.exists() and not ready.exists():
            place.rename(ready)
        if aside.exists():
            aside.rename(place)
        sync_folder(place.parent)
        raise
    with suppress(OSError):  # it is in place; a mark that stays is taken away by the next one
        (place / MARK).unlink()
        sync_folder(place)


def _mark(ready: Path, stage: Path) -> None:
    with (ready / MARK).open("w", encoding="utf-8") as file:
        file.write(stage.name)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(ready)


# What the dead have left


def put_right(station: Station, rows: Callable[[], Iterable[Row]]) -> None:
    """Undo what an intake had begun when it was killed or the power went: the record says what was admitted.

    ``rows``: the journal's (``Admitted`` are enough), read when no intake can be about to write one.
    """
    if _room(station).is_dir():
        with _disk_faults_told(), placing(station):
            _sweep(station, rows)


def _sweep(station: Station, rows: Callable[[], Iterable[Row]]) -> None:
    """Take back the folders that dead processes put in place without a row, put back what stood there, remove the rest."""
    with ExitStack() as held:
        stages = sorted(_room(station).glob(f"{_PREFIX}*"))
        dead = [stage for stage in stages if held.enter_context(nobody_holds(stage))]
        living = {stage.name for stage in stages} - {stage.name for stage in dead}
        for mark in sorted(station.episodes.glob(f"[0-9][0-9][0-9]/{MARK}")):
            if mark.read_text(encoding="utf-8", errors="replace") not in living:
                _judge(mark, station, rows)
        for aside in (path for stage in dead for path in stage.glob(f"{ASIDE}/*")):
            if not (station.episodes / aside.name).exists():
                aside.rename(station.episodes / aside.name)
                sync_folder(station.episodes)
        for stage in dead:
            shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def nobody_holds(stage: Path) -> Iterator[bool]:
    """Whether no living process holds a folder, such as a dead one's stage; if so it is ours meanwhile."""
    descriptor = os.open(stage, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            _hold(descriptor, wait=False)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _judge(mark: Path, station: Station, rows: Callable[[], Iterable[Row]]) -> None:
    """A folder that was put in place, and perhaps no more: with its row it stays, without it goes."""
    place = mark.parent
    if _is_admitted(read_episode(station, int(place.name)), rows()):
        mark.unlink()
        sync_folder(place)
        return
    undone = Path(tempfile.mkdtemp(dir=_room(station), prefix=_PREFIX))
    place.rename(undone / place.name)
    sync_folder(station.episodes)
    shutil.rmtree(undone, ignore_errors=True)


def _is_admitted(episode: EpisodeFile | None, rows: Iterable[Row]) -> bool:
    if episode is None or episode.newest is None:
        return False
    said = (episode.number, episode.newest.revision, episode.newest.master.sha256)
    admitted = (row.event for row in rows if isinstance(row.event, Admitted))
    return said in {(each.episode, each.revision, each.master_sha256) for each in admitted}
