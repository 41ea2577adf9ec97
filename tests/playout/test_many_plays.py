"""A season of plays leaves the daemon as it was: nothing of a play outlives it."""

import asyncio
import gc
import os
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

from simulated_station import LIMA, TEN, World, airing, market

from broadcaster.journal.fold import terminal
from broadcaster.model import Outcome
from broadcaster.playout.attempt import Attempt
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.ensemble import Ensemble
from broadcaster.playout.performance import Performance
from broadcaster.playout.simulated_time import SimulatedClock

PLAYS, WARM = 40, 10
EVERY_S = 300.0
SIX = TEN.astimezone(LIMA).replace(hour=6)
PASSING = (Performance, Attempt, Ensemble)
ROOM_KB = 8 * 1024
"""An allocator's own steps. Plays that kept what they had would take more."""


def standing() -> tuple[Counter[str], int, int, int]:
    """What lives of each play, threads, open files, resident memory in kB."""
    gc.collect()
    alive = Counter(type(each).__name__ for each in gc.get_objects() if isinstance(each, PASSING))
    alive["tasks"] = len(asyncio.all_tasks())
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return (
        alive,
        threading.active_count(),
        len(list(Path("/proc/self/fd").iterdir())),
        pages * os.sysconf("SC_PAGE_SIZE") // 1024,
    )


def test_a_season_of_plays_leaves_memory_threads_and_handles_as_they_were(tmp_path: Path) -> None:
    airings = tuple(airing("norte", SIX + timedelta(seconds=EVERY_S * place)) for place in range(PLAYS))
    world = World(tmp_path, airings=airings, markets=(market("norte"),))
    seen = []

    async def look(_daemon: Daemon, _clock: SimulatedClock) -> None:
        for plays in (WARM, PLAYS - WARM):
            await asyncio.sleep(EVERY_S * plays)  # long after a play and long before the next
            seen.append(standing())

    world.live(SIX - timedelta(seconds=60), 60 + EVERY_S * PLAYS, meanwhile=look)
    assert Counter(ended.outcome for ended in terminal(world.rows()).values()) == {Outcome.PLAYED: PLAYS}
    (alive, threads, files, memory), (alive_after, threads_after, files_after, memory_after) = seen
    assert alive_after == alive
    assert alive_after["Performance"] + alive_after["Attempt"] + alive_after["Ensemble"] == 0
    assert (threads_after, files_after) == (threads, files)
    assert memory_after - memory < ROOM_KB
