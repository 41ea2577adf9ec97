"""A list with a mark before each line: what is well and what is not must be seen without its colour."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPED = 110
"""Columns where there is no terminal to measure."""
NARROWEST = 24
"""Columns that what is said needs at least to be read."""
GAP = 2
"""Between two columns."""


@dataclass(frozen=True)
class Mark:
    """What stands before a line."""

    letter: str
    instead: str
    """The same where the terminal lacks that letter."""
    style: str
    """The colour that goes with it."""

    def __str__(self) -> str:
        try:
            self.letter.encode(sys.stdout.encoding or "ascii")
        except UnicodeEncodeError:
            return self.instead
        return self.letter


OK = Mark("✔", "+", "green")
REMARK = Mark("!", "!", "yellow")
BROKEN = Mark("✘", "x", "bold red")


Row = tuple[Mark, str, str, Text]
"""Mark, name, moment, what is said."""


def draw_checklist(title: str, lines: Iterable[Row]) -> None:
    """Print mark, name, moment and what is said, a line each; a name that repeats itself is said once, but where it breaks."""
    rows = list(lines)
    console = Console(width=None if sys.stdout.isatty() else PIPED, highlight=False)
    console.print(Text(title, style="bold"))
    console.print(drawn(rows, console.width))


def drawn(rows: Sequence[Row], width: int) -> Table:
    """The lines as they fit into so many columns."""
    beside = _widest(name for _mark, name, _moment, _said in rows) + _widest(moment for _m, _n, moment, _s in rows)
    return _grid(rows) if width - 1 - GAP - beside >= NARROWEST else _stacked(rows)


def _widest(texts: Iterable[str]) -> int:
    return max((len(text) + GAP for text in texts if text), default=0)


def _grid(rows: Sequence[Row]) -> Table:
    """What is said in a column of its own."""
    grid = Table.grid(padding=(0, GAP, 0, 0))
    columns = 4 if any(moment for _mark, _name, moment, _said in rows) else 3
    for place in range(columns):
        grid.add_column(no_wrap=place < columns - 1, overflow="fold")
    before = ""
    for mark, name, moment, said in rows:
        again = name == before and mark is not BROKEN
        cells = [
            Text(str(mark), style=mark.style),
            Text("" if again else name, style="dim"),
            Text(moment),
            said,
        ]
        grid.add_row(*(cells if columns > 3 else [*cells[:2], said]))
        before = name
    return grid


def _stacked(rows: Sequence[Row]) -> Table:
    """Where that column would be too narrow to hold words: name and moment on one line, what is said beneath."""
    grid = Table.grid(padding=(0, GAP, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for mark, name, moment, said in rows:
        heading = Text(" · ").join([Text(each, style="dim") for each in (name, moment) if each])
        told = Text("\n").join([heading, said]) if heading else said
        grid.add_row(Text(str(mark), style=mark.style), told)
    return grid
