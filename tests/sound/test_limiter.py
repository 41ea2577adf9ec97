"""The limiter's arithmetic: nothing passes the ceiling, nothing else is touched, stretches give what the whole gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.sound import limiter
from broadcaster.sound.kweighting import CELL

peaky = st.integers(0, 100_000).map(
    lambda seed: np.where(
        np.random.default_rng(seed).random(2_000) < 0.01, np.random.default_rng(seed + 1).uniform(-1, 8, 2_000), -5.0
    )
)


@settings(max_examples=50)
@given(peaky)
def test_every_cell_gives_up_at_least_what_it_has_too_much(excess_db: np.ndarray) -> None:
    nodes = limiter.reduction_db(excess_db)
    assert len(nodes) == len(excess_db) + 1
    for beside in (nodes[:-1], nodes[1:]):
        assert (beside >= excess_db - 1e-9).all()


@settings(max_examples=50)
@given(peaky)
def test_the_gain_falls_and_returns_no_faster_than_it_may(excess_db: np.ndarray) -> None:
    change = np.diff(limiter.reduction_db(excess_db))
    assert change.max() <= limiter.ATTACK_DB_A_CELL + 1e-9
    assert change.min() >= -limiter.RELEASE_DB_A_CELL - 1e-9


def test_a_peak_lowers_the_gain_8_ms_before_it_at_most_and_is_forgotten_after_80() -> None:
    excess_db = np.full(1_000, -3.0)
    excess_db[500] = 8.0
    touched = np.flatnonzero(limiter.reduction_db(excess_db) > 1e-9)
    ms = 1000 * CELL / limiter.GRID_RATE_HZ
    assert 5 <= (500 - touched[0]) * ms <= 8
    assert 60 <= (touched[-1] - 500) * ms <= 80


def test_without_excess_nothing_is_touched() -> None:
    assert not limiter.reduction_db(np.full(300, -0.001)).any()


@settings(max_examples=30)
@given(peaky, st.integers(1, 1_998), st.integers(1, 600))
def test_a_stretch_with_its_margins_gives_what_the_whole_gives(excess_db: np.ndarray, first: int, cells: int) -> None:
    whole = limiter.reduction_db(excess_db)
    margin = limiter.margin_cells(8.0)
    padded = np.pad(excess_db, margin, constant_values=-300.0)
    last = min(first + cells, len(excess_db))
    part = limiter.reduction_db(padded[first : last + 2 * margin])[margin : margin + last - first + 1]
    assert np.allclose(part, whole[first : last + 1], atol=1e-9)


def test_the_gain_runs_straight_from_node_to_node() -> None:
    factors = np.array([1.0, 0.5, 1.0])
    limited = limiter.apply(np.ones(CELL + 4, dtype=np.float32), factors)
    assert limited[:CELL] == pytest.approx(1 - 0.5 * np.arange(CELL) / CELL)
    assert limited[CELL:] == pytest.approx(0.5 + 0.5 * np.arange(4) / CELL)
