"""What is to be told now: one pure function over the rows.

One alert for each cause and day, a minute after its first occasion, so that four markets of the same minute are one message;
what comes after it that day is one more, in the evening, with which the day is over. So nothing howls like a siren, and
nothing is left out.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from broadcaster.care.alerts.alert import Alert, Cause
from broadcaster.care.alerts.lease import LEASE_TELLING, lease_due
from broadcaster.journal.events import (
    DISK_FULL,
    ERROR,
    EVENING,
    RESTORED,
    ClockHeld,
    DoctorRan,
    Ended,
    Event,
    Listened,
    RecordIncident,
    Started,
    Stopped,
)
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, ClockTrust, MarketId, Outcome, Reason

TELLING: tuple[type[Event], ...] = (
    *(Started, Stopped, Ended, Listened, ClockHeld, RecordIncident, DoctorRan),
    *LEASE_TELLING,
)
"""All that is read."""
CLOCK = "clock"
"""Among the failing parts: nobody vouches for the time."""
FRESH = timedelta(days=2)
"""What is older was told, or belongs to a time before anybody wanted to be told."""
GATHER = timedelta(minutes=1)
DIGEST_AT = time(20)
"""Local."""
ABSENT = {Reason.POWER_LOSS, Reason.SWITCHED_OFF, Reason.PROCESS_DIED, Reason.ABSENT}
"""Nobody was there: told together, when somebody is there again."""
OUTPUT = {
    Reason.NO_AUDIO_DEVICE,
    Reason.SILENT_OUTPUT,
    Reason.NOT_HEARD,
    Reason.AUDIO_LOST,
    Reason.AUDIO_STALLED,
    Reason.WRONG_DEVICE,
}
MEANT = {
    Reason.STOPPED_BY_OPERATOR,
    Reason.STOPPED_FOR_SAFETY,
    Reason.WITHDRAWN,
    Reason.SUSPENDED,
    Reason.WINDOW_CLOSED,
}
"""Broken off because somebody wanted it so, or the hour."""


@dataclass(frozen=True)
class Occasion:
    """One thing that happened."""

    at: datetime
    """When it went on record, aware."""
    cause: Cause
    market: MarketId | None = None
    due: datetime | None = None
    reason: Reason | None = None
    code: str = ""


def alerts_due(rows: Sequence[Row], failing: Collection[str], now: datetime, sent: Collection[str]) -> list[Alert]:
    """What is to be told at ``now`` (aware, in the station's zone) and is not among ``sent``, the keys of what was.

    ``rows``: those of :data:`TELLING`, in order; ``failing``: the parts of the program that do not answer now, and
    :data:`CLOCK` while nobody vouches for the time.
    """
    occasions = [each for each in _occasions(rows) if now - FRESH < each.at <= now + GATHER]
    occasions += [Occasion(now - GATHER, _of_part(part), code=part) for part in sorted(failing)]
    groups: dict[tuple[Cause, date], list[Occasion]] = {}
    for each in sorted(occasions, key=lambda occasion: occasion.at):
        groups.setdefault((each.cause, _day(each.at.astimezone(now.tzinfo))), []).append(each)
    found = [alert for (_cause, day), group in groups.items() for alert in _of_a_day(day, group, now)]
    found += lease_due(rows, now)
    return [alert for alert in found if alert.key not in sent]


def _of_part(part: str) -> Cause:
    return Cause.CLOCK if part == CLOCK else Cause.FAILING


def _day(at: datetime) -> date:
    """Under which it is told, ``at`` being local: what comes after the evening's message belongs to the next."""
    return at.date() + timedelta(days=1 if at.time() >= DIGEST_AT else 0)


def _of_a_day(day: date, group: Sequence[Occasion], now: datetime) -> Iterator[Alert]:
    """Its first alert, and its digest in the evening."""
    gathered = group[0].at + GATHER
    first = [each for each in group if each.at <= gathered]
    later = [each for each in group if each.at > gathered]
    if now >= gathered:
        yield _told(day, first, now, digest=False)
    if later and now >= datetime.combine(day, DIGEST_AT, now.tzinfo):
        yield _told(day, later, now, digest=True)


def _told(day: date, occasions: Sequence[Occasion], now: datetime, *, digest: bool) -> Alert:
    airings = {(each.market, each.due): each for each in occasions if each.market is not None}
    reasons = {each.reason for each in occasions if each.reason is not None}
    dues = [each.due for each in airings.values() if each.due is not None]
    return Alert(
        cause=occasions[0].cause,
        day=day,
        digest=digest,
        count=len(airings),
        markets=tuple(sorted({each.market for each in airings.values() if each.market is not None})),
        due=min(dues).astimezone(now.tzinfo) if dues else None,
        reason=next(iter(reasons)) if len(reasons) == 1 else None,
        codes=tuple(sorted({each.code for each in occasions if each.code})),
    )


def _occasions(rows: Iterable[Row]) -> Iterator[Occasion]:
    before: Row | None = None
    failed = False
    ends: dict[AiringId, Ended] = {}
    for row in rows:
        if row.clock is ClockTrust.SHIFTED:
            continue
        match row.event:
            case Started():
                yield from _return(row, before, failed=failed)
                before, failed = row, False
            case Stopped(cause):
                before, failed = before if cause == ERROR else None, cause == ERROR
            case Ended() as ended:
                ends.setdefault(ended.airing, ended)
                yield from _end(row.utc, ended)
            case Listened(airing=airing) as listened if airing in ends and listened.contradicts(ends[airing]):
                yield Occasion(row.utc, Cause.UNHEARD, listened.market, listened.due)
            case ClockHeld(promise):
                yield Occasion(row.utc, Cause.CLOCK, promise.market, promise.due, Reason.CLOCK_UNVERIFIED)
            case RecordIncident(what) if what != RESTORED:
                yield Occasion(row.utc, Cause.DISK if what == DISK_FULL else Cause.RECORD, code=what)
            case DoctorRan(by, red) if by == EVENING:
                for each in red:
                    disk = each.code.startswith("disk")
                    yield Occasion(row.utc, Cause.DISK if disk else Cause.NOT_READY, code=each.code)


def _return(row: Row, before: Row | None, *, failed: bool) -> Iterator[Occasion]:
    """The program is there again after an end that nobody wanted: ``failed`` says that it ended for a fault of its own."""
    if before is not None:
        reason = Reason.PROCESS_DIED if failed or before.boot_id == row.boot_id else Reason.POWER_LOSS
        yield Occasion(row.utc, Cause.BACK, reason=reason)


def _end(at: datetime, ended: Ended) -> Iterator[Occasion]:
    if ended.outcome not in {Outcome.MISSED, Outcome.PARTIAL} or ended.reason in MEANT:
        return
    if ended.outcome is Outcome.MISSED and ended.reason in ABSENT:
        cause = Cause.BACK
    elif ended.reason is Reason.CLOCK_UNVERIFIED:
        cause = Cause.CLOCK
    elif ended.reason in OUTPUT or ended.outcome is Outcome.PARTIAL:
        cause = Cause.SILENT
    else:
        cause = Cause.MISSED
    yield Occasion(at, cause, ended.market, ended.due, ended.reason)
