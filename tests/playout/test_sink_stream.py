"""Where every sample of a play comes to be heard, by a recorder that is not the witness's and another arithmetic."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from market_ear import Ear, Found, look_for, pcm
from playing import LEAD_IN_S

from broadcaster.playout.player import PlayOrder, Ready
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.vlc import VlcPlayers

pytestmark = pytest.mark.sound


STANDSTILL_S = (1.7, 2.35)
"""From when to when of the play its process does not run: a quarter of a second longer than the server has sound for."""


async def play(outputs: VirtualOutputs, master: Path, in_s: float, standstill: bool = False) -> float:
    """Play a master to its end, told to begin so long after it is ready; that moment, on ``CLOCK_MONOTONIC``."""
    player = await VlcPlayers(outputs.environment).spawn(PlayOrder(master, outputs.outputs["uno"], 0.8))
    at_s = 0.0
    async with asyncio.timeout(30):
        async for event in player.events():
            if isinstance(event, Ready):
                at_s = time.monotonic() + in_s
                player.start(at_s)
                if standstill:
                    for moment_s, order in zip(STANDSTILL_S, (signal.SIGSTOP, signal.SIGCONT), strict=True):
                        await asyncio.sleep(at_s + moment_s - time.monotonic())
                        os.kill(player.process.pid, order)
    return at_s


def heard(outputs: VirtualOutputs, master: Path, in_s: float, standstill: bool = False) -> tuple[float, Found]:
    """How late the first word was, in seconds, and what was found of the master."""
    ear = Ear("uno", outputs.environment)
    try:
        at_s = asyncio.run(play(outputs, master, in_s, standstill))
        time.sleep(0.5)
    finally:
        ear.stop()
    found = look_for(pcm(master), ear.samples)
    return ear.begins_s + found.first_s - at_s, found


@pytest.mark.parametrize(("in_s", "what"), [(4.0, "in time"), (0.0, "at once"), (-0.3, "too late")])
def test_the_first_word_falls_on_its_moment_and_no_sample_is_stretched(
    outputs: VirtualOutputs, master: Path, in_s: float, what: str
) -> None:
    """A start that the server's buffer is too late for leaves out some of the silence before the first word, and no word.

    The null sink's monitor hears some 20 ms ahead of the sink; a resampled play would drift by more than 10 ms.
    """
    late_s, found = heard(outputs, master, in_s)
    assert abs(late_s) < 0.1, what
    assert found.found == found.active > 20
    assert abs(found.drift_s) < 0.005
    assert LEAD_IN_S == 3.0


def test_what_a_machine_that_stood_still_delayed_late_in_the_silence_is_caught_up_before_the_first_word(
    outputs: VirtualOutputs, master: Path
) -> None:
    late_s, found = heard(outputs, master, 4.0, standstill=True)
    assert abs(late_s) < 0.1
    assert found.found == found.active > 20
