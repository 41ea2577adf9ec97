"""The report as an Excel workbook: summary, airings, what was not played and why, indicators.

Days, moments and numbers are real ones, each table can be filtered and its head stays in sight. Text is written as text,
whatever it begins with: nothing in the file computes.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, TypeVar

from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Outcome
from broadcaster.reasons import name, word
from broadcaster.reports.summary import ReasonCount, Summary
from broadcaster.reports.tables.columns import Cell, Column, Value, airing_columns, missed_columns
from broadcaster.reports.tables.facts import about, sources
from broadcaster.reports.tables.grouped import group_columns, groups, indicator_columns, measured

T = TypeVar("T")

FORMS = {
    Cell.TEXT: "@",
    Cell.WHOLE: "0",
    Cell.NUMBER: "0.00",
    Cell.DAY: "dd/mm/yyyy",
    Cell.MOMENT: "dd/mm/yyyy hh:mm:ss",
}
A4 = 9
LEGIBLE = 250
"""Letters side by side that can still be read on one page: six and a half points high."""
MARGIN = 0.4
"""Inch, on every side; below there is room for the page's number."""
WIDEST = 70
"""Letters of a column; longer texts go on over the empty cells beside them."""
BETWEEN = 4
"""Letters between two tables."""
LINE = 15.0
"""Height of a line, points."""
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


def as_xlsx(station: Station, summary: Summary) -> bytes:
    """The workbook, in the language spoken now."""
    buffer = BytesIO()
    with opened(buffer, summary.made) as book:
        page = Pages(book)
        above, below = about(station, summary), sources(station, summary)
        page.add(_("summary"), group_columns(), groups(station, summary), above=above, below=below, keys=3)
        page.add(_("airings"), airing_columns(station), summary.lines)
        not_played = [line for line in summary.lines if line.outcome is not Outcome.PLAYED]
        page.add(_("not aired and why"), missed_columns(station), not_played, keys=3)
        page.beside(_reason_columns(), (each for each in summary.total.reasons if each.outcome is not Outcome.PLAYED))
        page.add(_("indicators"), indicator_columns(), measured(station, summary), keys=3)
    return buffer.getvalue()


def opened(buffer: BytesIO, made: datetime) -> Any:
    """A new workbook that goes into ``buffer`` when it is closed; the same contents give the same bytes."""
    import xlsxwriter  # noqa: PLC0415  heavy

    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"created": made.astimezone(UTC).replace(tzinfo=None)})
    book.set_calc_mode("manual")
    return book


def _reason_columns() -> tuple[Column[ReasonCount], ...]:
    return (
        Column(N_("Outcome"), Cell.TEXT, lambda each: word(each.outcome), 14),
        Column(N_("Reason"), Cell.TEXT, lambda each: name(each.reason), 40),
        Column(N_("How many"), Cell.WHOLE, lambda each: each.count),
    )


def _wide_enough(column: Column[Any], values: Sequence[Value]) -> int:
    """Letters: what the column asks for, or its longest text; a prescribed head stays on one line."""
    longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    head = len(column.title) if column.prescribed else 0
    return max(column.width, min(longest + 3, WIDEST), head + 3)


class Pages:
    """The sheets of a workbook, one table each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._forms = {cell: book.add_format({"num_format": form, "valign": "top"}) for cell, form in FORMS.items()}
        self._forms[Cell.TEXT].set_align("left")
        self._forms[Cell.TEXT].set_indent(1)  # not glued to the number before it
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDDDDD", "border": 1}
        )
        self._bold = book.add_format({"bold": True})
        self._sheet: Any = None
        self._below = 0
        self._keys = 0
        self._widths: list[int] = []
        self._lines = 1

    def add(
        self,
        title: str,
        columns: Sequence[Column[T]],
        rows: Iterable[T],
        *,
        above: Sequence[tuple[str, str]] = (),
        below: Sequence[tuple[str, str]] = (),
        keys: int = 1,
    ) -> None:
        """A sheet with one table.

        ``above``: what is said before it, name and text, a few lines, for they stay in sight with the head; ``below``: however
        many. ``keys``: how many columns say what a row is of: they stay in sight too.
        """
        self._sheet = self._book.add_worksheet(title)
        self._said(0, above)
        self._below, self._keys, self._widths, self._lines = len(above) + bool(above), keys, [], 1
        last = self._table(0, columns, rows)
        self._said(last + 2, below)
        self._sheet.autofilter(self._below, 0, last, len(columns) - 1)
        self._sheet.freeze_panes(self._below + 1, keys)
        self._sheet.repeat_rows(self._below)
        self._on_paper()

    def beside(self, columns: Sequence[Column[T]], rows: Iterable[T]) -> None:
        """A second table to the right of the last, a column between them."""
        self._widths.append(BETWEEN)
        self._sheet.set_column(len(self._widths) - 1, len(self._widths) - 1, BETWEEN)
        self._table(len(self._widths), columns, rows)
        self._on_paper()

    def _said(self, row: int, lines: Sequence[tuple[str, str]]) -> None:
        for at, (what, text) in enumerate(lines, start=row):
            self._sheet.write_string(at, 0, what, self._bold)
            self._sheet.write_string(at, 2, text)

    def _on_paper(self) -> None:
        """A4 across, one page wide; what would be too small to read goes over several, each with its first columns."""
        keys, letters = sum(self._widths[: self._keys]), sum(self._widths)
        self._sheet.set_landscape()
        self._sheet.set_paper(A4)
        self._sheet.set_margins(MARGIN, MARGIN, MARGIN, 1.6 * MARGIN)
        self._sheet.set_footer("&L&A&R&P / &N", {"margin": MARGIN / 2})
        if letters <= LEGIBLE:
            self._sheet.fit_to_pages(1, 0)
        else:
            self._sheet.fit_to_pages(-(-(letters - keys) // (LEGIBLE - keys)), 0)
            self._sheet.repeat_columns(0, self._keys - 1)

    def _table(self, left: int, columns: Sequence[Column[T]], rows: Iterable[T]) -> int:
        """Write it; the number of its last row."""
        row = self._below
        values = [[column.value(each) for column in columns] for each in rows]
        for at, column in enumerate(columns):
            width = _wide_enough(column, [line[at] for line in values])
            self._lines = max(self._lines, -(-len(column.title) // (width - 3)))  # words break early
            self._sheet.set_column(left + at, left + at, width)
            self._widths.append(width)
            self._sheet.write_string(row, left + at, column.title, self._head)
        self._sheet.set_row(row, LINE * self._lines)
        for row, line in enumerate(values, start=self._below + 1):
            for at, value in enumerate(line):
                self._write(row, left + at, columns[at].cell, value)
        return row

    def _write(self, row: int, place: int, cell: Cell, value: Value) -> None:
        form = self._forms[cell]
        match value:
            case None:
                self._sheet.write_blank(row, place, None, form)
            case str():
                self._sheet.write_string(row, place, value, form)
            case datetime():
                self._sheet.write_datetime(row, place, value.replace(tzinfo=None), form)
            case int() | float():
                self._sheet.write_number(row, place, value, form)
            case _:
                self._sheet.write_datetime(row, place, value, form)
