"""What a value in a station's file may be. Each kind says in words what it expects."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadcaster.locale import gettext
from broadcaster.locale import mark as N_
from broadcaster.model import Hours


@dataclass(frozen=True)
class Kind:
    """One kind of value. ``parse`` turns what TOML gave into what the program uses, or raises :class:`ValueError`."""

    expects: str
    """What is expected, as a message id; ``facts`` fill its braces."""
    parse: Callable[[Any], Any]
    facts: Mapping[str, object] = field(default_factory=dict)
    item: "Kind | None" = None
    """The kind of each element, when this is a list."""
    choices: tuple[str, ...] = ()
    """The words it may be, when it is one of a few."""

    def expectation(self) -> str:
        """What is expected, in the language spoken now."""
        entry = {"entry": self.item.expectation()} if self.item else {}
        return gettext(self.expects).format(**self.facts, **entry)


def nfc(text: str) -> str:
    """``text`` with every accented letter in its one composed form (Unicode NFC), trimmed."""
    return unicodedata.normalize("NFC", text).strip()


def _text(value: Any) -> str:
    if not isinstance(value, str) or any(unicodedata.category(letter) == "Cc" for letter in value):
        raise ValueError
    return nfc(value)


def _some_text(value: Any) -> str:
    if not (text := _text(value)):
        raise ValueError
    return text


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError  # noqa: TRY004  one kind of refusal
    return value


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError  # noqa: TRY004  one kind of refusal
    return value


def _clock_time(value: Any) -> time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", _text(value)):
        raise ValueError
    return time.fromisoformat(value.strip())


def _hours(value: Any) -> Hours:
    start, dash, end = _text(value).partition("-")
    last = time.max if end == "24:00" else _clock_time(end)
    if not dash or _clock_time(start) == last:
        raise ValueError
    return Hours(_clock_time(start), last)


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(_some_text(value))
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError from None


def number(low: float, high: float) -> Kind:
    """A number, whole or not, within ``low`` … ``high``."""

    def parse(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError  # not-a-number is within no bounds
        return float(value)

    return Kind(N_("a number from {low} to {high}"), parse, {"low": f"{low:g}", "high": f"{high:g}"})


def whole(low: int, high: int) -> Kind:
    """A whole number within ``low`` … ``high``."""

    def parse(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError
        return value

    return Kind(N_("a whole number from {low} to {high}"), parse, {"low": low, "high": high})


def one_of(*words: str) -> Kind:
    """One of ``words``."""

    def parse(value: Any) -> str:
        if value not in words:
            raise ValueError
        return str(value)

    return Kind(N_("one of {words}"), parse, {"words": ", ".join(words)}, choices=words)


def matching(expects: str, pattern: str) -> Kind:
    """Text of a given shape."""

    def parse(value: Any) -> str:
        if not re.fullmatch(pattern, text := _text(value)):
            raise ValueError
        return text

    return Kind(expects, parse)


def listing(item: Kind, *, least: int = 0) -> Kind:
    """A list of at least ``least`` of ``item``; its elements are parsed one by one by the schema."""

    def parse(value: Any) -> Sequence[Any]:
        if not isinstance(value, list) or len(value) < least:
            raise ValueError
        return value

    expects = N_("a list, not empty, each entry {entry}") if least else N_("a list, each entry {entry}")
    return Kind(expects, parse, item=item)


def is_id(name: str) -> bool:
    """Whether ``name``, exactly as written, may name a table."""
    return re.fullmatch(_ID, name) is not None


_ID = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"

TEXT = Kind(N_("text in quotes, not empty"), _some_text)
TEXT_OR_NOTHING = Kind(N_("text in quotes, which may be empty"), _text)
FLAG = Kind(N_("true or false"), _flag)
DAY = Kind(N_("a date without quotes"), _day)
TIME = Kind(N_("a time of day in quotes"), _clock_time)
TIME_OR_NOTHING = Kind(N_("a time of day in quotes, or nothing"), lambda value: _clock_time(value) if value else None)
HOURS = Kind(N_("hours in quotes, from and to"), _hours)
HOURS_OR_NOTHING = Kind(N_("hours in quotes, from and to, or nothing"), lambda value: _hours(value) if value else None)
ZONE = Kind(N_("a time zone's name"), _zone)
ID = matching(N_("an id of lower-case letters, digits and hyphens"), _ID)
OPENING = matching(N_("the id of a shared part, or nothing"), f"(?:{_ID})?")
UBIGEO = matching(N_("six digits in quotes"), r"[0-9]{6}")
COUNTRY = matching(N_("two capital letters"), r"[A-Z]{2}")
SINK = matching(N_("a sound output's name without spaces"), r"[^\s/]{1,200}")
CARD = matching(N_("a sound card's id, never its number"), r"(?![0-9]+$)[A-Za-z0-9_-]{1,15}")
DATABASE = matching(
    N_("the address of a sqlite file, or of a PostgreSQL database"),
    r"sqlite:///(?!:memory:)[^?#]+|postgresql://[^/?#]*/[^/?#]+(?:\?[^#]+)?",
)
