"""Missed airings made good by the daemon: ordered by somebody, found on record, or due by a season's rule.

What is ordered is on record before anything else is done for it: the row is the truth, the socket only brings it here sooner.
"""

import asyncio
import logging
from dataclasses import replace
from datetime import date, datetime, timedelta

from broadcaster.errors import BroadcasterError, RecordUnavailable
from broadcaster.journal.events import BY_RULE, MakeGoodCancelled, MakeGoodOrdered, Promise, make_good_of
from broadcaster.journal.makegood_refusals import Begun
from broadcaster.journal.makegoods import FOR_CANCELLING, FOR_MAKE_GOODS, Claim, claim, owed, to_come
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, EpisodeNumber, Market, MarketId, Seconds
from broadcaster.playout.companions import Beside
from broadcaster.playout.control import Answer
from broadcaster.playout.cueing import HASTE_S
from broadcaster.playout.makegood_order import (
    Place,
    cancelled,
    promised_at,
    promised_today,
    ready,
    refuse_begun,
    taken_back,
    whole_s,
)
from broadcaster.playout.orders import MakeGood, NotServed
from broadcaster.playout.performance import Performance
from broadcaster.playout.permits import Permits, check_held
from broadcaster.playout.playbill import Playbill
from broadcaster.schedule.room import Stretch, later

SPARE_S = 1.5
"""Between an order for now and its first word, on top of what a late start is given."""
NOW_GRACE_S = Seconds(10.0)
"""How long a make-good ordered for now may wait for its output: somebody stands there and waits too."""
LOOK_S = 5.0
"""How often it is looked whether something has ended that a rule makes good."""

log = logging.getLogger(__name__)


class MakeGoods:
    """What the operator's hand does for them. ``seen``: the last row of the record that is obeyed already."""

    def __init__(self, bill: Playbill, permits: Permits, seen: tuple[int, int]) -> None:
        self._bill = bill
        self._permits = permits
        self._seen = seen

    async def later(self, order: MakeGood, at: datetime, by: str) -> Answer:
        """Promise it for a moment to come.

        :raises BroadcasterError: it cannot be, and why; nothing was put on record.
        """
        async with self._bill.making_good:
            wanted = await self._claim(order)
            market = self._market(wanted.market)
            check_held(market, self._bill.stage.held)
            place = await place_at(self._bill, market, wanted.episode)
            promise = promised_at(wanted, at.astimezone(place.now.tzinfo), place)
            await self._put_on_record(wanted, promise, by)
            self._bill.promise([promise])
        due = promise.due.astimezone(place.now.tzinfo).isoformat()
        return {"airing": promise.airing, "due": due, "sounds": False, "outcome": None}

    async def now(self, order: MakeGood, by: str) -> Performance:
        """Begin it at once; raises as :meth:`later`, and as every sound ordered by hand."""
        async with self._bill.making_good:
            wanted = await self._claim(order)
            market = self._market(wanted.market)
            self._permits.check_clock()
            with self._permits.alone_at(market):
                place = await place_at(self._bill, market, wanted.episode)
                lead_in_s = ready(wanted, place.episode).lead_in_s
                begin = later(place.now, timedelta(seconds=lead_in_s + HASTE_S + SPARE_S)).replace(microsecond=0)
                promise = promised_at(wanted, begin, replace(place, grace_s=NOW_GRACE_S))
                await self._put_on_record(wanted, promise, by)
                return self._bill.order(promise)

    async def cancel(self, named: AiringId, by: str) -> Answer:
        """Take back what was ordered and has not begun.

        :raises NothingOrdered, Begun, HadBegun: there is nothing to take back, or it is too late.
        :raises RecordUnavailable: it could not be put on record, so it stays promised.
        """
        async with self._bill.making_good:
            record = self._bill.stage.record
            rows = await record.rows(FOR_CANCELLING)
            promise = to_come(rows, named)
            refuse_begun(rows, promise, self._bill.stage.clock.now().utc, daemon_lives=True)
            if not self._bill.strike(promise.airing):
                raise Begun(airing=make_good_of(promise.airing), market=promise.market)
            try:
                await record.append(MakeGoodCancelled(promise.airing, by))
            except RecordUnavailable:
                self._bill.promise([promise])
                raise
            ended = cancelled(promise)
            await record.insist(ended)
        return taken_back(ended)

    async def read(self) -> None:
        """Promise what somebody ordered, and no longer what somebody cancelled, who could only write it down."""
        rows = await self._bill.stage.record.rows([MakeGoodOrdered, MakeGoodCancelled])
        fresh = [row.event for row in rows if _place(row) > self._seen]
        self._seen = max((self._seen, *map(_place, rows)))
        gone = {row.event.airing for row in rows if isinstance(row.event, MakeGoodCancelled)}
        for event in fresh:
            if isinstance(event, MakeGoodCancelled):
                self._bill.strike(event.airing)
        ordered = [event.promise for event in fresh if isinstance(event, MakeGoodOrdered)]
        self._bill.promise(one for one in ordered if one.airing not in gone and not self._bill.knows(one.airing))

    async def _claim(self, order: MakeGood) -> Claim:
        stage = self._bill.stage
        return claim(await stage.record.rows(FOR_MAKE_GOODS), order.airing, stage.station.timezone)

    def _market(self, market: MarketId) -> Market:
        if market not in self._bill.markets:
            raise NotServed(market=market, markets=", ".join(self._bill.markets))
        return self._bill.stage.station.markets[market]

    async def _put_on_record(self, wanted: Claim, promise: Promise, by: str) -> None:
        await self._bill.stage.record.append(MakeGoodOrdered(wanted.missed, promise, by))


async def place_at(bill: Playbill, market: Market, episode: EpisodeNumber) -> Place:
    """What the daemon knows of a market, its promises and an episode; as of when the library has answered."""
    stage = bill.stage
    zone = stage.station.timezone
    promises = bill.promised_at(market.id)
    wanted = {episode, *(each.episode for each in promises if each.episode is not None)}
    known = await stage.repertoire.statuses(stage.clock.now().utc.astimezone(zone).date(), only=wanted)
    lengths = {number: whole_s(status.at(market)) for number, status in known.items()}
    taken = [
        Stretch(each.due, lengths.get(each.episode, Seconds(0.0)) if each.episode else Seconds(0.0))
        for each in promises
        if each.cancelled is None
    ]
    found = known.get(episode)
    there, station = found.at(market) if found else None, stage.station
    now = stage.clock.now().utc.astimezone(zone)
    return Place(market, there, taken, now, station.grace_s, station.calendar.blackouts)


# By a season's rule


async def make_good_by_rule(beside: Beside) -> None:
    """A companion of the daemon's: promise anew, the same day, what the box missed in a season whose rule says so."""
    bill, seen = beside.bill, None
    while not bill.closed:
        known = (bill.same_day, frozenset(bill.stage.held), tuple(bill.last.values()))
        if bill.in_doubt:
            seen = None  # what goes by in doubt is settled when it is over
        if known != seen and bill.same_day and not bill.in_doubt:
            try:
                await _promise_what_is_owed(bill)
                seen = known
            except (RecordUnavailable, OSError) as problem:
                log.warning("make-goods cannot be promised yet: %s", problem)
        await asyncio.sleep(LOOK_S)


async def _promise_what_is_owed(bill: Playbill) -> None:
    stage = bill.stage
    zone = stage.station.timezone
    async with bill.making_good:
        rows = await stage.record.rows(FOR_MAKE_GOODS)
        today = stage.clock.now().utc.astimezone(zone).date()
        for wanted in owed(rows, bill.same_day, today, zone):
            if wanted.market in bill.markets and wanted.market not in stage.held:
                await _promise_one(bill, wanted, today)


async def _promise_one(bill: Playbill, wanted: Claim, today: date) -> None:
    place = await place_at(bill, bill.stage.station.markets[wanted.market], wanted.episode)
    if place.now.date() != today:  # midnight, or a clock put right, while the library was asked
        return
    try:
        promise = promised_today(wanted, place)
    except RecordUnavailable:
        raise
    except BroadcasterError as refusal:  # the library keeps it off the air
        log.warning("%s is not made good: %s", wanted.missed, type(refusal).__name__)
        return
    if promise is None:
        log.warning("%s is not made good: the day has no room left", wanted.missed)
        return
    await bill.stage.record.append(MakeGoodOrdered(wanted.missed, promise, BY_RULE))
    bill.promise([promise])
    bill.stage.teller.made_good(promise)


def _place(row: Row) -> tuple[int, int]:
    return row.epoch, row.seq
