"""Stopped for safety: silent at once, for the rest of the day; whoever looks sees a stop and a pause like any other."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from simulated_station import LENGTH_S, TEN, World, airing, before

from broadcaster.care.day_holds import BY_ITSELF, ending_day_holds
from broadcaster.clock import SystemClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Held, Resumed
from broadcaster.journal.fold import holds, lapsed, plays
from broadcaster.model import ClockTrust, MarketId, Outcome, Reason
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.messenger import Messenger, Way
from broadcaster.playout.orders import Pause, Resume, Safety, Status
from broadcaster.playout.simulated_time import SimulatedClock, SimulatedLoop

NORTE, SUR = MarketId("norte"), MarketId("sur")
ME = "uid:1000"
MIDNIGHT = TEN.replace(hour=0) + timedelta(days=1)
NEXT_DAY = TEN + timedelta(days=1)

Deed = Callable[[Daemon], Awaitable[Any]]


def live(
    world: World,
    start: datetime,
    for_s: float,
    *deeds: Deed,
    after_s: float = 1.0,
    trust: ClockTrust = ClockTrust.SHIFTED,
    **setting: Any,
) -> list[Any]:
    """A life of the daemon in which the deeds are done after so many seconds; what they answer."""
    answers: list[Any] = []

    async def whole() -> None:
        daemon = world.daemon(SimulatedClock(asyncio.get_running_loop(), start, trust=trust))
        daemon = Daemon(replace(daemon._setting, **setting))
        running = asyncio.ensure_future(daemon.run(for_s, signals=False))
        await asyncio.sleep(after_s)
        answers.extend([await deed(daemon) for deed in deeds])
        await running

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        runner.run(whole())
    return answers


def stop_for_safety(daemon: Daemon) -> Awaitable[Any]:
    return daemon.obey(Safety(NORTE), ME)


def test_what_sounds_ends_at_once_and_the_log_shows_an_ordinary_stop(tmp_path: Path) -> None:
    later = TEN + timedelta(minutes=5)
    world = World(tmp_path, airings=(airing("norte"), airing("norte", later), airing("sur")))
    live(world, before(60), 400, stop_for_safety, after_s=65)
    norte = [play for play in plays(world.rows()) if play.market == NORTE]
    assert [(play.outcome, play.reason) for play in norte] == [
        (Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR),
        (Outcome.CANCELLED, Reason.HELD_BY_OPERATOR),
    ]
    assert norte[0].played_s < LENGTH_S / 2
    assert world.ended("sur").outcome is Outcome.PLAYED
    (held,) = [row.event for row in world.rows() if isinstance(row.event, Held)]
    assert held == Held(NORTE, ME, until=MIDNIGHT, safety=True)


def test_the_status_says_a_pause_and_until_when_and_tomorrows_airing_stays(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte"), airing("norte", NEXT_DAY)))
    stopped, status = live(world, before(60), 90, stop_for_safety, lambda daemon: daemon.obey(Status(), ME), after_s=65)
    assert stopped["stopped"] == ["2021-06-18T10:00/norte"]
    norte = status["markets"][0]
    assert (norte["state"], norte["held_until"]) == ("held", MIDNIGHT.isoformat())
    assert norte["next"]["reason"] is None


def test_at_midnight_it_ends_by_itself_on_record(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte", NEXT_DAY),))
    live(world, before(60), 20, stop_for_safety, after_s=5)

    async def states(daemon: Daemon) -> list[str]:
        found = []
        for _second in range(60):
            found.append((await daemon.obey(Status(), ME))["markets"][0]["state"])
            await asyncio.sleep(1)
        return found

    (seen,) = live(world, MIDNIGHT - timedelta(seconds=20), 65, states, companions=(ending_day_holds,))
    assert seen[:19] == ["held"] * 19
    assert seen[-1] == "waiting"
    assert [row.event for row in world.rows() if isinstance(row.event, Resumed)] == [Resumed(NORTE, BY_ITSELF)]


def test_a_box_that_was_off_over_midnight_plays_although_it_comes_up_late(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte"), airing("norte", NEXT_DAY)))
    live(world, before(60), 90, stop_for_safety, after_s=30)
    live(world, NEXT_DAY + timedelta(seconds=40), 90)
    assert [play.outcome for play in plays(world.rows())] == [Outcome.CANCELLED, Outcome.PLAYED]


@pytest.mark.parametrize("orders", [(Safety(NORTE), Pause(NORTE)), (Pause(NORTE), Safety(NORTE))])
def test_a_pause_beside_it_stays_until_somebody_resumes_and_the_officer_is_told_all_the_same(
    tmp_path: Path, orders: tuple[Pause | Safety, ...]
) -> None:
    world = World(tmp_path, airings=(airing("norte", NEXT_DAY),))
    answers = live(world, before(60), 60, *(lambda daemon, one=one: daemon.obey(one, ME) for one in orders))
    assert [answer["markets"] for answer in answers] == [["norte"], ["norte"]]
    live(world, NEXT_DAY - timedelta(seconds=60), 120, companions=(ending_day_holds,))
    assert world.ended("norte", NEXT_DAY).reason is Reason.HELD_BY_OPERATOR
    assert [row.event.safety for row in world.rows() if isinstance(row.event, Held)].count(True) == 1
    assert lapsed(world.rows(), NEXT_DAY) == ()


def test_a_mistake_is_put_right_at_the_terminal(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte"),))
    live(world, before(60), 120, stop_for_safety, lambda daemon: daemon.obey(Resume(NORTE), ME), after_s=30)
    assert world.ended().outcome is Outcome.PLAYED


def test_a_rehearsal_obeys_it_as_a_stop_and_keeps_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    live(world, before(60), 90, stop_for_safety, after_s=65, rehearsal=True)
    assert world.ended().reason is Reason.STOPPED_BY_OPERATOR
    assert holds(world.rows()) == {}


def test_by_a_clock_that_nobody_vouches_for_no_day_is_over_by_itself(tmp_path: Path) -> None:
    """It is put right an hour later, to a day on which the pause would long be over."""
    world = World(tmp_path, airings=(airing("norte", NEXT_DAY),))
    live(world, before(60), 20, stop_for_safety, after_s=5, trust=ClockTrust.UNVERIFIED)
    assert [row.event for row in world.rows() if isinstance(row.event, Held)] == [Held(NORTE, ME, safety=True)]
    live(world, NEXT_DAY - timedelta(seconds=60), 120, companions=(ending_day_holds,))
    assert world.ended("norte", NEXT_DAY).reason is Reason.HELD_BY_OPERATOR


@pytest.mark.parametrize(("trust", "ends"), [(ClockTrust.SYNCED, True), (ClockTrust.UNVERIFIED, False)])
def test_written_where_no_daemon_hears_it_ends_with_the_day_only_by_a_clock_that_somebody_vouches_for(
    tmp_path: Path, trust: ClockTrust, ends: bool
) -> None:
    world = World(tmp_path)
    live(world, before(60), 20)
    url, zone = world.station.database, world.station.timezone
    clock = SystemClock(lambda: trust)
    carried = Messenger(world.root, lambda: (NORTE,), lambda: Journal.open(url, clock, zone)).order(Safety(NORTE))
    assert carried.way is Way.KEPT
    (held,) = [row.event for row in world.rows() if isinstance(row.event, Held)]
    assert (held.until is not None) == ends
