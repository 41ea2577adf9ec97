"""Seasons of a simulated market, by seed: whatever befalls it, what is on record is what sounded."""

import pytest
from story import tell

SEEDS = (1, 2, 3, 5, 8, 13, 21, 34)
"""Told in every run of the tests; ``make simulate`` tells as many as there is time for."""


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_that_befalls_a_market_violates_an_invariant(seed: int) -> None:
    told = tell(seed, slots=9)
    assert told.violations == ()
    assert told.rows > 0


def test_what_nothing_befalls_plays_whole_and_on_the_minute() -> None:
    """The first invariant holds each airing to that; here there is not one excuse."""
    told = tell(7, slots=5, only=())
    assert told.violations == ()
    assert told.plays == told.market_seasons * 5


def test_the_same_seed_tells_the_same_story_for_nothing_outside_the_box_has_a_say() -> None:
    """No network, no other clock, no chance: all that came of it is the same, each row's hash too."""
    assert tell(4, slots=4) == tell(4, slots=4)
