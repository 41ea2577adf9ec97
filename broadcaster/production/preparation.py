"""The audio part of an intake: everything from a stranger's file to a measured master, in a staging folder.

It asks the record nothing and writes no row, so several recordings can be prepared at once in processes of their own.
"""

from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from broadcaster.config import Station
from broadcaster.library.catalogue import MASTER, sha256_of
from broadcaster.library.shelf import AudioFile
from broadcaster.locale.shown import shown
from broadcaster.model import Finding, Seconds, Sha256
from broadcaster.production.copying import copy_in
from broadcaster.production.heard import Heard
from broadcaster.production.mastering import Mastered, master
from broadcaster.production.mono import part
from broadcaster.production.quality import examine
from broadcaster.sound.blocks import Progress, read_blocks
from broadcaster.sound.decode import Decoded, decode
from broadcaster.sound.findings import finding, refused
from broadcaster.sound.loudness import Meter
from broadcaster.sound.room import NoRoom

READY = "ready"
"""Folder of the stage that becomes the episode's."""
_NOTABLE_SHORTFALL_LU = 0.2
_BYTES_A_SECOND = 48_000 * 7
"""Of the disk, for mastering: one channel of f32, its grid, and a FLAC that would not shrink."""
_SILENT_PEAK = 1e-4
"""A sample of −80 dBFS: below it no block can reach the meter's gate of −70 LUFS."""


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

    original: AudioFile
    master: AudioFile
    findings: tuple[Finding, ...]
    duration_s: Seconds


def fetch(station: Station, source: Path, stage: Path, progress: Progress) -> Copied:
    """Copy a stranger's file into the stage. Raises :class:`~broadcaster.sound.findings.Refused`."""
    copy = stage / "copy"
    sha256 = copy_in(source, copy, station.intake.max_file_bytes, progress)
    return Copied(copy, sha256, shown(source.name))


def prepare(station: Station, copied: Copied, stage: Path, progress: Progress) -> Prepared:
    """Decode, examine and master the copy; original and master lie in the stage's :data:`READY` afterwards.

    Raises :class:`~broadcaster.errors.BadInput` for what is refused.
    """
    ready = stage / READY
    ready.mkdir()
    decoded = decode(copied.path, stage, station.intake, part(progress, 0.0, 0.4), called=copied.name)
    heard = _heard(decoded, copied.name, part(progress, 0.4, 0.5))
    findings = examine(heard, station, ready)
    original = copied.path.rename(ready / f"original.{decoded.container}")
    mastered = _master(station, heard, ready / MASTER, part(progress, 0.5, 1.0))
    measure = replace(heard.measure, sample_rate_hz=decoded.source_rate_hz)
    return Prepared(
        original=AudioFile(original.name, copied.sha256, measure),
        master=AudioFile(MASTER, sha256_of(ready / MASTER), mastered.measure),
        findings=(*decoded.findings, *findings, *_remarks(mastered)),
        duration_s=mastered.duration_s,
    )


def _heard(decoded: Decoded, name: str, progress: Progress) -> Heard:
    if decoded.peak < _SILENT_PEAK:  # hours of nothing need no meter
        raise refused("silence", name=name)
    meter, read = Meter(decoded.sample_rate_hz, decoded.channels), 0
    for block in read_blocks(decoded.pcm, decoded.channels):
        meter.feed(block)
        read += len(block)
        progress(read / decoded.frames)
    measure = meter.measure()
    if measure.integrated_lufs is None:
        raise refused("silence", name=name)
    return Heard(decoded, measure, meter.hop_means, name)


def _master(station: Station, heard: Heard, target: Path, progress: Progress) -> Mastered:
    decoded = heard.decoded
    try:
        return master(decoded.pcm, decoded.sample_rate_hz, decoded.channels, target, station.mastering, progress)
    except NoRoom:
        needed_mb = ceil(decoded.duration_s * _BYTES_A_SECOND / 1e6)
        raise refused("no_room", name=heard.name, needed_mb=needed_mb) from None


def _remarks(mastered: Mastered) -> tuple[Finding, ...]:
    if mastered.shortfall_lu <= _NOTABLE_SHORTFALL_LU:
        return ()
    return (finding("quiet_master", shortfall_lu=f"{mastered.shortfall_lu:.1f}"),)
