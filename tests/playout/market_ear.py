"""What a market heard, found out without the program's own witness: another recorder, another arithmetic.

Blocks of 100 ms, band-passed to 100–1,200 Hz, are looked for in order, each near the lag of the one before.
"""

import os
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import signal

RATE_HZ = 8000
BLOCK = RATE_HZ // 10
ACTIVE_DB = -40.0
"""A block this far below the loudest holds no sound to look for."""
FOUND = 0.65
"""Correlation at which a block is found; right audio gives more than 0.78, even spoiled, and another episode of the same voice
reaches it in less than one block of a hundred."""
ANCHOR_S = 10.0
"""So much of the beginning is looked for in the whole recording; from there on each block follows the one before."""
REACH_S = 0.012
"""How far one block's lag may lie from that of the one before,"""
DRIFT = 0.004
"""and how much farther for each second that lies between them: libvlc resamples by up to 0.3 %;"""
REACH_AT_MOST_S = 0.04
"""never farther than this."""

Samples = NDArray[np.float64]


class Ear:
    """Records a sink's monitor, and knows when each sample came."""

    def __init__(self, sink: str, environment: Mapping[str, str]) -> None:
        form = ["--rate=8000", "--channels=1", "--format=s16le", "--raw", "--latency-msec=20"]
        self._pieces: list[bytes] = []
        self._count = 0
        self.begins_s = float("inf")
        """When the first sample sounded, on ``CLOCK_MONOTONIC``: no sample comes before it sounds."""
        self._recorder = subprocess.Popen(
            ["parec", "-d", f"{sink}.monitor", *form],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        pipe = self._recorder.stdout
        assert pipe is not None
        while piece := os.read(pipe.fileno(), 4096):
            self._pieces.append(piece)
            self._count += len(piece) // 2
            self.begins_s = min(self.begins_s, time.monotonic() - self._count / RATE_HZ)

    @property
    def samples(self) -> Samples:
        """All so far, ±1."""
        whole = b"".join(self._pieces)
        return np.frombuffer(whole[: len(whole) // 2 * 2], "<i2").astype(np.float64) / 32768

    def silent_from_s(self) -> float:
        """When the last sound ended, on ``CLOCK_MONOTONIC``."""
        loud = np.flatnonzero(np.abs(self.samples) > 10 ** (-60 / 20))
        return self.begins_s + (float(loud[-1]) / RATE_HZ if len(loud) else 0.0)

    def stop(self) -> None:
        self._recorder.kill()
        self._recorder.wait()
        self._reader.join(2)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@dataclass(frozen=True)
class Found:
    """How much of a master is in a recording."""

    active: int
    found: int
    first_s: float
    """Where in the recording the master's beginning lies, by its first word."""
    drift_s: float
    """The last word's lag minus the first's."""
    elsewhere_s: float
    """Seconds of the recording with sound that is not the master's."""


def pcm(path: Path) -> Samples:
    """An audio file at 8 kHz, mono."""
    form = ["-ac", "1", "-ar", str(RATE_HZ), "-f", "s16le", "pipe:1"]
    whole = subprocess.run(
        ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", str(path), *form], capture_output=True, check=True
    ).stdout
    return np.frombuffer(whole, "<i2").astype(np.float64) / 32768


def look_for(master: Samples, recording: Samples, near_s: float | None = None) -> Found:
    """Every active block of ``master`` in ``recording``, in order: from the place that fits its beginning best.

    ``near_s``: the master's beginning is looked for within a second of this place only.
    """
    wanted, heard = _band(master), _band(recording)
    blocks = _active(wanted)
    first, last = blocks[0] * BLOCK, (blocks[-1] + 1) * BLOCK
    anchor = wanted[first : min(last, first + int(ANCHOR_S * RATE_HZ))]
    fits = signal.correlate(heard, anchor, "valid")
    if near_s is not None:
        place = first + int(near_s * RATE_HZ)
        fits[: place - RATE_HZ] = fits[place + RATE_HZ :] = -np.inf
    lag = near = int(np.argmax(fits)) - first
    before = blocks[0] - 10 * ANCHOR_S
    lags: list[int] = []
    for block in blocks:
        piece = wanted[block * BLOCK : (block + 1) * BLOCK]
        reach = int(min(REACH_S + DRIFT * (block - before) / 10, REACH_AT_MOST_S) * RATE_HZ)
        found = _search(piece, heard, block * BLOCK + near, reach)
        if found is not None:
            near, before = found - block * BLOCK, block
            lags.append(near)
    loud = np.abs(recording) > 10 ** (-50 / 20)
    loud[max(0, lag + first - BLOCK) : lag + last + 3 * BLOCK] = False
    first_lag, last_lag = (lags[0], lags[-1]) if lags else (lag, lag)
    return Found(
        len(blocks), len(lags), first_lag / RATE_HZ, (last_lag - first_lag) / RATE_HZ, float(loud.sum()) / RATE_HZ
    )


def _band(samples: Samples) -> Samples:
    sos: Any = signal.butter(4, [100, 1200], "bandpass", fs=RATE_HZ, output="sos")
    return np.asarray(signal.sosfiltfilt(sos, samples), dtype=np.float64)


def _active(samples: Samples) -> list[int]:
    count = len(samples) // BLOCK
    levels = np.sqrt(np.mean(samples[: count * BLOCK].reshape(count, BLOCK) ** 2, axis=1))
    return [int(block) for block in np.flatnonzero(levels > levels.max() * 10 ** (ACTIVE_DB / 20))]


def _search(piece: Samples, heard: Samples, around: int, reach: int) -> int | None:
    """Where ``piece`` lies within reach of ``around``; ``None`` when it does not."""
    begin = max(0, around - reach)
    stretch = heard[begin : around + reach + len(piece)]
    if len(stretch) < len(piece):
        return None
    products = signal.correlate(stretch, piece, "valid")
    energy = np.convolve(stretch**2, np.ones(len(piece)), "valid")
    scores = products / np.sqrt(np.maximum(energy * np.sum(piece**2), 1e-12))
    best = int(np.argmax(scores))
    return begin + best if scores[best] >= FOUND else None
