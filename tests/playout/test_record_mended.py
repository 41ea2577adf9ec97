"""The daemon and a database that turns out damaged: it is made again of the second copy, and the airings go on."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

from simulated_station import TEN, World, before

from broadcaster.journal.events import DAMAGED, Ended, PlanAccepted, RecordIncident, Started
from broadcaster.journal.proofs import agreement
from broadcaster.journal.reading import verify_at
from broadcaster.model import Outcome, Reason
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.simulated_time import SimulatedClock
from broadcaster.store.engine import database_path


def damage(world: World) -> None:
    """Every page but the first is nonsense, and the log is gone with what was not moved out of it."""
    database = database_path(world.station.database)
    database.with_name("broadcaster.db-wal").unlink(missing_ok=True)
    database.with_name("broadcaster.db-shm").unlink(missing_ok=True)
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(database.stat().st_size - 4096))


def settled(world: World) -> None:
    found = agreement(world.station.database)
    assert found is not None
    assert (found.lacking, found.agrees) == (0, True)
    assert verify_at(world.station.database).intact
    [incident] = [row.event for row in world.rows() if isinstance(row.event, RecordIncident)]
    assert incident.what == DAMAGED
    assert incident.recovered > 0


def test_a_database_damaged_overnight_is_made_again_at_the_start_and_the_plan_accepted_anew(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(before(3600), 60)
    first = world.rows()
    damage(world)
    world.live(before(60), 120, boot="two")
    rows = world.rows()
    assert [row.hash for row in rows[: len(first)]] == [row.hash for row in first]
    assert sum(isinstance(row.event, Started) for row in rows) == 2
    assert sum(isinstance(row.event, PlanAccepted) for row in rows) == 2
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PLAYED, Reason.ON_TIME)
    settled(world)


def test_a_database_damaged_during_a_play_is_made_again_and_the_plan_goes_on(tmp_path: Path) -> None:
    """Its file is not a database any more from the third second of the play on."""
    world = World(tmp_path)

    async def meanwhile(daemon: Daemon, clock: SimulatedClock) -> None:
        def other_file() -> None:
            database = database_path(world.station.database)
            with database.open("r+b") as file:
                file.write(b"\x89PNG" * 4096)
            os.truncate(database.with_name("broadcaster.db-wal"), 0)
            daemon._bill.stage.record._journal.store._disconnect()  # what SQLite still holds in memory would hide it

        await asyncio.sleep((TEN + timedelta(seconds=3) - clock.now().utc).total_seconds())
        other_file()

    world.live(before(60), 150, meanwhile=meanwhile)
    for name in ("norte", "sur"):
        assert (world.ended(name).outcome, world.ended(name).reason) == (Outcome.PLAYED, Reason.ON_TIME)
    assert sum(isinstance(row.event, Ended) for row in world.rows()) == 2
    settled(world)
