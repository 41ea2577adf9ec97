"""Masters, judged by ffmpeg's own meter and by their decoded samples."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from master_meter import LEAD_IN_S, RATE_HZ, SETTINGS, TAIL_S, mastered, spoken

from broadcaster.model import Dbtp, Lufs, Seconds
from broadcaster.production.mastering import NothingToMaster, master

LOUDNESS_LUFS, CEILING_DBTP = -19.0, -1.5
RANDOM_SEED = 4


def with_clicks(voice: np.ndarray, every_s: float, height: float) -> np.ndarray:
    clicked = voice.copy()
    clicked[:: round(every_s * RATE_HZ)] += height
    return clicked


def seconds_of(signal: np.ndarray, seconds: float) -> np.ndarray:
    return signal[RATE_HZ : RATE_HZ + round(seconds * RATE_HZ)]


def hiss(spread: float) -> np.ndarray:
    return np.random.default_rng(RANDOM_SEED).standard_normal(6 * RATE_HZ) * spread


def bursts() -> np.ndarray:
    at = np.arange(6 * RATE_HZ) / RATE_HZ
    shape: np.ndarray = np.where(at % 1.0 < 0.01, 0.5, 0.15)
    shape *= hiss(0.4)
    return shape


def tone(frequency_hz: float) -> np.ndarray:
    return 0.1 * np.sin(2 * np.pi * frequency_hz * np.arange(5 * RATE_HZ) / RATE_HZ + 0.3)


def levelled_off(voice: np.ndarray, height: float) -> np.ndarray:
    """Without peaks above ``height``, nor the offset that cutting them leaves."""
    cut: np.ndarray = np.clip(voice, -height, height)
    cut -= cut.mean()
    return cut


REACHES: dict[str, Callable[[], np.ndarray]] = {
    "a voice by telephone": lambda: 0.3 * spoken(15),
    "the same, very quiet": lambda: 0.005 * spoken(15),
    "the same, at full scale": lambda: spoken(15),
    "clipped hard": lambda: np.clip(12 * spoken(15), -0.98, 0.98),
    "on an offset": lambda: 0.2 * spoken(15) + 0.4,
    "with clicks": lambda: with_clicks(0.1 * spoken(15), 2.0, 0.2),
    "one word": lambda: seconds_of(spoken(4), 0.5),
    "0.4 seconds": lambda: seconds_of(spoken(4), 0.4),
    "hiss": lambda: hiss(0.02),
    "bursts of hiss": bursts,
    "a low tone": lambda: tone(220),
    "a high tone": lambda: tone(15_000),
}
"""Recordings that can be made as loud as wanted within the limiter's drive."""


@pytest.mark.parametrize("kind", REACHES)
def test_a_master_has_its_loudness_and_keeps_its_ceiling(tmp_path: Path, kind: str) -> None:
    made = mastered(tmp_path, REACHES[kind]())
    loudness, peak = made.by_ffmpeg()
    assert loudness == pytest.approx(LOUDNESS_LUFS, abs=0.1)
    assert peak <= CEILING_DBTP
    assert made.said.shortfall_lu == 0.0
    assert made.said.measure.integrated_lufs == pytest.approx(loudness, abs=0.1)
    assert made.said.measure.true_peak_dbtp == pytest.approx(peak, abs=0.3)


@pytest.mark.parametrize("rate_hz", [44_100, 96_000])
def test_a_stereo_recording_of_another_rate_does_too(tmp_path: Path, rate_hz: int) -> None:
    voice = spoken(10, rate_hz)
    made = mastered(tmp_path, np.stack([0.5 * voice, 0.1 * voice], axis=1), rate_hz)
    loudness, peak = made.by_ffmpeg()
    assert loudness == pytest.approx(LOUDNESS_LUFS, abs=0.1)
    assert peak <= CEILING_DBTP
    assert made.said.duration_s == pytest.approx(len(voice) / rate_hz, abs=0.001)


def test_peaks_that_would_need_more_than_the_drive_leave_a_shortfall_that_is_said(tmp_path: Path) -> None:
    made = mastered(tmp_path, with_clicks(0.03 * spoken(15), 0.5, 0.8))
    loudness, peak = made.by_ffmpeg()
    assert made.said.limited_db == pytest.approx(8.0, abs=0.01)
    assert made.said.shortfall_lu > 1
    assert loudness == pytest.approx(LOUDNESS_LUFS - made.said.shortfall_lu, abs=0.1)
    assert peak <= CEILING_DBTP


def test_more_drive_is_given_where_the_station_allows_it(tmp_path: Path) -> None:
    clicks = with_clicks(0.03 * spoken(15), 0.5, 0.8)
    made = mastered(tmp_path, clicks, settings=replace(SETTINGS, max_drive_db=20.0))
    loudness, peak = made.by_ffmpeg()
    assert 8 < made.said.limited_db <= 20.01
    assert loudness > mastered(tmp_path, clicks).by_ffmpeg()[0] + 3
    assert peak <= CEILING_DBTP


def test_other_targets_are_reached_too(tmp_path: Path) -> None:
    settings = replace(
        SETTINGS, loudness_lufs=Lufs(-23.0), true_peak_dbtp=Dbtp(-3.0), lead_in_s=Seconds(0.5), tail_s=Seconds(0.0)
    )
    made = mastered(tmp_path, 0.3 * spoken(10), settings=settings)
    loudness, peak = made.by_ffmpeg()
    assert loudness == pytest.approx(-23.0, abs=0.2)
    assert peak <= -3.0
    assert len(made.samples()) == round(0.5 * RATE_HZ) + 10 * RATE_HZ


def test_the_sound_stands_between_lead_in_and_tail_of_digital_silence(tmp_path: Path) -> None:
    voice = 0.3 * spoken(5)
    made = mastered(tmp_path, voice)
    decoded = made.samples()
    lead, tail = round(LEAD_IN_S * RATE_HZ), round(TAIL_S * RATE_HZ)
    assert not decoded[:lead].any()
    assert not decoded[-tail:].any()
    assert len(decoded) == lead + len(voice) + tail
    assert made.said.duration_s == len(voice) / RATE_HZ
    assert made.said.measure.duration_s == len(decoded) / RATE_HZ


def test_where_no_peak_needs_limiting_the_master_is_the_recording_times_one_gain(tmp_path: Path) -> None:
    """But for the dither: nothing is compressed, filtered or shifted by a sample."""
    voice = 0.3 * levelled_off(spoken(8), 0.25)
    made = mastered(tmp_path, voice)
    assert made.said.limited_db == 0
    left_over = made.sound() - voice * 10 ** (made.said.gain_db / 20)
    assert np.abs(left_over).max() <= 1.5 / 32768 + 1e-6
    assert abs(left_over.mean()) < 0.05 / 32768


def test_the_limiter_touches_the_sound_around_peaks_only(tmp_path: Path) -> None:
    voice = with_clicks(0.1 * levelled_off(spoken(8), 0.3), 4.0, 0.25)
    made = mastered(tmp_path, voice)
    assert made.said.limited_db > 1
    changed = np.abs(made.sound() - voice * 10 ** (made.said.gain_db / 20)) > 2 / 32768
    near = np.zeros(len(voice), dtype=bool)
    for peak in range(0, len(voice), 4 * RATE_HZ):
        near[max(peak - RATE_HZ // 100, 0) : peak + RATE_HZ // 10] = True
    assert changed.any()
    assert not changed[~near].any()


def test_an_offset_is_gone(tmp_path: Path) -> None:
    made = mastered(tmp_path, 0.2 * spoken(8) + 0.4)
    assert abs(made.sound().mean()) < 1e-4


def test_the_same_recording_gives_the_same_bytes(tmp_path: Path) -> None:
    voice = with_clicks(0.1 * spoken(5), 1.0, 0.2)
    first = mastered(tmp_path, voice).path.read_bytes()
    assert mastered(tmp_path, voice).path.read_bytes() == first


def test_a_master_is_16_bit_mono_flac_at_48_khz_without_any_tag(tmp_path: Path) -> None:
    path = mastered(tmp_path, 0.3 * spoken(3)).path
    command = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)]
    shown = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    stream = shown["streams"][0]
    assert (stream["codec_name"], stream["channels"], stream["sample_rate"]) == ("flac", 1, "48000")
    assert stream["bits_per_raw_sample"] == "16"
    assert "tags" not in shown["format"]
    assert "tags" not in stream
    assert b"Lav" not in path.read_bytes()[:8192]


@pytest.mark.parametrize(
    "signal",
    [
        np.zeros(5 * RATE_HZ),
        np.full(5 * RATE_HZ, 0.5),
        np.zeros(0),
        0.1 * np.ones(RATE_HZ // 5),
        np.stack([hiss(0.1), -hiss(0.1)], axis=1),
    ],
    ids=["silence", "a constant", "nothing", "too short", "opposite channels"],
)
def test_what_holds_no_sound_in_one_channel_gives_no_master(tmp_path: Path, signal: np.ndarray) -> None:
    with pytest.raises(NothingToMaster):
        mastered(tmp_path, signal)


def test_temporary_files_are_gone_and_progress_runs_from_0_to_1(tmp_path: Path) -> None:
    told: list[float] = []
    spool = tmp_path / "recording.f32"
    np.stack([0.2 * spoken(5)] * 2, axis=1).astype("<f4").tofile(spool)
    master(spool, RATE_HZ, 2, tmp_path / "master.flac", SETTINGS, told.append)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.flac", "recording.f32"]
    assert told == sorted(told)
    assert 0 < told[0] < 0.2
    assert told[-1] == 1.0
