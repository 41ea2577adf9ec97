"""The microphone's ear: ``parec`` on a capture source, and the master to hold against what it hears. In the child only.

What is heard goes through a pipe into memory, and nowhere else.
"""

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadcaster.playout.guard import tied
from broadcaster.sound.acoustic import RATE_HZ
from broadcaster.sound.ffmpeg import program

LATENCY_MS = 100

Pcm = NDArray[np.int16]


def start_ear(source: str) -> "subprocess.Popen[bytes]":
    """Record a capture source at 8 kHz mono to a pipe. Call it from the main thread."""
    form = [f"--rate={RATE_HZ}", "--channels=1", "--format=s16le", "--raw", f"--latency-msec={LATENCY_MS}"]
    return _started(tied(["parec", "-d", source, *form]))


def _started(command: list[str]) -> "subprocess.Popen[bytes]":
    """Signals as here: who is told of a limit by an ignored signal goes on, and does without what it cannot write."""
    nothing: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, stdout=subprocess.PIPE, restore_signals=False, **nothing)


def read_master(master: Path) -> Pcm:
    """A master's samples at 8 kHz; raises ``OSError`` when it was not read to its end."""
    source = ["-protocol_whitelist", "file", "-f", "flac", "-i", f"file:{master}"]
    form = ["-ac", "1", "-ar", str(RATE_HZ), "-f", "s16le", "pipe:1"]
    with _started([program("ffmpeg"), "-nostdin", "-loglevel", "error", *source, *form]) as reader:
        whole = reader.stdout.read() if reader.stdout else b""
    if reader.returncode != 0:
        raise ChildProcessError(reader.returncode)
    return np.frombuffer(whole, "<i2")


class Samples:
    """Pieces of a pipe as whole samples."""

    def __init__(self) -> None:
        self._left = b""

    def of(self, piece: bytes) -> Pcm:
        """What the piece completes."""
        whole = self._left + piece
        even = len(whole) // 2 * 2
        self._left = whole[even:]
        return np.frombuffer(whole[:even], "<i2")
