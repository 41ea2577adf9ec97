"""Whatever stands in config.toml, the answer is a station or a list of faults, never a crash."""

import copy
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.config import Station, load_station
from broadcaster.config.load import station_of
from broadcaster.errors import ConfigurationError

ROOT = Path(__file__).parents[2]
DOCUMENT = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))

scalars = (
    st.none().map(lambda _: "")
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text()
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.sampled_from(["unicachi", "06:00-18:00", "150101", date(2020, 7, 29), time(6)])
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=6
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The place of every value of the document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, item in inner for path in [(*here, key), *paths(item, (*here, key))]]


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(DOCUMENT)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


def judged(document: dict[str, Any]) -> Station | list[str]:
    try:
        return station_of(ROOT, document)
    except ConfigurationError as error:
        return [fault.key for fault in error.faults if str(fault)]


@given(st.sampled_from(paths(DOCUMENT)), anything)
def test_any_value_in_any_place_is_taken_or_named(path: tuple[Any, ...], value: Any) -> None:
    """One value replaced by anything: a station, or at least one fault with a key."""
    result = judged(changed(path, value))
    assert isinstance(result, Station) or all(result)


@given(st.sampled_from(paths(DOCUMENT)))
def test_a_missing_value_has_a_default_or_a_fault(path: tuple[Any, ...]) -> None:
    """One value taken away: a station all the same, or faults that name what is missing."""
    document: dict[str, Any] = copy.deepcopy(DOCUMENT)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    result = judged(document)
    assert isinstance(result, Station) or result


@pytest.mark.parametrize(
    "text",
    ["x = " + "[" * 100_000, "x = " + "9" * 10_000, "station.name = 0x" + "f" * 10_000, "\0", "[", "x" * 100_000],
)
def test_text_made_to_break_a_parser_is_a_fault(tmp_path: Path, text: str) -> None:
    """Endless nesting, endless numbers, NUL."""
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_station(tmp_path)
    assert all(len(str(fault)) < 400 for fault in caught.value.faults)
