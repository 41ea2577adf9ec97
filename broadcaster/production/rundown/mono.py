"""A part's decoded sound as one channel at 48 kHz on the disk, without offset: what all the parts of an episode are."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.production.mono import AUDIBLE_DC
from broadcaster.sound.blocks import SAMPLE, read_blocks
from broadcaster.sound.decode import Decoded
from broadcaster.sound.ffmpeg import program
from broadcaster.sound.flac import read_child
from broadcaster.sound.limiter import GRID_RATE_HZ
from broadcaster.sound.room import check_room

RATE_HZ = GRID_RATE_HZ


@dataclass(frozen=True)
class OneChannel:
    """Samples on the disk, and the constant offset to be taken away."""

    spool: Path
    """f32."""
    offset: float
    frames: int

    def read(self, first: int, frames: int) -> NDArray[np.float32]:
        """``frames`` samples from ``first`` on, without the offset; fewer at the end."""
        count = max(min(frames, self.frames - first), 0)
        stored = np.fromfile(self.spool, dtype=SAMPLE, count=count, offset=first * SAMPLE.itemsize)
        return np.nan_to_num(stored, nan=0.0, posinf=0.0, neginf=0.0) - np.float32(self.offset)


def one_channel(decoded: Decoded, folder: Path) -> OneChannel:
    """The mean of the channels at 48 kHz, in ``folder``. Raises :class:`~broadcaster.sound.room.NoRoom`."""
    spool, total, frames = folder / "part.f32", 0.0, 0
    if (decoded.sample_rate_hz, decoded.channels) == (RATE_HZ, 1):
        decoded.pcm.rename(spool)
        blocks = read_blocks(spool, 1)
        total, frames = sum(float(block.sum(dtype=np.float64)) for block in blocks), decoded.frames
    else:
        with spool.open("wb") as copy:
            for block in read_child(downmix_command(decoded), decoded.pcm):
                check_room(folder)
                copy.write(block.tobytes())
                total += float(block.sum(dtype=np.float64))
                frames += len(block)
        decoded.pcm.unlink()
    offset = total / max(frames, 1)
    return OneChannel(spool, offset if abs(offset) > AUDIBLE_DC else 0.0, frames)


def downmix_command(decoded: Decoded) -> list[str]:
    """The mean of a spool's channels at 48 kHz, f32 on standard output."""
    mean = "+".join(f"{1 / decoded.channels:.9f}*c{channel}" for channel in range(decoded.channels))
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostdin", "-nostats", "-v", "error", "-threads", "1"),
        *("-f", "f32le", "-ar", str(decoded.sample_rate_hz), "-ac", str(decoded.channels)),
        *("-i", f"file:{decoded.pcm}", "-af", f"pan=mono|c0={mean},aresample={RATE_HZ}", "-f", "f32le", "pipe:1"),
    ]
