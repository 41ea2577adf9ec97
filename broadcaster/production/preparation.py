"""The audio part of an intake: everything from a stranger's file to a measured master, in a staging folder.

It asks the record nothing and writes no row, so several recordings can be prepared at once in processes of their own.
"""

from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any

from broadcaster.config import Station
from broadcaster.library.catalogue import MASTER, sha256_of
from broadcaster.library.shelf import AudioFile
from broadcaster.locale.shown import shown
from broadcaster.model import Finding, Measure, Seconds, Sha256
from broadcaster.production.copying import copy_in
from broadcaster.production.heard import Heard
from broadcaster.production.listening import listened
from broadcaster.production.mastering import Mastered, master_sound
from broadcaster.production.mono import part
from broadcaster.production.pictures import try_draw
from broadcaster.production.quality import examine
from broadcaster.production.sounding import Sound
from broadcaster.sound.blocks import Progress
from broadcaster.sound.findings import finding, refused
from broadcaster.sound.room import NoRoom

READY = "ready"
"""Folder of the stage that becomes the episode's."""
_NOTABLE_SHORTFALL_LU = 0.05
"""What would be said as 0.1."""
_BYTES_A_SECOND = 48_000 * 7
"""Of the disk, for mastering: one channel of f32, its grid, and a FLAC that would not shrink."""


@dataclass(frozen=True)
class Copied:
    """A recording in its staging folder, its bytes known, not yet listened to."""

    path: Path
    sha256: Sha256
    name: str
    """What the producer calls it, fit to be shown."""


@dataclass(frozen=True)
class Prepared:
    """A new revision's audio, whole and measured, in its staging folder."""

    copied: Copied
    """What it was made from."""
    original: AudioFile
    master: AudioFile
    findings: tuple[Finding, ...]
    duration_s: Seconds


def fetch(station: Station, source: Path, stage: Path, progress: Progress, called: str = "") -> Copied:
    """Copy a stranger's file into the stage. Raises :class:`~broadcaster.sound.findings.Refused`.

    ``called``: what its producer calls it, where that is not the name of the file.
    """
    copy = stage / "copy"
    sha256 = copy_in(source, copy, station.intake.max_file_bytes, progress)
    return Copied(copy, sha256, shown(called or source.name))


def prepare(station: Station, copied: Copied, stage: Path, progress: Progress) -> Prepared:
    """Decode, examine and master the copy; original and master lie in the stage's :data:`READY` afterwards.

    Raises :class:`~broadcaster.errors.BadInput` for what is refused.
    """
    ready = stage / READY
    ready.mkdir()
    settings = (station.intake, station.mastering)
    decoded, sound = listened(copied.path, stage, copied.name, settings, part(progress, 0.0, 0.5))
    findings = examine(Heard(decoded, sound.measure, sound.hops, copied.name), station, ready)
    original = copied.path.rename(ready / f"original.{decoded.container}")
    mastered = _master(station, sound, ready / MASTER, copied.name, part(progress, 0.5, 1.0))
    measure = replace(sound.measure, sample_rate_hz=decoded.source_rate_hz)
    remarks = (*decoded.findings, *findings, *_remarks(sound.measure, mastered))
    try_draw(ready / MASTER, station.mastering, mastered.measure, remarks)
    return Prepared(
        copied=copied,
        original=AudioFile(original.name, copied.sha256, measure),
        master=AudioFile(MASTER, sha256_of(ready / MASTER), mastered.measure),
        findings=remarks,
        duration_s=mastered.duration_s,
    )


def _master(station: Station, sound: Sound, target: Path, name: str, progress: Progress) -> Mastered:
    try:
        return master_sound(sound, target, station.mastering, progress)
    except NoRoom:
        needed_mb = ceil(sound.recording.duration_s * _BYTES_A_SECOND / 1e6)
        raise refused("no_room", name=name, needed_mb=needed_mb) from None


def _remarks(before: Measure, mastered: Mastered) -> tuple[Finding, ...]:
    """What mastering did, in figures; and what it could not do."""
    facts: dict[str, Any] = {
        "before_lufs": _figure(before.integrated_lufs),
        "after_lufs": _figure(mastered.measure.integrated_lufs),
        "before_lu": _range(before),
        "after_lu": _range(mastered.measure),
        "limited_db": _figure(mastered.limited_db),
    }
    curve = mastered.curve
    if curve is None:
        note = finding("levelled", **facts)
    else:
        lowered = _figure(max(curve.lowered_db, curve.compressed_db))
        note = finding("levelled_for_horns", raised_db=_figure(curve.raised_db), lowered_db=lowered, **facts)
    if mastered.shortfall_lu < _NOTABLE_SHORTFALL_LU:
        return (note,)
    missing = finding("short_of_loudness", shortfall_lu=_figure(mastered.shortfall_lu))
    return (finding("quiet_master"), note, missing)


def _range(measure: Measure) -> str | None:
    """Between soft and loud; three words have none."""
    return None if measure.loudness_range_lu is None else _figure(measure.loudness_range_lu)


def _figure(value: float | None) -> str:
    """To a tenth; a dash where there is none."""
    return "—" if value is None else f"{value:.1f}"
