"""A rundown becomes a recording, and the recording an episode: read :func:`build` from top to bottom."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from typing import Any

from broadcaster.config import IntakeSettings, Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Built, BuiltPart
from broadcaster.library.acts import decisions_of
from broadcaster.library.catalogue import sha256_of
from broadcaster.library.decisions import Decisions
from broadcaster.library.shelf import EpisodeFile
from broadcaster.model import Lufs, PartRole, Seconds, Sha256
from broadcaster.production import intake
from broadcaster.production.mono import part
from broadcaster.production.rundown.checking import find_sources, refuse_withdrawn
from broadcaster.production.rundown.ducking import mixed
from broadcaster.production.rundown.joining import Placed, join, placed, shortest_s
from broadcaster.production.rundown.levelling import Levelled, level
from broadcaster.production.rundown.mono import RATE_HZ
from broadcaster.production.rundown.opening import chime_file, opening_of
from broadcaster.production.rundown.reading import Bed, Item, Rundown
from broadcaster.production.rundown.recording import BYTES_A_FRAME, Energies, write
from broadcaster.production.rundown.sameness import standing
from broadcaster.production.staging import staging
from broadcaster.production.submission import Submission, accepted
from broadcaster.sound.blocks import SAMPLE, Progress
from broadcaster.sound.findings import refused
from broadcaster.sound.room import NoRoom

RECORDING = "rundown.wav"
_BYTES_A_SECOND = 2 * RATE_HZ * SAMPLE.itemsize + RATE_HZ * BYTES_A_FRAME
"""Of the disk: the parts as samples, the track of their voices, and the recording."""


@dataclass(frozen=True)
class PartShown:
    """One part as it stands in the built recording."""

    role: PartRole
    source: str
    shared: bool
    starts_s: Seconds
    lasts_s: Seconds
    loudness_lufs: Lufs | None
    """As measured in the recording, bed included; of a bed, as it lies where nobody speaks."""


@dataclass(frozen=True)
class Recorded:
    """A built recording."""

    file: Path
    sha256: Sha256
    duration_s: Seconds
    voice_lufs: Lufs
    parts: tuple[PartShown, ...]
    built: tuple[BuiltPart, ...]
    shape_sha256: Sha256


@dataclass(frozen=True)
class Outcome:
    """What building gave."""

    episode: EpisodeFile
    recorded: Recorded
    anew: bool
    """Whether it is a new revision; else the one that stands is this very one."""


def build(station: Station, journal: Journal, rundown: Rundown, progress: Progress) -> Outcome:
    """Put the rundown together and admit it: a new episode, or the next revision of one that is there.

    Where the newest revision holds just this, that one stands: nothing is written, and its approvals stay. What it was
    built from is on record before the recording is admitted. Raises
    :class:`~broadcaster.production.rundown.reading.RundownFaults`, and what :mod:`broadcaster.production.intake` raises.
    """
    decisions = decisions_of(journal)
    said = accepted(_said(rundown), station, decisions)  # before a long decoding
    with staging(station) as stage:
        recorded = put_together(station, rundown, decisions, stage, part(progress, 0.0, 0.4))
        intake.put_in_order(station, journal)  # before it is asked what stands
        stands = standing(station, decisions_of(journal), recorded, said, part(progress, 0.4, 0.7))
        if stands is not None:
            progress(1.0)
            return Outcome(stands, recorded, anew=False)
        episode = admit(station, journal, recorded, said, part(progress, 0.4, 1.0))
    return Outcome(episode, recorded, anew=True)


def admit(station: Station, journal: Journal, recorded: Recorded, said: Submission, progress: Progress) -> EpisodeFile:
    """Bring a built recording in, as a new episode or the next revision; what it is made of goes on record before."""
    journal.append(Built(said.number, recorded.sha256, recorded.shape_sha256, recorded.built))
    take_in = intake.add if decisions_of(journal).newest(said.number) is None else intake.revise
    return take_in(station, journal, recorded.file, said, progress)


def _said(rundown: Rundown) -> Submission:
    return Submission(
        number=rundown.number,
        title=rundown.title,
        defenders=rundown.defenders,
        consents=rundown.consents,
        helplines=rundown.helplines,
        sample=rundown.sample,
    )


def put_together(
    station: Station, rundown: Rundown, decisions: Decisions, folder: Path, progress: Progress
) -> Recorded:
    """The recording of a rundown, in ``folder``: 24-bit mono at 48 kHz. The same parts give the same bytes.

    Raises :class:`~broadcaster.production.rundown.reading.RundownFaults` and
    :class:`~broadcaster.sound.findings.Refused` where it is longer than a recording may be or the disk is too full.
    """
    rundown = rundown.opened_by(opening_of(station, rundown))
    _refuse_too_long(rundown, station.intake, shortest_s(rundown.items))
    lasts_s = station.intake.max_duration_s
    try:
        found = find_sources(station, rundown, decisions.parts)
        levelled = level(rundown, found, station.intake, folder, chime_file, part(progress, 0.0, 0.6))
        refuse_withdrawn(rundown, decisions, {source: sound.sha256 for source, sound in levelled.sounds.items()})
        lasts_s = Seconds(placed(rundown.items, levelled.items)[-1].until / RATE_HZ)
        _refuse_too_long(rundown, station.intake, lasts_s)
        return _written(rundown, levelled, folder, part(progress, 0.6, 1.0))
    except NoRoom:
        raise refused("no_room", name=rundown.file, needed_mb=ceil(lasts_s * _BYTES_A_SECOND / 1e6)) from None


def _refuse_too_long(rundown: Rundown, limits: IntakeSettings, lasts_s: float) -> None:
    """What would not be admitted is neither decoded nor written."""
    if lasts_s > limits.max_duration_s:
        raise refused("too_long", name=rundown.file, limit_min=round(limits.max_duration_s / 60))


def _written(rundown: Rundown, levelled: Levelled, folder: Path, progress: Progress) -> Recorded:
    track = join(rundown.items, levelled.items, folder / "voices.f32", part(progress, 0.0, 0.3))
    places = placed(rundown.items, levelled.items)
    target = folder / RECORDING
    blocks = mixed(track, places, rundown.beds, levelled.beds, levelled.voice)
    energies = write(blocks, target, track.frames, part(progress, 0.3, 1.0))
    return Recorded(
        file=target,
        sha256=sha256_of(target),
        duration_s=Seconds(track.frames / RATE_HZ),
        voice_lufs=levelled.voice,
        parts=tuple(_shown(rundown, levelled, places, energies)),
        built=tuple(
            BuiltPart(role, levelled.sounds[each.source].sha256, each.source.shared) for role, each in _roles(rundown)
        ),
        shape_sha256=shape(rundown),
    )


def _roles(rundown: Rundown) -> Iterator[tuple[PartRole, Item | Bed]]:
    yield from ((item.role, item) for item in rundown.items)
    yield from ((PartRole.BED, bed) for bed in rundown.beds)


# What was built


def shape(rundown: Rundown) -> Sha256:
    """Everything the rundown says of how its parts are put together: all but what the recordings hold (pure)."""
    said = [_plain(role, each) for role, each in _roles(rundown)]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return Sha256(hashlib.sha256(text.encode()).hexdigest())


def _plain(role: PartRole, each: Item | Bed) -> dict[str, Any]:
    values = {name: value for name, value in asdict(each).items() if name not in {"key", "source", "role"}}
    return {**values, "role": role.value, "shared": each.source.shared}


def _shown(rundown: Rundown, levelled: Levelled, places: Sequence[Placed], energies: Energies) -> Iterator[PartShown]:
    for at, (item, place) in enumerate(zip(rundown.items, places, strict=True)):
        loudness = energies.loudness(*_alone(rundown.items, at, place))
        yield _part_shown(item.role, item, place.first, place.frames, loudness)
    for bed in rundown.beds:
        first, until = places[bed.first].first, places[bed.last].until
        yield _part_shown(PartRole.BED, bed, first, until - first, Lufs(levelled.voice + bed.level_lu))


def _alone(items: Sequence[Item], at: int, place: Placed) -> tuple[int, int]:
    """The frames that a part has for itself."""
    before = items[at - 1].crossfade_s if at else 0.0
    first = place.first + round(before * RATE_HZ)
    last = place.first + place.frames - round(items[at].crossfade_s * RATE_HZ)
    return (first, last) if last - first > RATE_HZ else (place.first, place.first + place.frames)


def _part_shown(role: PartRole, used: Item | Bed, first: int, frames: int, loudness: Lufs | None) -> PartShown:
    return PartShown(
        role=role,
        source=used.source.name,
        shared=bool(used.source.shared),
        starts_s=Seconds(first / RATE_HZ),
        lasts_s=Seconds(frames / RATE_HZ),
        loudness_lufs=loudness,
    )
