"""An output tried before it serves a market: the test sound, while no daemon runs.

The caller holds the station's lock, so that nothing else sounds. The order is on record before the sound, and what came of it
after, as with every sound.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from broadcaster.clock import Clock
from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Tested
from broadcaster.model import Market, Output
from broadcaster.playout.record import RecordWriter
from broadcaster.playout.repertoire import StationRepertoire
from broadcaster.playout.soundcheck import WHOLE_S, Soundcheck
from broadcaster.playout.stage import Equipment, Stage, Teller

STEP_S = 0.1


def as_if(station: Station, market: Market, output: Output, volume: float) -> Station:
    """The station as it would be with the market on this output at this volume. Pure."""
    there = replace(output, id=market.output)
    tried = replace(market, volume=volume)
    return replace(
        station,
        outputs={**station.outputs, market.output: there},
        markets={**station.markets, market.id: tried},
    )


class TryOut:
    """Makes the test sound, one at a time.

    ``by``: who is at the computer; ``why``: why the hour does not matter, ``None`` where it is a permitted one.
    """

    def __init__(self, clock: Clock, equipment: Equipment, teller: Teller, *, by: str, why: str | None) -> None:
        self._clock = clock
        self._equipment = equipment
        self._teller = teller
        self._by = by
        self._why = why

    def sound(
        self, station: Station, market: Market, progress: Callable[[float], None] = lambda _share: None
    ) -> Tested:
        """Let the market of this station be heard; ``progress`` is told the share done, 0 … 1.

        :raises RecordUnavailable: it could not be put on record, so nothing sounded.
        :raises KeyboardInterrupt: somebody pressed Ctrl+C; the sound was faded out, and that is on record.
        """
        return asyncio.run(self._sound(station, station.markets[market.id], progress))

    async def _sound(self, station: Station, market: Market, progress: Callable[[float], None]) -> Tested:
        record = RecordWriter(Journal.open(station.database, self._clock, station.timezone))
        stage = Stage(
            station, self._clock, record, StationRepertoire(station, record.changes), self._equipment, self._teller
        )
        check = Soundcheck(market, stage)
        performing = asyncio.ensure_future(check.perform(self._by, self._why))
        moving = asyncio.ensure_future(self._move(progress))
        try:
            return await asyncio.shield(performing)
        except asyncio.CancelledError:
            check.cut()
            await performing
            raise
        finally:
            moving.cancel()
            await record.close()

    async def _move(self, progress: Callable[[float], None]) -> None:
        began_s = self._clock.now().monotonic_s
        while True:
            progress(min(1.0, (self._clock.now().monotonic_s - began_s) / WHOLE_S))
            await asyncio.sleep(STEP_S)
