"""What a market heard, found out without the program's own witness: another recorder, another arithmetic.

Blocks of 100 ms, band-passed to 100–1,200 Hz, are compared with what sounds where their surroundings say they are
(``alignment.py``).
"""

import itertools
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from alignment import BLOCK, RATE_HZ, Place, Samples, best, path
from scipy import signal

ACTIVE_DB = -40.0
"""A block this far below the loudest holds no sound to look for."""
FOUND = 0.8
"""Correlation at which a block is found. 2,548 that libvlc played gave 0.91 or more, half of them 0.99; silence, noise and
other blocks in their place give less than 0.5 nine times of ten."""
FAINT_DB = -20.0
"""A block this far below what all found ones say of the volume is missing: what rings there is the filter."""
ANCHOR_S = 10.0
"""So much of the beginning is looked for in the whole recording; from there on each block follows the one before."""
REACH = RATE_HZ * 2 // 1000
"""How far a block may lie from where its surroundings do."""
PARTS = (BLOCK // 4, BLOCK // 2, BLOCK * 3 // 4)
"""How long the part before a jump may be."""


class Ear:
    """Records a sink's monitor, and knows when each sample came.

    A sink runs ahead of its moment by what its most impatient client allows: this recorder is one, unless ``latency_ms`` says
    that it may wait.
    """

    def __init__(self, sink: str, environment: Mapping[str, str], latency_ms: int = 20) -> None:
        form = ["--rate=8000", "--channels=1", "--format=s16le", "--raw", f"--latency-msec={latency_ms}"]
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
    missing: tuple[int, ...] = ()
    """Active blocks that were not found, counted from the master's beginning."""


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
        fits[: max(0, place - RATE_HZ)] = fits[place + RATE_HZ :] = -np.inf
    lag = int(np.argmax(fits)) - first
    forth = path(wanted, heard, blocks, lag)
    back = path(wanted, heard, blocks[::-1], forth[max(forth)].lag if forth else lag)
    found = _found(wanted, heard, blocks, (forth, back))
    loud = np.abs(recording) > 10 ** (-50 / 20)
    lags = [place.lag for place in found.values()] or [lag]
    loud[max(0, min(lags) + first - BLOCK) : max(lags) + last + 3 * BLOCK] = False
    return Found(
        len(blocks),
        len(found),
        lags[0] / RATE_HZ,
        (lags[-1] - lags[0]) / RATE_HZ,
        float(loud.sum()) / RATE_HZ,
        tuple(block for block in blocks if block not in found),
    )


def _found(wanted: Samples, heard: Samples, blocks: list[int], ways: Sequence[Mapping[int, Place]]) -> dict[int, Place]:
    """The blocks that sound where their surroundings do, before or after, and as loud as the others."""
    there = {block: _block(wanted, heard, block, near) for block, near in _near(blocks, ways).items()}
    there = {block: place for block, place in there.items() if place.score >= FOUND}
    gains = {block: _gain_db(wanted, heard, block, place) for block, place in there.items()}
    faint = float(np.median(list(gains.values()))) + FAINT_DB if gains else 0.0
    return {block: place for block, place in there.items() if gains[block] > faint}


def _near(blocks: list[int], ways: Sequence[Mapping[int, Place]]) -> dict[int, list[Place]]:
    """Where a block may be, by each way: in its own place, where the last one's leads, where the next one's comes from."""
    near: dict[int, list[Place]] = {block: [] for block in blocks}
    for places, order in itertools.product(ways, (blocks, blocks[::-1])):
        known: tuple[int, Place] | None = None
        for block in order:
            if known:
                near[block].append(known[1].at((block - known[0]) * BLOCK))
            if block in places:
                known = block, places[block]
                near[block].append(places[block])
    return near


def _block(wanted: Samples, heard: Samples, block: int, near: list[Place]) -> Place:
    """The best that a block scores at these places."""
    middle = block * BLOCK + BLOCK // 2
    tries = [best(wanted, heard, middle, BLOCK, place.lag, reach=REACH, stretches=[place.stretch]) for place in near]
    whole = max(tries, key=lambda place: place.score, default=Place(0, 0.0))
    return (
        whole
        if whole.score >= FOUND
        else max([whole, *_parted(wanted, heard, block, near)], key=lambda place: place.score)
    )


def _parted(wanted: Samples, heard: Samples, block: int, near: list[Place]) -> Iterator[Place]:
    """A block in which the player jumped: its beginning lies at one of these places, the rest at another."""
    begin = block * BLOCK
    piece = wanted[begin : begin + BLOCK]
    lags = sorted({place.lag for place in near if 0 <= begin + place.lag <= len(heard) - BLOCK})
    for (one, other), cut in itertools.product(itertools.permutations(lags, 2), PARTS):
        sound = np.concatenate((heard[begin + one :][:cut], heard[begin + other + cut :][: BLOCK - cut]))
        energy = np.sum(sound**2) * np.sum(piece**2)
        yield Place(one, 0.0, float(np.sum(sound * piece) / np.sqrt(max(energy, 1e-12))))


def _gain_db(wanted: Samples, heard: Samples, block: int, place: Place) -> float:
    """How much louder than in the master a block sounds."""
    begin = block * BLOCK
    power = [np.sum(each**2) for each in (heard[begin + place.lag :][:BLOCK], wanted[begin : begin + BLOCK])]
    return float(10 * np.log10(max(power[0], 1e-12) / max(power[1], 1e-12)))


def _band(samples: Samples) -> Samples:
    sos: Any = signal.butter(4, [100, 1200], "bandpass", fs=RATE_HZ, output="sos")
    return np.asarray(signal.sosfiltfilt(sos, samples), dtype=np.float64)


def _active(samples: Samples) -> list[int]:
    count = len(samples) // BLOCK
    levels = np.sqrt(np.mean(samples[: count * BLOCK].reshape(count, BLOCK) ** 2, axis=1))
    return [int(block) for block in np.flatnonzero(levels > levels.max() * 10 ** (ACTIVE_DB / 20))]
