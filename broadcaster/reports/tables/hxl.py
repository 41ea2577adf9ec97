"""The promises as HXL, the humanitarian exchange language: one row each below a row of heads and a row of hashtags.

Plain UTF-8 CSV, moments in ISO 8601 with their offset (a bare time is no date to HXL's validators), codes instead of words.
"""

from datetime import datetime
from typing import Any

from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.reports.summary import Line, Summary
from broadcaster.reports.tables.columns import market_name
from broadcaster.reports.tables.mapping import columns
from broadcaster.reports.tables.organisations import named
from broadcaster.reports.tables.separated import table, written

FILE = "hxl.toml"
VALUES = (
    *("day", "started", "ended", "district", "ubigeo_inei", "market", "programme", "airing", "activity"),
    *("implements", "reports", "funds", "indicator", "output", "status", "reason", "record", "proof"),
)
"""What a column may hold."""


def as_hxl(station: Station, summary: Summary) -> bytes:
    """The promises of the period, by due time, then market.

    :raises MappingBroken: the station's own list of columns has a fault.
    """
    mapped = columns(station, FILE, VALUES)
    lines = [_values(station, line) for line in summary.lines]
    rows = [[written(column.of(values)) for column in mapped] for values in lines]
    return table([[column.head for column in mapped], [column.tag for column in mapped], *rows], mark=False)


def _values(station: Station, line: Line) -> dict[str, Any]:
    """What is known of a promise: of a make-good its own times, for it is what the market heard."""
    market = station.markets.get(line.market)
    heard = line.redress if line.made_good and line.redress else line
    began = heard.started if heard.started is not None else line.due
    return {
        "day": began.date(),
        "started": _seconds(heard.started),
        "ended": _seconds(heard.ended),
        "district": market.district if market else None,
        "ubigeo_inei": market.ubigeo_inei if market else None,
        "market": market_name(station, line.market),
        "programme": station.name,
        "airing": line.airing,
        "activity": None if line.episode is None else _("Episode {number}").format(number=line.episode),
        "implements": named(station, "implements"),
        "reports": named(station, "reports"),
        "funds": named(station, "funds"),
        "indicator": _("Airings carried out"),
        "output": int(line.fulfilled),
        "status": _status(line),
        "reason": line.reason.value if line.reason else None,
        "record": (line.redress.airing if line.made_good and line.redress else line.play) or line.airing,
        "proof": line.proof.value,
    }


def _seconds(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _status(line: Line) -> str:
    """``made_good`` of what failed and was aired after all; what has no outcome yet: its standing."""
    if line.made_good:
        return "made_good"
    return line.outcome.value if line.outcome else line.standing.value
