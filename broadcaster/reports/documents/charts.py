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
from broadcaster.reports.summary import Line

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


def mark(line: Line) -> Mark:
    """What a chart tells of this promise."""
    return Mark.MADE_GOOD if line.made_good else _OF_OUTCOME[line.outcome]


def legend(lines: Iterable[Line]) -> tuple[Key, ...]:
    """The marks that occur, in their order."""
    seen = {mark(line) for line in lines}
    return tuple(
        Key(each, look.letters[language()], _(look.word), look.bar) for each, look in LOOKS.items() if each in seen
    )


def calendar(lines: Sequence[Line], names: Mapping[MarketId, str]) -> tuple[CalendarBlock, ...]:
    """Each market's days, in the order of ``names``; a market without a promise is left out."""
    days = sorted({line.day for line in lines})
    here = {line.market for line in lines}
    blocks = (days[at : at + ACROSS] for at in range(0, len(days), ACROSS))
    return tuple(
        CalendarBlock(
            days=tuple(f"{day:%d/%m}" for day in some),
            rows=tuple(
                _row(name, some, [line for line in lines if line.market == id_])
                for id_, name in names.items()
                if id_ in here
            ),
        )
        for some in blocks
    )


def _row(name: str, days: Sequence[date], lines: Sequence[Line]) -> CalendarRow:
    """``lines``: of that market."""
    return CalendarRow(name, tuple(_cell([line for line in lines if line.day == day]) for day in days))


def _cell(lines: Sequence[Line]) -> Cell:
    """The gravest mark of the day; of several airings, how many were heard of how many."""
    if not lines:
        return Cell("empty", "", "FFFFFF")
    counted = [line for line in lines if not line.off_calendar] or lines  # a moved airing is told where it went
    marks = [mark(line) for line in counted]
    kind = min(marks, key=_GRAVEST.index)
    look = LOOKS[kind]
    text = look.letters[language()]
    if len(marks) > 1:
        text = f"{text} {sum(line.fulfilled for line in counted)}/{len(counted)}"
    return Cell(kind, text, look.shade)


def weeks(lines: Sequence[Line]) -> tuple[Bar, ...]:
    """One bar a week, by its Monday."""
    return _bars(lines, lambda line: line.day - timedelta(days=line.day.weekday()), _monday)


def reasons(lines: Sequence[Line]) -> tuple[Bar, ...]:
    """One bar a reason of what was not heard at its time, the most frequent first."""
    bars = _bars(failed(lines), _reason, reason_name)
    return tuple(sorted(bars, key=lambda bar: -sum(part.count for part in bar.parts)))


def failed(lines: Iterable[Line]) -> list[Line]:
    """What was not heard whole at its time, with a reason."""
    return [line for line in lines if line.reason and line.outcome is not Outcome.PLAYED]


def _reason(line: Line) -> Reason:
    assert line.reason is not None  # noqa: S101  chosen so
    return line.reason


def _monday(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _bars(lines: Sequence[Line], key: Callable[[Line], K], label: Callable[[K], str]) -> tuple[Bar, ...]:
    counted: dict[K, Counter[Mark]] = {}
    for line in lines:
        counted.setdefault(key(line), Counter())[mark(line)] += 1
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
