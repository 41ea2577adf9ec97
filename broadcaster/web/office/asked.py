"""What a page's address or form asks for, read with care: whoever types nonsense is told so in one sentence."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar, TypeVar

from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown

E = TypeVar("E", bound=StrEnum)
LONGEST = 40
"""Letters of what is said back."""


class NotADay(UsageError):
    """No date."""

    sentence: ClassVar[str] = N_("«{text}» is not a date, so nothing was looked up. Write it as in 2021-06-18.")


class NotAMonth(UsageError):
    """No month."""

    sentence: ClassVar[str] = N_("«{text}» is not a month, so nothing was looked up. Write it as in 2021-06.")


class NotANumber(UsageError):
    """No episode's number."""

    sentence: ClassVar[str] = N_("«{text}» is not the number of an episode, so nothing was looked up.")


class NotAChoice(UsageError):
    """None of what there is to choose from."""

    sentence: ClassVar[str] = N_("«{text}» is not among the choices, so nothing was looked up. Choose from the list.")


class DaysTurned(UsageError):
    """The last day comes before the first."""

    sentence: ClassVar[str] = N_("The first day, {first}, comes after the last one, {last}. Turn the two round.")


def day(text: str) -> date | None:
    """A date as browsers send it; ``None`` for nothing.

    :raises NotADay: it is something else.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise NotADay(text=_short(text)) from None


def days(words: Mapping[str, str]) -> tuple[date | None, date | None]:
    """The first and the last day, both included; ``None``: no bound.

    :raises NotADay, DaysTurned: as they say.
    """
    first, last = day(words.get("first", "")), day(words.get("last", ""))
    if first is not None and last is not None and last < first:
        raise DaysTurned(first=first, last=last)
    return first, last


def month(text: str) -> date:
    """The first day of a month as browsers send it, and as people type it where a browser has no field for months.

    :raises NotAMonth: it is something else, or nothing.
    """
    try:
        return date.fromisoformat(f"{text.strip()}-01")
    except ValueError:
        raise NotAMonth(text=_short(text)) from None


def number(text: str) -> int | None:
    """An episode's number; ``None`` for nothing.

    :raises NotANumber: it is something else.
    """
    if not text.strip():
        return None
    if not text.strip().isdecimal() or len(text.strip()) > 6:
        raise NotANumber(text=_short(text))
    return int(text)


def one_of(kind: type[E], text: str) -> E | None:
    """A choice; ``None`` for nothing.

    :raises NotAChoice: there is none of that name.
    """
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        raise NotAChoice(text=_short(text)) from None


def chosen(text: str, known: Collection[str]) -> str:
    """The same text when it is known, or nothing.

    :raises NotAChoice: it is not known.
    """
    if text and text not in known:
        raise NotAChoice(text=_short(text))
    return text


def _short(text: str) -> str:
    return shown(text[:LONGEST])
