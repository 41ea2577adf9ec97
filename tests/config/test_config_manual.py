"""The manual cannot drift from the keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster import locale
from broadcaster.config.entries import Key, flat, manual_row
from broadcaster.config.keys import KEYS
from broadcaster.schedule.keys import KEYS as SEASON_KEYS

MANUAL = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    spoken = locale.language()
    locale.use("en")
    yield
    locale.use(spoken)


@pytest.mark.parametrize(("path", "key"), [*flat(KEYS), *flat(SEASON_KEYS)])
def test_every_key_is_in_the_manual(path: str, key: Key) -> None:
    """Its line has kind, meaning, example and default exactly as the program knows them."""
    assert manual_row(path, key) in MANUAL.splitlines()


def test_the_manual_has_no_key_that_the_program_does_not_know() -> None:
    """A key that went away leaves the manual too."""
    rows = {line for line in MANUAL.splitlines() if line.startswith("| `")}
    assert rows == {manual_row(path, key) for path, key in [*flat(KEYS), *flat(SEASON_KEYS)]}
