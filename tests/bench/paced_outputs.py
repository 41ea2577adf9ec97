"""Outputs whose truth is known: pipes for cards, read at a card's pace. Each sample sounds when it is read.

A null sink's monitor says what was mixed, some tens of milliseconds to two seconds before it would sound, and a recorder can
only guess by how much. Of a pipe the reader knows the moment of every sample, and PulseAudio counts what lies in it as latency,
as it does with a card's buffer.
"""

import fcntl
import os
import subprocess
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from alignment import RATE_HZ, Samples
from scipy import signal

from broadcaster.playout.virtual import VirtualOutputs

CARD_RATE_HZ = 48_000
PERIOD = 480
"""Samples that the card takes at a time: 10 ms."""
BUFFER_BYTES = 8192
"""What the pipe holds: 85 ms, a card's buffer."""
_SET_SIZE = 1031
"""``F_SETPIPE_SZ``."""


class Card:
    """Reads a pipe of 16-bit mono at a card's pace, as ``market_ear.Ear`` does a monitor."""

    def __init__(self, pipe: Path) -> None:
        self._descriptor = os.open(pipe, os.O_RDONLY)
        fcntl.fcntl(self._descriptor, _SET_SIZE, BUFFER_BYTES)
        self._pieces: list[bytes] = []
        self._over = False
        self.begins_s = 0.0
        """When the first sample sounded, on ``CLOCK_MONOTONIC``."""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        self._pieces.append(os.read(self._descriptor, PERIOD * 2))
        self.begins_s = time.monotonic()
        gone = len(self._pieces[0]) // 2
        while not self._over:
            time.sleep(max(0.0, self.begins_s + gone / CARD_RATE_HZ - time.monotonic()))
            piece = os.read(self._descriptor, PERIOD * 2)
            gone += len(piece) // 2
            self._pieces.append(piece)

    @property
    def samples(self) -> Samples:
        """All so far at the ear's rate, ±1."""
        whole = np.frombuffer(b"".join(self._pieces), "<i2").astype(np.float64) / 32768
        return np.asarray(signal.resample_poly(whole, RATE_HZ, CARD_RATE_HZ), dtype=np.float64)

    def stop(self) -> None:
        if not self._over:
            self._over = True
            self._reader.join(2)
            os.close(self._descriptor)


class PacedOutputs(VirtualOutputs):
    """Named sinks that write to pipes; ``cards`` read them from the start."""

    def __init__(self, sinks: Iterable[str]) -> None:
        super().__init__(["nobody"])
        self._names = tuple(sinks)
        self.cards: list[Card] = []

    def __enter__(self) -> Self:
        self.start()
        for name in self._names:
            pipe = Path(self.environment["XDG_RUNTIME_DIR"], name)
            form = [f"sink_name={name}", f"file={pipe}", f"rate={CARD_RATE_HZ}", "channels=1", "format=s16le"]
            command = ["pactl", "load-module", "module-pipe-sink", *form]
            subprocess.run(command, env={**os.environ, **self.environment}, check=True, stdout=subprocess.DEVNULL)
            self.cards.append(Card(pipe))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for card in self.cards:
            card.stop()
        super().__exit__(kind, error, trace)
