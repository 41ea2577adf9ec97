"""Which rundown is meant, and how one from elsewhere comes to live with its episode."""

import filecmp
import shutil
from pathlib import Path

from broadcaster.config import Station
from broadcaster.errors import BadInput, Fault
from broadcaster.library.shelf import folder_of
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.production.rundown.reading import Rundown, RundownFaults, read_rundown
from broadcaster.production.submission import RUNDOWN
from broadcaster.store.marker import sync_folder


class NoRundown(BadInput):
    """There is nothing to build from."""

    sentence = N_(
        "There is no rundown {name}, so nothing was built. Write one beside its recordings, or check the name and the folder."
    )


class AnotherRundown(BadInput):
    """The episode has a rundown that is not this one."""

    sentence = N_(
        "Episode {number} has another rundown in {folder}, so nothing was built. Change that one and build it with "
        "`broadcaster episode build {number}`, or move it away."
    )


def rundown_of(station: Station, number: int) -> Rundown:
    """The rundown in the episode's own folder. Raises :class:`NoRundown` and :class:`RundownFaults`."""
    path = folder_of(station, number) / RUNDOWN
    name = f"{station.episodes.name}/{path.parent.name}/{RUNDOWN}"
    if not path.is_file() or path.is_symlink():
        raise NoRundown(name=name)
    rundown = read_rundown(path, name)
    if rundown.number != number:
        expected = _("expected {number}, the number of its folder").format(number=number)
        raise RundownFaults([Fault(name, "number", expected)])
    return rundown


def rundown_at(station: Station, path: Path) -> Rundown:
    """The rundown in a file anywhere. Raises as :func:`rundown_of` does, and :class:`AnotherRundown`."""
    if not path.is_file():
        raise NoRundown(name=shown(str(path)))
    if (
        path.name == RUNDOWN
        and path.resolve().parent.parent == station.episodes.resolve()
        and path.parent.name.isdigit()
    ):
        return rundown_of(station, int(path.resolve().parent.name))
    rundown = read_rundown(path, shown(path.name))
    own = folder_of(station, rundown.number) / RUNDOWN
    if own.is_file() and not filecmp.cmp(own, path, shallow=False):
        folder = f"{station.episodes.name}/{own.parent.name}"
        raise AnotherRundown(number=rundown.number, folder=folder)
    return rundown


def bring_in(station: Station, rundown: Rundown, path: Path) -> None:
    """Copy a rundown from elsewhere and the files it names beside its episode, so that it can be built again from there."""
    home = folder_of(station, rundown.number)
    if path.resolve().parent == home.resolve():
        return
    sources = [*(item.source for item in rundown.items), *(bed.source for bed in rundown.beds)]
    for name in sorted({source.file for source in sources if source.file}):
        _copy(rundown.folder / name, home / name)
    _copy(path, home / RUNDOWN)  # last: where it is, its parts are
    sync_folder(home)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, half)
    half.replace(target)
