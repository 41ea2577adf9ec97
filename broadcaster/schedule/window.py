"""How long a market may sound from a given moment on: what the check of a schedule and the player both hold to."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from broadcaster.model import Market

MIDNIGHT = time(0)
CLEARANCE_S = 10.0
"""A sound is cut this long before the next airing on its output is due, so that two voices never meet."""


def closing(market: Market, moment: datetime) -> datetime | None:
    """The first moment after ``moment`` (aware, in the station's zone) at which the market must be silent, in UTC.

    ``None`` when it is open day and night.
    """
    ends = (end.astimezone(UTC) for end in _boundaries(market, moment))
    # Judged by what the clock shows then: a minute that the night skips is another one, and may be allowed.
    return min((end for end in ends if not market.may_sound(end.astimezone(moment.tzinfo).time())), default=None)


def _boundaries(market: Market, moment: datetime) -> Iterator[datetime]:
    """The moments of this day and the two next at which permission may end, after ``moment``."""
    ends = {_whole(market.hours.end), *(quiet.start for quiet in market.quiet)}
    for ahead in range(3):
        day = moment.date() + timedelta(days=ahead)
        for end in ends:
            boundary = datetime.combine(day, end, tzinfo=moment.tzinfo)
            if boundary.astimezone(UTC) > moment.astimezone(UTC):
                yield boundary


def _whole(end: time) -> time:
    """«Until 24:00» is kept as the day's last microsecond; what counts is whether the next day's first minute is open."""
    return MIDNIGHT if end == time.max else end
