"""The simulation notices a program that was broken on purpose: each of the mutants, by the invariant that forbids it."""

from pathlib import Path

import pytest
from mutants import MUTANTS, Mutant, told_by


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_broken_program_is_found_out(mutant: Mutant, tmp_path: Path) -> None:
    said = told_by(mutant, tmp_path)
    assert said, f"nothing noticed that {mutant.name}"
