"""The loudness meter where the standards' cases do not reach: short, silent, odd and long sounds, readings on the way."""

import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_meters import Spool, by_ffmpeg, by_libebur128, write_spool

from broadcaster.model import Measure
from broadcaster.sound.loudness import Meter, measure_pcm

RATE_HZ = 48_000


def tone(loudness_dbfs: float, seconds: float, rate_hz: int = RATE_HZ) -> np.ndarray:
    """A stereo sine of 1 kHz whose peaks reach ``loudness_dbfs``."""
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    sine = 10 ** (loudness_dbfs / 20) * np.sin(2 * np.pi * 1000 * at)
    return np.stack([sine, sine], axis=1)


def measured(spool: Spool) -> Measure:
    return measure_pcm(spool.path, spool.rate_hz, spool.channels)


def pink(random: np.random.Generator, frames: int) -> np.ndarray:
    spectrum = np.fft.rfft(random.standard_normal(frames))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise: np.ndarray = np.fft.irfft(spectrum, frames)
    noise /= np.abs(noise).max()
    return noise


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


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
@settings(max_examples=15)
def test_a_reading_does_not_depend_on_the_blocks_the_sound_comes_in(cells: list[int]) -> None:
    lengths = [16 * n for n in cells]
    sound = 0.1 * np.random.default_rng(4).standard_normal((sum(lengths) + RATE_HZ, 2)).astype(np.float32)
    whole, pieces = Meter(RATE_HZ, 2), Meter(RATE_HZ, 2)
    whole.feed(sound)
    for piece in np.split(sound, np.cumsum(lengths)):
        pieces.feed(piece)
    assert pieces.momentary == pytest.approx(whole.momentary, abs=1e-6)
    assert pieces.max_momentary == pytest.approx(whole.max_momentary, abs=1e-6)
    assert pieces.short_term is whole.short_term is None
    assert pieces.measure().integrated_lufs == pytest.approx(whole.measure().integrated_lufs, abs=1e-6)


def test_the_loudest_moment_is_found_wherever_it_begins(tmp_path: Path) -> None:
    """Also between two of the ten readings a second that the standards ask for at least."""
    for late_s in (0.05, 0.055, 0.333):
        sound = np.concatenate([np.zeros((round(late_s * RATE_HZ), 2)), tone(-23, 0.4), np.zeros((RATE_HZ, 2))])
        assert measured(write_spool(tmp_path, sound)).max_momentary_lufs == pytest.approx(-23.0, abs=0.11)


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
