"""The loudness meter against the cases of EBU Tech 3341 and 3342 and against two independent meters."""

import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from sound_meters import Spool, by_ffmpeg, by_libebur128, write_spool

from broadcaster.model import Measure
from broadcaster.sound.loudness import measure_pcm

RATE_HZ = 48_000


def tone(loudness_dbfs: float, seconds: float, rate_hz: int = RATE_HZ) -> np.ndarray:
    """A stereo sine of 1 kHz whose peaks reach ``loudness_dbfs``."""
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    sine = 10 ** (loudness_dbfs / 20) * np.sin(2 * np.pi * 1000 * at)
    return np.stack([sine, sine], axis=1)


def tones(*steps: tuple[float, float]) -> np.ndarray:
    return np.concatenate([tone(level, seconds) for level, seconds in steps])


def measured(spool: Spool) -> Measure:
    return measure_pcm(spool.path, spool.rate_hz, spool.channels)


@pytest.mark.parametrize(
    ("signal", "expected_lufs"),
    [
        (tones((-23, 20)), -23.0),
        (tones((-33, 20)), -33.0),
        (tones((-36, 10), (-23, 60), (-36, 10)), -23.0),
        (tones((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)), -23.0),
        (tones((-26, 20), (-20, 20.1), (-26, 20)), -23.0),
    ],
    ids=["1", "2", "3", "4", "5"],
)
def test_tech_3341_cases_1_to_5(tmp_path: Path, signal: np.ndarray, expected_lufs: float) -> None:
    measure = measured(write_spool(tmp_path, signal))
    assert measure.integrated_lufs == pytest.approx(expected_lufs, abs=0.1)
    if len(signal) == 20 * RATE_HZ:
        assert measure.max_momentary_lufs == pytest.approx(expected_lufs, abs=0.1)
        assert measure.max_shortterm_lufs == pytest.approx(expected_lufs, abs=0.1)


@pytest.mark.parametrize("silent_s", [k * 0.15 for k in range(0, 20, 4)])
def test_tech_3341_case_10_short_term_maximum_wherever_the_tone_begins(tmp_path: Path, silent_s: float) -> None:
    signal = np.concatenate([np.zeros((round(silent_s * RATE_HZ), 2)), tone(-23, 3), np.zeros((RATE_HZ, 2))])
    assert measured(write_spool(tmp_path, signal)).max_shortterm_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("silent_s", [k * 0.02 for k in range(0, 20, 4)])
def test_tech_3341_case_13_momentary_maximum_wherever_the_tone_begins(tmp_path: Path, silent_s: float) -> None:
    """The standard's hops of 100 ms may miss up to 50 ms of a 400 ms tone at both ends: 0.3 LU at most."""
    signal = np.concatenate([np.zeros((round(silent_s * RATE_HZ), 2)), tone(-23, 0.4), np.zeros((RATE_HZ, 2))])
    loudest = measured(write_spool(tmp_path, signal)).max_momentary_lufs
    assert loudest is not None
    assert -23.7 <= loudest <= -22.9


@pytest.mark.parametrize(
    ("signal", "expected_lu"),
    [
        (tones((-20, 20), (-30, 20)), 10.0),
        (tones((-20, 20), (-15, 20)), 5.0),
        (tones((-40, 20), (-20, 20)), 20.0),
        (tones((-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)), 15.0),
    ],
    ids=["1", "2", "3", "4"],
)
def test_tech_3342_cases_1_to_4(tmp_path: Path, signal: np.ndarray, expected_lu: float) -> None:
    assert measured(write_spool(tmp_path, signal)).loudness_range_lu == pytest.approx(expected_lu, abs=1.0)


def pink(random: np.random.Generator, frames: int) -> np.ndarray:
    spectrum = np.fft.rfft(random.standard_normal(frames))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise: np.ndarray = np.fft.irfft(spectrum, frames)
    noise /= np.abs(noise).max()
    return noise


def speech_like(random: np.random.Generator, frames: int, rate_hz: int) -> np.ndarray:
    """Pink noise in syllables and phrases, with pauses."""
    at = np.arange(frames) / rate_hz
    syllables: np.ndarray = np.maximum(np.sin(2 * np.pi * 3.7 * at), 0) * (np.sin(2 * np.pi * 0.21 * at) > -0.5)
    syllables *= pink(random, frames)
    return syllables


def below_8_khz(signal: np.ndarray, rate_hz: int) -> np.ndarray:
    """As a phone sends it: without the top, so that short and long true-peak filters see the same."""
    spectrum = np.fft.rfft(signal)
    spectrum[round(8000 * len(signal) / rate_hz) :] = 0
    filtered: np.ndarray = np.fft.irfft(spectrum, len(signal))
    return filtered


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("kind", ["pink", "speech", "clicks", "quiet", "clipped", "stereo"])
def test_the_meter_agrees_with_two_others(tmp_path: Path, rate_hz: int, kind: str) -> None:
    random = np.random.default_rng(11)
    frames = 5 * rate_hz + 345
    noise, speech = pink(random, frames), speech_like(random, frames, rate_hz)
    clicks = np.where(random.random(frames) < 2e-5, 0.8, 0.0)
    signals = {
        "pink": 0.5 * noise,
        "speech": 0.7 * speech,
        "clicks": 0.02 * speech + clicks,
        "quiet": 0.05 * speech,
        "clipped": below_8_khz(np.clip(4 * speech, -0.5, 0.5), rate_hz),
        "stereo": np.stack([0.6 * speech, 0.2 * noise], axis=1),
    }
    spool = write_spool(tmp_path, signals[kind], rate_hz)
    measure = measured(spool)
    for other in (by_ffmpeg(spool), by_libebur128(spool)):
        integrated, true_peak, _ = other
        assert measure.integrated_lufs == pytest.approx(integrated, abs=0.1)
        assert measure.true_peak_dbtp == pytest.approx(true_peak, abs=0.2)


def test_the_loudness_range_agrees_with_two_others(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    levels = np.repeat(random.uniform(0.02, 0.5, 12), 5 * RATE_HZ)
    spool = write_spool(tmp_path, levels * pink(random, len(levels)))
    for other in (by_ffmpeg(spool), by_libebur128(spool)):
        assert measured(spool).loudness_range_lu == pytest.approx(other[2], abs=0.5)


def test_one_channel_reads_3_lu_less_than_the_same_on_two(tmp_path: Path) -> None:
    both = tone(-23, 5)
    two = measured(write_spool(tmp_path, both)).integrated_lufs
    one = measured(write_spool(tmp_path, both[:, 0])).integrated_lufs
    assert two is not None
    assert one == pytest.approx(two - 10 * math.log10(2), abs=0.001)


def test_silence_has_no_loudness_and_no_peak(tmp_path: Path) -> None:
    measure = measured(write_spool(tmp_path, np.zeros((5 * RATE_HZ, 2))))
    assert (measure.duration_s, measure.sample_rate_hz, measure.channels) == (5.0, RATE_HZ, 2)
    assert measure.integrated_lufs is None
    assert measure.true_peak_dbtp is None
    assert measure.loudness_range_lu is None
    assert measure.max_momentary_lufs is None
    assert measure.max_shortterm_lufs is None


def test_what_is_too_short_for_a_block_has_no_such_loudness(tmp_path: Path) -> None:
    blink = measured(write_spool(tmp_path, tone(-20, 0.39)))
    assert blink.integrated_lufs is None
    assert blink.true_peak_dbtp == pytest.approx(-20, abs=0.2)
    word = measured(write_spool(tmp_path, tone(-20, 0.4)))
    assert word.integrated_lufs == pytest.approx(-20, abs=0.1)
    assert word.max_momentary_lufs == word.integrated_lufs
    assert word.max_shortterm_lufs is None
    assert word.loudness_range_lu is None


def test_an_empty_spool_is_measured_as_nothing(tmp_path: Path) -> None:
    measure = measured(write_spool(tmp_path, np.zeros((0, 1))))
    assert measure.duration_s == 0.0
    assert measure.integrated_lufs is None


def test_samples_that_are_not_numbers_do_not_spoil_the_rest(tmp_path: Path) -> None:
    signal = tone(-23, 10)
    signal[RATE_HZ : RATE_HZ + 3] = [[np.nan, np.inf], [-np.inf, 0], [0, np.nan]]
    assert measured(write_spool(tmp_path, signal)).integrated_lufs == pytest.approx(-23, abs=0.1)


def test_an_hour_needs_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    def peak_bytes(seconds: int) -> int:
        spool = tmp_path / "long.f32"
        minute = (np.random.default_rng(0).standard_normal(60 * 8000) * 0.1).astype("<f4").tobytes()
        with spool.open("wb") as file:
            for _ in range(seconds // 60):
                file.write(minute)
        tracemalloc.start()
        measure_pcm(spool, 8000, 1)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        spool.unlink()
        return peak

    assert peak_bytes(3600) < peak_bytes(60) + 2_000_000
