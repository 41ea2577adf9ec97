"""A market with a horn, its noise and a microphone, all on a private sound server.

What a market's output plays goes through an amplifier and the air (a delay, 300 to 3,400 Hz, the market's noise) into a second
sink; a source made of that sink's monitor is the microphone.
"""

import os
import subprocess
import threading
import time
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from broadcaster.playout.virtual import VirtualOutputs

RATE_HZ = 8000
PIECE = RATE_HZ // 20
DELAY_S = 0.3
NOISE_DB = -50.0
BAND = signal.butter(4, (300, 3400), "bandpass", fs=RATE_HZ, output="sos")

Sound = NDArray[np.float64]


def air_of(market: str) -> str:
    """The sink that carries what is in the air of a market."""
    return f"air-{market}"


def microphone_of(market: str) -> str:
    """The capture source that hangs there."""
    return f"microphone-{market}"


class LivelyMarket:
    """From ``with`` to its end. ``amplifier``: whether it is on; ``other``: what sounds there instead, from a moment on."""

    def __init__(
        self,
        outputs: VirtualOutputs,
        market: str,
        sink: str,
        *,
        amplifier: bool = True,
        other: Sound | None = None,
        other_from_s: float = 0.0,
    ) -> None:
        self._environment = {**os.environ, **outputs.environment}
        self._market, self._sink = market, sink
        self._amplifier = amplifier
        self._other, self._other_from_s = other, other_from_s
        self._noise = np.random.default_rng(len(market))
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        name = f"source_name={microphone_of(self._market)}"
        module = ["pactl", "load-module", "module-remap-source", f"master={air_of(self._market)}.monitor", name]
        subprocess.run(module, env=self._environment, check=True, stdout=subprocess.DEVNULL)
        form = [f"--rate={RATE_HZ}", "--channels=1", "--format=s16le", "--raw", "--latency-msec=50"]
        self._in = subprocess.Popen(
            ["parec", "-d", f"{self._sink}.monitor", *form], env=self._environment, stdout=subprocess.PIPE
        )
        form[-1] = "--latency-msec=150"
        self._out = subprocess.Popen(
            ["pacat", "-d", air_of(self._market), *form], env=self._environment, stdin=subprocess.PIPE
        )
        self._carrier = threading.Thread(target=self._carry, daemon=True)
        self._carrier.start()
        return self

    def _carry(self) -> None:
        assert self._in.stdout is not None
        assert self._out.stdin is not None
        state = signal.sosfilt_zi(BAND) * 0.0
        self._out.stdin.write(bytes(2 * round(DELAY_S * RATE_HZ)))
        while not self._ended.is_set():
            piece = self._in.stdout.read(2 * PIECE)
            if len(piece) < 2 * PIECE:
                return
            heard, state = signal.sosfilt(BAND, self._source(piece), zi=state)
            air = heard + self._noise.normal(0.0, 10 ** (NOISE_DB / 20), PIECE)
            try:
                self._out.stdin.write((np.clip(air, -1, 1) * 32767).astype("<i2").tobytes())
                self._out.stdin.flush()
            except OSError:
                return

    def _source(self, piece: bytes) -> Sound:
        if self._other is not None:
            at = round((time.monotonic() - self._other_from_s) * RATE_HZ)
            place = range(at, at + PIECE)
            return np.take(self._other, place, mode="wrap") if at >= 0 else np.zeros(PIECE)
        return np.frombuffer(piece, "<i2") / 32768 * self._amplifier

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        for child in (self._in, self._out):
            child.kill()
            child.wait()
        self._carrier.join(2)
