"""Voices, real and synthetic, as samples; and what is found in a signal that is made of them."""

import random
import subprocess
import wave
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.config import load_station
from broadcaster.model import Finding
from broadcaster.production.heard import Heard
from broadcaster.production.quality import examine
from broadcaster.sound.decode import Decoded
from broadcaster.sound.ffmpeg import program
from broadcaster.sound.kweighting import KWeighting
from broadcaster.sound.loudness import measure_pcm

RATE_HZ, PROMPT_HZ = 48_000, 8_000
REPOSITORY = Path(__file__).parents[2]
PROMPTS = Path("/usr/share/asterisk/sounds/es_MX_f_Allison")
MUSIC = Path("/usr/share/asterisk/moh")
TEXT = (
    "Buenos días. Les hablamos desde el mercado, vecinas y vecinos. Hoy queremos contarles qué hacer cuando alguien "
    "cerca de nosotras sufre violencia: escuchar, no juzgar, y acompañar. La Línea cien atiende las veinticuatro horas, "
    "gratis, también en quechua y en aimara. Nadie tiene que pasar por esto sola. "
)

Signal = NDArray[np.float64]


def decoded(path: Path, rate_hz: int = RATE_HZ) -> Signal:
    """A sound file as one channel."""
    command = [program("ffmpeg"), "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(rate_hz), "-f", "f32le", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, "<f4").astype(np.float64)


@cache
def real_voice(seconds: float = 60.0, seed: int = 1) -> Signal:
    """A woman's recorded prompts in an order that follows from the seed; its peak is 0.5."""
    files = sorted(
        path for path in PROMPTS.rglob("*.wav") if path.stat().st_size > 30_000 and "silence" not in str(path)
    )
    random.Random(seed).shuffle(files)
    parts, wanted = [], round(seconds * PROMPT_HZ)
    for path in files:
        with wave.open(str(path)) as file:
            parts.append(np.frombuffer(file.readframes(file.getnframes()), "<i2"))
        if sum(map(len, parts)) >= wanted:
            break
    return _at_half(
        _resampled(np.concatenate(parts)[:wanted].tobytes(), ["-f", "s16le", "-ar", str(PROMPT_HZ), "-ac", "1"])
    )


@cache
def synthetic_voice(seconds: float = 60.0) -> Signal:
    """Spanish by espeak-ng; its peak is 0.5."""
    said = subprocess.run(
        [program("espeak-ng"), "-v", "es-419", "-s", "150", "--stdout", TEXT * 4], check=True, capture_output=True
    ).stdout
    return _at_half(_resampled(said, [])[: round(seconds * RATE_HZ)])


def _resampled(content: bytes, form: list[str]) -> Signal:
    command = [program("ffmpeg"), "-v", "error", *form, "-i", "-", "-ac", "1", "-ar", str(RATE_HZ), "-f", "f32le", "-"]
    raw = subprocess.run(command, check=True, capture_output=True, input=content).stdout
    return np.frombuffer(raw, "<f4").astype(np.float64)


@cache
def music(seconds: float = 60.0) -> Signal:
    """A band without a singer; its peak is 0.5."""
    return _at_half(decoded(MUSIC / "manolo_camp-morning_coffee.wav")[: round(seconds * RATE_HZ)])


def _at_half(signal: Signal) -> Signal:
    half: Signal = signal / np.abs(signal).max() / 2
    return half


def noise(length: int, rms: float, seed: int = 1) -> Signal:
    """White noise."""
    return np.random.default_rng(seed).standard_normal(length) * rms


def rms(signal: Signal) -> float:
    """Root mean square."""
    return float(np.sqrt((signal**2).mean()))


def clock(signal: Signal) -> Signal:
    """The second of each frame."""
    return np.arange(len(signal)) / RATE_HZ


def silence(seconds: float) -> Signal:
    """Nothing."""
    return np.zeros(round(seconds * RATE_HZ))


def found(folder: Path, signal: Signal, rate_hz: int = RATE_HZ, codec: str = "pcm_f32le") -> list[Finding]:
    """What is found in frames ``(n,)`` or ``(n, channels)``. Raises as ``examine`` does."""
    folder.mkdir(exist_ok=True)
    pcm, channels = folder / "decoded.f32", 1 if signal.ndim == 1 else signal.shape[1]
    signal.astype("<f4").tofile(pcm)
    peak = float(np.abs(signal).max())
    recording = Decoded(pcm, rate_hz, channels, len(signal), "wav", codec, rate_hz, peak, ())
    heard = Heard(recording, measure_pcm(pcm, rate_hz, channels), _hops(signal, rate_hz), "voz.wav")
    return list(examine(heard, load_station(REPOSITORY), folder / "ready"))


def _hops(signal: Signal, rate_hz: int) -> Signal:
    frames = signal.reshape(len(signal), -1)
    hop = rate_hz // 10
    squares = sum(KWeighting(rate_hz).run(frames[:, channel]) ** 2 for channel in range(frames.shape[1]))
    whole = np.asarray(squares)[: len(frames) // hop * hop]
    means: Signal = whole.reshape(-1, hop).mean(axis=1)
    return means


def codes(findings: list[Finding]) -> list[str]:
    """Their codes."""
    return [finding.code for finding in findings]
