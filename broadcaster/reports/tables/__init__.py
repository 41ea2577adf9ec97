"""The summary as tables: for programs (CSV, JSON), for offices (XLSX), for the humanitarian exchange (HXL, R4V 5W).

::

    summary ─▶ columns (one list of them for CSV and XLSX) ─┬─▶ separated ─▶ csv
                                                            └─▶ workbook ──▶ xlsx
            ├─▶ as_json ─────────────────────────────────────────────────▶ json
            └─▶ hxl, five_w (what goes into each column: ``mappings/*.toml``, or the office's own) ─▶ csv, xlsx

No table holds a title, a person's name or code, or anything that somebody typed freely; reasons come from the closed list.
"""

from collections.abc import Callable, Mapping

from broadcaster.config import Station
from broadcaster.reports.summary import Summary

__all__ = ["FORMATS", "make"]


def _csv(station: Station, summary: Summary) -> bytes:
    from broadcaster.reports.tables.separated import as_csv  # noqa: PLC0415  only what is asked for is loaded

    return as_csv(station, summary)


def _json(station: Station, summary: Summary) -> bytes:
    from broadcaster.reports.tables.as_json import as_json  # noqa: PLC0415

    return as_json(station, summary)


def _xlsx(station: Station, summary: Summary) -> bytes:
    from broadcaster.reports.tables.workbook import as_xlsx  # noqa: PLC0415

    return as_xlsx(station, summary)


def _hxl(station: Station, summary: Summary) -> bytes:
    from broadcaster.reports.tables.hxl import as_hxl  # noqa: PLC0415

    return as_hxl(station, summary)


def _r4v(station: Station, summary: Summary) -> bytes:
    from broadcaster.reports.tables.five_w import as_five_w  # noqa: PLC0415

    return as_five_w(station, summary)


FORMATS: Mapping[str, Callable[[Station, Summary], bytes]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
    "hxl": _hxl,
    "r4v": _r4v,
}
"""Every format of these tables."""


def make(format_: str, station: Station, summary: Summary) -> bytes:
    """The tables in a format of :data:`FORMATS`, in the language spoken now.

    :raises MappingBroken: the office's own mapping file has a fault.
    """
    return FORMATS[format_](station, summary)
