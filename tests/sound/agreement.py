"""A varied set of sounds on which our meter, libebur128 and ffmpeg's ``ebur128`` are compared."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sound_meters import Spool, by_ffmpeg, by_libebur128, write_spool

from broadcaster.config import IntakeSettings
from broadcaster.model import Seconds
from broadcaster.sound.blocks import no_progress
from broadcaster.sound.decode import decode
from broadcaster.sound.loudness import measure_pcm

LEAST_METERED_HZ = 44_100
LIMITS = IntakeSettings(max_duration_s=Seconds(60.0), max_file_bytes=1 << 24)
VOICE = Path("/usr/share/asterisk/sounds/es_MX_f_Allison/demo-instruct.wav")
"""A woman's voice, recorded by telephone at 8 kHz."""
WORDS = "Escuche a las defensoras, los miércoles a las diez. Si necesita ayuda, llame a la línea cien."
Sound = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """One sound of the set."""

    name: str
    rate_hz: int
    channels: int
    make: Callable[[int], Sound]


@dataclass(frozen=True)
class Agreement:
    """Integrated loudness (LUFS) and true peak (dBTP) by three meters."""

    ours: tuple[float, float]
    libebur128: tuple[float, float]
    ffmpeg: tuple[float, float]


@cache
def _chance() -> Sound:
    """The same noise at each run, long enough for all."""
    return np.random.default_rng(11).standard_normal(96_000 * 6)


def pink(rate_hz: int, seconds: float = 4.0) -> Sound:
    """Noise of equal energy per octave; peak 1."""
    frames = round(seconds * rate_hz)
    spectrum = np.fft.rfft(_chance()[:frames])
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise: Sound = np.fft.irfft(spectrum, frames)
    noise /= np.abs(noise).max()
    return noise


def syllables(rate_hz: int) -> Sound:
    """Pink noise in the rhythm of speech, with pauses."""
    noise = pink(rate_hz)
    at = np.arange(len(noise)) / rate_hz
    spoken: Sound = np.maximum(np.sin(2 * np.pi * 3.7 * at), 0) * (np.sin(2 * np.pi * 0.21 * at) > -0.5) * noise
    return spoken


def voice(rate_hz: int) -> Sound:
    """A recorded voice."""
    return _decoded(["-i", str(VOICE), "-t", "5"], b"", rate_hz)


def synthetic(rate_hz: int) -> Sound:
    """A synthetic voice."""
    spoken = subprocess.run(["espeak-ng", "-v", "es-419", "--stdout", WORDS], check=True, capture_output=True).stdout
    return _decoded(["-f", "wav", "-i", "-"], spoken, rate_hz)


def _decoded(source: list[str], content: bytes, rate_hz: int) -> Sound:
    command = ["ffmpeg", "-v", "error", *source, "-ac", "1", "-ar", str(rate_hz), "-f", "f32le", "-"]
    raw = subprocess.run(command, check=True, input=content, capture_output=True).stdout
    return np.frombuffer(raw, "<f4").astype(np.float64)


def bed(rate_hz: int) -> Sound:
    """Chords with overtones and a pulse, as music under a voice."""
    at = np.arange(4 * rate_hz) / rate_hz
    notes = sum(np.sin(2 * np.pi * hz * at + hz) / (1 + k) for k, hz in enumerate((110, 220, 277.2, 330, 660, 1318.5)))
    music: Sound = 0.2 * np.asarray(notes) * (0.6 + 0.4 * np.cos(2 * np.pi * 2 * at))
    return music


def sine(rate_hz: int) -> Sound:
    at = np.arange(4 * rate_hz) / rate_hz
    fade = np.minimum(np.minimum(at, at[::-1]) / 0.01, 1)
    tone: Sound = 0.5 * fade * np.sin(2 * np.pi * 997 * at)
    return tone


def clicks(rate_hz: int) -> Sound:
    """A quiet sound with a few samples near full scale."""
    sound = 0.02 * syllables(rate_hz)
    sound[:: rate_hz // 3 + 7] += 0.8
    return sound


def clipped(rate_hz: int) -> Sound:
    """A voice recorded much too loud, then sent by telephone."""
    spectrum = np.fft.rfft(np.clip(4 * syllables(rate_hz), -0.5, 0.5))
    frames = 4 * rate_hz
    spectrum[8000 * frames // rate_hz :] = 0
    limited: Sound = np.fft.irfft(spectrum, frames)
    return limited


def _times(factor: float, make: Callable[[int], Sound]) -> Callable[[int], Sound]:
    return lambda rate_hz: factor * make(rate_hz)


def _two_sides(left: Callable[[int], Sound], right: Callable[[int], Sound]) -> Callable[[int], Sound]:
    def make(rate_hz: int) -> Sound:
        one, other = left(rate_hz), right(rate_hz)
        frames = min(len(one), len(other))
        return np.stack([one[:frames], 0.4 * other[:frames]], axis=1)

    return make


def _short(rate_hz: int) -> Sound:
    return voice(rate_hz)[rate_hz : rate_hz + round(0.45 * rate_hz)]


SAMPLES = (
    Sample("tone, 997 Hz", 48_000, 1, sine),
    Sample("tone, 997 Hz", 44_100, 1, sine),
    Sample("pink noise", 48_000, 1, _times(0.5, pink)),
    Sample("pink noise", 96_000, 1, _times(0.5, pink)),
    Sample("recorded voice", 48_000, 1, voice),
    Sample("recorded voice", 44_100, 1, voice),
    Sample("recorded voice", 96_000, 1, voice),
    Sample("recorded voice", 16_000, 1, voice),
    Sample("recorded voice", 8_000, 1, voice),
    Sample("synthetic voice", 48_000, 1, synthetic),
    Sample("synthetic voice", 44_100, 1, synthetic),
    Sample("noise in syllables", 48_000, 1, _times(0.7, syllables)),
    Sample("music", 44_100, 1, bed),
    Sample("voice left, music right", 48_000, 2, _two_sides(voice, bed)),
    Sample("noise left, music right", 44_100, 2, _two_sides(_times(0.5, pink), bed)),
    Sample("clicks over a whisper", 48_000, 1, clicks),
    Sample("clipped, by telephone", 44_100, 1, clipped),
    Sample("0.45 s of a voice", 48_000, 1, _short),
    Sample("voice at −62 LUFS", 48_000, 1, _times(0.0104, voice)),
)


def spool_of(sample: Sample, folder: Path) -> Spool:
    """The sample as the program's own samples: a recording below 44.1 kHz goes through its decoder, which resamples it."""
    sound = sample.make(sample.rate_hz)
    if sample.rate_hz >= LEAST_METERED_HZ:
        return write_spool(folder, sound, sample.rate_hz)
    (folder / "raw.f32").write_bytes(sound.astype("<f4").tobytes())
    raw = ["-f", "f32le", "-ar", str(sample.rate_hz), "-ac", "1", "-i", str(folder / "raw.f32")]
    subprocess.run(["ffmpeg", "-v", "error", *raw, str(folder / "file.wav")], check=True)
    (folder / "spool").mkdir()
    decoded = decode(folder / "file.wav", folder / "spool", LIMITS, no_progress)
    return write_spool(folder, np.fromfile(decoded.pcm, "<f4"), decoded.sample_rate_hz)


def compare(spool: Spool) -> Agreement:
    """What the three meters say."""
    measure = measure_pcm(spool.path, spool.rate_hz, spool.channels)
    assert measure.integrated_lufs is not None
    assert measure.true_peak_dbtp is not None
    ours = (measure.integrated_lufs, measure.true_peak_dbtp)
    return Agreement(ours, by_libebur128(spool)[:2], by_ffmpeg(spool)[:2])


def compared() -> Iterator[tuple[Sample, Agreement]]:
    """The whole set."""
    for sample in SAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            yield sample, compare(spool_of(sample, Path(folder)))
