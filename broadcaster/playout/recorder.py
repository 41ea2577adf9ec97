"""The witness's ear: ``parec`` on the monitor of an output.

Used by the witness's child only. A thread reads; nothing here waits for the sound server.
"""

import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from broadcaster.playout.guard import tied
from broadcaster.sound.envelope import RATE_HZ

LATENCY_MS = 100
"""A recorder that asks for little latency makes a lazy sink quick, and the player's start constant."""
CHUNK = 4096
ANCHOR_WINDOW_S = 1.0
"""Short: a lazy sink's first piece holds up to two seconds that it rendered ahead, and must be forgotten by the start."""


def start_ear(sink: str) -> "subprocess.Popen[bytes]":
    """Record a sink's monitor at 8 kHz mono to a pipe. Call it from the main thread."""
    form = [f"--rate={RATE_HZ}", "--channels=1", "--format=s16le", "--raw", f"--latency-msec={LATENCY_MS}"]
    command = tied(["parec", "-d", f"{sink}.monitor", *form])
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def start_keeper(sink: str, target: Path) -> "subprocess.Popen[bytes]":
    """Record a sink's monitor to a WAV file (48 kHz mono), complete even when the witness dies: it is asked to end."""
    form = ["--rate=48000", "--channels=1", "--format=s16le", "--file-format=wav", f"--latency-msec={LATENCY_MS}"]
    command = tied(["parec", "-d", f"{sink}.monitor", *form, str(target)], last_signal="TERM")
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stop_keeper(keeper: "subprocess.Popen[bytes]") -> None:
    """End a recording in order, within a second."""
    keeper.terminate()
    try:
        keeper.wait(1)
    except subprocess.TimeoutExpired:
        keeper.kill()


def follow(ear: "subprocess.Popen[bytes]", heard: Callable[[float, bytes], None], ended: Callable[[], None]) -> None:
    """Pass on what the ear records, each piece with the monotonic moment it came, from a thread of its own."""
    pipe = ear.stdout
    if pipe is None:
        raise ValueError(ear)

    def read() -> None:
        while piece := os.read(pipe.fileno(), CHUNK):
            heard(time.monotonic(), piece)
        ended()

    threading.Thread(target=read, daemon=True).start()


class Anchor:
    """Which moment of ``CLOCK_MONOTONIC`` the recording's first sample belongs to.

    Pieces arrive late by chance, never early: the earliest of the last second tells. What a sink renders ahead
    (its latency just after it has rendered) comes on top and is the caller's to add.
    """

    def __init__(self) -> None:
        self._samples = 0
        self._guesses: deque[tuple[float, float]] = deque()

    def note(self, arrived_s: float, samples: int) -> None:
        """A piece of so many samples came at this moment."""
        self._samples += samples
        self._guesses.append((arrived_s, arrived_s - self._samples / RATE_HZ))
        while self._guesses[0][0] < arrived_s - ANCHOR_WINDOW_S:
            self._guesses.popleft()

    @property
    def begins_s(self) -> float:
        """The moment of sample 0."""
        return min(guess for _moment, guess in self._guesses)
