"""The page that defines the indicators and the program that computes them say the same."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from broadcaster.model import Evidence
from broadcaster.reports.indicators import DEFINITIONS, indicators
from broadcaster.reports.summary import Counts

PAGE = (Path(__file__).parents[2] / "docs" / "indicators.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| `([^`]+)` \| (\S+) \|$", re.MULTILINE)


def test_each_indicator_is_defined_with_its_formula_in_order() -> None:
    assert [(code, formula) for code, formula, _unit in ROW.findall(PAGE)] == [
        (each.code, each.formula) for each in DEFINITIONS
    ]


def test_a_formula_speaks_of_counts_and_computes_what_it_says() -> None:
    """Each formula, read as arithmetic over the counts, gives the indicator's value."""
    counts = Counts(
        planned=50,
        off_calendar=4,
        played=20,
        partial=6,
        missed=8,
        cancelled=6,
        awaited=7,
        to_come=3,
        made_good=5,
        on_time=17,
        late=3,
        attested=9,
        promised_s=19_000.0,
        heard_s=12_500.0,
        delay_s=330.0,
    )
    known = {field.name: getattr(counts, field.name) for field in fields(Counts)}
    levels = {Evidence.NONE: 0, Evidence.PLAYER: 6, Evidence.MONITOR: 12, Evidence.MICROPHONE: 7}
    for each in indicators(replace(counts, evidence=levels)):
        formula = re.sub(r"evidence\.(\w+)", lambda found: str(levels[Evidence(found[1])]), each.formula)
        assert set(re.findall(r"[a-z_]+", formula)) <= set(known)
        assert each.value == pytest.approx(eval(formula, {"__builtins__": {}}, known))  # noqa: S307  our own words
