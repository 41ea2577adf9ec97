"""The chain for horn loudspeakers: nothing low, even, loud, and still under its ceiling."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyebur128
import pytest
from master_meter import RATE_HZ, SETTINGS, Master, mastered, spoken

from broadcaster.model import Profile
from broadcaster.production.evening import MOST_DB
from broadcaster.production.mastering import NothingToMaster
from broadcaster.sound.biquads import Biquads, high_pass
from broadcaster.sound.loudness import measure_blocks

HORN = replace(SETTINGS, profile=Profile.HORN)
LOUDNESS_LUFS, CEILING_DBTP = -16.0, -1.5


def now_near_now_far(seconds: float = 60.0) -> np.ndarray:
    """A voice that is 12 dB softer for every other 10 s."""
    voice = 0.5 * spoken(seconds)
    far = np.arange(len(voice)) // (10 * RATE_HZ) % 2 == 1
    voice[far] *= 10 ** (-12 / 20)
    return voice


def range_of(signal: np.ndarray) -> float:
    measured = measure_blocks([signal.astype(np.float32)[:, None]], RATE_HZ, 1).loudness_range_lu
    assert measured is not None
    return measured


@pytest.fixture(scope="module")
def evened(tmp_path_factory: pytest.TempPathFactory) -> Master:
    return mastered(tmp_path_factory.mktemp("horn"), now_near_now_far(), settings=HORN)


def test_a_horns_master_is_louder_and_keeps_its_ceiling_by_two_other_meters(evened: Master) -> None:
    loudness, peak = evened.by_ffmpeg()
    assert loudness == pytest.approx(LOUDNESS_LUFS, abs=0.1)
    assert peak <= CEILING_DBTP
    samples = evened.samples().astype(np.float64) / 32768
    meter = pyebur128.R128State(1, RATE_HZ, pyebur128.MeasurementMode.MODE_I | pyebur128.MeasurementMode.MODE_TRUE_PEAK)
    meter.add_frames(samples, len(samples))
    assert pyebur128.get_loudness_global(meter) == pytest.approx(LOUDNESS_LUFS, abs=0.1)
    assert 20 * np.log10(pyebur128.get_true_peak(meter, 0)) <= CEILING_DBTP


def test_near_and_far_come_close_and_what_was_done_is_said(evened: Master) -> None:
    before, after = range_of(now_near_now_far()), evened.said.measure.loudness_range_lu
    assert before > 10
    assert after is not None
    assert after < before - 5
    curve = evened.said.curve
    assert curve is not None
    assert 3 < curve.raised_db <= MOST_DB
    assert 0 <= curve.compressed_db <= 6


def test_a_pause_is_not_turned_up_into_its_noise(tmp_path: Path) -> None:
    """Ten seconds of faint hiss between two of speech keep their distance to it."""
    voice = 0.3 * spoken(10)
    pause = 0.0003 * np.random.default_rng(3).standard_normal(10 * RATE_HZ)
    sound = mastered(tmp_path, np.concatenate([voice, pause, voice]), settings=HORN).sound()
    speech, hiss = sound[: 10 * RATE_HZ], sound[12 * RATE_HZ : 18 * RATE_HZ]
    before = 20 * np.log10(voice.std() / pause.std())
    assert 20 * np.log10(speech.std() / hiss.std()) > before - 3


def test_rumble_that_a_horn_cannot_give_is_gone(tmp_path: Path) -> None:
    voice = 0.2 * spoken(12)
    rumble = 0.2 * np.sin(2 * np.pi * 50 * np.arange(len(voice)) / RATE_HZ)
    sound = mastered(tmp_path, voice + rumble, settings=HORN).sound()
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    at = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    assert spectrum[(at > 45) & (at < 55)].sum() < 0.001 * spectrum.sum()


@pytest.mark.parametrize(("frequency_hz", "decibels"), [(50.0, -48.2), (100.0, -24.1), (200.0, -3.01), (1000.0, 0.0)])
def test_the_high_pass_is_a_butterworth_of_fourth_order(frequency_hz: float, decibels: float) -> None:
    tone = np.sin(2 * np.pi * frequency_hz * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)
    passed = Biquads(high_pass(200.0, RATE_HZ)).run(tone)[RATE_HZ // 2 :]
    assert 20 * np.log10(passed.std() / tone.std()) == pytest.approx(decibels, abs=0.15)


def test_silence_has_no_master_here_either(tmp_path: Path) -> None:

    with pytest.raises(NothingToMaster):
        mastered(tmp_path, np.zeros(3 * RATE_HZ), settings=HORN)
