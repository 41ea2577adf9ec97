"""What a producer says with many recordings at once: a table in a file, CSV or TOML, one row or ``[[episode]]`` a recording.

==============  =======================================================================================
column or key   meaning
==============  =======================================================================================
``file``        the recording, relative to the table's folder
``number``      the episode's number
``title``       its title
``defenders``   codes of who made it; several with spaces or semicolons between them (TOML: a list)
``consent``     references of its voices' consents, likewise; may be empty
``helplines``   ids of the helplines it names, likewise; may be empty
==============  =======================================================================================

A CSV may use commas or semicolons, as spreadsheets in Spanish do. Every fault is collected: nothing is looked at twice.
"""

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from broadcaster.errors import BadInput
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.locale.system import clause
from broadcaster.model import EpisodeNumber
from broadcaster.production.submission import Submission

COLUMNS = ("file", "number", "title", "defenders", "consent", "helplines")
_NEEDED = ("file", "number", "title")
_LARGEST_BYTES = 1 << 20


class BatchFaults(BadInput):
    """The table, or what it says, is wrong; every fault is told, and nothing was added."""

    sentence = N_("Nothing was added. Correct these and try again:\n{faults}")

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(faults="\n".join(f"  {fault}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Candidate:
    """A recording that is to become an episode, and what its producer says of it."""

    source: Path
    said: Submission
    place: str
    """Where it was said, for the sentence about a fault: a line of the table."""


@dataclass(frozen=True)
class Defaults:
    """What holds for every recording whose row does not say it."""

    defenders: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    helplines: tuple[str, ...] = ()
    sample: bool = False


@dataclass
class _Reading:
    """A table on its way to candidates."""

    table: Path
    defaults: Defaults
    faults: list[str] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)


def read_candidates(table: Path, defaults: Defaults) -> tuple[list[Candidate], list[str]]:
    """The recordings that a table lists, and what is wrong with it, each fault a sentence."""
    reading = _Reading(table, defaults)
    try:
        for place, row in _rows(table):
            _read(reading, place, row)
    except (OSError, ValueError) as problem:
        reading.faults.append(f"{shown(table.name)}: {_unreadable(problem)}")
    return reading.candidates, reading.faults


def _unreadable(problem: Exception) -> str:
    if isinstance(problem, OSError):
        return clause(problem)
    return _("it cannot be read as a table ({problem})").format(problem=shown(str(problem)))


def _rows(table: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each row with its place. Raises :class:`OSError` and :class:`ValueError`."""
    if table.stat().st_size > _LARGEST_BYTES:
        raise ValueError(f"> {_LARGEST_BYTES >> 20} MB")
    text = table.read_bytes().decode("utf-8-sig")
    if table.suffix.lower() == ".toml":
        yield from _toml_rows(text)
    else:
        yield from _csv_rows(text)


def _toml_rows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rows = tomllib.loads(text).get("episode", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("[[episode]]")
    for number, row in enumerate(rows, start=1):
        yield f"[[episode]] {number}", row


def _csv_rows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    head = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    try:
        for row in reader:
            if any(value for value in row.values()):
                yield _("line {line}").format(line=reader.line_num), row
    except csv.Error as problem:
        raise ValueError(str(problem)) from problem


def _read(reading: _Reading, place: str, row: Mapping[str, Any]) -> None:
    where = f"{shown(reading.table.name)}, {place}"
    given = {str(key).strip().lower(): value for key, value in row.items() if key is not None}
    problems = list(_problems(row, given))
    source = reading.table.parent / str(given.get("file", "")).strip()
    if given.get("file") and not source.is_file():
        problems.append(_("there is no recording {file} beside the table").format(file=shown(str(given["file"]))))
    reading.faults += [f"{where}: {problem}" for problem in problems]
    if not problems:
        reading.candidates.append(Candidate(source, _submission(given, reading.defaults), where))


def _problems(row: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a row in itself."""
    if None in row:
        yield _("it has more cells than the first line names")
    for unknown in sorted(set(given) - set(COLUMNS)):
        yield _("there is no column {column}; the columns are {columns}").format(
            column=shown(unknown), columns=", ".join(COLUMNS)
        )
    for column in _NEEDED:
        if not str(given.get(column) or "").strip():
            yield _("{column} is missing").format(column=column)
    number = str(given.get("number") or "").strip()
    if number and not re.fullmatch(r"[0-9]{1,9}", number):
        yield _("number must be a number, and {given} is not").format(given=shown(number))


def _submission(given: Mapping[str, Any], defaults: Defaults) -> Submission:
    return Submission(
        number=EpisodeNumber(int(str(given["number"]).strip())),
        title=str(given["title"]),
        defenders=_words(given.get("defenders")) or defaults.defenders,
        consents=_words(given.get("consent")) or defaults.consents,
        helplines=_words(given.get("helplines")) or defaults.helplines,
        sample=defaults.sample,
    )


def _words(cell: object) -> tuple[str, ...]:
    """Codes in a cell, or a list of them."""
    if isinstance(cell, list):
        return tuple(str(word).strip() for word in cell)
    return tuple(re.split(r"[\s;,]+", str(cell).strip())) if cell and str(cell).strip() else ()
