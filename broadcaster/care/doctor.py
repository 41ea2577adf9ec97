"""«Ready for tomorrow?»: everything that the next airing stands on, looked at in one go. Reads; writes and makes nothing."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from broadcaster.care import (
    announcements,
    look_airings,
    look_boxes,
    look_disk,
    look_lease,
    look_microphone,
    look_program,
    look_sound,
    machine,
    record_checks,
    timekeeping,
)
from broadcaster.care.checks import Check, Probe, State
from broadcaster.care.examination import LIMIT_S, about_files, examine
from broadcaster.care.sight import Sight
from broadcaster.config import Station
from broadcaster.errors import BroadcasterError, ConfigurationError
from broadcaster.journal.events import DoctorRan, Looked
from broadcaster.journal.row import Row
from broadcaster.model import MarketId


@dataclass(frozen=True)
class Report:
    """What one look found."""

    at: datetime
    """In the local time of the station."""
    checks: tuple[Check, ...]
    next: datetime | None = None
    """When the next airing of this computer is due, local; ``None``: none to come, or nobody can say."""

    @property
    def ready(self) -> bool:
        """Whether nothing keeps an airing silent, as far as can be seen."""
        return not self.of(State.FAIL)

    def of(self, state: State) -> tuple[Check, ...]:
        """What stands so."""
        return tuple(check for check in self.checks if check.state is state)


def probes(sight: Sight) -> tuple[Probe, ...]:
    """All there is to look at, in the order in which it is told."""
    return (
        *look_program.PROBES,
        *look_sound.PROBES,
        *look_microphone.PROBES,
        *look_disk.PROBES,
        *record_checks.PROBES,
        *look_airings.probes(sight),
        *look_lease.probes(sight),
        *look_boxes.probes(sight),
        *announcements.PROBES,
        *machine.PROBES,
        *timekeeping.PROBES,
    )


def look(station: Station, now: datetime, limit_s: float = LIMIT_S) -> Report:
    """Look at everything, at this moment (aware). Takes a second or two, more over a record of years; raises nothing."""
    sight = Sight(station, now)
    checks = examine(probes(sight), station, now, limit_s)
    return Report(now.astimezone(station.timezone), tuple(checks), _next(sight))


def look_at_start(station: Station, markets: Collection[MarketId], now: datetime) -> Report:
    """What is looked at when the program starts for these markets: whatever the very next airing needs."""
    here = replace(station, serves=tuple(markets))
    sight = Sight(here, now, moments=1)
    looks = (*look_sound.PROBES, *look_disk.PROBES, *look_airings.probes(sight))
    return Report(now.astimezone(station.timezone), tuple(examine(looks, here, now)), _next(sight))


def of_broken_settings(error: ConfigurationError, now: datetime) -> Report:
    """All that can be said where not even ``config.toml`` can be read."""
    return Report(now.astimezone(), (about_files("settings", error),))


def as_row(report: Report, by: str) -> DoctorRan:
    """What is put on record of a look: codes only."""
    return DoctorRan(
        by, red=_codes(report.of(State.FAIL)), yellow=_codes(report.of(State.WARN)), green=_codes(report.of(State.OK))
    )


@dataclass(frozen=True)
class Kept:
    """A look that was put on record."""

    at: datetime
    """In the local time of then."""
    found: DoctorRan


def last_look(rows: Iterable[Row]) -> Kept | None:
    """The last of them; ``None`` when there is none. ``rows``: in order. Pure."""
    looks = [Kept(row.local, row.event) for row in rows if isinstance(row.event, DoctorRan)]
    return looks[-1] if looks else None


def _codes(checks: Iterable[Check]) -> tuple[Looked, ...]:
    return tuple(dict.fromkeys(Looked(check.code, check.subject) for check in checks))


def _next(sight: Sight) -> datetime | None:
    with suppress(BroadcasterError, OSError):  # what is wrong is told as a check
        return next((each.due.astimezone(sight.station.timezone) for each in sight.to_come), None)
    return None
