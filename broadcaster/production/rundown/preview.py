"""A rundown heard before it is an episode: put together, not mastered, not admitted; whole, or only where parts meet."""

import os
import shutil
import wave
from itertools import pairwise
from pathlib import Path
from secrets import token_hex

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.library.decisions import Decisions
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.production.rundown.building import PartShown, Recorded, put_together
from broadcaster.production.rundown.mono import RATE_HZ
from broadcaster.production.rundown.reading import Rundown
from broadcaster.production.staging import staging
from broadcaster.sound.blocks import Progress

AROUND_S = 3.0
"""Of each joint that is heard, before and after it."""
_APART_S = 0.7
"""Silence between two joints."""


class PreviewInside(BadInput):
    """No row says what it is, so a withdrawal could not remove it."""

    sentence = N_(
        "{path} lies inside the station, where a withdrawal would not find it, so nothing was written. "
        "Name a file outside it, such as ~/preview.wav."
    )


class PreviewThere(BadInput):
    """Nobody's file is written over."""

    sentence = N_("{path} exists already, so nothing was written. Move it away, or name another file.")


def measured(station: Station, rundown: Rundown, decisions: Decisions, progress: Progress) -> Recorded:
    """What building would give; the recording itself is gone on return."""
    with staging(station) as stage:
        return put_together(station, rundown, decisions, stage, progress)


def preview(
    station: Station, rundown: Rundown, decisions: Decisions, target: Path, progress: Progress, *, joints: bool = False
) -> Recorded:
    """Write the recording to ``target``, a wav file; with ``joints`` only what surrounds each joint.

    :raises PreviewInside: it would lie in the station, where nothing tells a purge whose voices it holds.
    :raises PreviewThere: there is something of this name.
    """
    if target.resolve().is_relative_to(station.root.resolve()):
        raise PreviewInside(path=shown(target.name))
    _refuse_existing(target)  # before the work
    with staging(station) as stage:
        recorded = put_together(station, rundown, decisions, stage, progress)
        _place(recorded, target, joints=joints)
    return recorded


def _place(recorded: Recorded, target: Path, *, joints: bool) -> None:
    """Whole under its name, or not there at all."""
    beside = target.with_name(f".broadcaster-{token_hex(8)}")
    try:
        if joints:
            write_joints(recorded, beside)
        else:
            shutil.copyfile(recorded.file, beside)
        _refuse_existing(target)
        beside.rename(target)
    finally:
        beside.unlink(missing_ok=True)


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise PreviewThere(path=shown(target.name))


def write_joints(recorded: Recorded, target: Path) -> None:
    """The joints of a recording one after the other."""
    with wave.open(str(recorded.file), "rb") as whole, wave.open(str(target), "wb") as heard:
        heard.setparams(whole.getparams())
        for begin, end in joints_of(recorded.parts):
            whole.setpos(min(round(begin * RATE_HZ), whole.getnframes()))
            heard.writeframes(whole.readframes(round((end - begin) * RATE_HZ)))
            heard.writeframes(bytes(round(_APART_S * RATE_HZ) * whole.getsampwidth()))


def joints_of(parts: tuple[PartShown, ...]) -> list[tuple[float, float]]:
    """From when to when each joint is heard (pure): the pause or overlap of two parts and what lies around it."""
    in_time = [part for part in parts if part.role != "bed"]
    found = []
    for part, after in pairwise(in_time):
        ends, begins = sorted((part.starts_s + part.lasts_s, float(after.starts_s)))
        found.append((max(ends - AROUND_S, 0.0), begins + AROUND_S))
    return found
