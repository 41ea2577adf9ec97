"""A document judged against its tables of keys: the good values, and every fault at once."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from broadcaster.config.entries import REQUIRED, Entry, Key, Named, Rows, Table, shown
from broadcaster.config.kinds import ID, Kind, is_id
from broadcaster.errors import Fault
from broadcaster.locale import gettext as _

__all__ = ["Entry", "Key", "Named", "Reading", "Rows", "Table", "near"]


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
            if name in table.retired:
                continue
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
                    self.fault(here, missing(entry))
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


def near(word: str, words: Iterable[str]) -> str:
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


def missing(key: Key) -> str:
    """That a key which must be there is not."""
    return _("is missing; expected {expected}, such as {example}").format(
        expected=key.kind.expectation(), example=key.example
    )


def _unknown(name: str, table: Table) -> str:
    if guess := near(name, table.entries):
        return _("is not a key of this file; did you mean {guess}?").format(guess=guess)
    return _("is not a key of this file; expected one of {names}").format(names=", ".join(table.entries))
