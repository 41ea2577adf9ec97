"""What the keys of one season file, each good by itself, cannot say together. Pure.

A key that is there but wrong has its own fault already: its value is not here, and it is not missed.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from broadcaster.config.entries import Key
from broadcaster.locale import gettext as _
from broadcaster.schedule.keys import EXCEPTION

LONGEST = timedelta(days=400)
"""A season is planned whole, so it must have a reasonable end."""
NEEDED: Mapping[str, tuple[str, ...]] = {"skip": (), "move": (), "replace": ("episode",), "extra": ("time", "episode")}
"""What an action cannot do without."""
IDLE: Mapping[str, tuple[str, ...]] = {
    "skip": ("to_date", "to_time", "episode"),
    "move": ("episode",),
    "replace": ("to_date", "to_time"),
    "extra": ("to_date", "to_time"),
}
"""What would mean nothing beside an action."""


def contradictions(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each fault of a whole season as its key and what is wrong."""
    first, last = values.get("from"), values.get("until")
    if first and last:
        yield from _dates(first, last)
    if not values["rules"]:
        yield "rules", _("is missing; expected at least one table [[rules]]")
    for position, row in enumerate(values["exceptions"], start=1):
        for key, problem in _exception(row, first, last):
            yield f"exceptions[{position}].{key}", problem


def _dates(first: date, last: date) -> Iterator[tuple[str, str]]:
    if last < first:
        yield "until", _("{last} is before from, {first}; correct either").format(last=last, first=first)
    elif last - first > LONGEST:
        yield (
            "until",
            _("{last} is more than {days} days after from; split the season").format(last=last, days=LONGEST.days),
        )


def _exception(row: Mapping[str, Any], first: date | None, last: date | None) -> Iterator[tuple[str, str]]:
    if "action" in row:
        yield from _beside(row["action"], row)
    for key in ("date", "to_date"):
        day = row.get(key)
        if day and first and last and not first <= day <= last:
            yield key, _("{day} is outside the season, {first} to {last}").format(day=day, first=first, last=last)


def _beside(action: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What an action lacks, and what it cannot use."""
    if action == "move" and not any(row.get(key, "wrong") for key in ("to_date", "to_time")):
        yield "action", _("move needs to_date, to_time or both")
    for name in NEEDED[action]:
        if row.get(name, "wrong") is None:
            yield name, _lacking(action, name)
    for name in IDLE[action]:
        if row.get(name) is not None:
            yield name, _idle(action, name)


def _lacking(action: str, name: str) -> str:
    key = EXCEPTION.entries[name]
    assert isinstance(key, Key)  # noqa: S101  an exception's table holds keys only
    problem = _("is missing; {action} needs {expected}, such as {example}")
    return problem.format(action=action, expected=key.kind.expectation(), example=key.example)


def _idle(action: str, name: str) -> str:
    if action == "move":
        return _("is only for replace and extra; move keeps the slot's episode")
    if action == "replace":
        return _("is only for move; replace keeps the slot's date and time")
    if action == "extra":
        return _("is only for move; an extra slot stands at date and time")
    if name == "episode":
        return _("is only for replace and extra; skip airs nothing")
    return _("is only for move; skip airs nothing")
