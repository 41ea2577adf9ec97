"""A list with a mark before each line: what is well and what is not must be seen without its colour."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPED = 110
"""Columns where there is no terminal to measure."""


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


def draw_checklist(title: str, lines: Iterable[tuple[Mark, str, str, Text]]) -> None:
    """Print mark, name, moment and what is said, a line each; a name that repeats itself is said once, but where it breaks."""
    rows = list(lines)
    grid = Table.grid(padding=(0, 2, 0, 0))
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
    console = Console(width=None if sys.stdout.isatty() else PIPED, highlight=False)
    console.print(Text(title, style="bold"))
    console.print(grid)
