"""The eye on the wall clock: was it moved, and has what vouches for it come or gone?"""

import asyncio
import logging
from collections.abc import Callable

from broadcaster.clock import Clock, Instant
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.events import ClockStepped
from broadcaster.model import Plan
from broadcaster.playout.acceptance import Acceptance
from broadcaster.playout.alarms import Alarms
from broadcaster.playout.playbill import Playbill

TICK_S = 10.0
"""How often wall clock and monotonic clock are compared."""
STEP_S = 1.0
"""A wall clock that moved this much against the monotonic one was stepped."""

log = logging.getLogger(__name__)


class ClockWatch:
    """``plan``: the one that the station's files have now."""

    def __init__(
        self, clock: Clock, bill: Playbill, alarms: Alarms, acceptance: Acceptance, plan: Callable[[], Plan]
    ) -> None:
        self._clock = clock
        self._bill = bill
        self._alarms = alarms
        self._acceptance = acceptance
        self._plan = plan
        self._looking = asyncio.Lock()
        """Two looks at once would both find the clock believed, and settle twice what went by."""

    async def watch(self) -> None:
        """A stepped wall clock: every alarm keeps its moment of it, once it is known how far it may be believed."""
        before = self._clock.now()
        while True:
            await asyncio.sleep(TICK_S)
            now = self._clock.now()
            step = stepped(before, now)
            if abs(step) >= STEP_S:
                log.warning("the clock was moved by %.1f s", step)
                self._bill.stage.record.post(ClockStepped(round(step, 1)))
                self._bill.stage.teller.clock_stepped(step)
            await self.look()
            self._alarms.clock_stepped()
            before = now

    async def hear(self) -> None:
        """Heed what was written into the record by somebody else: her yes counts at once."""
        await self._acceptance.hear()
        await self.look()

    async def look(self) -> None:
        """What cannot be put on record now is tried again at the next look."""
        try:
            async with self._looking:
                await self._acceptance.look(self._bill, self._plan())
        except (RecordUnavailable, OSError) as problem:
            log.warning("the plan is not accepted yet, for that could not be put on record: %s", problem)


def stepped(before: Instant, now: Instant) -> float:
    """By how many seconds the wall clock was moved between two instants."""
    return (now.utc - before.utc).total_seconds() - (now.monotonic_s - before.monotonic_s)
