"""Whether the disk takes what is written on it, for how long yet, and what it says of its own health.

Three ask after its health, because no one of them may ask every disk: ``smartctl`` (where it is installed, and whoever asks is
allowed to), the card's own figures under ``/sys`` (eMMC and SD, JEDEC JESD84-B51 "PRE_EOL_INFO"), and the errors that the
kernel counted on the file system (ext4).
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from broadcaster.care.checks import Check, Probe, broken, doubtful, well
from broadcaster.config import Station
from broadcaster.locale import gettext as _

SPACE, WRITABLE, HEALTH = "disk_space", "disk_writable", "disk_health"
LEAST = 100_000_000
"""Bytes; with fewer free the record itself is in danger."""
LITTLE = 1_000_000_000
FEW_FILES = 1_000
"""Files that can still be made; a disk may run out of them before it runs out of room."""
ANSWER_LIMIT_S = 3.0
SYS = Path("/sys")
WORN, WORN_OUT = 2, 3
"""PRE_EOL_INFO: 80 % of the spare blocks are used up; 90 %."""


def space(station: Station, now: datetime) -> Iterator[Check]:
    """How much the disk of the station takes yet, in bytes and in files."""
    del now
    yield _room(os.statvfs(_folder(station)))


def _room(found: os.statvfs_result) -> Check:
    free, files = found.f_bavail * found.f_frsize, found.f_favail
    facts: dict[str, Any] = {"free_bytes": free, "free_files": files}
    if free < LEAST:
        said = _(
            "No space is left on the disk ({free} free), so nothing can be put on record and no airing will go out."
        )
        return broken(SPACE, said.format(free=_size(free)), _nothing_deleted(), **facts)
    if found.f_files and files < FEW_FILES:  # some file systems do not count them
        said = _("The disk has room for only {files} more files, so soon nothing can be put on record.")
        return broken(SPACE, said.format(files=files), _nothing_deleted(), **facts)
    if free < LITTLE:
        said = _("Little space is left on the disk: {free}.").format(free=_size(free))
        return doubtful(SPACE, said, _nothing_deleted(), **facts)
    return well(SPACE, _("There is space on the disk: {free}.").format(free=_size(free)), **facts)


def writable(station: Station, now: datetime) -> Iterator[Check]:
    """Whether the disk takes writing: one that fails is often made read-only by the system."""
    del now
    folder = _folder(station)
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        said = _("The disk can only be read, so nothing can be put on record and no airing will go out.")
        todo = _("Restart the computer; if that does not help, call the coordinator.")
        yield broken(WRITABLE, said, todo, folder=str(folder))
    elif not os.access(folder, os.W_OK | os.X_OK):
        said = _("This user may not write into {folder}, so nothing can be put on record and no airing will go out.")
        todo = _("Start the program as the user who prepared this computer, or call the coordinator.")
        yield broken(WRITABLE, said.format(folder=folder), todo, folder=str(folder))
    else:
        yield well(WRITABLE, _("The disk can be written on."), folder=str(folder))


def health(station: Station, now: datetime) -> Iterator[Check]:
    """What the disk says of itself."""
    del now
    yield from of_device(_folder(station).stat().st_dev)


def of_device(device: int, sys: Path = SYS) -> Iterator[Check]:
    """Of the disk behind a device number, as ``stat`` gives it. ``sys``: where the kernel tells of its devices."""
    part = (sys / "dev" / "block" / f"{os.major(device)}:{os.minor(device)}").resolve()
    if not part.is_dir():
        yield well(HEALTH, _("This disk says nothing of its health."), asked=False)
        return
    disk = part.parent if (part / "partition").exists() else part
    passed, worn = _smart(disk.name), _number(disk / "device" / "pre_eol_info", 16)
    errors = _number(sys / "fs" / "ext4" / part.name / "errors_count", 10)
    facts: dict[str, Any] = {"disk": disk.name, "smart_passed": passed, "pre_eol": worn, "file_system_errors": errors}
    if passed is False or (worn or 0) >= WORN_OUT:
        said = _("The disk says that it is about to fail; what is on it may be lost any day.")
        yield broken(HEALTH, said, _("Call the coordinator today: the disk must be replaced."), **facts)
    elif errors:
        said = _("The disk's files were damaged ({errors} errors were counted).").format(errors=errors)
        todo = _("Call the coordinator: the disk must be checked, and replaced if it happens again.")
        yield doubtful(HEALTH, said, todo, **facts)
    elif (worn or 0) >= WORN:
        yield doubtful(
            HEALTH, _("The memory card is nearly worn out."), _("Call the coordinator: it must be replaced."), **facts
        )
    elif passed is None and worn is None and errors is None:
        yield well(HEALTH, _("This disk says nothing of its health."), asked=False, **facts)
    else:
        yield well(HEALTH, _("The disk says that it is healthy."), **facts)


def _smart(disk: str) -> bool | None:
    """What the disk's own self-test says; ``None`` where nobody can or may ask it."""
    smartctl = shutil.which("smartctl")
    if smartctl is None:
        return None
    try:
        done = subprocess.run(
            [smartctl, "--health", "--json", f"/dev/{disk}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_LIMIT_S,
            check=False,  # its exit code has a bit for each thing it remarks
        )
        passed = json.loads(done.stdout)["smart_status"]["passed"]
    except (OSError, subprocess.TimeoutExpired, ValueError, LookupError, TypeError):
        return None
    return passed if isinstance(passed, bool) else None


def _number(file: Path, base: int) -> int | None:
    try:
        return int(file.read_text(encoding="ascii").strip(), base)
    except (OSError, ValueError):
        return None


def _folder(station: Station) -> Path:
    """Where the program writes; before it ever did, the folder above."""
    return station.data if station.data.is_dir() else station.root


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= LITTLE else f"{count / 1e6:.0f} MB"


def _nothing_deleted() -> str:
    return _("Delete nothing; call the coordinator.")


PROBES = (Probe(SPACE, space), Probe(WRITABLE, writable), Probe(HEALTH, health))
