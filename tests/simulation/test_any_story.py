"""Any few steps, tried and made short by Hypothesis: whatever befalls a market, what is on record is what sounded.

``STORIES=5000 .venv/bin/pytest tests/simulation/test_any_story.py -k nothing`` tries more of them, and others each time.
"""

import os
from pathlib import Path

import pytest
from any_story import AnyStory, stories
from hypothesis.stateful import run_state_machine_as_test
from mutants import MUTANTS, found_by_stories

ALWAYS = 40
"""Stories told in every run of the tests, the same ones each time."""
ASKED = os.environ.get("STORIES")
EASY = ("heartbeats claim the whole", "the intent is written after the sound has begun")


def test_nothing_that_a_story_can_tell_violates_an_invariant() -> None:
    run_state_machine_as_test(AnyStory, settings=stories(int(ASKED or ALWAYS), anew=ASKED is not None))


@pytest.mark.parametrize("name", EASY)
def test_the_same_stories_find_out_a_program_broken_on_purpose(name: str, tmp_path: Path) -> None:
    """By the invariant that it breaks."""
    mutant = next(one for one in MUTANTS if one.name == name)
    assert found_by_stories(mutant, ALWAYS, tmp_path)
