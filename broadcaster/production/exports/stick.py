"""A USB stick for an amplifier's own player: MP3s in the order in which they are to be heard, and a page that says what to do.

Old players know FAT's short names, and play in the order in which the files were written: so they are written in order.
"""

import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted
from broadcaster.locale import gettext as _
from broadcaster.model import EpisodeNumber
from broadcaster.production.exports.forms import FORMS
from broadcaster.production.exports.making import Made, Order, make, require
from broadcaster.production.exports.placing import (
    NoPlace,
    check_fits,
    disk_faults_told,
    name_of,
    place_of,
    refuse_inside,
)
from broadcaster.production.mono import part
from broadcaster.sound.blocks import Progress

USB = FORMS["usb"]
README = "LEAME.txt"
_NAME = re.compile(r"E[0-9]{2,3}[.]mp3")
_BYTES_A_SECOND = 16_000
"""128 kbit/s."""


def fill(
    station: Station, journal: Journal, numbers: Sequence[EpisodeNumber], folder: Path, *, by: str, progress: Progress
) -> list[Made]:
    """Write these episodes and their page into ``folder``.

    Everything is checked before the first is written. Raises as :func:`~broadcaster.production.exports.making.make` does; then
    what was finished before stays, is on record, and is on the page.
    """
    ordered = sorted(set(numbers))
    _check(station, require(station, journal, ordered, USB), folder)
    made: list[Made] = []
    for position, number in enumerate(ordered):
        moved = part(progress, position / len(ordered), (position + 1) / len(ordered))
        target = place_of(station, folder / name_of(number, USB.suffix), "")
        tags = (("title", _("Episode {number}").format(number=number)), ("track", str(position + 1)))
        try:
            made.append(make(station, journal, Order(number, USB, target, tags, by), moved))
        finally:
            if made:
                write_readme(folder, made, journal.clock.now().utc.astimezone(station.timezone))
    return made


def _check(station: Station, admitted: Sequence[Admitted], folder: Path) -> None:
    """Room and free names for all, before anything is written."""
    if not folder.is_dir():
        raise NoPlace(path=folder)
    refuse_inside(station, folder / README)
    for each in admitted:
        place_of(station, folder / name_of(each.episode, USB.suffix), "")
    check_fits(folder, round(sum(each.duration_s for each in admitted) * _BYTES_A_SECOND * 1.05))


def _still_there(folder: Path, new: set[str]) -> list[str]:
    """What an older page says of files that lie there still."""
    try:
        before = (folder / README).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []
    named = [(line.partition(":")[0], line) for line in before]
    return [line for name, line in named if _NAME.fullmatch(name) and name not in new and (folder / name).is_file()]


def write_readme(folder: Path, made: Sequence[Made], now: datetime) -> None:
    """Write the page, which even an old Windows shows: with its signature, and its line ends."""
    lines = [
        _("Copies made on {day}.").format(day=f"{now:%d/%m/%Y}"),
        "",
        *_still_there(folder, {each.path.name for each in made}),
        *(
            _("{file}: episode {number}, {length}, copy {copy}").format(
                file=each.path.name,
                number=each.record.episode,
                length=f"{int(each.measure.duration_s + 0.5) // 60}:{int(each.measure.duration_s + 0.5) % 60:02d}",
                copy=each.record.copy,
            )
            for each in made
        ),
        "",
        _("Play them in this order, at the days and hours of the schedule, and only in the markets of the programme."),
        _("Do not lend this stick and do not copy it: every copy is on record, and whoever carries it answers for it."),
        _(
            "When you are told that an episode was withdrawn: delete its file at once, and say that you did, with its code."
        ),
        _("When the season ends, give the stick back to the coordinator, who deletes everything."),
    ]
    with disk_faults_told():
        path = folder / README
        beside = folder / f".leame{os.getpid()}.tmp"
        with beside.open("w", encoding="utf-8-sig", newline="\r\n") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
