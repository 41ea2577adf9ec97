"""What a new station begins with says every key that there is, as the program knows it, and nothing else."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from broadcaster.config.begin import EXAMPLE, TEMPLATE
from broadcaster.config.entries import REQUIRED, Key, flat
from broadcaster.config.keys import KEYS
from broadcaster.config.load import station_of
from broadcaster.config.schema import Reading
from broadcaster.schedule.form import contradictions
from broadcaster.schedule.keys import KEYS as SEASON_KEYS

STATION = (TEMPLATE / "config.toml").read_text(encoding="utf-8")
SEASON = (TEMPLATE / EXAMPLE).read_text(encoding="utf-8")
AS_IF_ABSENT = (
    "station.",
    "mastering.",
    "intake.",
    "safety.",
    "rundown.",
    "calendar.country",
    "holidays",
    "skipped_episode",
    "first_episode",
)
"""Keys whose line, where it has no effect, shows the value that holds without it."""


def in_effect(text: str) -> dict[str, Any]:
    """The document with every line that was put out of effect put back into it: a ``#`` without a space after it."""
    return tomllib.loads(re.sub(r"^#(?=[\[a-z])", "", text, flags=re.MULTILINE))


def written(document: Mapping[str, Any], path: str) -> list[Any]:
    """The values at a dotted path; ``*`` stands for every id, ``[]`` for every one of a list."""
    found: list[Any] = [document]
    for name in path.replace("[]", ".[]").split("."):
        if name == "*":
            found = [value for each in found for value in each.values()]
        elif name == "[]":
            found = [value for each in found for value in each]
        else:
            found = [each[name] for each in found if name in each]
    return found


@pytest.mark.parametrize(
    ("text", "path", "key"),
    [*((STATION, *each) for each in flat(KEYS)), *((SEASON, *each) for each in flat(SEASON_KEYS))],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_every_key_is_there_and_a_default_is_told_as_it_is(text: str, path: str, key: Key) -> None:
    values = written(in_effect(text), path)
    assert values
    if path.startswith(AS_IF_ABSENT) and key.default is not REQUIRED:
        parsed = [key.kind.parse(value) for value in values]
        assert [tuple(value) if key.kind.item else value for value in parsed] == [key.default]


@pytest.mark.parametrize("as_it_is", [True, False], ids=["as it is", "all in effect"])
def test_a_station_of_it_is_good(as_it_is: bool, tmp_path: Path) -> None:
    station = station_of(tmp_path, tomllib.loads(STATION) if as_it_is else in_effect(STATION))
    assert len(station.markets) == 1
    assert all(helpline.verified_on is None for helpline in station.helplines.values()) or not as_it_is


@pytest.mark.parametrize("as_it_is", [True, False], ids=["as it is", "all in effect"])
def test_a_season_of_it_is_good(as_it_is: bool) -> None:
    document = tomllib.loads(SEASON) if as_it_is else in_effect(SEASON)
    reading = Reading("season")
    values = reading.table(document, SEASON_KEYS, "")
    assert reading.faults == []
    assert list(contradictions(values)) == []
    assert set(written(document, "rules[].markets")[0]) == set(tomllib.loads(STATION)["markets"])


def test_what_has_to_be_found_out_is_marked() -> None:
    supposed = re.compile(
        r"^(?:sink|hours = \"06|quiet|volume|volume_cap|authorisation|name = \"M|district|ubigeo|times|from|until).*$",
        re.M,
    )
    lines = [line.group() for text in (STATION, SEASON) for line in supposed.finditer(text)]
    assert len(lines) == 13
    assert [line for line in lines if "por confirmar" not in line] == []


def test_every_commented_line_is_an_explanation_or_a_setting() -> None:
    """«#» and a space, or «#» and a key: so the rule that the files state holds."""
    for text in (STATION, SEASON):
        commented = [line for line in text.splitlines() if line.startswith("#")]
        assert [line for line in commented if not re.match(r"#$|# |#[a-z_]+ = |#\[", line)] == []
