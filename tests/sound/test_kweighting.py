"""K-weighting: the standard's coefficients, and a cell-wise filter that is the sample-wise one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import sosfilt

from broadcaster.sound.kweighting import CELL, Biquad, KWeighting, head_shelf, rumble_filter


def one_by_one(rate_hz: float, samples: np.ndarray) -> np.ndarray:
    sections = [[q.b0, q.b1, q.b2, 1.0, q.a1, q.a2] for q in (head_shelf(rate_hz), rumble_filter(rate_hz))]
    return np.asarray(sosfilt(sections, samples))


def test_at_48_khz_the_coefficients_are_those_of_bs_1770_tables_1_and_2() -> None:
    shelf = Biquad(1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
    high_pass = Biquad(1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)
    for ours, printed in ((head_shelf(48_000), shelf), (rumble_filter(48_000), high_pass)):
        for name in ("b0", "b1", "b2", "a1", "a2"):
            assert getattr(ours, name) == pytest.approx(getattr(printed, name), abs=1e-9)


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000, 96_000, 192_000])
def test_the_weighted_sound_is_that_of_the_plain_recursion_at_any_rate(rate_hz: int) -> None:
    samples = np.random.default_rng(rate_hz).standard_normal(50_003)
    assert np.allclose(KWeighting(rate_hz).run(samples), one_by_one(rate_hz, samples), atol=1e-9)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=12), st.integers(1, CELL - 1))
def test_the_weighted_sound_does_not_depend_on_the_blocks_it_comes_in(cells: list[int], rest: int) -> None:
    lengths = [n * CELL for n in cells] + [rest]
    samples = np.random.default_rng(7).standard_normal(sum(lengths))
    weighting = KWeighting(48_000)
    pieces = [weighting.run(piece) for piece in np.split(samples, np.cumsum(lengths)[:-1])]
    assert np.allclose(np.concatenate(pieces), one_by_one(48_000, samples), atol=1e-9)
