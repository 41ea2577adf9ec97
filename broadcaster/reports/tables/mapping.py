"""What goes into the columns of a form that others prescribe: one file each, which an office can replace without code."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, ClassVar

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_

FOLDER = "templates"
"""Of the station, where an office puts what it changes."""
_OF_YEAR = re.compile(r"r4v-([0-9]{4})[.]toml")
_KEYS = {"head", "tag", "text", "value"}


class MappingBroken(BadInput):
    """A file of columns has a fault."""

    sentence: ClassVar[str] = N_(
        "The columns in {name} are not right ({problem}), so no report was made. Correct the file, or take it away: "
        "then the program's own is used."
    )


@dataclass(frozen=True)
class Mapped:
    """One column of a prescribed form."""

    head: str
    tag: str
    text: str
    value: str
    """Name of what stands in it; empty: :attr:`text` does."""

    def of(self, values: Mapping[str, Any]) -> Any:
        """What stands in it."""
        return values[self.value] if self.value else self.text or None


def columns(station: Station, name: str, known: Collection[str]) -> tuple[Mapped, ...]:
    """The columns that the file ``name`` lists: the station's own, else the program's. ``known``: the values there are.

    :raises MappingBroken: it is no such file.
    """
    own = station.root / FOLDER / name
    try:
        text = own.read_text("utf-8-sig") if own.is_file() else _shipped().joinpath(name).read_text("utf-8")
        given = tomllib.loads(text).get("columns")
    except (OSError, ValueError) as error:
        raise MappingBroken(name=f"{FOLDER}/{name}", problem=str(error)) from error
    if not isinstance(given, list) or not given:
        raise MappingBroken(name=f"{FOLDER}/{name}", problem="columns")
    return tuple(_column(name, place, each, known) for place, each in enumerate(given, start=1))


def of_year(station: Station, year: int) -> str:
    """The file of a year's 5W: the newest that is not of a later year, else the first there is."""
    names = {each.name for each in _shipped().iterdir()} | _own(station)
    years = sorted((int(found[1]), found[0]) for found in map(_OF_YEAR.fullmatch, names) if found)
    before = [name for its, name in years if its <= year]
    return before[-1] if before else years[0][1]


def _own(station: Station) -> set[str]:
    folder = station.root / FOLDER
    return {each.name for each in folder.iterdir()} if folder.is_dir() else set()


def _shipped() -> Any:
    return files("broadcaster.reports.tables") / "mappings"


def _column(name: str, place: int, given: Any, known: Collection[str]) -> Mapped:
    where = f"columns[{place}]"
    if not isinstance(given, dict) or not isinstance(given.get("head"), str) or ("text" in given) == ("value" in given):
        raise MappingBroken(name=f"{FOLDER}/{name}", problem=where)
    wrong = sorted(set(given) - _KEYS) + [key for key in given if not isinstance(given[key], str)]
    if wrong:
        raise MappingBroken(name=f"{FOLDER}/{name}", problem=f"{where}.{wrong[0]}")
    if "value" in given and given["value"] not in known:
        raise MappingBroken(name=f"{FOLDER}/{name}", problem=f"{where}.value: {', '.join(sorted(known))}")
    return Mapped(given["head"], given.get("tag", ""), given.get("text", ""), given.get("value", ""))
