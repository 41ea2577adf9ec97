"""A recording becomes a master: as loud as every other, with no peak that a cheap amplifier would tear.

::

    spool ─▶ one channel at 48 kHz ─▶ grid ─▶ gain and limiter ─▶ FLAC ─▶ measured, corrected once
             (mean of channels,       (energy  (solved together)    (3 s lead-in, 1 s tail of silence)
              no DC offset)            and peak of every 1/3 ms)

One gain for the whole recording and a limiter for its peaks; for horn loudspeakers a high-pass and a slow evening before them
(``profiles.py``). How hard the limiter may work is capped; what is then missing to the loudness is said, not crushed in.
``docs/mastering.md`` says why.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.config import MasteringSettings
from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_
from broadcaster.model import Dbtp, LoudnessUnits, Lufs, Measure, Seconds
from broadcaster.production.evening import Curve, curve_of, evened
from broadcaster.production.levelling import STRETCH_CELLS, Drive, Grid, reductions, solve
from broadcaster.production.mono import RATE_HZ, Recording, part, watched
from broadcaster.production.profiles import chain_of
from broadcaster.production.sounding import Hearing, Sound, Spooled
from broadcaster.sound import limiter
from broadcaster.sound.behind import Behind
from broadcaster.sound.blocks import BLOCK_FRAMES, Progress, frames_in, no_progress, read_blocks
from broadcaster.sound.cellmeter import MonoMeter
from broadcaster.sound.flac import FlacWriter, check_flac
from broadcaster.sound.kweighting import CELL

CLOSE_LU = 0.05
"""A master this close to its loudness is not corrected."""
PEAK_GUARD_DB = 0.05
"""The limiter aims this far under the ceiling: meters differ between samples, and dither adds a step."""
LEEWAY_DB = 1.0
"""The correction may lower the ceiling by this much, so peaks are known exactly for that much more drive."""


class NothingToMaster(BadInput):
    """What is left in one channel holds no sound that a loudness meter counts."""

    sentence = N_(
        "No master was made: the recording is silent, shorter than half a second, or its two channels cancel each other. "
        "Record it again, or export it as mono."
    )


@dataclass(frozen=True)
class Mastered:
    """What became of a recording."""

    measure: Measure
    """Of the encoded master, lead-in and tail included."""
    gain_db: float
    """Applied to the whole recording."""
    limited_db: float
    """The most the limiter took off, dB; 0 when no peak needed it."""
    shortfall_lu: LoudnessUnits
    """What is missing to the loudness because the limiter's drive is capped; 0 when it was reached."""
    curve: Curve | None
    """How it was evened before, where the profile does."""
    duration_s: Seconds
    """Of the sound: the master without lead-in and tail."""


@dataclass(frozen=True)
class _Aim:
    """What the next rendering is to reach."""

    loudness: Lufs
    ceiling: Dbtp


@dataclass(frozen=True)
class _Work:
    """A recording on its way to ``target``."""

    recording: Recording
    grid: Grid
    """As it is under the curve."""
    curve: Curve | None
    target: Path
    settings: MasteringSettings


def master(  # noqa: PLR0917  a spool is its path, rate and channels
    decoded_pcm: Path,
    sample_rate_hz: int,
    channels: int,
    target: Path,
    settings: MasteringSettings,
    progress: Progress = no_progress,
) -> Mastered:
    """Write the master of a spool (f32, interleaved) to ``target``, a FLAC file: mono, 48 kHz, 16 bit, no tags.

    The caller makes it durable and gives it its name. Temporary files go beside the spool.
    Raises :class:`NothingToMaster` for silence, :class:`~broadcaster.sound.room.NoRoom` when the disk is nearly full,
    :class:`~broadcaster.sound.flac.NotWritten` when the encoder fails.
    """
    with tempfile.TemporaryDirectory(dir=decoded_pcm.parent, prefix="master-") as name:
        sound = hear(Spooled(decoded_pcm, sample_rate_hz, channels), Path(name), settings, part(progress, 0.0, 0.4))
        return master_sound(sound, target, settings, part(progress, 0.4, 1.0))


def hear(spool: Spooled, folder: Path, settings: MasteringSettings, progress: Progress) -> Sound:
    """What :func:`master_sound` needs, of a spool that is complete; temporary files go into ``folder``."""
    frames = frames_in(spool.path, spool.channels)
    with hearing(spool, folder, settings) as heard:
        for block in watched(read_blocks(spool.path, spool.channels), frames, progress):
            heard.take(block.tobytes())
        return heard.finish()


def hearing(spool: Spooled, folder: Path, settings: MasteringSettings) -> Hearing:
    """What hears a spool while it is written: give it every block, then ``finish``."""
    return Hearing(spool, folder, settings.max_drive_db + LEEWAY_DB, chain_of(settings))


def master_sound(sound: Sound, target: Path, settings: MasteringSettings, progress: Progress) -> Mastered:
    """Write the master of what was heard. Raises as :func:`master` does."""
    curve = curve_of(sound.grid) if chain_of(settings).evens else None
    grid = evened(sound.grid, curve, sound.grid.energies.parent) if curve else sound.grid
    return _level(_Work(sound.recording, grid, curve, target, settings), progress)


def _level(work: _Work, progress: Progress) -> Mastered:
    """Render, measure what was encoded, and correct once what the grid could not know."""
    wanted = Dbtp(work.settings.true_peak_dbtp - PEAK_GUARD_DB)
    drive = _solved(work, _Aim(work.settings.aim_lufs, wanted))
    measure = _render(work, drive, part(progress, 0.0, 0.6))
    again = _correction(measure, drive, work.settings)
    if again is not None:
        drive = _solved(work, again)
        measure = _render(work, drive, part(progress, 0.6, 1.0))
    progress(1.0)
    return _mastered(work, drive, measure)


def _solved(work: _Work, aim: _Aim) -> Drive:
    drive = solve(work.grid, aim.loudness, aim.ceiling, work.settings.max_drive_db)
    if drive is None:
        raise NothingToMaster
    return drive


def _correction(measure: Measure, drive: Drive, settings: MasteringSettings) -> _Aim | None:
    """What to aim for instead, after what the encoded file measures; ``None`` when it is right."""
    loudness, ceiling = settings.aim_lufs, Dbtp(drive.ceiling_dbtp)
    reached, peak = measure.integrated_lufs, measure.true_peak_dbtp
    off = 0.0 if reached is None else loudness - reached
    over = 0.0 if peak is None else peak - settings.true_peak_dbtp
    aim = _Aim(
        Lufs(loudness + off) if abs(off) > CLOSE_LU and not (drive.capped and off > 0) else loudness,
        Dbtp(ceiling - min(over + PEAK_GUARD_DB, LEEWAY_DB)) if over > 0 else ceiling,
    )
    return None if aim == _Aim(loudness, ceiling) else aim


def _render(work: _Work, drive: Drive, progress: Progress) -> Measure:
    """Write the master and measure what was written.

    FLAC loses nothing: the samples given to the encoder are measured while it works, and the file is then decoded to see that
    it holds exactly those.
    """
    frames, settings, meter = work.recording.frames, work.settings, MonoMeter()
    with FlacWriter(work.target, RATE_HZ) as flac, Behind(meter.feed) as metered:
        metered.give(flac.silence(round(settings.lead_in_s * RATE_HZ)))
        for samples in watched(_limited(work, drive), frames, part(progress, 0.0, 0.8)):
            metered.give(flac.write(samples))
        metered.give(flac.silence(round(settings.tail_s * RATE_HZ)))
    check_flac(work.target, flac.pieces)
    return meter.measure()


def _limited(work: _Work, drive: Drive) -> Iterator[NDArray[np.float32]]:
    """The recording with gain and limiter, in blocks."""
    gain = np.float32(10 ** (drive.gain_db / 20))
    for index, stretch in enumerate(work.recording.blocks(STRETCH_CELLS * CELL)):
        factors = _factors(work, drive, index)
        for first in range(0, len(stretch), BLOCK_FRAMES):
            block = stretch[first : first + BLOCK_FRAMES] * gain
            yield block if factors is None else limiter.apply(block, factors[first // CELL :])


def _factors(work: _Work, drive: Drive, index: int) -> NDArray[np.float64] | None:
    """Of a stretch: what curve and limiter multiply at its nodes; ``None`` where that is nothing."""
    limited = reductions(work.grid, drive, index)
    if work.curve is None:
        return limited
    first = index * STRETCH_CELLS
    evening = limiter.linear(-work.curve.nodes_db(first, min(first + STRETCH_CELLS, work.grid.cells)))
    return evening if limited is None else evening * limited


def _mastered(work: _Work, drive: Drive, measure: Measure) -> Mastered:
    wanted = work.settings.aim_lufs
    reached = wanted if measure.integrated_lufs is None else measure.integrated_lufs
    return Mastered(
        measure=measure,
        gain_db=drive.gain_db,
        limited_db=max(work.grid.peak_db + drive.gain_db - drive.ceiling_dbtp, 0.0),
        shortfall_lu=LoudnessUnits(max(wanted - reached, 0.0) if drive.capped else 0.0),
        curve=work.curve,
        duration_s=work.recording.duration_s,
    )
