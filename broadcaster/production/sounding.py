"""A recording is heard once, while it is decoded: its own measure, one channel at 48 kHz, and the grid that levels it.

::

    blocks of f32 ─▶ 48 kHz ─┬─▶ K-weighted, each channel ─▶ the recording's measure
                             └─▶ mean of channels ─▶ (high-pass) ─▶ spool, and energy and peak of every cell

The weighting is linear, so where there is no high-pass the mean of the weighted channels is the weighted mean.
"""

import os
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Measure
from broadcaster.production.levelling import Grid, GridWriter, make_grid
from broadcaster.production.mono import AUDIBLE_DC, RATE_HZ, Recording
from broadcaster.production.profiles import PLAIN, Chain
from broadcaster.sound.behind import Behind
from broadcaster.sound.biquads import Biquads
from broadcaster.sound.blocks import SAMPLE, Samples, frames_of
from broadcaster.sound.cellmeter import CellMeter
from broadcaster.sound.hops import Energies
from broadcaster.sound.kweighting import CELL, KWeighting, mean_squares
from broadcaster.sound.resampling import Resampler
from broadcaster.sound.room import check_room

_SILENT_STEP = 1 << 16


@dataclass(frozen=True)
class Spooled:
    """Raw little-endian f32 on disk, channels interleaved."""

    path: Path
    rate_hz: int
    channels: int


@dataclass(frozen=True)
class Sound:
    """A recording ready to be levelled, and what was heard of it as it came."""

    measure: Measure
    hops: Energies
    """Mean square, K-weighted, channels summed, of each whole 100 ms."""
    recording: Recording
    grid: Grid


class Hearing:
    """Takes a spool's samples block by block, as they are written or afterwards; what it keeps lies in ``folder``.

    A context manager. The spool itself is the recording where it is one channel at 48 kHz already.
    """

    def __init__(self, spool: Spooled, folder: Path, max_drive_db: float, chain: Chain = PLAIN) -> None:
        rate_hz, channels = spool.rate_hz, spool.channels
        as_is = (rate_hz, channels) == (RATE_HZ, 1) and not chain.high_pass
        self._channels, self._folder, self._max_drive_db = channels, folder, max_drive_db
        self._path = spool.path if as_is else folder / "mono.f32"
        self._copy = None if as_is else self._path.open("wb")
        self._resampler = Resampler(rate_hz, RATE_HZ, channels)
        self._meter = CellMeter(channels)
        self._weightings = [KWeighting(RATE_HZ) for _ in range(channels)]
        self._high_pass = Biquads(chain.high_pass) if chain.high_pass else None
        self._weighting = KWeighting(RATE_HZ)
        self._evened_db = chain.most_evened_db
        self._grid = GridWriter(folder, max_drive_db, self._evened_db)
        self._behind = Behind(self._hear)
        self._rest = np.zeros((0, channels), dtype=np.float32)
        self._silent = 0
        self._frames = 0
        self._total = 0.0

    def __enter__(self) -> "Hearing":
        self._behind.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with closing(self._grid), closing(self._copy) if self._copy else nullcontext():
            self._behind.__exit__(kind, error, trace)

    def take(self, raw: bytes) -> None:
        """The next samples: little-endian f32, channels interleaved. Raises :class:`~broadcaster.sound.room.NoRoom`."""
        if self._silent >= 0:
            if raw == bytes(len(raw)):  # hours of nothing need no meter
                self._silent += len(raw)
                return
            self._begin()
        self._behind.give(self._resampler.take(frames_of(raw, self._channels)))

    def _begin(self) -> None:
        """The first sound: the silence before it counts too."""
        frames, self._silent = self._silent // (self._channels * SAMPLE.itemsize), -1
        for begin in range(0, frames, _SILENT_STEP):
            silence = np.zeros((min(_SILENT_STEP, frames - begin), self._channels), dtype=np.float32)
            self._behind.give(self._resampler.take(silence))

    def finish(self) -> Sound:
        """The whole of it, after the last block; where there was no sound at all, a measure without loudness."""
        if self._silent >= 0:
            self._begin()
        self._behind.give(self._resampler.flush())
        self._behind.finish()
        rest = len(self._rest)
        self._cells(np.pad(self._rest, ((0, -rest % CELL), (0, 0))), rest)
        if self._copy:
            self._copy.truncate(self._frames * SAMPLE.itemsize)
            self._copy.close()
        offset = self._total / max(self._frames, 1)
        recording = Recording(self._path, offset if abs(offset) > AUDIBLE_DC else 0.0, self._frames)
        return Sound(self._meter.measure(), self._meter.hop_means, recording, self._finished_grid(recording))

    def _finished_grid(self, recording: Recording) -> Grid:
        """With a constant offset every peak is another one, and it is known only now."""
        grid = self._grid.finish()
        if not recording.offset:
            return grid
        return make_grid(recording.blocks(), self._folder, self._max_drive_db, self._evened_db)

    def _hear(self, block: Samples) -> None:
        joined = np.concatenate([self._rest, block]) if len(self._rest) else block
        whole = len(joined) - len(joined) % CELL
        self._rest = joined[whole:]
        if whole:
            self._cells(joined[:whole], whole)

    def _cells(self, block: Samples, frames: int) -> None:
        """Whole cells, of which ``frames`` frames are the recording's."""
        check_room(self._folder)
        channels = list(self._split(block))
        weighted = [weighting.cells(channel) for weighting, channel in zip(self._weightings, channels, strict=True)]
        mono = _mean(channels)
        if self._high_pass:
            mono = self._high_pass.run(mono)
            heard = self._weighting.cells(mono)
        else:
            heard = _mean(weighted)
        mono_energies = mean_squares(heard.copy() if heard is weighted[0] else heard)
        energies = np.sum([mean_squares(cells) for cells in weighted], axis=0)
        for peak, channel in zip(self._meter.peaks, channels, strict=True):
            peak.feed(channel)
        self._meter.take(energies, frames)
        self._grid.take(mono, mono_energies)
        if self._copy:
            _put(self._copy, mono)
        self._total += float(mono.sum(dtype=np.float64))
        self._frames += frames

    def _split(self, block: Samples) -> Iterator[NDArray[np.float32]]:
        for channel in range(self._channels):
            yield np.ascontiguousarray(block[:, channel])


def _put(file: BinaryIO, samples: NDArray[np.float32]) -> None:
    """Silence becomes a hole in the file."""
    if samples.any():
        file.write(samples.data)
    else:
        file.seek(samples.nbytes, os.SEEK_CUR)


def _mean(channels: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    if len(channels) == 1:
        return channels[0]
    total: NDArray[np.float32] = sum(channels[1:], start=channels[0])
    return total * np.float32(1 / len(channels))
