"""Until when a computer that is fed by sticks may play: people are told before it falls silent."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from broadcaster.care.checks import Check, Probe, broken, doubtful, well
from broadcaster.care.sight import Sight
from broadcaster.config import Station
from broadcaster.locale import gettext as _

LEASE = "lease"
WARNED = timedelta(days=5)
"""How long before its end."""


def probes(sight: Sight) -> tuple[Probe, ...]:
    """One."""

    def look(_station: Station, _now: datetime) -> Iterator[Check]:
        return lease(sight)

    return (Probe(LEASE, look),)


def lease(sight: Sight) -> Iterator[Check]:
    """Nothing where a station produces for itself."""
    decisions, today = sight.decisions, sight.today
    if not decisions.of_an_office:
        return
    todo = _("Ask the coordination for a stick, or for a code by telephone: broadcaster bundle renew CODE.")
    until = decisions.lease
    if until is None:
        yield broken(LEASE, _("No stick from the coordination was put in yet, so nothing will sound."), todo)
    elif today > until:
        said = _("The last stick let this computer play until {day}, so nothing sounds any more.")
        yield broken(LEASE, said.format(day=_day(until)), todo, until=until.isoformat())
    elif until - today <= WARNED:
        said = _("This computer may play until {day}; after that it stays silent.")
        yield doubtful(LEASE, said.format(day=_day(until)), todo, until=until.isoformat())
    else:
        yield well(LEASE, _("This computer may play until {day}.").format(day=_day(until)), until=until.isoformat())


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
