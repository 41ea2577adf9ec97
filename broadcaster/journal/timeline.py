"""What the record knows of the time. Pure: rows in, :class:`~broadcaster.clock.belief.Known` out."""

from collections.abc import Iterable
from dataclasses import replace

from broadcaster.clock.belief import Known, Yes
from broadcaster.clock.machine import RTC_APART_S
from broadcaster.journal.events import (
    ClockConfirmed,
    ClockHeld,
    ClockStepped,
    Ended,
    Event,
    Heartbeat,
    Intent,
    PlanAccepted,
    RtcCompared,
    Started,
    Stopped,
)
from broadcaster.journal.row import Row
from broadcaster.model import ClockTrust

TELLING: tuple[type[Event], ...] = (
    *(Started, Stopped, PlanAccepted, Intent, Heartbeat, Ended),
    *(ClockConfirmed, ClockHeld, ClockStepped, RtcCompared),
)
"""What is read: the rows of the daemon and of who answered it. Decisions may have been brought from another computer."""
SELDOM: tuple[type[Event], ...] = tuple(kind for kind in TELLING if kind is not Heartbeat)
"""Enough for whoever comes once a day: a heartbeat is no hour later than its intent, and a year has hundreds of thousands."""


def learn(known: Known, rows: Iterable[Row]) -> Known:
    """``known``, and what these rows add, in order."""
    for row in rows:
        if isinstance(row.event, TELLING) and row.clock is not ClockTrust.SHIFTED:
            known = _heeded(known, row)
    return known


def _heeded(known: Known, row: Row) -> Known:
    """A moment that was vouched for puts every earlier row in its place; another one only adds to them."""
    vouched = row.clock in {ClockTrust.SYNCED, ClockTrust.OPERATOR} or isinstance(row.event, ClockConfirmed)
    known = replace(known, newest=row.utc if vouched else max(known.newest, row.utc))
    if row.clock is ClockTrust.SYNCED:
        known = replace(known, synced=row.utc)
    if isinstance(row.event, ClockConfirmed):  # she says what time it is: a later moment on record was wrong
        synced = min(known.synced, row.utc)
        return replace(known, synced=synced, yes=Yes(row.utc, row.monotonic_s, row.boot_id))
    if isinstance(row.event, RtcCompared):
        good = abs(row.event.difference_s) <= RTC_APART_S
        return replace(known, rtc_seen=row.utc if good else None)
    return known
