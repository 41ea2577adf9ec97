"""Tables of keys: what each may be, what it means, what it looks like."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from broadcaster.config.kinds import Kind

REQUIRED = object()
"""Default of a key that must be there."""


@dataclass(frozen=True)
class Key:
    """One key: what it may be, what it means, what it looks like."""

    kind: Kind
    meaning: str
    """One English sentence for the manual."""
    example: str
    """A good value, written as in the file."""
    default: Any = REQUIRED


@dataclass(frozen=True)
class Table:
    """A table with a fixed set of keys."""

    entries: Mapping[str, "Entry"]
    retired: frozenset[str] = frozenset()
    """Keys that older programs read. They do nothing and are no fault: an update must not stop a station."""


@dataclass(frozen=True)
class Named:
    """A table of tables, each under an id chosen by the station."""

    table: Table
    required: bool = True


@dataclass(frozen=True)
class Rows:
    """A list of tables, none when absent."""

    table: Table


Entry = Key | Table | Named | Rows


def flat(table: Table, prefix: str = "") -> Iterator[tuple[str, Key]]:
    """Every key with its dotted path; ``*`` stands for an id, ``[]`` for one of a list."""
    for name, entry in table.entries.items():
        path = f"{prefix}{name}"
        if isinstance(entry, Key):
            yield path, entry
        elif isinstance(entry, Table):
            yield from flat(entry, f"{path}.")
        else:
            yield from flat(entry.table, f"{path}.*." if isinstance(entry, Named) else f"{path}[].")


def manual_row(path: str, key: Key) -> str:
    """The key's line in the manual's table: key, what it may be, meaning, example, what holds when it is absent."""
    absent = "required" if key.default is REQUIRED else "" if key.default is None else f"`{_as_written(key)}`"
    return f"| `{path}` | {key.kind.expectation()} | {key.meaning} | `{key.example}` | {absent} |"


def _as_written(key: Key) -> str:
    """The default as it would stand in the file; the example where it is the same value."""
    value = key.default
    if isinstance(value, time) or (isinstance(value, tuple) and value):
        return key.example
    return shown([] if value == () else value)


def shown(value: Any) -> str:
    """A value as a person may recognise it, on one line, cut when long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:  # a number too long to be written down
        return "…"
    return text if len(text) <= 60 else f"{text[:57]}…"
