"""What the daemon expects of an alarm clock, held by APScheduler on the real loop and by the one of simulated time."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadcaster.playout.alarms import Alarms, ScheduledAlarms
from broadcaster.playout.simulated_time import LoopAlarms, SimulatedClock, SimulatedLoop

TEN = datetime(2021, 6, 18, 15, 0, tzinfo=UTC)
EARLY_S = 0.02
"""An alarm clock may round by so much."""
LONG_S = 10.0
"""A starved machine may ring so late."""


class Box:
    """An alarm clock, the clock that it goes by, and when what has rung, in seconds after ten by that clock."""

    def __init__(self, make: Callable[[SimulatedClock], Alarms]) -> None:
        self.clock = SimulatedClock(asyncio.get_running_loop(), TEN)
        self.alarms = make(self.clock)
        self.rang: list[tuple[str, float]] = []

    def at(self, word: str, seconds: float, name: str = "") -> None:
        """Rings so many seconds after ten."""

        async def ring() -> None:
            self.rang.append((word, (self.clock.now().utc - TEN).total_seconds()))

        self.alarms.at(name or word, TEN + timedelta(seconds=seconds), ring)

    async def hear(self, count: int) -> list[str]:
        """What has rung, once it is so much; a moment later, so that what rings too often is heard as well."""
        until_s = asyncio.get_running_loop().time() + LONG_S
        while len(self.rang) < count and asyncio.get_running_loop().time() < until_s:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        return [word for word, _at_s in self.rang]


Night = Callable[[Box], Coroutine[Any, Any, None]]
Live = Callable[[Night], None]


def real(night: Night) -> None:
    asyncio.run(_lived(ScheduledAlarms, night))


def simulated(night: Night) -> None:
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        runner.run(_lived(LoopAlarms, night))


async def _lived(make: Callable[[SimulatedClock], Alarms], night: Night) -> None:
    box = Box(make)
    box.alarms.start()
    await night(box)
    box.alarms.stop()


BOTH = pytest.mark.parametrize("live", [real, simulated])


@BOTH
def test_it_rings_once_at_its_moment_and_what_is_past_at_once(live: Live) -> None:
    async def night(box: Box) -> None:
        box.at("soon", 1)
        box.at("past", -3600)
        assert await box.hear(2) == ["past", "soon"]
        assert box.rang[1][1] >= 1 - EARLY_S

    live(night)


@BOTH
def test_a_later_alarm_of_a_name_takes_the_place_of_the_first(live: Live) -> None:
    async def night(box: Box) -> None:
        box.at("first", 0.5, name="one")
        box.at("second", 1, name="one")
        assert await box.hear(1) == ["second"]

    live(night)


@BOTH
def test_the_clock_moved_it_keeps_its_moment_of_it(live: Live) -> None:
    async def night(box: Box) -> None:
        box.at("an hour", 3600)
        box.at("one", 1)
        box.clock.step(-1)
        box.alarms.clock_stepped()
        assert await box.hear(1) == ["one"]
        assert box.rang[0][1] >= 1 - EARLY_S
        box.clock.step(3600)
        box.alarms.clock_stepped()
        assert await box.hear(2) == ["one", "an hour"]

    live(night)


@BOTH
def test_stopped_it_rings_no_more(live: Live) -> None:
    async def night(box: Box) -> None:
        box.at("one", 1)
        box.alarms.stop()
        await asyncio.sleep(1.5)
        assert box.rang == []
        box.alarms.start()  # for the end stops it

    live(night)


def test_what_was_to_ring_while_nothing_ran_rings_afterwards_however_late() -> None:
    """As after a clock set forward by four seconds: left to itself, APScheduler forgets what is more than one late."""

    async def night(box: Box) -> None:
        box.at("one", 0.2)
        time.sleep(4.2)
        assert await box.hear(1) == ["one"]

    real(night)
