"""How a line counts, without its seconds, as a short text: lines that count alike share one. Pure.

What :func:`~broadcaster.reports.counting.count` makes of one line is taken as it is, so that a field added to
:class:`~broadcaster.reports.summary.Counts` needs nothing here.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from broadcaster.model import HeardAs, Outcome, Reason, Seconds
from broadcaster.reports.counting import count
from broadcaster.reports.summary import Counts, Line, ReasonCount

SECONDS = ("promised_s", "heard_s", "delay_s", "worst_delay_s")
"""Summed beside."""
REASONS = "reasons"
_WORDS: Mapping[str, type[Enum]] = {
    name: get_args(hint)[0]
    for name, hint in get_type_hints(Counts).items()
    if len(get_args(hint)) == 2 and name != REASONS
}
"""Of the fields that count words: whose."""

UNKNOWN_LENGTH = "unknown_length"
_NUMBERS = tuple(each.name for each in fields(Counts) if each.name not in {*SECONDS, *_WORDS, REASONS, UNKNOWN_LENGTH})
_WORD_BY_WORD = tuple((name, tuple((word, f"{name} {word.value}") for word in words)) for name, words in _WORDS.items())
"""The other fields, worked out once: a country's report makes thousands of sums."""


_NOT_COUNTED = frozenset(
    {"airing", "market", "due", "episode", "revision", "play", "ended", "expected_s", "played_s", "late_s"}
    | {"start_error_ms", "clock", "make_good_of"}
)
"""Fields of a line that tell lines apart which count alike."""
_COUNTED = tuple(each.name for each in fields(Line) if each.name not in _NOT_COUNTED)
_known: dict[tuple[object, ...], str] = {}
_MANY = 10_000


def sort_of(line: Line) -> str:
    """The text. Whether the line's length is known is not in it."""
    likeness = tuple(_likeness(getattr(line, name)) for name in _COUNTED)
    if (found := _known.get(likeness)) is None:
        if len(_known) >= _MANY:
            _known.clear()
        found = _known[likeness] = _sort_of(line)
    return found


def _likeness(value: object) -> object:
    """The value, but for moments and seconds, which are summed beside or not at all."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, datetime | float):
        return True
    if is_dataclass(value):
        return tuple(_likeness(getattr(value, each.name)) for each in fields(value))
    return value


def _sort_of(line: Line) -> str:
    return json.dumps(_flat(count([replace(line, expected_s=Seconds(0.0))])), sort_keys=True, separators=(",", ":"))


@lru_cache(_MANY)
def fate_in(text: str) -> tuple[Outcome | None, Reason | None, bool, bool, HeardAs | None]:
    """What :func:`sort_of` tells of a line's :class:`~broadcaster.reports.fates.Fate`: from the outcome on."""
    one = _numbers(frozenset({(text, 1)}))
    said = one["declared"], one["confirmed"]
    return (
        next((outcome for outcome in Outcome if one[outcome.value]), None),
        next((each.reason for each in one["reasons"]), None),
        bool(one["off_calendar"]),
        bool(one["made_good"]),
        next((word for told in said for word, number in told.items() if number), None),
    )


@dataclass(slots=True)
class Sum:
    """A sum over lines, whatever they count."""

    alike: dict[str, int] = field(default_factory=dict)
    """How many lines of each sort."""
    unknown_length: int = 0
    promised_s: float = 0.0
    heard_s: float = 0.0
    delay_s: float = 0.0
    worst_delay_s: float = 0.0

    @classmethod
    def of(cls, parts: Iterable["Sum"]) -> "Sum":
        """All of them together."""
        whole = cls()
        for part in parts:
            for sort, number in part.alike.items():
                whole.alike[sort] = whole.alike.get(sort, 0) + number
            whole.unknown_length += part.unknown_length
            whole._add_seconds(part.promised_s, part.heard_s, part.delay_s, part.worst_delay_s)
        return whole

    def add(self, sort: str, number: int, seconds: tuple[float, float, float, float], unknown: int = 0) -> None:
        """So many lines of one sort, ``unknown`` of them of unknown length; ``seconds``: all their :data:`SECONDS`."""
        self.alike[sort] = self.alike.get(sort, 0) + number
        self.unknown_length += unknown
        self._add_seconds(*seconds)

    def take(self, line: Line) -> None:
        """One more."""
        one = count([line])
        seconds = one.promised_s, one.heard_s, one.delay_s, one.worst_delay_s
        self.add(sort_of(line), 1, seconds, one.unknown_length)

    def _add_seconds(self, promised: float, heard: float, delay: float, worst: float) -> None:
        self.promised_s += promised
        self.heard_s += heard
        self.delay_s += delay
        self.worst_delay_s = max(self.worst_delay_s, worst)

    def counts(self) -> Counts:
        """The numbers as counts again."""
        return Counts(
            **_numbers(frozenset(self.alike.items())),
            unknown_length=self.unknown_length,
            promised_s=self.promised_s,
            heard_s=self.heard_s,
            delay_s=self.delay_s,
            worst_delay_s=self.worst_delay_s,
        )


@lru_cache(_MANY)
def _numbers(alike: frozenset[tuple[str, int]]) -> Mapping[str, Any]:
    """The fields of :class:`Counts` over so many lines of each sort, without :data:`SECONDS` and unknown lengths.

    Of a country's markets many have the same.
    """
    flat = Counter[str]()
    for text, lines in alike:
        flat.update({name: lines * number for name, number in json.loads(text).items()})
    values: dict[str, Any] = {name: flat[name] for name in _NUMBERS}
    for name, words in _WORD_BY_WORD:
        values[name] = MappingProxyType({word: flat[told] for word, told in words})
    return values | {REASONS: tuple(_reasons(flat))}


def _flat(counts: Counts) -> Mapping[str, int]:
    """Every number that can be added, by a name of its own; what is nought is left out."""
    found: Counter[str] = Counter()
    for each in fields(Counts):
        value = getattr(counts, each.name)
        if each.name == REASONS:
            found.update({f"{REASONS} {one.outcome.value} {one.reason.value}": one.count for one in value})
        elif each.name in _WORDS:
            found.update({f"{each.name} {word.value}": number for word, number in value.items()})
        elif each.name not in SECONDS:
            found[each.name] = value
    return {name: number for name, number in found.items() if number}


_REASONS = {
    f"{REASONS} {outcome.value} {reason.value}": (place, outcome, reason)
    for place, (outcome, reason) in enumerate((outcome, reason) for outcome in Outcome for reason in Reason)
}
"""By their names here: in the order of the closed lists."""


def _reasons(flat: Mapping[str, int]) -> list[ReasonCount]:
    found = sorted((*_REASONS[name], number) for name, number in flat.items() if number and name in _REASONS)
    return [ReasonCount(outcome, reason, number) for _place, outcome, reason, number in found]
