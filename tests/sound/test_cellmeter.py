"""The meter of cells says what the meter of samples says; work behind is done in order; another rate is the same sound."""

import numpy as np
import pytest

from broadcaster.sound.behind import Behind
from broadcaster.sound.cellmeter import MonoMeter
from broadcaster.sound.loudness import measure_blocks
from broadcaster.sound.resampling import Resampler

RATE_HZ = 48_000


def swelling(seconds: float) -> np.ndarray:
    at = np.arange(round(seconds * RATE_HZ))
    noise = np.random.default_rng(5).standard_normal(len(at))
    swell: np.ndarray = (0.1 * noise * np.abs(np.sin(at / 30_000))).astype(np.float32)
    return swell


@pytest.mark.parametrize("block", [50_001, 65_536, 479])
@pytest.mark.parametrize("seconds", [12.0, 3.21, 0.4])
def test_cells_are_measured_as_samples_are(seconds: float, block: int) -> None:
    sound, meter = swelling(seconds), MonoMeter()
    for first in range(0, len(sound), block):
        meter.feed(sound[first : first + block])
    ours, wanted = meter.measure(), measure_blocks([sound[:, None]], RATE_HZ, 1)
    assert ours.integrated_lufs == pytest.approx(wanted.integrated_lufs, abs=0.001)
    assert ours.true_peak_dbtp == pytest.approx(wanted.true_peak_dbtp, abs=1e-6)
    assert ours.max_momentary_lufs == pytest.approx(wanted.max_momentary_lufs, abs=0.001)
    assert ours.duration_s == wanted.duration_s
    if wanted.loudness_range_lu is not None:
        assert ours.loudness_range_lu == pytest.approx(wanted.loudness_range_lu, abs=0.001)


def test_work_behind_is_done_in_order_and_to_its_end() -> None:
    done: list[int] = []
    with Behind(done.append) as behind:
        for piece in range(100):
            behind.give(piece)
    assert done == list(range(100))


def test_what_goes_wrong_behind_is_raised_where_the_work_is_given() -> None:
    def fail(piece: int) -> None:
        if piece == 3:
            raise OSError("full")

    def hand_out() -> None:
        with Behind(fail) as behind:
            for piece in range(1000):
                behind.give(piece)

    with pytest.raises(OSError, match="full"):
        hand_out()


def test_who_leaves_in_haste_does_not_wait_for_the_rest() -> None:
    done: list[int] = []

    def leave() -> None:
        with Behind(done.append) as behind:
            behind.give(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leave()
    assert done in ([], [1])


@pytest.mark.parametrize("channels", [1, 2])
def test_another_rate_is_the_same_sound_of_the_same_length(channels: int) -> None:
    at = np.arange(44_100 * 2) / 44_100
    tone = np.stack([0.5 * np.sin(2 * np.pi * 1000 * (1 + channel) * at) for channel in range(channels)], axis=1)
    resampler = Resampler(44_100, RATE_HZ, channels)
    given = tone.astype(np.float32)
    parts = [resampler.take(given[first : first + 10_007]) for first in range(0, len(given), 10_007)]
    made = np.concatenate([*parts, resampler.flush()])
    assert made.shape == (2 * RATE_HZ, channels)
    wanted_at = np.arange(2 * RATE_HZ) / RATE_HZ
    for channel in range(channels):
        wanted = 0.5 * np.sin(2 * np.pi * 1000 * (1 + channel) * wanted_at)
        assert np.abs(made[4800:-4800, channel] - wanted[4800:-4800]).max() < 1e-4
