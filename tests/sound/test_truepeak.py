"""True peak: exact wherever it can matter, and what EBU Tech 3341 asks of a meter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.sound.kweighting import CELL
from broadcaster.sound.truepeak import FLUSH, STANDARD, STANDARD_PHASES, STRICT, Interpolator, TruePeak

RATE_HZ = 48_000


def everywhere(samples: np.ndarray, phases: np.ndarray) -> float:
    between = max(float(np.abs(np.convolve(samples, phase)).max()) for phase in phases)
    return max(between, float(np.abs(samples).max()))


def metered(samples: np.ndarray, filter_: Interpolator = STANDARD) -> float:
    peak = TruePeak(filter_)
    whole = np.pad(samples, (0, -len(samples) % CELL)).astype(np.float32)
    peak.feed(whole)
    peak.feed(np.zeros(FLUSH, dtype=np.float32))
    return peak.peak


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.001, 0.3), st.integers(1, 5_000))
def test_leaving_out_cells_that_cannot_matter_changes_nothing(seed: int, spread: float, length: int) -> None:
    random = np.random.default_rng(seed)
    samples = random.standard_normal(length) * spread
    samples[random.integers(0, length, 3)] = random.uniform(-1, 1, 3)
    assert metered(samples) == pytest.approx(everywhere(samples, STANDARD_PHASES), rel=1e-5)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=10))
def test_the_peak_does_not_depend_on_the_blocks_it_comes_in(cells: list[int]) -> None:
    lengths = [n * CELL for n in cells]
    samples = np.random.default_rng(3).standard_normal(sum(lengths) + CELL).astype(np.float32)
    for filter_ in (STANDARD, STRICT):
        peak = TruePeak(filter_)
        for piece in np.split(samples, np.cumsum(lengths)):
            peak.feed(piece)
        peak.feed(np.zeros(FLUSH, dtype=np.float32))
        assert peak.peak == pytest.approx(metered(samples, filter_), rel=1e-6)


def test_every_cell_above_the_floor_is_exact_not_only_the_greatest() -> None:
    samples = (np.random.default_rng(5).standard_normal(CELL * 400) * 0.2).astype(np.float32)
    samples[:CELL] *= 3
    loose, close = TruePeak(floor=0.25), TruePeak(floor=0.0)
    found, exact = loose.feed(samples), close.feed(samples)
    above = exact > 0.25 * close.peak
    assert above.sum() > 100
    assert np.array_equal(found[above], exact[above])
    assert (found <= exact).all()


@pytest.mark.parametrize(
    ("frequency_hz", "phase_deg", "amplitude", "expected_dbtp"),
    [
        (RATE_HZ / 4, 0, 0.50, -6.0),
        (RATE_HZ / 4, 45, 0.50, -6.0),
        (RATE_HZ / 6, 60, 0.50, -6.0),
        (RATE_HZ / 8, 67.5, 0.50, -6.0),
        (RATE_HZ / 4, 45, 1.41, +3.0),
    ],
    ids=["15", "16", "17", "18", "19"],
)
def test_tech_3341_cases_15_to_19(
    frequency_hz: float, phase_deg: float, amplitude: float, expected_dbtp: float
) -> None:
    """Sines whose samples miss the crest: within +0.2 and −0.4 dB. Faded at both ends, for a cut is a click."""
    at = np.arange(RATE_HZ)
    fade = np.minimum(np.minimum(at, at[::-1]) / 4800, 1.0)
    tone = amplitude * fade * np.sin(2 * np.pi * frequency_hz * at / RATE_HZ + np.radians(phase_deg))
    for filter_ in (STANDARD, STRICT):
        assert -0.4 <= 20 * np.log10(metered(tone, filter_)) - expected_dbtp <= 0.2


def test_silence_has_no_peak() -> None:
    assert metered(np.zeros(1000)) == 0.0
