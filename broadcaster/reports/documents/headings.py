"""How documents name their period. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from broadcaster.locale import gettext as _
from broadcaster.reports.documents.wording import day, month
from broadcaster.reports.summary import Period


@dataclass(frozen=True)
class PeriodShown:
    """As it is printed."""

    first: str
    last: str
    name: str
    """``junio 2021`` of a whole month, else both days."""


def period_shown(period: Period) -> PeriodShown:
    """In the language spoken now."""
    first, last = day(period.first), day(period.last)
    whole = period.first.day == 1 and (period.last + timedelta(days=1)).day == 1
    one = whole and (period.first.year, period.first.month) == (period.last.year, period.last.month)
    return PeriodShown(
        first, last, month(period.first) if one else _("{first} to {last}").format(first=first, last=last)
    )
