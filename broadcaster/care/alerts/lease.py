"""That a computer fed by sticks falls silent soon: told five days before, on its last day, and when it is silent. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from broadcaster.care.alerts.alert import Alert, Cause
from broadcaster.care.look_lease import WARNED
from broadcaster.journal.events import Event, LeaseGiven, LeaseRenewed, OfficePaired
from broadcaster.journal.row import Row
from broadcaster.library.decisions import decide

LEASE_TELLING: tuple[type[Event], ...] = (OfficePaired, LeaseGiven, LeaseRenewed)
"""All that is read."""
TOLD_ON = (-WARNED, timedelta(0), timedelta(days=1))
"""From the last day on which it may play."""
TOLD_AT = time(8)
"""Local: when somebody can still do something that day."""
NEWS = timedelta(days=30)
"""After so long it is nobody's news: the season is over."""


def lease_due(rows: Sequence[Row], now: datetime) -> list[Alert]:
    """What is to be told at ``now`` (aware, in the station's zone): the newest of the three days that has come, if any.

    A computer that was off on that day tells it when it is on again.
    """
    until = _until(rows)
    if until is None or now.date() - until > NEWS:
        return []
    days = (until + each for each in TOLD_ON)
    come = [day for day in days if datetime.combine(day, TOLD_AT, now.tzinfo) <= now]
    return [Alert(Cause.LEASE, come[-1], due=datetime.combine(until, time(), now.tzinfo))] if come else []


def _until(rows: Sequence[Row]) -> date | None:
    """Its last day; ``None`` where a station produces for itself, or has never had a stick."""
    decisions = decide([row for row in rows if isinstance(row.event, LEASE_TELLING)])
    return decisions.lease if decisions.of_an_office else None
