"""A recording becomes a master: as loud as every other, with no peak that a cheap amplifier would tear.

::

    spool ─▶ one channel at 48 kHz ─▶ grid ─▶ gain and limiter ─▶ FLAC ─▶ measured, corrected once
             (mean of channels,       (energy  (solved together)    (3 s lead-in, 1 s tail of silence)
              no DC offset)            and peak of every 1/3 ms)

One gain for the whole recording and a limiter for its peaks, nothing else: no compressor, no equaliser, no gate. How hard
the limiter may work is capped; what is then missing to the loudness is said, not crushed in. ``docs/mastering.md`` says why.
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
from broadcaster.production.levelling import STRETCH_CELLS, Drive, Grid, make_grid, reductions, solve
from broadcaster.sound import limiter
from broadcaster.sound.blocks import BLOCK_FRAMES, Progress, frames_in, no_progress, read_blocks
from broadcaster.sound.ffmpeg import program
from broadcaster.sound.flac import FlacWriter, read_child, read_flac
from broadcaster.sound.kweighting import CELL
from broadcaster.sound.loudness import measure_blocks

RATE_HZ = limiter.GRID_RATE_HZ
"""Sample rate of every master."""
AUDIBLE_DC = 1e-4
"""An offset of less than −80 dBFS is left alone."""
CLOSE_LU = 0.05
"""A master this close to its loudness is not corrected."""
_SILENCE_DB = -300.0
PEAK_GUARD_DB = 0.05
"""The limiter aims this far under the ceiling: meters differ between samples, and dither adds a step."""


class NothingToMaster(BadInput):
    """The recording holds no sound that a loudness meter counts."""

    sentence = N_("The recording is silent or too short to measure, so no master was made. Record it again.")


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
    duration_s: Seconds
    """Of the sound: the master without lead-in and tail."""


@dataclass(frozen=True)
class _Recording:
    """One channel at 48 kHz on disk, with the offset to be taken away."""

    spool: Path
    offset: float
    frames: int

    def blocks(self, frames: int = BLOCK_FRAMES) -> Iterator[NDArray[np.float32]]:
        for block in read_blocks(self.spool, 1, frames):
            yield block[:, 0] - np.float32(self.offset) if self.offset else block[:, 0]


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
    Raises :class:`NothingToMaster` for silence, :class:`~broadcaster.sound.flac.NotWritten` when the disk is full.
    """
    with tempfile.TemporaryDirectory(dir=decoded_pcm.parent, prefix="master-") as name:
        folder = Path(name)
        recording = _at_48_khz(decoded_pcm, sample_rate_hz, channels, folder)
        progress(0.2)
        grid = make_grid(recording.blocks(), folder, settings.max_drive_db + 1)
        progress(0.5)
        return _level(recording, grid, target, settings, progress)


def _level(
    recording: _Recording, grid: Grid, target: Path, settings: MasteringSettings, progress: Progress
) -> Mastered:
    aim, ceiling = settings.loudness_lufs, Dbtp(settings.true_peak_dbtp - PEAK_GUARD_DB)
    drive = _solved(grid, aim, ceiling, settings)
    measure = _render(recording, grid, drive, target, settings)
    progress(0.9)
    again = _correction(measure, drive, settings)
    if again is not None:
        drive = _solved(grid, *again, settings)
        measure = _render(recording, grid, drive, target, settings)
    progress(1.0)
    return _mastered(recording, grid, drive, measure, settings)


def _solved(grid: Grid, aim: Lufs, ceiling: Dbtp, settings: MasteringSettings) -> Drive:
    drive = solve(grid, aim, ceiling, settings.max_drive_db)
    if drive is None:
        raise NothingToMaster
    return drive


def _at_48_khz(pcm: Path, rate_hz: int, channels: int, folder: Path) -> _Recording:
    if (rate_hz, channels) == (RATE_HZ, 1):
        spool = pcm
        total = sum(float(block.sum(dtype=np.float64)) for block in read_blocks(spool, 1))
    else:
        spool = folder / "mono.f32"
        total = 0.0
        with spool.open("wb") as copy:
            for block in read_child(downmix_command(pcm, rate_hz, channels), pcm):
                total += float(block.sum(dtype=np.float64))
                copy.write(block.tobytes())
    frames = frames_in(spool, 1)
    offset = total / max(frames, 1)
    return _Recording(spool, offset if abs(offset) > AUDIBLE_DC else 0.0, frames)


def downmix_command(pcm: Path, rate_hz: int, channels: int) -> list[str]:
    """The mean of the spool's channels at 48 kHz, f32 on standard output."""
    mean = "+".join(f"{1 / channels:.9f}*c{channel}" for channel in range(channels))
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostdin", "-nostats", "-v", "error", "-threads", "1"),
        *("-f", "f32le", "-ar", str(rate_hz), "-ac", str(channels), "-i", f"file:{pcm}"),
        *("-af", f"pan=mono|c0={mean},aresample={RATE_HZ}", "-f", "f32le", "pipe:1"),
    ]


def _render(recording: _Recording, grid: Grid, drive: Drive, target: Path, settings: MasteringSettings) -> Measure:
    with FlacWriter(target, RATE_HZ) as flac:
        flac.silence(round(settings.lead_in_s * RATE_HZ))
        for samples in _limited(recording, grid, drive):
            flac.write(samples)
        flac.silence(round(settings.tail_s * RATE_HZ))
    return measure_blocks(read_flac(target), RATE_HZ, 1)


def _limited(recording: _Recording, grid: Grid, drive: Drive) -> Iterator[NDArray[np.floating]]:
    """The recording with gain and limiter, in blocks."""
    gain = 10 ** (drive.gain_db / 20)
    for index, stretch in enumerate(recording.blocks(STRETCH_CELLS * CELL)):
        factors = reductions(grid, drive, index)
        for first in range(0, len(stretch), BLOCK_FRAMES):
            block = stretch[first : first + BLOCK_FRAMES] * gain
            yield block if factors is None else limiter.apply(block, factors[first // CELL :])


def _correction(measure: Measure, drive: Drive, settings: MasteringSettings) -> tuple[Lufs, Dbtp] | None:
    """Loudness and ceiling to aim for instead, after what the encoded file measures; ``None`` when it is right."""
    off = settings.loudness_lufs - (measure.integrated_lufs or settings.loudness_lufs)
    aim = settings.loudness_lufs
    if abs(off) > CLOSE_LU and not (drive.capped and off > 0):
        aim = Lufs(aim + off)
    over = (measure.true_peak_dbtp or _SILENCE_DB) - settings.true_peak_dbtp
    ceiling = Dbtp(drive.ceiling_dbtp - max(over, 0.0) - PEAK_GUARD_DB) if over > 0 else Dbtp(drive.ceiling_dbtp)
    return None if (aim, ceiling) == (settings.loudness_lufs, drive.ceiling_dbtp) else (aim, ceiling)


def _mastered(
    recording: _Recording, grid: Grid, drive: Drive, measure: Measure, settings: MasteringSettings
) -> Mastered:
    reached = settings.loudness_lufs if measure.integrated_lufs is None else measure.integrated_lufs
    return Mastered(
        measure=measure,
        gain_db=drive.gain_db,
        limited_db=max(grid.peak_db + drive.gain_db - drive.ceiling_dbtp, 0.0),
        shortfall_lu=LoudnessUnits(max(settings.loudness_lufs - reached, 0.0) if drive.capped else 0.0),
        duration_s=Seconds(recording.frames / RATE_HZ),
    )
