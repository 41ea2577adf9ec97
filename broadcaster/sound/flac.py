"""FLAC out by libsndfile, within the program; in by it or through the ffmpeg program, in blocks.

Masters are 16-bit with triangular dither. Its noise (−93 dBFS, 70 dB under the programme) lies far below that of any
recording or market, libvlc plays it as it plays 24-bit, and a 24-bit file would be more than twice as large for noise
that no one can hear. Dither comes from a generator of fixed seed whose raw bits are the same on every machine, and no tag is
written (the encoder's own name and version, which FLAC requires, is the only text): the same input gives the same bytes.
"""

import subprocess
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from broadcaster.errors import BroadcasterError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.sound.behind import Behind
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
    """A mono FLAC file being written, encoded in a thread behind. Leaving by an exception leaves the file unfinished."""

    def __init__(self, target: Path, rate_hz: int) -> None:
        self.pieces: list[Piece] = []
        """What was written so far, to be compared with what the file then holds."""
        self._target, self._rate_hz = target, rate_hz
        self._dither = Dither()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(_faults_told(self._target))
            file = stack.enter_context(
                soundfile.SoundFile(self._target, "w", self._rate_hz, 1, subtype="PCM_16", format="FLAC")
            )
            self._encoder: Behind[NDArray[np.int16]] = stack.enter_context(Behind(file.write))
            self._open = stack.pop_all()
        return self

    def silence(self, frames: int) -> Samples:
        """Digital silence, without dither; answers it."""
        self._send(np.zeros(frames, dtype=np.int16))
        return np.zeros(frames, dtype=np.float32)

    def copy(self, samples: NDArray[np.int16]) -> None:
        """Samples that were quantised before, as they are.

        Raises :class:`~broadcaster.sound.room.NoRoom`.
        """
        check_room(self._target.parent)
        self._send(samples)

    def write(self, samples: NDArray[np.float32]) -> Samples:
        """Samples, 1.0 = full scale, quantised with dither; answers what was written, 1.0 = full scale.

        Raises :class:`~broadcaster.sound.room.NoRoom`.
        """
        check_room(self._target.parent)
        steps = samples * np.float32(FULL_SCALE)
        steps += self._dither.steps(len(samples))
        np.rint(steps, out=steps)
        np.clip(steps, -FULL_SCALE, FULL_SCALE - 1, out=steps)
        self._send(steps.astype(np.int16))
        steps *= np.float32(1 / FULL_SCALE)
        return steps

    def _send(self, samples: NDArray[np.int16]) -> None:
        self.pieces.append(Piece.of(samples))
        self._encoder.give(samples)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._open.__exit__(kind, error, trace)


@dataclass(frozen=True)
class Piece:
    """Some samples in a row, known by their checksum."""

    frames: int
    checksum: int
    """CRC-32 of the 16-bit samples."""

    @classmethod
    def of(cls, samples: NDArray[np.int16]) -> "Piece":
        return cls(len(samples), zlib.crc32(samples.data))


@contextmanager
def _faults_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (soundfile.SoundFileError, OSError) as problem:
        raise NotWritten(path=path.name, problem=problem) from problem


def check_flac(source: Path, pieces: Sequence[Piece]) -> None:
    """Decode a FLAC of ours whole, half by half on two cores, and compare every piece with what was written.

    Raises :class:`NotWritten` where anything differs.
    """
    half = len(pieces) // 2
    middle = sum(piece.frames for piece in pieces[:half])
    with ThreadPoolExecutor(2) as pool:
        halves = (pieces[:half], pieces[half:])
        same = list(pool.map(_holds, (source, source), (0, middle), halves))
    if not all(same):
        raise NotWritten(path=source.name, problem=_("it does not hold what was written"))


def _holds(source: Path, first: int, pieces: Sequence[Piece]) -> bool:
    with _faults_told(source), soundfile.SoundFile(source) as file:
        file.seek(first)
        return all(Piece.of(file.read(piece.frames, dtype="int16")) == piece for piece in pieces)


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
