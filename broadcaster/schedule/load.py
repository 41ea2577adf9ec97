"""A station's files → its plan."""

from collections.abc import Iterable

from broadcaster.config import Station
from broadcaster.model import Plan
from broadcaster.schedule.calendar import read_calendar
from broadcaster.schedule.plan import make_plan
from broadcaster.schedule.season import Season, read_seasons


def load_plan(station: Station) -> Plan:
    """The plan of the station's files as they are now. Raises :class:`~broadcaster.errors.ConfigurationError`."""
    return plan_of(station, read_seasons(station))


def plan_of(station: Station, seasons: Iterable[Season]) -> Plan:
    """The plan of seasons already read."""
    seasons = tuple(seasons)
    calendar = read_calendar(station.calendar, _years(seasons))
    return make_plan(seasons, station.markets, calendar, station.timezone, station.grace_s)


def _years(seasons: Iterable[Season]) -> set[int]:
    return {year for season in seasons for year in range(season.first.year, season.last.year + 1)}
