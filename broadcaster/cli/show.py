"""How things are shown: strict JSON for programs, tables, sentences and progress for people.

Standard output holds the answer, standard error everything said on the way; with ``--json`` standard output holds one
JSON document and nothing else.
"""

import json
import math
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from broadcaster.locale import mark as N_
from broadcaster.locale.shown import is_plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

json_option = click.option("--json", "in_json", is_flag=True, help=N_("Print JSON for programs instead of a table."))
"""Gives a command the argument ``in_json: bool``."""

COLOURS: Mapping[str, str] = {
    "played": "green",
    "partial": "yellow",
    "missed": "red",
    "cancelled": "bright_black",
}
"""Of each outcome, by its word: the nouns of the model take long to define, and ``--help`` needs none of them."""

NAMES_MAY_BEGIN_WITH_A_DASH = {"ignore_unknown_options": True}
"""Context settings of a command that takes a recording: one called ``-rf.mp3`` is a recording, not a set of options."""


def no_option(ctx: click.Context, _parameter: click.Parameter, name: Path) -> Path:
    """The callback of such a command's recording: a mistyped ``--option`` is not taken for its name."""
    if str(name).startswith("--") and not os.path.lexists(name):
        raise click.NoSuchOption(str(name), ctx=ctx)
    return name


AT_ONCE = 500
"""Values held while a long list is printed."""
WIDE = 200
"""Columns a table may take where there is no terminal to measure (a file, a pipe)."""


def as_json(value: object, *, indent: int | None = 2) -> str:
    """``value`` as strict JSON, keys in their own order; on one line where ``indent`` is ``None``.

    Dataclasses become objects, enums their value, dates and times ISO 8601 (a datetime must be aware: its offset is
    shown), paths their text. NaN and infinities are refused with :class:`ValueError`: what is undefined is ``None``.
    """
    ascii_only = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "") != "utf8"
    return json.dumps(jsonable(value), ensure_ascii=ascii_only, allow_nan=False, indent=indent)


def jsonable(value: Any) -> Any:
    """``value`` in JSON's own types."""
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case float():
            if not math.isfinite(value):
                raise ValueError(value)
            return value
        case datetime() if value.tzinfo is None:
            raise ValueError(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Path():
            return str(value)
        case Mapping():
            return {str(jsonable(key)): jsonable(item) for key, item in value.items()}
        case Iterable():
            return [jsonable(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(type(value))


def show_json(value: object) -> None:
    """Print ``value`` as one JSON document on standard output."""
    click.echo(as_json(value))


def show_json_list(values: Iterable[object]) -> None:
    """Print ``values`` as they come, as one JSON document: a list, each on a line of its own."""
    rest = iter(values)
    before = "["
    while some := list(islice(rest, AT_ONCE)):
        click.echo(before + ",".join(f"\n{as_json(value, indent=None)}" for value in some), nl=False)
        before = ","
    click.echo("[]" if before == "[" else "\n]")


def show_json_line(value: object) -> None:
    """Print ``value`` as JSON on a line of its own, for a program that reads on."""
    click.echo(as_json(value, indent=None))


def say(sentence: str) -> None:
    """Print one sentence: on standard output, or on standard error where that holds JSON."""
    click.echo(fitted(sentence, err=_json_wanted()), err=_json_wanted())


def warn(sentence: str) -> None:
    """Print one sentence on standard error."""
    click.echo(fitted(sentence, err=True), err=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table on standard output. A cell is text, a ``rich.text.Text`` with its colour, or anything with a ``str``.

    Where the terminal is too narrow to hold every word whole, each row becomes a few lines of its own.
    """
    from rich.console import Console  # noqa: PLC0415  drawing is heavy and most commands draw little
    from rich.measure import Measurement  # noqa: PLC0415

    console = Console(width=None if sys.stdout.isatty() else WIDE)
    heads = [_cell(column) for column in columns]
    cells = [[_cell(cell) for cell in row] for row in rows]
    drawn = _grid(_cell(title), heads, cells)
    needed = Measurement.get(console, console.options.update(max_width=10 * WIDE), drawn)
    if needed.minimum <= console.width:
        if needed.maximum > console.width:  # left to itself it breaks words in the middle to make columns of one width
            _narrow(drawn, console, needed.minimum)
        console.print(drawn)
    else:
        for line in _stacked(_cell(title), heads, cells):
            console.print(line, overflow="fold")


def _cell(content: Any) -> "Text":
    from rich.text import Text  # noqa: PLC0415

    return content if isinstance(content, Text) else Text(plain(str(content)))


def _grid(title: "Text", heads: Sequence["Text"], rows: Iterable[Sequence["Text"]]) -> "Table":
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    drawn = Table(title=title, title_justify="left", box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for head in heads:
        drawn.add_column(head, overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    return drawn


def _narrow(drawn: "Table", console: "Console", minimum: int) -> None:
    """Give each column the room of its longest word, and what is left where it saves lines: to those with the most, first.

    ``minimum``: the table's, its lines and margins included.
    """
    from rich.measure import Measurement  # noqa: PLC0415

    wide = console.options.update(max_width=10 * WIDE)
    needs = [
        [Measurement.get(console, wide, cell) for cell in (column.header, *column.cells)] for column in drawn.columns
    ]
    widths = [max(need.minimum for need in column) for column in needs]
    most = [max(need.maximum for need in column) for column in needs]
    for _ in range(console.width - minimum):
        wanting = [at for at, width in enumerate(widths) if width < most[at]]
        if wanting:
            widths[min(wanting, key=lambda at: _want(widths[at], most[at]))] += 1
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width


def _want(width: int, most: int) -> tuple[int, int]:
    """How soon a column is widened: the more lines it takes the sooner, then the fewer columns spare it one."""
    lines = math.ceil(most / width)
    return -lines, math.ceil(most / (lines - 1)) - width


def _stacked(title: "Text", heads: Sequence["Text"], rows: Iterable[Sequence["Text"]]) -> "Iterator[Text | Padding]":
    """A table as lines: each row's first two cells as its heading, the others, if any, below with their column's name."""
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    yield title
    for row in rows:
        heading = Text(" · ").join(row[:2])
        heading.stylize("bold")
        yield Text()
        yield heading
        for head, cell in zip(heads[2:], row[2:], strict=True):
            if cell.plain:
                yield Padding(Text.assemble((head.plain, "dim"), ": ", cell), (0, 0, 0, 2))  # its later lines too


@contextmanager
def progress(description: str) -> Iterator[Callable[[float], None]]:
    """A bar on standard error, moved by calling what it gives with the share done (0 … 1); silent without a terminal."""
    from rich.console import Console  # noqa: PLC0415  drawing is heavy and most commands draw little
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(plain(description), total=1.0)
        yield lambda share: bar.update(task, completed=share)


def plain(text: str) -> str:
    """``text`` that cannot move the cursor, colour the screen or turn the reading direction: such characters become «�»."""
    return "".join(c if c == "\n" or is_plain(c) else "\N{REPLACEMENT CHARACTER}" for c in text)


def fitted(text: str, *, err: bool = False, room: int = 0) -> str:
    """``text`` made :func:`plain`, its lines broken between words where a terminal would break them within one.

    ``room``: columns that stay free at their end, for what somebody types there.
    """
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty():
        return plain(text)
    width = shutil.get_terminal_size().columns - room
    return "\n".join(_broken(line, width) for line in plain(text).split("\n"))


def _broken(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    margin = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line.strip(),
        width,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _json_wanted() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.params.get("in_json"))
