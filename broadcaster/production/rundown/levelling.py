"""Each part cut as the rundown says, and given the gain that makes it as loud as every other.

The voices of an episode meet at one loudness. It is :data:`VOICE_LUFS` or, where a part has peaks that would not fit there,
as much less for all of them: equal is what matters here, how loud is for the mastering.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.config import IntakeSettings
from broadcaster.errors import Fault
from broadcaster.locale import gettext as _
from broadcaster.model import Lufs, Measure, Seconds
from broadcaster.production.rundown.checking import Found, key_of
from broadcaster.production.rundown.mono import RATE_HZ, OneChannel
from broadcaster.production.rundown.reading import Bed, Item, Rundown, RundownFaults, Source
from broadcaster.production.rundown.sources import Sound, Work, as_samples
from broadcaster.sound.blocks import BLOCK_FRAMES, Progress, Samples
from broadcaster.sound.loudness import measure_blocks

VOICE_LUFS = Lufs(-23.0)
"""That of an ordinary recording (EBU R 128): room above it for peaks, and mastering has something to do."""
HIGHEST_DBFS = -3.0
"""No part's peaks come above it, so that a bed under them has room."""
FRAMES_A_MS = RATE_HZ // 1000
"""A part is cut to whole milliseconds, the steps in which pydub counts."""
_SHORT_S = 0.4
"""A part that is shorter has no loudness of its own; it is measured with silence around it."""


@dataclass(frozen=True)
class Clip:
    """A stretch of a recording with its gain."""

    recording: OneChannel
    first: int
    """Frame of the recording at which it begins."""
    frames: int
    measure: Measure
    """Of the stretch before the gain."""
    gain_db: float = 0.0

    def read(self, first: int, frames: int) -> NDArray[np.float32]:
        """``frames`` of it from ``first`` on, with the gain; fewer at its end."""
        count = max(min(frames, self.frames - first), 0)
        return self.recording.read(self.first + first, count) * np.float32(10 ** (self.gain_db / 20))

    def blocks(self) -> Iterator[Samples]:
        """All of it, ``(n, 1)``."""
        for first in range(0, self.frames, BLOCK_FRAMES):
            yield self.read(first, BLOCK_FRAMES).reshape(-1, 1)

    @property
    def duration_s(self) -> Seconds:
        return Seconds(self.frames / RATE_HZ)


@dataclass(frozen=True)
class Levelled:
    """A rundown's parts, ready to be joined."""

    items: tuple[Clip, ...]
    beds: tuple[Clip, ...]
    voice: Lufs
    """The loudness at which the voices meet."""
    sounds: Mapping[Source, Sound]


def level(  # noqa: PLR0917  a rundown, its files, and where they are worked on
    rundown: Rundown,
    found: Mapping[Source, Found],
    limits: IntakeSettings,
    folder: Path,
    chime: Callable[[Path], Path],
    progress: Progress,
) -> Levelled:
    """Decode and measure everything the rundown names, in ``folder``. Raises :class:`RundownFaults` with all that is wrong.

    :param chime: makes the program's own chime, as a file in the folder it is given.
    """
    sounds: dict[Source, Sound] = {}
    faults = []
    used = _first_use(rundown)
    works = [Work(source, found[source], limits, folder / f"part-{at}", chime) for at, source in enumerate(used)]
    for source, answer in zip(used, as_samples(works, progress), strict=True):
        if isinstance(answer, Sound):
            sounds[source] = answer
        else:
            faults.append(Fault(rundown.file, key_of(used[source]), str(answer).rstrip(".")))
    items = [_cut(rundown, each, sounds, faults) for each in rundown.items]
    beds = [_cut(rundown, each, sounds, faults) for each in rundown.beds]
    if not faults:
        faults += _overlaps(rundown, [clip for clip in items if clip])
    if faults:
        raise RundownFaults(faults)
    return _at_one_loudness(rundown, [clip for clip in items if clip], [clip for clip in beds if clip], sounds)


def _first_use(rundown: Rundown) -> dict[Source, Item | Bed]:
    used: dict[Source, Item | Bed] = {}
    every: list[Item | Bed] = [*rundown.items, *rundown.beds]
    for each in every:
        used.setdefault(each.source, each)
    return used


# Cut and measured


def _cut(rundown: Rundown, used: Item | Bed, sounds: Mapping[Source, Sound], faults: list[Fault]) -> Clip | None:
    """The stretch that is meant; ``None`` with a fault where there is no such stretch."""
    if used.source not in sounds:
        return None
    recording = sounds[used.source].recording
    first = round(used.from_s * RATE_HZ)
    last = recording.frames if used.to_s is None else round(used.to_s * RATE_HZ)
    lasts_s = recording.frames / RATE_HZ
    for key, moment in (("from_s", first), ("to_s", last)):
        if moment > recording.frames:
            past = _("is after the end: the recording lasts {seconds} s").format(seconds=f"{lasts_s:.2f}")
            faults.append(Fault(rundown.file, f"{used.key}.{key}", past))
            return None
    frames = (last - first) // FRAMES_A_MS * FRAMES_A_MS
    clip = Clip(recording, first, frames, _measure(recording, first, frames))
    problem = _unusable(used, clip)
    if problem:
        faults.append(Fault(rundown.file, *problem))
        return None
    return clip


def _measure(recording: OneChannel, first: int, frames: int) -> Measure:
    clip = Clip(recording, first, frames, Measure(None, None, None, None, None, Seconds(0.0), RATE_HZ, 1))
    measured = measure_blocks(clip.blocks(), RATE_HZ, 1)
    if measured.integrated_lufs is not None or measured.true_peak_dbtp is None:
        return measured
    around = np.zeros((round(_SHORT_S * RATE_HZ), 1), dtype=np.float32)
    return measure_blocks([around, np.concatenate([*clip.blocks(), around])], RATE_HZ, 1)


def _unusable(used: Item | Bed, clip: Clip) -> tuple[str, str] | None:
    if clip.measure.integrated_lufs is None:
        return key_of(used), _(
            "holds only silence where the rundown uses it, or its two sides cancel each other; "
            "choose another stretch, or export it again with the left side only"
        )
    if isinstance(used, Item) and used.fade_in_s + used.fade_out_s > clip.duration_s:
        lasts = f"{clip.duration_s:.2f}"
        return f"{used.key}.fade_out_s", _("the fades are longer than the part, {seconds} s").format(seconds=lasts)
    return None


def _overlaps(rundown: Rundown, clips: Sequence[Clip]) -> Iterator[Fault]:
    """What two parts that overlap cannot give."""
    taken = 0.0
    for (item, clip), (_item, after) in pairwise(zip(rundown.items, clips, strict=True)):
        room = min(clip.duration_s - taken, after.duration_s)
        if item.crossfade_s > room:
            problem = _("is longer than a part that it joins; at most {seconds} s are there").format(
                seconds=f"{room:.2f}"
            )
            yield Fault(rundown.file, f"{item.key}.crossfade_s", problem)
        taken = item.crossfade_s


# One loudness


def _at_one_loudness(
    rundown: Rundown, items: Sequence[Clip], beds: Sequence[Clip], sounds: Mapping[Source, Sound]
) -> Levelled:
    voice = min(
        (_fits(clip, item.gain_db) for item, clip in zip(rundown.items, items, strict=True)), default=VOICE_LUFS
    )
    voice = Lufs(min(voice, VOICE_LUFS))
    return Levelled(
        tuple(_raised(clip, voice + item.gain_db) for item, clip in zip(rundown.items, items, strict=True)),
        tuple(_raised(clip, voice + bed.level_lu) for bed, clip in zip(rundown.beds, beds, strict=True)),
        voice,
        sounds,
    )


def _fits(clip: Clip, more_db: float) -> float:
    """The loudness at which all the voices must meet for this one's peaks to fit."""
    loudness, peak = clip.measure.integrated_lufs, clip.measure.true_peak_dbtp
    assert loudness is not None and peak is not None  # noqa: S101, PT018  silence was refused
    return loudness + HIGHEST_DBFS - peak - more_db


def _raised(clip: Clip, loudness: float) -> Clip:
    measured = clip.measure.integrated_lufs
    assert measured is not None  # noqa: S101  silence was refused
    return Clip(clip.recording, clip.first, clip.frames, clip.measure, gain_db=loudness - measured)
