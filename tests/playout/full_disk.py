"""One station on a small disk of its own that fills up: ``full_disk.py FOLDER STORY``, in a mount namespace; answers JSON.

Everything is real but time and sound. The disk is full from the moment the story says; ``room`` tells when there is room again.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

from simulated_station import TEN, World, before

from broadcaster.journal.copy import copy_of
from broadcaster.journal.events import Ended, Intent, RecordIncident
from broadcaster.journal.proofs import agreement
from broadcaster.journal.reading import verify_at
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.simulated_time import SimulatedClock
from broadcaster.store.ballast import ballast_of, lay
from broadcaster.store.engine import database_path

MEGABYTE = 1 << 20
Meanwhile = Callable[[Daemon, SimulatedClock], Coroutine[Any, Any, None]]


def fill(folder: Path, *, copy: Path | None = None) -> None:
    """To the last byte; with ``copy``, the room that its last block still has too (empty lines are no rows)."""
    for path, byte in ((folder / "filler", b"x"), *([(copy, b"\n")] if copy else [])):
        with path.open("ab", buffering=0) as file:
            for size in (MEGABYTE, 4096, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(byte * size)


async def wait_until(clock: SimulatedClock, seconds: float) -> None:
    """So long after ten; before it, if negative."""
    await asyncio.sleep((TEN + timedelta(seconds=seconds) - clock.now().utc).total_seconds())


def at(seconds: float, act: Callable[[], object], *then: tuple[float, Callable[[], object]]) -> Meanwhile:
    async def meanwhile(_daemon: Daemon, clock: SimulatedClock) -> None:
        for moment, what in ((seconds, act), *then):
            await wait_until(clock, moment)
            what()

    return meanwhile


def live(folder: Path, story: str) -> World:
    world = World(folder)
    database = database_path(world.station.database)
    room = folder / "filler"
    if story == "at_start":
        world.live(before(900), 60)
        assert lay(database)
        fill(folder)
        world.live(before(60), 120, boot="two")
    elif story == "while_running":
        world.live(before(60), 120, meanwhile=at(-55, lambda: lay(database), (-50, lambda: fill(folder))))
    elif story == "mid_play":
        world.live(before(60), 120, meanwhile=at(-55, lambda: lay(database), (8, lambda: fill(folder))))
    elif story == "nothing_left":
        world.live(
            before(60), 1000, meanwhile=at(-50, lambda: fill(folder, copy=copy_of(database)), (800, room.unlink))
        )
    return world


def main() -> None:
    folder, story = Path(sys.argv[1]), sys.argv[2]
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)], check=True)
    world = live(folder, story)
    url = world.station.database
    rows = [row.event for row in world.rows()]
    found = agreement(url)
    answer = {
        "ends": [[event.outcome, event.reason, event.late_s] for event in rows if isinstance(event, Ended)],
        "intents": sum(isinstance(event, Intent) for event in rows),
        "sounded": len(world.hall.sounded),
        "incidents": [event.what for event in rows if isinstance(event, RecordIncident)],
        "ballast": ballast_of(database_path(url)).exists(),
        "copy": copy_of(database_path(url)).exists() and found is not None and found.agrees and not found.lacking,
        "intact": verify_at(url).intact,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
