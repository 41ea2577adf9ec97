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
from typing import Any, get_args, get_type_hints

from broadcaster.model import Outcome, Reason, Seconds
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
_NUMBERS = tuple(each.name for each in fields(Counts) if each.name not in {*SECONDS, *_WORDS, REASONS})
_WORD_BY_WORD = tuple((name, tuple((word, f"{name} {word.value}") for word in words)) for name, words in _WORDS.items())
"""The other fields, worked out once: a country's report makes thousands of sums."""

Flat = Mapping[str, int]
"""Every number that can be added, by a name of its own; what is nought is left out."""


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


def flat_of(text: str) -> Flat:
    """The numbers that :func:`sort_of` wrote."""
    found: dict[str, int] = json.loads(text)
    return found


@dataclass(slots=True)
class Sum:
    """A sum over lines, whatever they count."""

    flat: dict[str, int] = field(default_factory=dict)
    promised_s: float = 0.0
    heard_s: float = 0.0
    delay_s: float = 0.0
    worst_delay_s: float = 0.0

    @classmethod
    def of(cls, parts: Iterable["Sum"]) -> "Sum":
        """All of them together."""
        whole = cls()
        for part in parts:
            whole.add(part.flat, 1, (part.promised_s, part.heard_s, part.delay_s, part.worst_delay_s))
        return whole

    def add(self, flat: Flat, number: int, seconds: tuple[float, float, float, float], unknown: int = 0) -> None:
        """So many lines of one sort, ``unknown`` of them of unknown length; ``seconds``: all their :data:`SECONDS`."""
        own = self.flat
        for name, value in flat.items():
            own[name] = own.get(name, 0) + number * value
        own[UNKNOWN_LENGTH] = own.get(UNKNOWN_LENGTH, 0) + unknown
        promised, heard, delay, worst = seconds
        self.promised_s += promised
        self.heard_s += heard
        self.delay_s += delay
        self.worst_delay_s = max(self.worst_delay_s, worst)

    def take(self, counts: Counts) -> None:
        """Lines that are counted already."""
        self.add(_flat(counts), 1, (counts.promised_s, counts.heard_s, counts.delay_s, counts.worst_delay_s))

    def counts(self) -> Counts:
        """The numbers as counts again."""
        return _counts_of(self.flat, {name: getattr(self, name) for name in SECONDS})


def _counts_of(flat: Flat, seconds: Mapping[str, Any]) -> Counts:
    """The numbers as counts again; ``seconds``: the fields of :data:`SECONDS`."""
    values: dict[str, Any] = {name: flat.get(name, 0) for name in _NUMBERS}
    for name, words in _WORD_BY_WORD:
        values[name] = {word: flat.get(told, 0) for word, told in words}
    return Counts(reasons=tuple(_reasons(flat)), **values, **seconds)


def _flat(counts: Counts) -> Flat:
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


def _reasons(flat: Flat) -> list[ReasonCount]:
    found = sorted((*_REASONS[name], number) for name, number in flat.items() if number and name in _REASONS)
    return [ReasonCount(outcome, reason, number) for _place, outcome, reason, number in found]
