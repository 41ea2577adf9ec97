"""The matrix of faults names for each the tests that make it happen; every one of them exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MATRIX = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")
ROWS = [line for line in MATRIX.splitlines() if re.match(r"\| [A-H]\d", line)]
FAULTS = (
    *(f"A{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, "8b", 9)),
    *(f"B{n}" for n in range(1, 8)),
    *(f"{group}{n}" for group in "CDEF" for n in range(1, 7)),
    "H5",
)


@cache
def functions_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_fault_has_its_row_once() -> None:
    assert sorted(row.split("|")[1].strip() for row in ROWS) == sorted(FAULTS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_a_row_names_tests_and_all_of_them_exist(row: str) -> None:
    named = NAMED.findall(row)
    assert named
    assert [f"{file}::{test}" for file, test in named if test not in functions_in(file)] == []


def test_what_is_named_beside_the_tables_exists_too() -> None:
    assert [test for file, test in NAMED.findall(MATRIX) if test not in functions_in(file)] == []
