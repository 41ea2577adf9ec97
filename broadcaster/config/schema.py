"""Tables of keys, and a document judged against them: values, and every fault at once."""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from broadcaster.config.kinds import ID, Kind, is_id
from broadcaster.errors import Fault
from broadcaster.locale import gettext as _

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
    if isinstance(value, tuple) and value:
        return key.example
    return shown([] if value == () else value)


@dataclass
class Reading:
    """One document being judged. ``values`` has only what is good; the rest is in ``faults``."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    def table(self, given: Any, table: Table, path: str) -> dict[str, Any]:
        """The good values of one table; what is wrong becomes faults."""
        if not isinstance(given, dict):
            self.fault(path, _("expected a table, but found {value}").format(value=shown(given)))
            return {}
        values: dict[str, Any] = {}
        for name, value in given.items():
            here = self._visit(path, name)
            if name not in table.entries:
                self.fault(here, _unknown(name, table))
                continue
            values |= self._entry(name, value, table.entries[name], here)
        return values | self._absent(given, table, path)

    def fault(self, path: str, problem: str) -> None:
        """Note that the value at ``path`` is wrong."""
        self.faults.append(Fault(self.file, path, problem))

    def in_order(self) -> list[Fault]:
        """All faults in the order of the file; a missing key stands where its table is."""
        return sorted(self.faults, key=lambda fault: self._place(fault.key))

    def _entry(self, name: str, value: Any, entry: Entry, path: str) -> dict[str, Any]:
        match entry:
            case Key():
                return self._key(name, value, entry, path)
            case Table():
                return {name: self.table(value, entry, path)}
            case Named():
                return {name: self._named(value, entry, path)}
            case Rows():
                return {name: self._rows(value, entry, path)}

    def _key(self, name: str, value: Any, key: Key, path: str) -> dict[str, Any]:
        try:
            good = key.kind.parse(value)
        except ValueError:
            self.fault(path, _expected(key.kind, key.example, value))
            return {}
        if key.kind.item is None:
            return {name: good}
        return {name: tuple(self._items(good, key.kind.item, path))}

    def _items(self, values: list[Any], kind: Kind, path: str) -> Iterator[Any]:
        for position, value in enumerate(values, start=1):
            try:
                yield kind.parse(value)
            except ValueError:
                self.fault(f"{path}[{position}]", _expected(kind, "", value))

    def _named(self, given: Any, named: Named, path: str) -> dict[str, Any]:
        if not isinstance(given, dict) or (named.required and not given):
            self.fault(path, _("expected at least one table [{path}.ID]").format(path=path))
            return {}
        values = {}
        for name, value in given.items():
            here = self._visit(path, name)
            if is_id(name):
                values[name] = self.table(value, named.table, here)
            else:
                self.fault(here, _expected(ID, "", name))
        return values

    def _rows(self, given: Any, rows: Rows, path: str) -> list[dict[str, Any]]:
        if not isinstance(given, list):
            self.fault(path, _("expected a list of tables [[{path}]]").format(path=path))
            return []
        return [
            self.table(value, rows.table, self._visit(path, f"[{position}]"))
            for position, value in enumerate(given, start=1)
        ]

    def _absent(self, given: Mapping[str, Any], table: Table, path: str) -> dict[str, Any]:
        values = {}
        for name, entry in table.entries.items():
            if name in given:
                continue
            here = f"{path}.{name}" if path else name
            if isinstance(entry, Key):
                if entry.default is REQUIRED:
                    self.fault(here, _missing(entry))
                else:
                    values[name] = entry.default
            elif isinstance(entry, Rows):
                values[name] = []
            elif isinstance(entry, Named):
                values[name] = {} if not entry.required else self._named({}, entry, here)
            else:
                values[name] = self._absent({}, entry, here)
        return values

    def _visit(self, path: str, name: str) -> str:
        here = f"{path}{name}" if name.startswith("[") else f"{path}.{name}" if path else name
        self._places[here] = len(self._places)
        return here

    def _place(self, key: str) -> int:
        while key and key not in self._places:
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return self._places.get(key, -1)


def shown(value: Any) -> str:
    """A value as a person may recognise it, on one line, cut when long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:  # a number too long to be written down
        return "…"
    return text if len(text) <= 60 else f"{text[:57]}…"


def near(word: str, words: Iterator[str] | Mapping[str, Any] | tuple[str, ...]) -> str:
    """The one of ``words`` most like ``word``; empty when none is."""
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)), "")


def _expected(kind: Kind, example: str, value: Any) -> str:
    if isinstance(value, str) and (guess := near(value, kind.choices)):
        return _("expected {expected}, but found {value}; did you mean {guess}?").format(
            expected=kind.expectation(), value=shown(value), guess=guess
        )
    if not example:
        return _("expected {expected}, but found {value}").format(expected=kind.expectation(), value=shown(value))
    return _("expected {expected}, such as {example}, but found {value}").format(
        expected=kind.expectation(), example=example, value=shown(value)
    )


def _missing(key: Key) -> str:
    return _("is missing; expected {expected}, such as {example}").format(
        expected=key.kind.expectation(), example=key.example
    )


def _unknown(name: str, table: Table) -> str:
    if guess := near(name, table.entries):
        return _("is not a key of this file; did you mean {guess}?").format(guess=guess)
    return _("is not a key of this file; expected one of {names}").format(names=", ".join(table.entries))
