"""The operator's hand: what people order while the daemon runs, done, and put on record.

What silences acts first and is recorded as soon as it can be, for a full disk must not keep a voice on air. What makes a sound
is recorded first, as every sound is. An order may also be found in the record, written there by a command that could not
reach the socket.
"""

import asyncio
import logging
from collections import Counter
from dataclasses import asdict, replace
from datetime import datetime, timedelta, tzinfo

from broadcaster.config import load_station
from broadcaster.errors import ConfigurationError
from broadcaster.journal.events import MANUAL, Event, Held, PlayOrdered, Promise, Resumed, StopOrdered, VolumeSet
from broadcaster.journal.fold import holds
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, EpisodeStatus, Market, MarketId, Reason, Seconds
from broadcaster.playout.control import Answer
from broadcaster.playout.cueing import HASTE_S
from broadcaster.playout.orders import (
    Look,
    NoDaemon,
    NotServed,
    OnlyRehearsing,
    Order,
    Pause,
    Play,
    Resume,
    Status,
    Stop,
    Test,
    Volume,
)
from broadcaster.playout.performance import Performance
from broadcaster.playout.permits import Permits
from broadcaster.playout.playbill import Playbill
from broadcaster.playout.reload import Reloader
from broadcaster.playout.soundcheck import WHOLE_S, Soundcheck
from broadcaster.playout.status import status
from broadcaster.schedule.plan import airing_id

MANUAL_GRACE_S = Seconds(10.0)
"""How long a sound ordered by hand may wait for its output: somebody stands there and waits too."""
SPARE_S = 0.5
"""Between an order and its first word, on top of what a late start is given."""
SETTLE_S = 0.5
"""How long a new volume may take to be reached before it is read back."""
SOON_S = 1.0
"""How long an answer waits for what was done to be on record."""
SILENT_S = 3.0
"""How long an answer waits for what was stopped to be silent and on record."""
HAND: tuple[type[Event], ...] = (StopOrdered, Held, Resumed)
"""The orders that count wherever they were written."""


log = logging.getLogger(__name__)


def manual_id(due: datetime, market: MarketId) -> AiringId:
    """The name of a sound ordered by hand: ``manual/2021-06-18T10:23:05/mercado-central``; ``due`` in the station's zone."""
    minute = airing_id(due, market)
    return AiringId(f"{MANUAL}{minute[:16]}:{due:%S}{minute[16:]}")


class Hand:
    """Obeys. ``seen``: the last row of the record that is obeyed already.

    ``rehearsal``: what it does ends with it, so it takes no order that is meant to stay.
    """

    def __init__(self, bill: Playbill, files: Reloader, seen: tuple[int, int], *, rehearsal: bool = False) -> None:
        self._bill = bill
        self._files = files
        self._seen = seen
        self._own: set[tuple[int, int]] = set()
        """Rows written here: done already."""
        self._checks: dict[MarketId, Soundcheck] = {}
        self._permits = Permits(bill, self._checks)
        self._rehearsal = rehearsal
        self._holding = asyncio.Lock()
        self._silenced_times: Counter[MarketId] = Counter()
        self._unrecorded: dict[asyncio.Task[None], Event] = {}
        """What was done and is being put on record."""

    async def obey(self, order: Order, by: str) -> Answer:
        """Do what ``by`` ordered; the answer of :mod:`broadcaster.playout.orders`.

        :raises Refusal: it cannot be done, and why.
        :raises RecordUnavailable: it could not be put on record, so it was not done.
        """
        if self._rehearsal and not isinstance(order, Status | Look | Stop):
            raise OnlyRehearsing
        if self._bill.closed and not isinstance(order, Status | Stop):
            raise NoDaemon
        match order:
            case Status():
                return status(self._bill, self._files, testing=self._checks)
            case Look():
                return await self._look()
            case Stop(market):
                return await self._stop(self._named(market), by)
            case Pause(market, reason):
                return await self._pause(self._named(market), by, reason)
            case Resume(market):
                return await self._resume(self._named(market), by)
            case Play():
                return await self._play(order, by)
            case Test(market, override):
                return await self._test(self._market(market), by, override)
            case Volume(market):
                return await self._volume(self._market(market), by)
        raise NotImplementedError(order)

    async def read(self) -> None:
        """Obey what was written into the record by somebody else."""
        rows = await self._bill.stage.record.rows(HAND)
        fresh = [row for row in rows if self._place(row) > self._seen and self._place(row) not in self._own]
        self._seen = max((self._seen, *map(self._place, rows)))
        for row in fresh:
            if isinstance(row.event, StopOrdered):
                self._cut_checks(row.event.markets)
                self._silence(row.event.markets)
        if any(isinstance(row.event, Held | Resumed) for row in fresh):
            self._take_holds(rows)

    def _take_holds(self, rows: list[Row]) -> None:
        """The record's word on who is paused, and what is not on record yet."""
        pending = {event.market for event in self._unrecorded.values() if isinstance(event, Held)}
        held = {*holds(rows), *pending}.intersection(self._bill.markets)
        new = tuple(held.difference(self._bill.stage.held))
        self._bill.stage.held.intersection_update(held)
        self._cut_checks(new)
        self._hold(new)

    async def close(self) -> None:
        """The daemon ends: tests are faded out and put on record; what could not be recorded by then is told in the log."""
        self._cut_checks(tuple(self._checks))
        waiting = [check.over.wait() for check in self._checks.values()]
        if waiting:
            await asyncio.wait([asyncio.ensure_future(one) for one in waiting], timeout=SILENT_S)
        for task, event in list(self._unrecorded.items()):
            log.error("never put on record: %s", event)
            task.cancel()

    @staticmethod
    def _place(row: Row) -> tuple[int, int]:
        return row.epoch, row.seq

    # Silence

    async def _stop(self, markets: tuple[MarketId, ...], by: str) -> Answer:
        tests, stopped = self._cut_checks(markets), self._silence(markets)
        return await self._silenced(stopped, tests, markets, [StopOrdered(markets, by)])

    async def _pause(self, markets: tuple[MarketId, ...], by: str, reason: str) -> Answer:
        before = set(self._bill.stage.held)
        tests, stopped = self._cut_checks(markets), self._hold(markets)
        async with self._holding:  # a resume that was under way has come to its end
            new = tuple(market for market in markets if market not in before or market not in self._bill.stage.held)
            self._bill.stage.held.update(markets)
            return await self._silenced(stopped, tests, new, [Held(market, by, reason) for market in new])

    async def _resume(self, markets: tuple[MarketId, ...], by: str) -> Answer:
        async with self._holding:
            held = [market for market in markets if market in self._bill.stage.held]
            for market in held:
                self._forget_hold(market)
                await self._write(Resumed(market, by))
                self._bill.stage.held.discard(market)
            return {"markets": held}

    def _forget_hold(self, market: MarketId) -> None:
        """A pause that never came on record must not come after its end."""
        for task, event in list(self._unrecorded.items()):
            if isinstance(event, Held) and event.market == market:
                task.cancel()

    def _silence(self, markets: tuple[MarketId, ...]) -> list[Performance]:
        """Fade out what sounds, give up what is about to."""
        self._silenced_times.update(markets)
        stopped = [performance for market in markets for performance in self._bill.at(market)]
        for performance in stopped:
            performance.stop()
        return stopped

    def _hold(self, markets: tuple[MarketId, ...]) -> list[Performance]:
        """Fade out what sounds; what is about to is decided at its minute: until then it may be resumed."""
        self._bill.stage.held.update(markets)
        cut = [each for market in markets for each in self._bill.at(market) if each.attempt is not None]
        for performance in cut:
            performance.cut(Reason.STOPPED_BY_OPERATOR)
        return [performance for performance in cut if performance.sounds]

    def _cut_checks(self, markets: tuple[MarketId, ...]) -> list[str]:
        cut = [market for market in markets if market in self._checks]
        for market in cut:
            self._checks[market].cut()
        return [f"test/{market}" for market in cut]

    async def _silenced(
        self, stopped: list[Performance], tests: list[str], markets: tuple[MarketId, ...], rows: list[Event]
    ) -> Answer:
        recorded = await self._write_soon(rows)
        if stopped:
            await asyncio.wait([asyncio.ensure_future(each.over.wait()) for each in stopped], timeout=SILENT_S)
        airings = [performance.promise.airing for performance in stopped]
        return {"stopped": [*airings, *tests], "markets": list(markets), "recorded": recorded}

    # Sound

    async def _play(self, order: Play, by: str) -> Answer:
        market = self._market(order.market)
        silenced = self._silenced_times[market.id]
        with self._permits.alone_at(market):
            episode = await self._permits.check_episode(order.episode)
            self._permits.check_hour(market, order.override)
            ordered = PlayOrdered(self._promise(episode, market), by, order.override)
            await self._write(ordered)
            performance = self._bill.order(ordered)
        if self._silenced_times[market.id] != silenced:  # somebody said stop meanwhile
            performance.stop()
        await performance.known.wait()
        return _account_of(performance, self._bill.stage.station.timezone)

    async def _test(self, market: Market, by: str, override: str | None) -> Answer:
        with self._permits.alone_at(market):
            self._permits.check_hour(market, override, lasting_s=WHOLE_S)
            check = self._checks[market.id] = Soundcheck(market, self._bill.stage)
        try:
            tested = await check.perform(by, override)
        finally:
            del self._checks[market.id]
        return asdict(tested)

    def _promise(self, episode: EpisodeStatus, market: Market) -> Promise:
        stage = self._bill.stage
        wait_s = episode.lead_in_s + HASTE_S + SPARE_S
        due = (stage.clock.now().utc + timedelta(seconds=wait_s + 1)).replace(microsecond=0)
        while self._bill.knows(manual_id(due.astimezone(stage.station.timezone), market.id)):
            due += timedelta(seconds=1)
        local = due.astimezone(stage.station.timezone)
        return Promise(manual_id(local, market.id), market.id, local, episode.number, MANUAL_GRACE_S)

    # The rest

    async def _volume(self, market: Market, by: str) -> Answer:
        """Heard first, then on record; the rest of the changed files comes after."""
        await self._take_volume(market.id)
        volume = self._bill.stage.volume(market)
        sounding = [each.attempt for each in self._bill.at(market.id) if each.attempt is not None]
        for attempt in sounding:
            attempt.set_volume(volume)
        read_back = None
        if sounding and sounding[0].player_pid is not None:
            await asyncio.sleep(SETTLE_S)
            read_back = await self._bill.stage.equipment.speakers.stream_volume(sounding[0].player_pid)
        await self._write(VolumeSet(market.id, volume, by, read_back))
        await self._files.look()
        return {"market": market.id, "volume": volume, "read_back": read_back}

    async def _take_volume(self, market: MarketId) -> None:
        """Too loud must not stay too loud because a season's file is broken: the volume counts alone, too."""
        try:
            new = await asyncio.get_running_loop().run_in_executor(None, load_station, self._bill.stage.station.root)
        except ConfigurationError:
            return
        station, read = self._bill.stage.station, new.markets.get(market)
        if read is not None:
            known = replace(station.markets[market], volume=read.volume, volume_cap=read.volume_cap)
            self._bill.settings(replace(station, markets={**station.markets, market: known}))

    async def _look(self) -> Answer:
        await self._bill.heed_decisions()
        if not self._rehearsal:
            await self._files.look()
        return {
            "plan_sha256": self._files.plan_sha256,
            "faults": [str(fault) for fault in self._files.faults],
            "waiting": list(self._files.waiting),
        }

    # On record

    async def _write(self, event: Event) -> None:
        row = await self._bill.stage.record.append(event)
        self._own.add(self._place(row))

    async def _write_soon(self, events: list[Event]) -> bool:
        """Whether they are on record in a moment; if not, they will be as soon as they can."""
        writing = [asyncio.ensure_future(self._insist(event)) for event in events]
        for task, event in zip(writing, events, strict=True):
            self._unrecorded[task] = event
            task.add_done_callback(lambda done: self._unrecorded.pop(done, None))
        if not writing:
            return True
        _done, late = await asyncio.wait(writing, timeout=SOON_S)
        return not late

    async def _insist(self, event: Event) -> None:
        row = await self._bill.stage.record.insist(event)
        self._own.add(self._place(row))

    # Who is meant

    def _market(self, named: MarketId) -> Market:
        (market,) = self._named(named)
        return self._bill.stage.station.markets[market]

    def _named(self, named: MarketId | None) -> tuple[MarketId, ...]:
        markets = self._bill.markets
        if named is not None and named not in markets:
            raise NotServed(market=named, markets=", ".join(markets))
        return tuple(markets) if named is None else (named,)


def _account_of(performance: Performance, zone: tzinfo) -> Answer:
    """What the person is told who ordered it: it sounds, until when, or why it does not."""
    ended, attempt = performance.ended, performance.attempt
    until = None
    if ended is None and attempt is not None:
        moment = attempt.cue.first_word + timedelta(seconds=attempt.facts.expected_s)
        until = moment.astimezone(zone).isoformat()
    return {
        "airing": performance.promise.airing,
        "sounds": performance.sounds,
        "until": until,
        "outcome": ended.outcome.value if ended else None,
        "reason": ended.reason.value if ended else None,
    }
