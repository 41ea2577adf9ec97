"""Public holidays: a country's, corrected by decree.

The ``holidays`` package knows the law of each year; it does not know days declared non-working by decree, nor holidays
suspended once. Those the station lists itself.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from broadcaster.config import CalendarSettings
from broadcaster.config.keys import FILE
from broadcaster.errors import ConfigurationError, Fault
from broadcaster.locale import gettext as _


@dataclass(frozen=True)
class Calendar:
    """The public holidays that count, each with its name, and the days on which nothing airs, each with why."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    blackouts: Mapping[date, str] = field(default_factory=dict)

    def is_holiday(self, day: date) -> bool:
        """Whether ``day`` is a public holiday."""
        return day in self.holidays

    def is_blackout(self, day: date) -> bool:
        """Whether nothing airs on ``day``, whatever the season says."""
        return day in self.blackouts


def corrected(official: Mapping[date, str], settings: CalendarSettings) -> Calendar:
    """The country's holidays without those that were worked, and with those decreed."""
    kept = {day: name for day, name in official.items() if day not in settings.working}
    return Calendar(kept | dict(settings.holidays), settings.blackouts)


def read_calendar(settings: CalendarSettings, years: Collection[int]) -> Calendar:
    """The station's holidays of ``years``. Raises :class:`ConfigurationError` for an unknown country."""
    return corrected(_official(settings.country, years) if years else {}, settings)


def _official(country: str, years: Collection[int]) -> Mapping[date, str]:
    import holidays  # noqa: PLC0415  it takes a third of a second

    try:
        return dict(holidays.country_holidays(country, years=sorted(years)))
    except NotImplementedError:
        problem = _("no holidays are known for country {country}; expected two letters of ISO 3166 such as PE")
        raise ConfigurationError([Fault(FILE, "calendar.country", problem.format(country=country))]) from None
