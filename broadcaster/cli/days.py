"""The options ``--from`` and ``--until``: the local days of which something is asked."""

from datetime import date, datetime
from typing import ClassVar

import click

from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_

DAY = click.DateTime(["%Y-%m-%d"])


class DaysTurned(UsageError):
    """The last day comes before the first."""

    sentence: ClassVar[str] = N_("--from {first} comes after --until {last}. Turn the two days round.")


def days(first: datetime | None, last: datetime | None) -> tuple[date | None, date | None]:
    """The first and the last day, both included; ``None``: no bound.

    :raises DaysTurned: the last comes before the first.
    """
    if first is not None and last is not None and last < first:
        raise DaysTurned(first=first.date(), last=last.date())
    return first and first.date(), last and last.date()
