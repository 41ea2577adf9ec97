"""What the protection officer alone is told: somebody stopped a market for safety. At any hour, and never gathered up."""

from collections.abc import Collection, Sequence
from datetime import datetime

from broadcaster.care.alerts.alert import Alert, Cause
from broadcaster.care.alerts.due import FRESH
from broadcaster.journal.events import Event, Held
from broadcaster.journal.row import Row
from broadcaster.model import ClockTrust

SAFETY_TELLING: tuple[type[Event], ...] = (Held,)
"""All that is read."""


def safety_due(rows: Sequence[Row], _failing: Collection[str], now: datetime, sent: Collection[str]) -> list[Alert]:
    """What is to be told at ``now`` (aware, in the station's zone) and is not among ``sent``, the keys of what was."""
    found = [
        _told(row, row.event, now)
        for row in rows
        if isinstance(row.event, Held) and row.event.safety and row.clock is not ClockTrust.SHIFTED
        if now - FRESH < row.utc
    ]
    return [alert for alert in found if alert.key not in sent]


def _told(row: Row, held: Held, now: datetime) -> Alert:
    at = row.utc.astimezone(now.tzinfo)
    return Alert(Cause.SAFETY, at.date(), markets=(held.market,), due=at)
