"""Corners of the daemon's life in which a play log could lie or two voices meet, on simulated sound and time."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from simulated_station import LEAD_IN_S, LENGTH_S, TAIL_S, TEN, World, airing, before, kinds, status

from broadcaster.clock import Instant
from broadcaster.journal.events import Stopped
from broadcaster.model import ClockTrust, EpisodeNumber, EpisodeStatus, Outcome, Output, Reason, Sha256
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.ensemble import Ensemble
from broadcaster.playout.simulated import SimulatedRepertoire, SimulatedSpeakers
from broadcaster.playout.simulated_time import SimulatedClock
from broadcaster.playout.speaker import Found
from broadcaster.playout.verdict import Facts, trouble
from broadcaster.playout.witness import Noticed


def test_two_airings_late_on_one_output_are_never_two_voices(tmp_path: Path) -> None:
    """Both are within their grace when the daemon comes back: the first gives way to the one after it."""
    next_due = TEN + timedelta(minutes=5)
    world = World(tmp_path, airings=(airing("norte"), airing("norte", next_due)))
    world.live(before(120), 30)
    world.live(next_due + timedelta(seconds=60), 120)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(sorted(world.voices())))
    assert (world.ended().outcome, world.ended().reason) == (Outcome.MISSED, Reason.SWITCHED_OFF)
    assert world.ended(due=next_due).outcome is Outcome.PLAYED


def test_a_screen_that_cannot_be_written_to_ends_no_sound_and_makes_no_second_end(tmp_path: Path) -> None:
    class ClosedScreen:
        """Told of an airing, it breaks."""

        def __getattr__(self, name: str) -> Callable[..., None]:
            def tell(*_told: object) -> None:
                if name in {"on_air", "ended"}:
                    raise ValueError(name)

            return tell

    world = World(tmp_path, teller=ClosedScreen())
    world.live(before(40), 90)
    assert kinds(world.rows()).count("ended") == len(world.airings)
    assert (world.ended().outcome, world.ended("sur").outcome) == (Outcome.PLAYED, Outcome.PLAYED)


def test_a_daemon_that_falls_by_a_fault_of_its_own_blames_nobody_else(tmp_path: Path) -> None:
    class BrokenRepertoire(SimulatedRepertoire):
        """Ten seconds into the play it gives nonsense."""

        async def version(self) -> object:
            if asyncio.get_running_loop().time() > 50:
                raise ArithmeticError
            return None

    world = World(tmp_path, repertoire=BrokenRepertoire([status()]))
    with pytest.raises(ArithmeticError):
        world.live(before(40), 90)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PARTIAL, Reason.PROCESS_DIED)
    assert world.rows()[-1].event == Stopped("error")


def test_an_episode_replaced_while_its_player_is_made_never_sounds_as_the_approved_one(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte"),))

    class SlowSpeakers(SimulatedSpeakers):
        """While it looks for the output, somebody puts a new recording in the episode's place."""

        async def find(self, output: Output) -> Found | None:
            world.repertoire.put(replace(status(Reason.NOT_APPROVED), revision=2, master_sha256=Sha256("b" * 64)))
            return await super().find(output)

    world.speakers = SlowSpeakers
    world.live(before(40), 90)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.MISSED, Reason.NOT_APPROVED)
    assert world.hall.sounded == []


def test_a_daemon_that_did_not_run_for_four_seconds_does_not_take_its_player_for_hung() -> None:
    @dataclass
    class Moment:
        """A clock that somebody sets."""

        monotonic_s: float

        def now(self) -> Instant:
            return Instant(TEN, self.monotonic_s, "one", ClockTrust.SYNCED)

    async def starved() -> tuple[Reason | None, Reason | None]:
        clock = Moment(104.0)
        ensemble = Ensemble(clock, Facts(97.0, LEAD_IN_S, LENGTH_S, TAIL_S, ready=True, seen_s=104.0))
        asyncio.get_running_loop().call_soon(setattr, clock, "monotonic_s", 108.0)
        ensemble.take(Noticed("mixed_output"))
        await ensemble.step(120.0)
        after_it = trouble(ensemble.facts, ensemble.now_s)
        clock.monotonic_s += 3.5
        return after_it, trouble(ensemble.facts, ensemble.now_s)

    assert asyncio.run(starved()) == (None, Reason.PLAYER_HUNG)


@pytest.mark.parametrize(("moved_s", "reason", "late_s"), [(120, Reason.LATE, 125), (-30, Reason.ON_TIME, 0)])
def test_a_clock_set_or_a_machine_asleep_in_the_lead_in_is_decided_anew(
    tmp_path: Path, moved_s: float, reason: Reason, late_s: float
) -> None:
    """No row may say ten o'clock of a word that fell two minutes later."""
    world = World(tmp_path)

    async def move(_daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(38)
        clock.step(moved_s)

    world.live(before(40), 90, meanwhile=move)
    ended = world.ended()
    assert (ended.outcome, ended.reason) == (Outcome.PLAYED, reason)
    assert ended.late_s == pytest.approx(late_s, abs=1)
    [(begin, _end)] = world.voices()
    assert ended.started == before(40) + timedelta(seconds=begin + moved_s)


def test_masters_are_known_long_before_the_first_airing(tmp_path: Path) -> None:
    asked: list[float] = []

    class SlowDisk(SimulatedRepertoire):
        """Notes when it was asked."""

        async def statuses(
            self, today: date, only: Collection[EpisodeNumber] | None = None
        ) -> Mapping[EpisodeNumber, EpisodeStatus]:
            asked.append(asyncio.get_running_loop().time())
            return await super().statuses(today, only)

    World(tmp_path, repertoire=SlowDisk([status()])).live(before(120), 10)
    assert len(asked) == 1
