"""Keeps the record's reserve on the disk: laid when there is room, laid again when room has been made."""

import asyncio

from broadcaster.playout.companions import Beside
from broadcaster.store.ballast import lay
from broadcaster.store.engine import database_path

EVERY_S = 3600.0
"""How often it is looked whether it is still there."""


async def keeping_reserve(beside: Beside) -> None:
    """A companion of the daemon."""
    path = database_path(beside.bill.stage.station.database)
    while True:
        await asyncio.get_running_loop().run_in_executor(None, lay, path)
        await asyncio.sleep(EVERY_S)
