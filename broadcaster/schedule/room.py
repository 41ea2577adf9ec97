"""Where in a market's day there is room for one more sound: in its hours, out of its quiet hours, beside its airings. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from broadcaster.model import Market, Seconds
from broadcaster.schedule.window import CLEARANCE_S, closing

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stretch:
    """When something else sounds at the market, or is promised to."""

    begin: datetime
    """Aware."""
    length_s: Seconds

    @property
    def end(self) -> datetime:
        """Aware, in UTC."""
        return self.begin.astimezone(UTC) + timedelta(seconds=self.length_s)


class NoRoom(StrEnum):
    """Why a sound cannot be at a moment."""

    SILENT = "silent"
    """The market is closed or in its quiet hours, or nothing airs that day."""
    ENDS = "ends"
    """It falls silent before the sound would end."""
    TAKEN = "taken"
    """Something else sounds there then."""


def no_room(
    market: Market,
    begin: datetime,
    length_s: Seconds,
    taken: Collection[Stretch],
    *,
    blackouts: Collection[date] = (),
) -> NoRoom | None:
    """Why a sound of this length cannot begin there then; ``None``: it can. ``begin`` is aware, in the station's zone.

    ``blackouts``: the days on which nothing airs.
    """
    if begin.date() in blackouts or not market.may_sound(begin.time()):
        return NoRoom.SILENT
    sound, silence = Stretch(begin, length_s), closing(market, begin)
    if silence is not None and sound.end > silence:
        return NoRoom.ENDS
    return NoRoom.TAKEN if any(_meet(sound, other) for other in taken) else None


def first_room(
    market: Market,
    earliest: datetime,
    until: datetime,
    length_s: Seconds,
    taken: Collection[Stretch],
    *,
    blackouts: Collection[date] = (),
) -> datetime | None:
    """The first whole minute from ``earliest`` on, and before ``until``, at which a sound of this length has room."""
    whole = earliest.astimezone(UTC).replace(second=0, microsecond=0)
    minute = whole if whole >= earliest else whole + MINUTE
    while minute < until:
        local = minute.astimezone(earliest.tzinfo)
        if no_room(market, local, length_s, taken, blackouts=blackouts) is None:
            return local
        minute += MINUTE
    return None


def later(moment: datetime, by: timedelta) -> datetime:
    """So much time after ``moment`` (aware), in its zone.

    By way of UTC: Python adds to what the wall shows, and of an hour that the night repeats it then takes the first.
    """
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def midnight_after(moment: datetime) -> datetime:
    """When the local day of ``moment`` (aware) ends."""
    return datetime.combine(moment.date() + timedelta(days=1), time(0), tzinfo=moment.tzinfo)


def _meet(sound: Stretch, other: Stretch) -> bool:
    """Whether two sounds come nearer to each other than is allowed."""
    clear = timedelta(seconds=CLEARANCE_S)
    return sound.begin.astimezone(UTC) < other.end + clear and other.begin.astimezone(UTC) < sound.end + clear
