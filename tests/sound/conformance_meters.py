"""Three meters behind one promise: ours, libebur128, and what ffmpeg's ``ebur128`` says of a file."""

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import pyebur128
from conformance_cases import SURROUND, Case, Signal
from pyebur128 import MeasurementMode as Mode
from sound_meters import by_ffmpeg, write_spool

from broadcaster.sound.loudness import SURROUND_WEIGHTS, Meter


class Metering(Protocol):
    """A meter that can be read while it listens."""

    def feed(self, frames: Signal) -> None: ...
    def reading(self, what: str) -> float | None: ...


class Ours:
    """:class:`~broadcaster.sound.loudness.Meter`."""

    def __init__(self, rate_hz: int, channels: int, _wanted: str) -> None:
        self._meter = Meter(rate_hz, channels, SURROUND_WEIGHTS if channels == SURROUND else None)

    def feed(self, frames: Signal) -> None:
        self._meter.feed(frames)

    def reading(self, what: str) -> float | None:
        match what:
            case "M":
                return self._meter.momentary
            case "S":
                return self._meter.short_term
            case "max M":
                return self._meter.max_momentary
            case "max S":
                return self._meter.max_short_term
        measure = self._meter.measure()
        return {
            "I": measure.integrated_lufs,
            "LRA": measure.loudness_range_lu,
            "TP": measure.true_peak_dbtp,
        }[what]


_MODES = {"I": Mode.MODE_I, "LRA": Mode.MODE_LRA, "TP": Mode.MODE_TRUE_PEAK, "M": Mode.MODE_M, "S": Mode.MODE_S}


class Libebur128:
    """libebur128, whose windows are read every 10 ms, as its users must."""

    def __init__(self, rate_hz: int, channels: int, wanted: str) -> None:
        self._window = wanted.removeprefix("max ")
        self._state = pyebur128.R128State(channels, rate_hz, _MODES[self._window])
        self._channels = channels
        self._step = rate_hz // 100 if self._window in {"M", "S"} else 1 << 30
        self._greatest = -math.inf

    def feed(self, frames: Signal) -> None:
        for start in range(0, len(frames), self._step):
            piece = frames[start : start + self._step]
            self._state.add_frames(piece.astype(np.float64).reshape(-1), len(piece))
            if self._step < 1 << 30:
                self._greatest = max(self._greatest, self._now())

    def _now(self) -> float:
        ask = pyebur128.get_loudness_momentary if self._window == "M" else pyebur128.get_loudness_shortterm
        return float(ask(self._state))

    def reading(self, what: str) -> float | None:
        match what:
            case "M" | "S":
                return self._now()
            case "max M" | "max S":
                return self._greatest
            case "I":
                return float(pyebur128.get_loudness_global(self._state))
            case "LRA":
                return float(pyebur128.get_loudness_range(self._state))
        peaks = (pyebur128.get_true_peak(self._state, channel) for channel in range(self._channels))
        return 20 * math.log10(max(peaks))


def readings(case: Case, meter: type[Ours] | type[Libebur128], rate_hz: int = 48_000) -> list[float]:
    """What a meter reads for each piece; for ``… over time``, the least and the greatest reading."""
    found: list[float | None] = []
    listening: Metering | None = None
    window = case.reading.removesuffix(" over time")
    for frames in case.pieces(rate_hz):
        if listening is None or not case.one_run:
            listening = meter(rate_hz, frames.shape[1], window)
        if window != case.reading:
            series = list(_over_time(listening, frames, window, rate_hz, case.settled_s))
            return [min(series), max(series)]
        listening.feed(frames)
        found.append(listening.reading(window))
    return [math.nan if value is None else value for value in found]


def _over_time(listening: Metering, frames: Signal, window: str, rate_hz: int, settled_s: float) -> Iterator[float]:
    """A reading every 10 ms from ``settled_s`` on."""
    step = rate_hz // 100
    step -= step % 16  # whole cells; a reading comes only when 10 ms are complete
    for start in range(0, len(frames), step):
        listening.feed(frames[start : start + step])
        reading = listening.reading(window)
        if start + step >= settled_s * rate_hz and reading is not None:
            yield reading


def ffmpeg_reads(case: Case, rate_hz: int = 48_000) -> float | None:
    """ffmpeg's integrated loudness, range or true peak of a case with one piece; ``None`` for what it does not report."""
    if case.reading not in {"I", "LRA", "TP"}:
        return None
    with tempfile.TemporaryDirectory() as folder:
        spool = write_spool(Path(folder), next(case.pieces(rate_hz)), rate_hz)
        integrated, peak, spread = by_ffmpeg(spool, peak=case.reading == "TP")
    return {"I": integrated, "LRA": spread, "TP": peak}[case.reading]
