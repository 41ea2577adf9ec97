"""How long a market may sound from a given moment on: what the check of a schedule and the player both hold to."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo

from broadcaster.model import Market

MIDNIGHT = time(0)
CLEARANCE_S = 10.0
"""A sound is cut this long before the next airing on its output is due, so that two voices never meet."""
AHEAD_DAYS = 3
PRECISION = timedelta(milliseconds=500)
"""Clocks change on whole seconds: a moment found as nearly as this is known."""


def closing(market: Market, moment: datetime) -> datetime | None:
    """The first moment after ``moment`` (aware, in the station's zone) at which the market must be silent, in UTC.

    ``None`` when it is open day and night.
    """
    begin, zone = moment.astimezone(UTC), moment.tzinfo
    ends = (end for end in (*_boundaries(market, moment), *_changes(begin, zone)) if end > begin)
    # Judged by what the clock shows then: a minute that the night skips is another one, and may be allowed.
    return min((end for end in ends if not market.may_sound(end.astimezone(zone).time())), default=None)


def _boundaries(market: Market, moment: datetime) -> Iterator[datetime]:
    """The moments of this day and the two next at which permission may end, in UTC: both of a minute that comes twice."""
    ends = {_whole(market.hours.end), *(quiet.start for quiet in market.quiet)}
    for ahead in range(AHEAD_DAYS):
        day = moment.date() + timedelta(days=ahead)
        for end in ends:
            for fold in (0, 1):
                yield datetime.combine(day, end, tzinfo=moment.tzinfo).replace(fold=fold).astimezone(UTC)


def _changes(begin: datetime, zone: tzinfo | None) -> Iterator[datetime]:
    """The moments, in UTC, at which the clocks change meanwhile: into hours of silence too, by a leap or by falling back."""
    for ahead in range(AHEAD_DAYS):
        before, after = (begin + timedelta(days=days) for days in (ahead, ahead + 1))
        offset = before.astimezone(zone).utcoffset()
        if after.astimezone(zone).utcoffset() == offset:
            continue
        while after - before > PRECISION:
            between = before + (after - before) / 2
            before, after = (between, after) if between.astimezone(zone).utcoffset() == offset else (before, between)
        yield after.replace(microsecond=0)


def _whole(end: time) -> time:
    """«Until 24:00» is kept as the day's last microsecond; what counts is whether the next day's first minute is open."""
    return MIDNIGHT if end == time.max else end
