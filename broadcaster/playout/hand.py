"""The operator's hand: what people order while the daemon runs, done, and put on record.

What silences acts first and is recorded as soon as it can be, for a full disk must not keep a voice on air
(:mod:`broadcaster.playout.silence`). What makes a sound is recorded first, as every sound is.
"""

import asyncio
from dataclasses import asdict, replace
from datetime import datetime, timedelta, tzinfo

from broadcaster.config import load_station
from broadcaster.errors import ConfigurationError
from broadcaster.journal.events import MANUAL, PlayOrdered, Promise, VolumeSet
from broadcaster.model import AiringId, EpisodeStatus, Market, MarketId, Seconds
from broadcaster.playout.control import Answer
from broadcaster.playout.cueing import HASTE_S
from broadcaster.playout.makegoods import MakeGoods
from broadcaster.playout.orders import (
    CancelMakeGood,
    Look,
    MakeGood,
    NoDaemon,
    NotServed,
    NotUnderstood,
    OnlyRehearsing,
    Order,
    Pause,
    Play,
    Resume,
    Safety,
    Status,
    Stop,
    Test,
    Volume,
)
from broadcaster.playout.performance import Performance
from broadcaster.playout.permits import Permits
from broadcaster.playout.playbill import Playbill
from broadcaster.playout.reload import Reloader
from broadcaster.playout.silence import Silence
from broadcaster.playout.soundcheck import WHOLE_S, Soundcheck
from broadcaster.playout.status import status
from broadcaster.schedule.plan import airing_id

MANUAL_GRACE_S = Seconds(10.0)
"""How long a sound ordered by hand may wait for its output: somebody stands there and waits too."""
SPARE_S = 0.5
"""Between an order and its first word, on top of what a late start is given."""
SETTLE_S = 1.0
"""How long a new volume may take to be reached before it is read back."""


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
        self._checks: dict[MarketId, Soundcheck] = {}
        self._permits = Permits(bill, self._checks)
        self._silence = Silence(bill, self._checks, seen)
        self._make_goods = MakeGoods(bill, self._permits, seen)
        self._rehearsal = rehearsal

    async def obey(self, order: Order, by: str) -> Answer:
        """Do what ``by`` ordered; the answer of :mod:`broadcaster.playout.orders`.

        :raises Refusal: it cannot be done, and why.
        :raises RecordUnavailable: it could not be put on record, so it was not done.
        """
        match self._taken(order):
            case Status():
                return status(self._bill, self._files, testing=self._checks)
            case Look():
                return await self._look()
            case Stop(market):
                return await self._silence.stop(self._named(market), by)
            case Pause(market, reason):
                return await self._silence.pause(self._named(market), by, reason)
            case Safety(market):
                return await self._silence.for_safety(self._named(market), by)
            case Resume(market):
                return await self._silence.resume(self._named(market), by)
            case Play() as wanted:
                return await self._play(wanted, by)
            case MakeGood() as wanted:
                return await self._make_good(wanted, by)
            case CancelMakeGood(airing):
                return await self._make_goods.cancel(airing, by)
            case Test(market, override):
                return await self._test(self._market(market), by, override)
            case Volume(market):
                return await self._volume(self._market(market), by)
        raise NotUnderstood

    def _taken(self, order: Order) -> Order:
        if self._rehearsal and isinstance(order, Safety):
            return Stop(order.market)  # what it would keep is the station's, not the rehearsal's
        if self._rehearsal and not isinstance(order, Status | Look | Stop):
            raise OnlyRehearsing
        if self._bill.closed and not isinstance(order, Status | Stop):
            raise NoDaemon
        return order

    async def read(self) -> None:
        """Obey what was written into the record by somebody else."""
        await self._silence.read()
        await self._make_goods.read()

    async def close(self) -> None:
        """The daemon ends: tests are faded out."""
        await self._silence.close()

    # Sound

    async def _play(self, order: Play, by: str) -> Answer:
        market = self._market(order.market)
        silenced = self._silence.stops[market.id]
        with self._permits.alone_at(market):
            self._permits.check_clock(order.override)
            episode = await self._permits.check_episode(order.episode)
            self._permits.check_hour(market, order.override)
            ordered = PlayOrdered(self._promise(episode, market), by, order.override)
            await self._bill.stage.record.append(ordered)
            performance = self._bill.order(ordered.promise, override=order.override is not None)
        if self._silence.stops[market.id] != silenced:  # somebody said stop meanwhile
            performance.stop()
        await performance.known.wait()
        return _account_of(performance, self._bill.stage.station.timezone)

    async def _make_good(self, order: MakeGood, by: str) -> Answer:
        if order.at is not None:
            return await self._make_goods.later(order, datetime.fromisoformat(order.at), by)
        silenced = dict(self._silence.stops)
        performance = await self._make_goods.now(order, by)
        market = performance.promise.market
        if self._silence.stops[market] != silenced.get(market, 0):  # somebody said stop meanwhile
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
        await self._bill.stage.record.append(VolumeSet(market.id, volume, by, read_back))
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
        "due": performance.promise.due.astimezone(zone).isoformat(),
        "sounds": performance.sounds,
        "until": until,
        "outcome": ended.outcome.value if ended else None,
        "reason": ended.reason.value if ended else None,
    }
