"""A master with a market's announcement before it, as one file: read :func:`make` from top to bottom.

::

    shared parts ─▶ decoded, joined ─▶ mastered as loud as ─▶ lead-in · announcement · pause · the master's own samples
                    as in a rundown    this episode is

The announcement begins on the minute and belongs to the sound: what is planned, cut, expected, heard and proved is both. The
episode's samples are the master's, one by one: nothing of it is quantised again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import soundfile

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.events import BuiltPart, EditionMade
from broadcaster.library import parts
from broadcaster.library.announcements import Missing, named
from broadcaster.library.catalogue import master_path, sha256_of
from broadcaster.locale import mark as N_
from broadcaster.model import Announcement, Lufs, Seconds
from broadcaster.production.mastering import master
from broadcaster.production.mono import part as share
from broadcaster.production.rundown.checking import Found
from broadcaster.production.rundown.joining import join
from broadcaster.production.rundown.levelling import Levelled, level
from broadcaster.production.rundown.mono import RATE_HZ
from broadcaster.production.rundown.opening import chime_file
from broadcaster.production.rundown.reading import PAUSE_S, Item, Rundown, Source
from broadcaster.sound.blocks import BLOCK_FRAMES, Progress
from broadcaster.sound.flac import FlacWriter, check_flac
from broadcaster.sound.loudness import measure_blocks

FORM = (RATE_HZ, 1, "PCM_16")
"""Every master's rate, channels and samples."""
_PAUSE = round(PAUSE_S * RATE_HZ)


class CannotAnnounce(BadInput):
    """A recording of the announcement is not what was approved."""

    sentence = N_(
        "The recording of the shared part {part} is missing or was changed, so it sounds before no episode. "
        "Bring it again: «broadcaster part replace {part} FILE --as CODE»."
    )


class NoMaster(BadInput):
    """The master is not what was admitted."""

    sentence = N_(
        "The audio of episode {number} is missing or was changed, so no announcement was put before it. "
        "Add it again: «broadcaster episode revise {number} FILE»."
    )


def make(station: Station, wanted: Missing, target: Path, progress: Progress) -> EditionMade:
    """Write an edition to ``target``, in a staging folder; the row that tells of it. The same recordings give the same bytes.

    Raises a :class:`~broadcaster.errors.BadInput` when a recording cannot be used,
    :class:`~broadcaster.sound.flac.NotWritten` and :class:`~broadcaster.sound.room.NoRoom` when the disk fails.
    """
    admitted, folder = wanted.admitted, target.parent
    with _master(station, wanted) as whole:
        blocks = whole.blocks(BLOCK_FRAMES, dtype="float32", always_2d=True)
        loudness = measure_blocks(blocks, RATE_HZ, 1).integrated_lufs
        levelled = _levelled(station, wanted, folder, share(progress, 0.2, 0.5))
        announcement = _mastered(station, wanted, levelled, loudness, folder)
        progress(0.7)
        ahead = _written(announcement, whole, round(admitted.lead_in_s * RATE_HZ), target)
    progress(1.0)
    return EditionMade(
        episode=admitted.episode,
        revision=admitted.revision,
        master_sha256=admitted.master_sha256,
        chime=wanted.announcement.chime,
        ident=wanted.announcement.ident,
        parts=_used(wanted, levelled),
        edition_sha256=sha256_of(target),
        announcement_s=Seconds(ahead / RATE_HZ),
        duration_s=Seconds(admitted.duration_s + ahead / RATE_HZ),
    )


@contextmanager
def _master(station: Station, wanted: Missing) -> Iterator[soundfile.SoundFile]:
    """The master, held open, so that what was hashed is what is read."""
    admitted = wanted.admitted
    path = master_path(station, admitted.episode)
    try:
        with path.open("rb") as file:
            intact = sha256_of(path) == admitted.master_sha256
            with soundfile.SoundFile(file) as whole:
                if not intact or (whole.samplerate, whole.channels, whole.subtype) != FORM:
                    raise NoMaster(number=admitted.episode)
                yield whole
    except (FileNotFoundError, soundfile.SoundFileError):
        raise NoMaster(number=admitted.episode) from None


# The announcement


def _items(announcement: Announcement) -> tuple[Item, ...]:
    """As the parts of a rundown, the last without a pause after it."""
    items = [Item(key=role.value, role=role, source=Source(shared=part)) for role, part in named(announcement)]
    return (*items[:-1], replace(items[-1], pause_after_s=Seconds(0.0)))


def _levelled(station: Station, wanted: Missing, folder: Path, progress: Progress) -> Levelled:
    """Its recordings decoded and at one loudness, each the one that may sound."""
    items = _items(wanted.announcement)
    found = {item.source: _found(station, each) for item, each in zip(items, wanted.parts, strict=True)}
    rundown = Rundown(
        "config.toml",
        folder,
        wanted.admitted.episode,
        "",
        (),
        (),
        (),
        sample=False,
        opening=False,
        items=items,
        beds=(),
    )
    levelled = level(rundown, found, station.intake, folder, chime_file, progress)
    for item, each in zip(items, wanted.parts, strict=True):
        if each.sha256 and levelled.sounds[item.source].sha256 != each.sha256:
            raise CannotAnnounce(part=each.part)
    return levelled


def _found(station: Station, wanted: BuiltPart) -> Found:
    if not wanted.part:
        return Found(None)
    path = parts.file_of(station, wanted.part, wanted.sha256)
    if path is None:
        raise CannotAnnounce(part=wanted.part)
    return Found(path, wanted.sha256)


def _used(wanted: Missing, levelled: Levelled) -> tuple[BuiltPart, ...]:
    return tuple(
        BuiltPart(item.role, levelled.sounds[item.source].sha256, each.part)
        for item, each in zip(_items(wanted.announcement), wanted.parts, strict=True)
    )


def _mastered(station: Station, wanted: Missing, levelled: Levelled, loudness: Lufs | None, folder: Path) -> Path:
    """One sound, as loud as the episode and under the same ceiling."""
    track = join(_items(wanted.announcement), levelled.items, folder / "announcement.f32", lambda _share: None)
    aim = station.mastering.aim_lufs if loudness is None else loudness
    settings = replace(
        station.mastering, loudness_lufs=aim, horn_loudness_lufs=aim, lead_in_s=Seconds(0.0), tail_s=Seconds(0.0)
    )
    target = folder / "announcement.flac"
    master(track.spool, RATE_HZ, 1, target, settings)
    return target


# One file


def _written(announcement: Path, whole: soundfile.SoundFile, lead_in: int, target: Path) -> int:
    """Put them one after the other, sample by sample; how many frames later the episode begins."""
    with soundfile.SoundFile(announcement) as before, FlacWriter(target, RATE_HZ) as flac:
        ahead = int(before.frames) + _PAUSE
        flac.silence(lead_in)
        for block in before.blocks(BLOCK_FRAMES, dtype="int16"):
            flac.copy(block)
        flac.silence(_PAUSE)
        whole.seek(lead_in)
        for block in whole.blocks(BLOCK_FRAMES, dtype="int16"):
            flac.copy(block)
    check_flac(target, flac.pieces)
    return ahead
