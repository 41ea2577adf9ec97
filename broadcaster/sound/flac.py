"""FLAC out and in through the ffmpeg program, in blocks.

Masters are 16-bit with triangular dither. Its noise (−93 dBFS, 70 dB under the programme) lies far below that of any
recording or market, libvlc plays it as it plays 24-bit, and a 24-bit file would be more than twice as large for noise
that no one can hear. Dither comes from a generator of fixed seed whose raw bits are the same on every machine, no tag and
no name of a program is written: the same input gives the same bytes.
"""

import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from broadcaster.errors import BroadcasterError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.sound.blocks import BLOCK_FRAMES, SAMPLE, Samples
from broadcaster.sound.ffmpeg import program
from broadcaster.sound.room import check_room

FULL_SCALE = 32_768
_PIPE_BYTES = 1 << 20
"""Room between the program and ffmpeg, so that neither waits for the other at every few samples."""
_DITHER_SEED = 11_062_021


class NotWritten(BroadcasterError):
    """A sound file could not be written or read back."""

    exit_code = 74
    sentence = N_(
        "The audio {path} could not be written ({problem}). Check that there is space on the disk and try again."
    )


def encode_command(target: Path, rate_hz: int) -> list[str]:
    """Mono 16-bit PCM on standard input → a FLAC file without tags."""
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostats", "-v", "error", "-y"),
        *("-f", "s16le", "-ar", str(rate_hz), "-ac", "1", "-i", "pipe:0"),
        *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"),
        *("-c:a", "flac", "-threads", "1", "-f", "flac", f"file:{target}"),
    ]


def decode_command(source: Path) -> list[str]:
    """One of our own FLAC files → little-endian f32 on standard output."""
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostdin", "-nostats", "-v", "error", "-xerror", "-threads", "1"),
        *("-protocol_whitelist", "file", "-f", "flac", "-i", f"file:{source}", "-f", "f32le", "pipe:1"),
    ]


class Dither:
    """Triangular noise of ± 1 step, white, the same at every run."""

    def __init__(self) -> None:
        self._bits = np.random.PCG64(_DITHER_SEED)

    def steps(self, n: int) -> NDArray[np.float32]:
        """The next ``n`` values, in quantiser steps, between −1 and 1. The bits of at most one pair are thrown away."""
        pairs = self._bits.random_raw(-(-n // 2)).view(np.uint32)[:n]
        noise = (pairs & 0xFFFF).astype(np.float32)
        noise -= (pairs >> 16).astype(np.float32)
        noise *= np.float32(1 / 65_536)
        return noise


class FlacWriter:
    """A mono FLAC file being written. Leaving by an exception ends the encoder and leaves the file unfinished."""

    def __init__(self, target: Path, rate_hz: int) -> None:
        self.checksum = 1
        """Adler-32 of every sample written so far."""
        self._target = target
        self._dither = Dither()
        self._child = subprocess.Popen(
            encode_command(target, rate_hz),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pipesize=_PIPE_BYTES,
        )

    def __enter__(self) -> Self:
        return self

    def silence(self, frames: int) -> Samples:
        """Digital silence, without dither; answers it."""
        self._send(np.zeros(frames, dtype="<i2"))
        return np.zeros(frames, dtype=np.float32)

    def write(self, samples: NDArray[np.float32]) -> Samples:
        """Samples, 1.0 = full scale, quantised with dither; answers what was written, 1.0 = full scale.

        Raises :class:`~broadcaster.sound.room.NoRoom`.
        """
        check_room(self._target.parent)
        steps = samples * np.float32(FULL_SCALE)
        steps += self._dither.steps(len(samples))
        np.rint(steps, out=steps)
        np.clip(steps, -FULL_SCALE, FULL_SCALE - 1, out=steps)
        self._send(steps.astype("<i2"))
        steps *= np.float32(1 / FULL_SCALE)
        return steps

    def _send(self, data: NDArray[np.int16]) -> None:
        self.checksum = zlib.adler32(data.data, self.checksum)
        try:
            _stream(self._child.stdin).write(data.data)
        except BrokenPipeError:
            self._finish()

    def _finish(self) -> None:
        complaint = self._child.communicate()[1]
        if self._child.returncode:
            raise NotWritten(path=self._target, problem=_last_line(complaint))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        elif self._child.returncode is None:
            self._child.kill()
            self._child.communicate()


def check_flac(source: Path, checksum: int) -> None:
    """Decode a FLAC of ours whole and compare every sample, by checksum, with what was written.

    Frames with a wrong checksum of their own count as errors. Raises :class:`NotWritten` where anything differs.
    """
    done = subprocess.run(check_command(source), stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise NotWritten(path=source, problem=_last_line(done.stderr))
    if done.stdout.strip() != f"CRC=0x{checksum:08x}".encode():
        raise NotWritten(path=source, problem=_("it does not hold what was written"))


def check_command(source: Path) -> list[str]:
    """One of our own FLAC files → the Adler-32 of its 16-bit samples, which ffmpeg calls CRC, on standard output."""
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostdin", "-nostats", "-v", "error", "-xerror", "-threads", "1"),
        *("-err_detect", "crccheck+explode", "-protocol_whitelist", "file", "-f", "flac", "-i", f"file:{source}"),
        *("-c:a", "pcm_s16le", "-f", "crc", "pipe:1"),
    ]


def read_flac(source: Path) -> Iterator[Samples]:
    """A mono FLAC of ours, decoded whole, in blocks ``(n, 1)``. Raises :class:`NotWritten` where it does not decode."""
    yield from read_child(decode_command(source), source)


def read_child(command: list[str], name: Path) -> Iterator[Samples]:
    """Mono f32 blocks from a program's standard output; its failure is :class:`NotWritten` of ``name``."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pipesize=_PIPE_BYTES
    ) as child:
        try:
            output = _stream(child.stdout)
            while raw := output.read(BLOCK_FRAMES * SAMPLE.itemsize):
                yield np.frombuffer(raw, dtype=SAMPLE).reshape(-1, 1)
        except BaseException:
            child.kill()
            raise
        complaint = _stream(child.stderr).read()
    if child.returncode:
        raise NotWritten(path=name, problem=_last_line(complaint))


def _stream(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the child was started without this pipe")
    return pipe


def _last_line(complaint: bytes) -> str:
    lines = complaint.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "ffmpeg"
