"""The promises as a CSV file: one line each, under the same heads as in the workbook.

UTF-8 with the mark by which spreadsheets know it, so that accents come out right; commas; moments in ISO 8601 with their
offset. A text that a spreadsheet would take for a formula begins with an apostrophe.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from broadcaster.config import Station
from broadcaster.reports.summary import Summary
from broadcaster.reports.tables.columns import Value, airing_columns

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes spreadsheets compute or run a text (OWASP, CSV injection)."""
_LIVE_WITHIN = re.compile(r"(?!^)([;\t\n])(\s*)([=+@-])")
"""The same behind what some of them take for the end of a cell, whatever stands around it: a comma alone is ours."""


def as_csv(station: Station, summary: Summary) -> bytes:
    """The promises of the period, by due time, then market; the heads in the language spoken now."""
    columns = airing_columns(station)
    rows = [[written(column.value(line)) for column in columns] for line in summary.lines]
    return table([[column.title for column in columns], *rows], mark=True)


def table(rows: Iterable[Sequence[str]], *, mark: bool) -> bytes:
    """Rows of text as CSV (RFC 4180); ``mark``: begun with the byte order mark."""
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode("utf-8-sig" if mark else "utf-8")


def written(value: Value) -> str:
    """A cell as text: nothing for ``None``, ISO 8601, a point before decimals."""
    match value:
        case None:
            return ""
        case str():
            inert = _LIVE_WITHIN.sub(r"\1\2'\3", value)
            return f"'{inert}" if value.startswith(LIVE) else inert
        case date():
            return value.isoformat()
        case float():
            return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value)
