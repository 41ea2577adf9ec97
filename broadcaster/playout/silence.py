"""Silence by order: stop, pause, stop for safety, resume; done first, put on record as soon as that can be.

A pause is held by the record, so it outlives the daemon. Orders to be silent count wherever they were written: a command that
could not reach the socket writes its row, and it is found here.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from broadcaster.journal.events import Event, Held, Resumed, StopOrdered
from broadcaster.journal.fold import ending_by_themselves, holds
from broadcaster.journal.row import Row
from broadcaster.model import MarketId, Reason
from broadcaster.playout.performance import Performance
from broadcaster.playout.playbill import Playbill
from broadcaster.playout.soundcheck import Soundcheck
from broadcaster.schedule.room import midnight_after

SOON_S = 1.0
"""How long an answer waits for what was done to be on record."""
SILENT_S = 3.0
"""How long an answer waits for what was stopped to be silent."""
KINDS: tuple[type[Event], ...] = (StopOrdered, Held, Resumed)
"""The orders that count wherever they were written."""

Markets = tuple[MarketId, ...]
Answer = Mapping[str, Any]

log = logging.getLogger(__name__)


class Silence:
    """``checks``: the tests that sound now; ``seen``: the last row of the record that is obeyed already."""

    def __init__(self, bill: Playbill, checks: Mapping[MarketId, Soundcheck], seen: tuple[int, int]) -> None:
        self.stops: Counter[MarketId] = Counter()
        """How often each market was silenced: whoever prepares a sound sees whether somebody said stop meanwhile."""
        self._bill = bill
        self._checks = checks
        self._seen = seen
        self._own: set[tuple[int, int]] = set()
        """Rows written here: done already."""
        self._holding = asyncio.Lock()
        self._unrecorded: dict[asyncio.Task[None], Event] = {}
        """What was done and is being put on record."""

    async def stop(self, markets: Markets, by: str) -> Answer:
        """Fade out what sounds, give up what is about to."""
        tests, stopped = self._cut_checks(markets), self._end(markets)
        recorded = await self._write_soon([StopOrdered(markets, by)])
        return await self._answer(stopped, tests, markets, recorded=recorded)

    async def pause(self, markets: Markets, by: str, reason: str) -> Answer:
        """The same, until resumed; what is about to sound is decided at its minute: until then it may be resumed."""
        stage = self._bill.stage
        before = stage.held.difference(stage.held_until)
        tests, stopped = self._cut_checks(markets), self._hold(markets)
        async with self._holding:  # a resume that was under way has come to its end
            new = tuple(market for market in markets if market not in before or market not in stage.held)
            stage.held.update(markets)
            self._no_end(markets)
            recorded = await self._write_soon([Held(market, by, reason) for market in new])
        return await self._answer(stopped, tests, new, recorded=recorded)

    async def for_safety(self, markets: Markets, by: str) -> Answer:
        """The same for the rest of the day. Always a row, so that the protection officer hears of it, and no reason asked.

        By a clock that nobody vouches for a day may be over at any moment, so somebody has to resume it then.
        """
        stage = self._bill.stage
        before = stage.held.difference(stage.held_until)
        tests, stopped = self._cut_checks(markets), self._hold(markets)
        now = stage.clock.now()
        until = midnight_after(now.utc.astimezone(stage.station.timezone)) if now.believed else None
        async with self._holding:
            stage.held.update(markets)
            if until is None:
                self._no_end(markets)
            else:
                stage.held_until.update((market, until) for market in markets if market not in before)
            recorded = await self._write_soon([Held(market, by, until=until, safety=True) for market in markets])
        return await self._answer(stopped, tests, markets, recorded=recorded)

    async def resume(self, markets: Markets, by: str) -> Answer:
        """Let paused markets sound again; on record first, for that lets something sound.

        :raises RecordUnavailable: it could not be put on record, so the market stays paused.
        """
        async with self._holding:
            held = [market for market in markets if market in self._bill.stage.held]
            for market in held:
                self._forget_hold(market)
                row = await self._bill.stage.record.append(Resumed(market, by))
                self._own.add(_place(row))
                self._bill.stage.held.discard(market)
            self._no_end(held)
            return {"markets": held}

    async def read(self) -> None:
        """Obey what was written into the record by somebody else."""
        rows = await self._bill.stage.record.rows(KINDS)
        fresh = [row for row in rows if _place(row) > self._seen and _place(row) not in self._own]
        self._seen = max((self._seen, *map(_place, rows)))
        for row in fresh:
            if isinstance(row.event, StopOrdered):
                self._cut_checks(row.event.markets)
                self._end(row.event.markets)
        if any(isinstance(row.event, Held | Resumed) for row in fresh):
            self._take_holds(rows)

    async def close(self) -> None:
        """The daemon ends: tests are faded out; what could not be put on record by then is told in the log."""
        self._cut_checks(tuple(self._checks))
        await _all_over([check.over for check in self._checks.values()])
        for task, event in list(self._unrecorded.items()):
            log.error("never put on record: %s", event.kind)  # no reason that somebody wrote, and nobody's safety
            task.cancel()

    # What it does

    def _end(self, markets: Markets) -> list[Performance]:
        self.stops.update(markets)
        stopped = [performance for market in markets for performance in self._bill.at(market)]
        for performance in stopped:
            performance.stop()
        return stopped

    def _hold(self, markets: Markets) -> list[Performance]:
        self._bill.stage.held.update(markets)
        cut = [each for market in markets for each in self._bill.at(market) if each.attempt is not None]
        for performance in cut:
            performance.cut(Reason.STOPPED_BY_OPERATOR)
        return [performance for performance in cut if performance.sounds]

    def _cut_checks(self, markets: Markets) -> list[str]:
        cut = [market for market in markets if market in self._checks]
        for market in cut:
            self._checks[market].cut()
        return [f"test/{market}" for market in cut]

    def _take_holds(self, rows: list[Row]) -> None:
        """The record's word on who is paused, and what is not on record yet."""
        pending = {event.market for event in self._unrecorded.values() if isinstance(event, Held)}
        stage, paused = self._bill.stage, holds(rows, self._bill.stage.clock.now().utc)
        held = {*paused, *pending}.intersection(self._bill.markets)
        new = tuple(held.difference(stage.held))
        stage.held.intersection_update(held)
        self._no_end(tuple(market for market in stage.held_until if market not in pending))
        ends = ending_by_themselves(paused)
        stage.held_until.update((market, until) for market, until in ends.items() if market not in pending)
        self._cut_checks(new)
        self._hold(new)

    def _no_end(self, markets: Iterable[MarketId]) -> None:
        for market in markets:
            self._bill.stage.held_until.pop(market, None)

    def _forget_hold(self, market: MarketId) -> None:
        """A pause that never came on record must not come after its end."""
        for task, event in list(self._unrecorded.items()):
            if isinstance(event, Held) and event.market == market:
                task.cancel()

    # On record

    async def _write_soon(self, events: list[Event]) -> bool:
        """Whether they are on record in a moment; if not, they will be as soon as they can."""
        if not events:
            return True
        writing = [asyncio.ensure_future(self._insist(event)) for event in events]
        for task, event in zip(writing, events, strict=True):
            self._unrecorded[task] = event
            task.add_done_callback(lambda done: self._unrecorded.pop(done, None))
        written, late = await asyncio.wait(writing, timeout=SOON_S)
        return not late and not any(each.cancelled() or each.exception() for each in written)

    async def _insist(self, event: Event) -> None:
        row = await self._bill.stage.record.insist(event)
        self._own.add(_place(row))

    async def _answer(
        self, stopped: list[Performance], tests: list[str], markets: Markets, *, recorded: bool
    ) -> Answer:
        await _all_over([performance.over for performance in stopped])
        airings = [performance.promise.airing for performance in stopped]
        return {"stopped": [*airings, *tests], "markets": list(markets), "recorded": recorded}


def _place(row: Row) -> tuple[int, int]:
    return row.epoch, row.seq


async def _all_over(events: list[asyncio.Event]) -> None:
    if events:
        await asyncio.wait([asyncio.ensure_future(event.wait()) for event in events], timeout=SILENT_S)
