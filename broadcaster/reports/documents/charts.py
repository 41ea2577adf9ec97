"""What documents draw, as values: the season's calendar, the weeks, the reasons. Pure.

A mark has a letter and a shade, so that a print in grey tells the same as one in colour. The same values serve a page, which
draws boxes, and a Word document, which shades cells and writes bars as letters.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.locale import mark as N_
from broadcaster.model import MarketId, Outcome, Reason
from broadcaster.reasons import name as reason_name
from broadcaster.reports.documents.wording import whole
from broadcaster.reports.fates import Fate

K = TypeVar("K", date, Reason)

ACROSS = 16
"""Days that a calendar has side by side; more go on below."""
LONGEST = 32
"""Letters of the longest bar."""


class Mark(StrEnum):
    """What a chart tells of a promise; the value names its style."""

    PLAYED = "played"
    MADE_GOOD = "made_good"
    PARTIAL = "partial"
    MISSED = "missed"
    CANCELLED = "cancelled"
    OPEN = "open"


@dataclass(frozen=True)
class Look:
    """How a mark is drawn."""

    word: str
    letters: Mapping[str, str]
    """By language."""
    shade: str
    """Behind black letters, as six hexadecimal digits."""
    bar: str
    """The letter that bars are written with."""


LOOKS: Mapping[Mark, Look] = {
    Mark.PLAYED: Look(N_("aired"), {"es": "E", "en": "A"}, "8FB8B5", "█"),
    Mark.MADE_GOOD: Look(N_("made good later"), {"es": "R", "en": "G"}, "C4DAD8", "▓"),
    Mark.PARTIAL: Look(N_("incomplete"), {"es": "I", "en": "I"}, "E3E3E3", "▒"),
    Mark.MISSED: Look(N_("missed"), {"es": "N", "en": "M"}, "FFFFFF", "░"),
    Mark.CANCELLED: Look(N_("cancelled"), {"es": "C", "en": "C"}, "F2F2F2", "─"),
    Mark.OPEN: Look(N_("to come or awaited"), {"es": "P", "en": "T"}, "FFFFFF", "·"),
}
_GRAVEST = (Mark.MISSED, Mark.PARTIAL, Mark.MADE_GOOD, Mark.OPEN, Mark.CANCELLED, Mark.PLAYED)
_OF_OUTCOME = {
    Outcome.PLAYED: Mark.PLAYED,
    Outcome.PARTIAL: Mark.PARTIAL,
    Outcome.MISSED: Mark.MISSED,
    Outcome.CANCELLED: Mark.CANCELLED,
    None: Mark.OPEN,
}


@dataclass(frozen=True)
class Key:
    """One entry of the legend."""

    kind: Mark
    letter: str
    word: str
    bar: str


@dataclass(frozen=True)
class Cell:
    """One market's day."""

    kind: str
    """A :class:`Mark`; ``empty`` where nothing was planned."""
    text: str
    shade: str


@dataclass(frozen=True)
class CalendarRow:
    """One market."""

    market: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CalendarBlock:
    """At most :data:`ACROSS` days of all markets."""

    days: tuple[str, ...]
    rows: tuple[CalendarRow, ...]


@dataclass(frozen=True)
class Part:
    """A piece of a bar."""

    kind: Mark
    count: int
    percent: float
    """Of the longest bar's length."""


@dataclass(frozen=True)
class Bar:
    """A bar and its number."""

    label: str
    parts: tuple[Part, ...]
    total: str
    told: str
    """The parts in words."""
    drawn: str
    """The bar as letters."""


def mark(fate: Fate) -> Mark:
    """What a chart tells of this promise."""
    return Mark.MADE_GOOD if fate.made_good else _OF_OUTCOME[fate.outcome]


def legend(fates: Iterable[Fate]) -> tuple[Key, ...]:
    """The marks that occur, in their order."""
    seen = set(map(mark, fates))
    return tuple(
        Key(each, look.letters[language()], _(look.word), look.bar) for each, look in LOOKS.items() if each in seen
    )


def calendar(fates: Iterable[Fate], names: Mapping[MarketId, str]) -> tuple[CalendarBlock, ...]:
    """Each market's days, in the order of ``names``; a market without a promise is left out."""
    markets: dict[MarketId, dict[date, list[Fate]]] = {}
    for fate in fates:
        markets.setdefault(fate.market, {}).setdefault(fate.day, []).append(fate)
    days = sorted({day for own in markets.values() for day in own})
    blocks = (days[at : at + ACROSS] for at in range(0, len(days), ACROSS))
    return tuple(
        CalendarBlock(
            days=tuple(f"{day:%d/%m}" for day in some),
            rows=tuple(
                CalendarRow(name, tuple(_cell(markets[id_].get(day, [])) for day in some))
                for id_, name in names.items()
                if id_ in markets
            ),
        )
        for some in blocks
    )


def _cell(fates: Sequence[Fate]) -> Cell:
    """The gravest mark of the day; of several airings, how many were heard of how many."""
    if not fates:
        return Cell("empty", "", "FFFFFF")
    counted = [fate for fate in fates if not fate.off_calendar] or fates  # a moved airing is told where it went
    marks = [mark(fate) for fate in counted]
    kind = min(marks, key=_GRAVEST.index)
    look = LOOKS[kind]
    text = look.letters[language()]
    if len(marks) > 1:
        text = f"{text} {sum(fate.fulfilled for fate in counted)}/{len(counted)}"
    return Cell(kind, text, look.shade)


def weeks(fates: Iterable[Fate]) -> tuple[Bar, ...]:
    """One bar a week, by its Monday."""
    return _bars(fates, lambda fate: fate.day - timedelta(days=fate.day.weekday()), _monday)


def reasons(fates: Iterable[Fate]) -> tuple[Bar, ...]:
    """One bar a reason of what was not heard at its time, the most frequent first."""
    bars = _bars(failed(fates), _reason, reason_name)
    return tuple(sorted(bars, key=lambda bar: -sum(part.count for part in bar.parts)))


def failed(fates: Iterable[Fate]) -> list[Fate]:
    """What was not heard whole at its time, with a reason."""
    return [fate for fate in fates if fate.reason and fate.outcome is not Outcome.PLAYED]


def _reason(fate: Fate) -> Reason:
    assert fate.reason is not None  # noqa: S101  chosen so
    return fate.reason


def _monday(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _bars(fates: Iterable[Fate], key: Callable[[Fate], K], label: Callable[[K], str]) -> tuple[Bar, ...]:
    counted: dict[K, Counter[Mark]] = {}
    for fate in fates:
        counted.setdefault(key(fate), Counter())[mark(fate)] += 1
    longest = max((each.total() for each in counted.values()), default=1)
    return tuple(_bar(label(each), counted[each], longest) for each in sorted(counted))


def _bar(label: str, counts: Counter[Mark], longest: int) -> Bar:
    there = [(each, counts[each]) for each in LOOKS if counts[each]]
    told = [(_(LOOKS[each].word), count) for each, count in there]
    return Bar(
        label=label,
        parts=tuple(Part(each, count, round(100 * count / longest, 2)) for each, count in there),
        total=whole(counts.total()),
        told="; ".join(f"{word}: {count}" for word, count in told),
        drawn="".join(LOOKS[each].bar * max(1, round(count * LONGEST / longest)) for each, count in there),
    )
