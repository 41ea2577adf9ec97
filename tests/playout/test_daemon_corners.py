"""Corners of the daemon's life in which a play log could lie or two voices meet, on simulated sound and time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from simulated_station import LEAD_IN_S, LENGTH_S, TAIL_S, TEN, World, airing, before, kinds, status

from broadcaster.clock import Instant
from broadcaster.journal.events import Stopped
from broadcaster.model import ClockTrust, Outcome, Output, Reason, Sha256
from broadcaster.playout.ensemble import Ensemble
from broadcaster.playout.simulated import SimulatedRepertoire, SimulatedSpeakers
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
