"""The simulation notices a program that was broken on purpose: each of the mutants, by the invariant that forbids it."""

from pathlib import Path

import pytest
from mutants import MUTANTS, Mutant, told_by, violated


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_broken_program_is_found_out(mutant: Mutant, tmp_path: Path) -> None:
    """And the program as it is keeps those invariants in the same story: what was broken gave it away."""
    noticed = told_by(mutant, tmp_path)
    assert noticed, f"nothing noticed that {mutant.name}"
    assert violated(mutant, noticed.seed) == ()
