"""The 5W of R4V: who does what, where, when, for whom. One row a month over all markets; the districts in an annex.

Persons are counted, "in no case services": an airing is ``Quantity_output``. Columns of persons stay blank unless somebody
counted listeners. A month's number is that of each market's airing with most listeners, over the markets; months are never
added, nor is a number shown from which a small one could be worked out.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from babel.dates import format_date

from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.reports.counting import by_group
from broadcaster.reports.summary import Group, Line, Reach, Summary
from broadcaster.reports.tables.columns import Cell, Column
from broadcaster.reports.tables.facts import facts, told
from broadcaster.reports.tables.mapping import Mapped, columns, of_year
from broadcaster.reports.tables.organisations import named
from broadcaster.reports.tables.workbook import Pages, opened

VALUES = (
    *("month_name", "month_number", "year", "programme", "description", "implements", "reports", "funds"),
    *("output", "planned", "women", "men", "people"),
)
"""What a column may hold."""
_COUNTED = frozenset({"output", "planned", "women", "men", "people", "month_number", "year"})


def as_five_w(station: Station, summary: Summary) -> bytes:
    """The workbook: the rows, and the annex by district.

    :raises MappingBroken: the station's own list of columns has a fault.
    """
    mapped = columns(station, of_year(station, summary.period.last.year), VALUES)
    rows = [_values(station, month, summary.reach) for month in summary.months]
    buffer = BytesIO()
    with opened(buffer, summary.made) as book:
        page = Pages(book)
        page.add("5W", [_column(each) for each in mapped], rows)
        page.add(_("annex by district"), _annex_columns(), list(_annex(station, summary.lines)))
        page.add(_("what it is made from"), _fact_columns(), facts(station, summary))
        page.add(
            _("how it was counted"),
            (Column(N_("Listeners (estimate)"), Cell.TEXT, str, 120),),
            _methods(station, summary),
        )
    return buffer.getvalue()


def _column(mapped: Mapped) -> Column[dict[str, Any]]:
    cell = Cell.WHOLE if mapped.value in _COUNTED else Cell.TEXT
    return Column(mapped.head, cell, mapped.of, 18, prescribed=True)


def _values(station: Station, month: Group, seen: Sequence[Reach]) -> dict[str, Any]:
    first = date.fromisoformat(f"{month.key}-01")
    women, men = (_over_markets(month.key, seen, who) for who in ("women", "men"))
    return {
        "month_name": str(format_date(first, "LLLL", locale="en")),
        "month_number": first.month,
        "year": first.year,
        "programme": station.name,
        "description": _description(station),
        "implements": named(station, "implements"),
        "reports": named(station, "reports"),
        "funds": named(station, "funds"),
        "output": month.counts.fulfilled,
        "planned": month.counts.due,
        "women": women,
        "men": men,
        "people": None if women is None or men is None else women + men,
    }


def _over_markets(month: str, seen: Iterable[Reach], who: str) -> int | None:
    """Nothing where nobody counted, and where one market's number is not shown."""
    counts = [getattr(each, who) for each in seen if each.month == month]
    return sum(counts) if counts and None not in counts else None


def _description(station: Station) -> str:
    districts = "; ".join(dict.fromkeys(market.district for market in station.markets.values()))
    return _("Radio episodes on market loudspeakers in {districts}").format(districts=districts)


def _annex(station: Station, lines: Sequence[Line]) -> Iterable[tuple[str, str, Group]]:
    """Month, code and group of each district."""
    for month in sorted({line.month for line in lines}):
        own = [line for line in lines if line.month == month]
        for group in by_group(own, lambda line: _district(station, line)):
            yield month, group.key, group


def _district(station: Station, line: Line) -> tuple[str, str]:
    market = station.markets.get(line.market)
    return (market.ubigeo_inei, market.district) if market else ("", "")


def _annex_columns() -> tuple[Column[tuple[str, str, Group]], ...]:
    return (
        Column(N_("Month"), Cell.TEXT, lambda each: each[0], 10),
        Column(N_("Ubigeo (INEI)"), Cell.TEXT, lambda each: each[1]),
        Column(N_("District"), Cell.TEXT, lambda each: each[2].name, 24),
        Column(N_("To be carried out"), Cell.WHOLE, lambda each: each[2].counts.due),
        Column(N_("Carried out"), Cell.WHOLE, lambda each: each[2].counts.fulfilled),
        Column(N_("Minutes aired"), Cell.NUMBER, lambda each: each[2].counts.heard_min),
    )


def _fact_columns() -> tuple[Column[tuple[str, str]], ...]:
    return (
        Column(N_("What"), Cell.TEXT, lambda each: each[0], 24),
        Column(N_("What is to be known of it"), Cell.TEXT, lambda each: each[1], 120),
    )


def _methods(station: Station, summary: Summary) -> list[str]:
    """How listeners were counted, beside every number."""
    return [told(station, each) for each in summary.reach] or [_("Nobody counted listeners: those columns stay blank.")]
