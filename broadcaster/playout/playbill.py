"""What is promised and what is being performed: from a promise to its alarm, from its alarm to its performance."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from broadcaster.config import Station
from broadcaster.journal.events import Ended, Promise
from broadcaster.model import AiringId, EpisodeStatus, MarketId, Outcome, Reason
from broadcaster.playout.accounts import silent
from broadcaster.playout.alarms import Alarms
from broadcaster.playout.cueing import ALARM_S, too_late
from broadcaster.playout.performance import Performance
from broadcaster.playout.stage import Stage

FAREWELL_S = 8.0
"""How long the airings may take to fade out and be put on record when the daemon ends."""


class Playbill:
    """``markets``: those that are served; ``absence``: why nobody was there until now; ``last``: each market's last end."""

    def __init__(
        self,
        stage: Stage,
        alarms: Alarms,
        markets: Collection[MarketId],
        *,
        absence: Reason | None = None,
        last: Iterable[Ended] = (),
    ) -> None:
        self.stage = stage
        self.markets = tuple(markets)
        self.last: dict[MarketId, Ended] = {ended.market: ended for ended in last}
        self.performances: dict[AiringId, Performance] = {}
        """What an alarm has woken and has no end yet."""
        self.same_day: frozenset[AiringId] = frozenset()
        """The airings that are made good the same day by their season's rule, as the schedule stands."""
        self.in_doubt = False
        """Whether the plan waits to be accepted until the clock is believed."""
        self.making_good = asyncio.Lock()
        """Held from the look at what was missed until its make-good is on record: a person and a rule never order it both."""
        self._alarms = alarms
        self._absence = absence
        self._since = stage.clock.now().utc
        self._promised: dict[AiringId, Promise] = {}
        self._waiting: dict[AiringId, Promise] = {}
        self._begun: set[AiringId] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def promise(self, promises: Iterable[Promise]) -> None:
        """From now on these are promised, each with its alarm. What has begun already goes on as it was promised."""
        for promise in promises:
            if promise.airing in self._begun:
                continue
            self._promised[promise.airing] = self._waiting[promise.airing] = promise
            self._alarms.at(promise.airing, self._alarm(promise), self._waker(promise.airing))

    def promise_anew(self, promises: Iterable[Promise]) -> None:
        """These, and of what has not begun no others."""
        self._waiting.clear()
        self.promise(promises)

    def strike(self, airing: AiringId) -> bool:
        """It is promised no longer; ``False``: it has begun, and goes on as it was promised."""
        if airing in self._begun:
            return False
        self._promised.pop(airing, None)
        self._waiting.pop(airing, None)
        return True

    def order(self, promise: Promise, *, override: bool = False) -> Performance:
        """Begin at once what somebody ordered by hand."""
        self._promised[promise.airing] = promise
        self._begun.add(promise.airing)
        performance = self._performance(promise, override=override)
        self._start(promise.airing, performance)
        return performance

    def settings(self, station: Station) -> None:
        """What is not yet begun goes by these settings of the station; a volume counts for what is under way too."""
        self.stage.volumes.update(
            {market.id: min(market.volume, market.volume_cap) for market in station.markets.values()}
        )
        self.stage = replace(self.stage, station=station)
        for performance in self.performances.values():
            performance.settings(station.markets)

    def _alarm(self, promise: Promise) -> datetime:
        """When to see to it: before its minute, or, where the market is not served, when nothing can be done any more."""
        if promise.market in self.markets:
            return promise.due - timedelta(seconds=ALARM_S)
        return promise.due if promise.cancelled else promise.due + timedelta(seconds=promise.grace_s)

    @property
    def resting(self) -> tuple[MarketId, ...]:
        """The station's markets that are not served."""
        return tuple(market for market in self.stage.station.markets if market not in self.markets)

    def _waker(self, airing: AiringId) -> Callable[[], Awaitable[None]]:
        async def wake() -> None:
            self._wake(airing)

        return wake

    def _wake(self, airing: AiringId) -> None:
        """An alarm rang."""
        promise = self._waiting.pop(airing, None)
        if promise is None or self._closed:
            return
        now = self.stage.clock.now()
        if (self.in_doubt or not now.believed) and (promise.market not in self.markets or too_late(promise, now.utc)):
            self._waiting[airing] = promise  # a clock in doubt that jumped over it decides nothing
            return
        self._begun.add(airing)
        if promise.market in self.markets:
            self._start(airing, self._performance(promise))
        else:
            self._keep(asyncio.create_task(self._miss(promise), name=airing))

    def _performance(self, promise: Promise, *, override: bool = False) -> Performance:
        absence = self._absence if promise.due <= self._since else None
        return Performance(promise, self.stage, next_due=self.next_due(promise), absence=absence, override=override)

    def _start(self, airing: AiringId, performance: Performance) -> None:
        self.performances[airing] = performance
        self._keep(asyncio.create_task(self._perform(airing, performance), name=airing))

    def _keep(self, task: "asyncio.Task[None]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _perform(self, airing: AiringId, performance: Performance) -> None:
        try:
            ended = await performance.perform()
            if ended is not None:
                self.last[ended.market] = ended
        finally:
            del self.performances[airing]
        if ended is None and not self._closed:
            self._begun.discard(airing)
            self.promise([performance.promise])

    async def _miss(self, promise: Promise) -> None:
        """Promised by an earlier run of this station; this one was started without the market."""
        ended = silent(promise, Outcome.MISSED, Reason.SWITCHED_OFF)
        if promise.cancelled is not None:
            ended = silent(promise, Outcome.CANCELLED, promise.cancelled)
        await self.stage.record.insist(ended)

    # What is known

    @property
    def closed(self) -> bool:
        """Whether the daemon ends: nothing begins any more."""
        return self._closed

    def knows(self, airing: AiringId) -> bool:
        """Whether something of that name was promised."""
        return airing in self._promised

    def begun(self) -> list[Promise]:
        """The promises that are being performed."""
        return [performance.promise for performance in self.performances.values()]

    def at(self, market: MarketId) -> list[Performance]:
        """What is being performed at a market."""
        return [each for each in self.performances.values() if each.promise.market == market]

    def promised_at(self, market: MarketId) -> list[Promise]:
        """What is promised to a market and has no end yet: what was stopped takes no room any more."""
        still = self._waiting.keys() | self.performances.keys()
        return [each for airing, each in self._promised.items() if airing in still and each.market == market]

    def next_due(self, promise: Promise) -> datetime | None:
        """When the next airing on the same output is due: a market has its output for itself."""
        sounding = (other for other in self._promised.values() if other.cancelled is None)
        later = (other.due for other in sounding if other.market == promise.market)
        return min((due for due in later if due > promise.due), default=None)

    def coming(self, market: MarketId | None = None) -> Promise | None:
        """The next airing that is meant to sound, there or anywhere, and has not been woken yet."""
        now = self.stage.clock.now().utc
        sounding = [
            promise
            for promise in self._waiting.values()
            if promise.cancelled is None
            and promise.due >= now
            and (promise.market in self.markets if market is None else promise.market == market)
        ]
        return min(sounding, key=lambda promise: (promise.due, promise.market), default=None)

    # The library

    async def heed_decisions(self) -> None:
        """Silence what was withdrawn or suspended, and who says a number that was found wrong just now."""
        stage = self.stage
        today = stage.clock.now().utc.astimezone(stage.station.timezone).date()
        performed = {promise.episode for promise in self.begun() if promise.episode is not None}
        statuses = await stage.repertoire.statuses(today, only=performed)
        for performance in list(self.performances.values()):
            status = statuses.get(performance.promise.episode) if performance.promise.episode else None
            reason = _silenced(status, performance) if status is not None else None
            if reason is not None:
                performance.cut(reason)

    async def look_at_masters(self) -> None:
        """A master whose hash is known by then does not hold up its airing."""
        stage = self.stage
        await stage.repertoire.statuses(stage.clock.now().utc.astimezone(stage.station.timezone).date())

    # The end

    async def close(self, reason: Reason) -> None:
        """Sounds are faded out, what has not sounded stays promised."""
        self._closed = True
        for performance in list(self.performances.values()):
            performance.leave(reason)
        if self._tasks:  # one that cannot be put on record now is settled at the next start
            await asyncio.wait(self._tasks, timeout=FAREWELL_S)


def _silenced(status: EpisodeStatus, performance: Performance) -> Reason | None:
    """Why a revision that sounds must not sound any longer: what governs by now may be a newer one."""
    revision = performance.revision
    if revision and revision <= status.withdrawn_through:
        return Reason.WITHDRAWN
    if performance.sounds and revision in status.wrong_revisions:
        return Reason.STOPPED_FOR_SAFETY  # nobody knew when it began
    if performance.announcing in status.wrong_editions:  # once it is over, what sounds is the episode
        return Reason.STOPPED_FOR_SAFETY
    return status.reason if status.reason in {Reason.WITHDRAWN, Reason.SUSPENDED} else None
