"""The table of ``schedule preview``: weeks, one line a slot, one column a market, states in words and colour."""

import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from babel.dates import format_date
from rich.console import Console
from rich.table import Table
from rich.text import Text

from broadcaster.cli.show import WIDE
from broadcaster.locale import gettext, language
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import MarketId, Reason
from broadcaster.reports.agenda import state_word
from broadcaster.schedule.preview import READY, Preview

GOOD, PENDING, BAD, OFF = "green", "yellow", "bold red", "cyan"
STYLES: Mapping[str, str] = {
    READY: GOOD,
    Reason.ON_TIME: GOOD,
    Reason.LATE: GOOD,
    Reason.NOT_APPROVED: PENDING,
    Reason.NO_CONSENT: PENDING,
    Reason.NO_HELPLINE: PENDING,
    Reason.HOLIDAY: OFF,
    Reason.BLACKOUT: OFF,
    Reason.MARKET_CLOSED: OFF,
    Reason.SKIPPED: OFF,
}
"""Green airs, yellow waits for somebody, cyan is meant not to air; everything else is red."""
AMENDED = "*"
"""Marks an airing that an exception has made other than the rules; what was decided is said below the table."""
FLAGGED = "!"
"""Marks an airing of an episode that somebody must still do something about; what is said below the table."""
MADE_GOOD = "+"
"""Marks an airing that makes a missed one good; no season has it."""
WHEN = 13
"""Columns of a slot's day and time."""


def show_agenda(rows: Sequence[Preview], order: Sequence[MarketId]) -> None:
    """Print the airings week by week, a column a market in this order, then how many are in each state and what it means."""
    console = Console(width=shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE, highlight=False)
    present = {row.market for row in rows}
    markets = [market for market in order if market in present]
    width = _width(rows, markets, console.width)
    console.print(_heading(markets, width))
    for monday, week in groupby(rows, key=lambda row: _monday(row.due)):
        console.print()
        console.print(Text(_week_of(monday), style="bold"))
        console.print(_week(list(week), markets, width))
    console.print()
    console.print(_legend(rows))


def _width(rows: Sequence[Preview], markets: Sequence[MarketId], room: int) -> int:
    """Columns for one market: what its widest cell needs, as far as there is room."""
    needed = max(*(len(_cell(row)) for row in rows), *(len(market) for market in markets))
    return max(min(needed, (room - WHEN) // len(markets) - 1), 1)


def _grid(markets: Sequence[MarketId], width: int) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=WHEN - 1, no_wrap=True)
    for _market in markets:
        grid.add_column(width=width, overflow="fold")
    return grid


def _heading(markets: Sequence[MarketId], width: int) -> Table:
    grid = _grid(markets, width)
    grid.add_row("", *(Text(market, style="bold underline") for market in markets))
    return grid


def _week(week: Sequence[Preview], markets: Sequence[MarketId], width: int) -> Table:
    grid = _grid(markets, width)
    for due, slot in groupby(week, key=lambda row: row.due):
        cells = {row.market: _cell(row) for row in slot}
        grid.add_row(_when(due), *(cells.get(market, Text("")) for market in markets))
    return grid


def _cell(row: Preview) -> Text:
    number = "" if row.episode is None else f"{row.episode} "
    mark = (AMENDED if row.amendment else "") + (MADE_GOOD if row.make_good_of else "") + (FLAGGED if row.flags else "")
    return Text.assemble(number, state_text(row.state), mark, style=STYLES.get(row.state, BAD))


def state_text(state: str) -> Text:
    """A state in a word or two, in its colour."""
    return Text(state_word(state), style=STYLES.get(state, BAD))


def _legend(rows: Sequence[Preview]) -> Table:
    """One line a state, the commonest first: how many airings, what it means, what to do."""
    sentences = {row.state: row.reason or gettext(N_("It will air.")) for row in rows}
    legend = Table.grid(padding=(0, 1, 0, 0))
    legend.add_column(justify="right", style="bold")
    legend.add_column(no_wrap=True)
    legend.add_column()
    for state, number in Counter(row.state for row in rows).most_common():
        legend.add_row(str(number), state_text(state), sentences[state])
    return legend


def _monday(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def _week_of(monday: date) -> str:
    return _("Week of {date}").format(date=format_date(monday, format="long", locale=language()))


def _when(due: datetime) -> str:
    """Weekday, day and time: ``vie 18 10:00``."""
    return f"{format_date(due.date(), 'EEE', locale=language()).rstrip('.'):4}{due.day:2} {due:%H:%M}"
