"""The play log as tables: every airing that has ended, and sounds by hand, a line each, under the same heads everywhere.

Who said something is left out, as in every table that leaves the station.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from broadcaster.config import Station
from broadcaster.library.hearings import word as there
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.reasons import name, proof, word
from broadcaster.reports.playlines import Line, said_of, tie
from broadcaster.reports.tables.as_json import plain
from broadcaster.reports.tables.columns import Cell, Column, market_name
from broadcaster.reports.tables.separated import table, written
from broadcaster.reports.tables.workbook import Pages, opened

WHO = "by"
"""The field of those that people's words have."""


def columns(station: Station) -> tuple[Column[Line], ...]:
    """Everything that the tables tell of a line; moments local, lengths in seconds."""
    return (
        Column(N_("Airing"), Cell.TEXT, lambda line: line.airing, 34),
        Column(N_("Play"), Cell.TEXT, lambda line: line.play, 24),
        Column(N_("Market"), Cell.TEXT, lambda line: market_name(station, line.market), 34),
        Column(N_("Ubigeo (INEI)"), Cell.TEXT, lambda line: line.ubigeo_inei),
        Column(N_("Date"), Cell.DAY, lambda line: line.due.date()),
        Column(N_("Due"), Cell.MOMENT, lambda line: line.due, 20),
        Column(N_("Began"), Cell.MOMENT, lambda line: line.started, 20),
        Column(N_("Ended"), Cell.MOMENT, lambda line: line.ended, 20),
        Column(N_("Length scheduled (s)"), Cell.NUMBER, lambda line: line.expected_s),
        Column(N_("Length aired (s)"), Cell.NUMBER, lambda line: line.played_s),
        Column(N_("Episode"), Cell.WHOLE, lambda line: line.episode, 9),
        Column(N_("Revision"), Cell.WHOLE, lambda line: line.revision, 9),
        Column(N_("Outcome"), Cell.TEXT, lambda line: word(line.outcome), 14),
        Column(N_("Reason"), Cell.TEXT, lambda line: name(line.reason), 30),
        Column(N_("Start error (ms)"), Cell.NUMBER, lambda line: line.start_error_ms),
        Column(N_("Proof"), Cell.TEXT, lambda line: proof(line.evidence), 22),
        Column(N_("Microphone"), Cell.TEXT, _microphone, 22),
        Column(N_("Make-good"), Cell.TEXT, lambda line: tie(line) or None, 30),
        Column(N_("People say"), Cell.TEXT, lambda line: said_of(line) or None, 30),
    )


def _microphone(line: Line) -> str | None:
    return there(line.listened.hearing, line.listened.talked_over) if line.listened else None


def as_csv(station: Station, lines: Sequence[Line], _made: datetime) -> bytes:
    """As spreadsheets take it; the heads in the language spoken now."""
    heads = columns(station)
    rows = [[written(column.value(line)) for column in heads] for line in lines]
    return table([[column.title for column in heads], *rows], mark=True)


def as_json(_station: Station, lines: Sequence[Line], _made: datetime) -> bytes:
    """For programs: codes and field names as ``plays --json`` has them."""
    whole = [_without_people(plain(line)) for line in lines]
    return f"{json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2)}\n".encode()


def as_xlsx(station: Station, lines: Sequence[Line], made: datetime) -> bytes:
    """One sheet; real days, moments and numbers, text that stays text."""
    buffer = BytesIO()
    with opened(buffer, made) as book:
        Pages(book).add(_("play log"), columns(station), lines)
    return buffer.getvalue()


FORMATS: Mapping[str, Callable[[Station, Sequence[Line], datetime], bytes]] = {
    "csv": as_csv,
    "json": as_json,
    "xlsx": as_xlsx,
}
"""Given the station, the lines, and the moment (local, aware) at which it is made."""


def _without_people(line: dict[str, Any]) -> dict[str, Any]:
    for said in ("confirmed", "declared"):
        if line[said] is not None:
            line[said] = {field: value for field, value in line[said].items() if field != WHO}
    return line
