"""The whole summary as JSON for programs: field names and codes as in the values, every number beside its group.

Moments are ISO 8601 with their offset. Who said something is left out.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from broadcaster.config import Station
from broadcaster.reports.indicators import indicators
from broadcaster.reports.summary import Counts, Group, Line, Said, Summary

DERIVED: Mapping[type, tuple[str, ...]] = {
    Counts: ("due", "fulfilled"),
    Line: ("off_calendar", "made_good", "fulfilled", "heard_s", "proof", "delay_s", "reported_otherwise"),
}
"""Computed fields that are written too."""
WITHHELD: Mapping[type, frozenset[str]] = {Said: frozenset({"by"})}
"""Fields that do not leave the station."""


def as_json(station: Station, summary: Summary) -> bytes:
    """One document, UTF-8, two spaces deep."""
    whole = {"programme": station.name, "provisional": summary.provisional, **plain(summary)}
    whole["indicators"] = plain(indicators(summary.total))
    return f"{json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2)}\n".encode()


def plain(value: Any) -> Any:
    """``value`` in JSON's own types."""
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case date():
            return value.isoformat()
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case Group():
            return {"key": value.key, "name": value.name, **plain(value.counts)}
        case Sequence():  # lines may be made only now
            return [plain(item) for item in value]
    if not is_dataclass(value):
        raise TypeError(type(value))
    kind = type(value)
    names = [each.name for each in fields(value) if each.name not in WITHHELD.get(kind, ())]
    return {name: plain(getattr(value, name)) for name in (*names, *DERIVED.get(kind, ()))}
