"""The alarm clock: wakes an airing at its moment. It owns no truth; what is to be done then is decided anew.

APScheduler keeps jobs in memory, with no limit on how late one may be run: whether an airing is too late is our own rule.
It sleeps by the machine's wall clock, once, until the next job: whoever sees that clock move says so
(:meth:`Alarms.clock_stepped`).
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from broadcaster.clock import Clock, SystemClock

Action = Callable[[], Awaitable[None]]


class Alarms(Protocol):
    """What the daemon expects of an alarm clock."""

    def at(self, name: str, moment: datetime, action: Action) -> None:
        """Run ``action`` at this moment of the daemon's clock, at once if it is past. A later alarm of the name replaces it."""

    def clock_stepped(self) -> None:
        """The daemon's clock was moved: alarms keep their moments of it."""

    def start(self) -> None:
        """Begin to ring."""

    def stop(self) -> None:
        """Ring no more."""


class ScheduledAlarms:
    """APScheduler on the running loop, in terms of ``clock``, which may be shifted against the machine's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._machine = SystemClock()
        self._moments: dict[str, datetime] = {}
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def at(self, name: str, moment: datetime, action: Action) -> None:
        async def ring() -> None:
            self._moments.pop(name, None)
            await action()

        self._moments[name] = moment
        self._scheduler.add_job(ring, "date", run_date=self._run_date(moment), id=name, replace_existing=True)

    def clock_stepped(self) -> None:
        for name, moment in list(self._moments.items()):
            if self._scheduler.get_job(name) is not None:
                self._scheduler.reschedule_job(name, trigger="date", run_date=self._run_date(moment))
        self._scheduler.wakeup()

    def _run_date(self, moment: datetime) -> datetime:
        """The machine's time at that moment of the daemon's clock."""
        left = max(moment - self._clock.now().utc, timedelta(0))
        return self._machine.now().utc + left

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)
