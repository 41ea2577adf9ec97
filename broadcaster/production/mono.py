"""A spool of any rate and channels as one channel at 48 kHz: what a master is made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.blocks import BLOCK_FRAMES, Progress, frames_in, read_blocks
from broadcaster.sound.ffmpeg import program
from broadcaster.sound.flac import read_child
from broadcaster.sound.limiter import GRID_RATE_HZ
from broadcaster.sound.room import check_room

RATE_HZ = GRID_RATE_HZ
AUDIBLE_DC = 1e-4
"""An offset of less than −80 dBFS is left alone."""

Block = TypeVar("Block", bound=NDArray[np.floating])


@dataclass(frozen=True)
class Recording:
    """One channel at 48 kHz on disk, with the constant offset to be taken away."""

    spool: Path
    offset: float
    frames: int

    def blocks(self, frames: int = BLOCK_FRAMES) -> Iterator[NDArray[np.float32]]:
        """The samples, without offset."""
        for block in read_blocks(self.spool, 1, frames):
            yield block[:, 0] - np.float32(self.offset) if self.offset else block[:, 0]


def one_channel(pcm: Path, rate_hz: int, channels: int, folder: Path, progress: Progress) -> Recording:
    """The mean of the channels at 48 kHz; a copy in ``folder``, or the spool itself where it is that already."""
    frames = frames_in(pcm, channels)
    if (rate_hz, channels) == (RATE_HZ, 1):
        spool = pcm
        total = sum(map(_sum, watched(read_blocks(spool, 1), frames, progress)))
    else:
        spool = folder / "mono.f32"
        converted = read_child(downmix_command(pcm, rate_hz, channels), pcm)
        total = _copied(watched(converted, frames * RATE_HZ / rate_hz, progress), spool)
    frames = frames_in(spool, 1)
    offset = total / max(frames, 1)
    return Recording(spool, offset if abs(offset) > AUDIBLE_DC else 0.0, frames)


def downmix_command(pcm: Path, rate_hz: int, channels: int) -> list[str]:
    """The mean of the spool's channels at 48 kHz, f32 on standard output."""
    mean = "+".join(f"{1 / channels:.9f}*c{channel}" for channel in range(channels))
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostdin", "-nostats", "-v", "error", "-threads", "1"),
        *("-f", "f32le", "-ar", str(rate_hz), "-ac", str(channels), "-i", f"file:{pcm}"),
        *("-af", f"pan=mono|c0={mean},aresample={RATE_HZ}", "-f", "f32le", "pipe:1"),
    ]


def _copied(blocks: Iterable[NDArray[np.float32]], spool: Path) -> float:
    """Write the blocks to ``spool``; answers the sum of their samples. Raises :class:`~broadcaster.sound.room.NoRoom`."""
    total = 0.0
    with spool.open("wb") as copy:
        for block in blocks:
            check_room(spool.parent)
            copy.write(block.tobytes())
            total += _sum(block)
    return total


def _sum(block: NDArray[np.float32]) -> float:
    return float(block.sum(dtype=np.float64))


def watched(blocks: Iterable[Block], frames: float, progress: Progress) -> Iterator[Block]:
    """The blocks, telling ``progress`` the share of ``frames`` that has gone by."""
    gone = 0
    for block in blocks:
        yield block
        gone += len(block)
        progress(min(gone / frames, 1.0))


def part(progress: Progress, begin: float, end: float) -> Progress:
    """A step's own progress, 0 … 1, as its part of the whole."""
    return lambda share: progress(begin + (end - begin) * share)
