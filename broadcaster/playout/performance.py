"""One airing performed, from its alarm to its terminal row: :meth:`Performance.perform`, read from top to bottom."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from broadcaster.errors import RecordUnavailable
from broadcaster.journal.events import ClockHeld, Ended, Promise
from broadcaster.model import EpisodeStatus, Market, MarketId, Outcome, Reason, Seconds, Sha256
from broadcaster.playout.accounts import silent
from broadcaster.playout.attempt import Attempt
from broadcaster.playout.cueing import Cancel, Cue, Decision, Hold, Miss, Situation, Wait, decide, too_late
from broadcaster.playout.obstacle import Obstacle
from broadcaster.playout.stage import Stage, Teller

RETRY_S = 2.0
"""How long between two looks for an output that is not there."""
EARLY_S = 120.0
"""An airing that is still to wait for so long was woken by a clock that has been set back since."""

log = logging.getLogger(__name__)


class Performance:
    """One airing. ``next_due``: when the next one on the same output is due; ``absence``: why nobody was there in time.

    ``override``: somebody ordered it to sound outside the permitted hours too.
    """

    def __init__(
        self,
        promise: Promise,
        stage: Stage,
        *,
        next_due: datetime | None = None,
        absence: Reason | None = None,
        override: bool = False,
    ) -> None:
        self.promise = promise
        self.market: Market = stage.station.markets[promise.market]
        self.attempt: Attempt | None = None
        """The attempt that is being made now."""
        self.known = asyncio.Event()
        """Set when it sounds, or will not."""
        self.over = asyncio.Event()
        """Set when its terminal row is on record, or the daemon left before any sound."""
        self.ended: Ended | None = None
        self._stage = stage
        self._settings: Mapping[MarketId, Market] = stage.station.markets
        self._next_due = next_due
        self._absence = absence
        self._override = override
        self._obstacle: Reason | None = None
        self._in_doubt_since_s: float | None = None
        self._doubt_recorded = False
        self._failures = 0
        self._failed_at_s = 0.0
        self._status: EpisodeStatus | None = None
        self._cut: Reason | None = None
        self._stopped = False
        self._leaving = False
        self._called = asyncio.Event()

    async def perform(self) -> Ended | None:
        """Keep the promise, or say why not: its terminal row. ``None``: the daemon left before any sound, or it is early."""
        try:
            self.ended = await self._keep()
        except Exception:  # a fault of this program's must not leave the airing without an end
            log.exception("%s was not performed as it should", self.promise.airing)
            self.ended = self._broken()
        self.known.set()
        if self.ended is not None:
            await self._close(self.ended)
        self.over.set()
        return self.ended

    async def _keep(self) -> Ended | None:
        while not self._leaving:
            match await self._decide():
                case None:
                    await self._hold(Obstacle(Reason.RECORD_UNAVAILABLE))
                case Hold():
                    await self._hold_for_the_clock()
                case Wait(until) if until - self._stage.clock.now().utc > timedelta(seconds=EARLY_S):
                    return None
                case Wait(until):
                    await self._wait(until)
                case Miss(reason):
                    return silent(self.promise, Outcome.MISSED, reason, self._status)
                case Cancel(reason):
                    return silent(self.promise, Outcome.CANCELLED, reason, self._status)
                case Cue() as cue if not self._leaving:
                    result = await self._try(cue)
                    if isinstance(result, Ended):
                        return result
                    await self._hold(result)
        return None

    def cut(self, reason: Reason) -> None:
        """End the sound now, or the attempt to make one. While nothing is attempted the next decision knows anyway."""
        self._cut = reason
        if self.attempt is not None:
            self.attempt.cut(reason)

    def settings(self, markets: Mapping[MarketId, Market]) -> None:
        """Hours and announcements count from the next decision on; what is being attempted goes on as it was."""
        self._settings = markets

    def stop(self) -> None:
        """The operator stops it, whether it sounds already or not yet."""
        self._stopped = True
        self._called.set()
        self.cut(Reason.STOPPED_BY_OPERATOR)

    def leave(self, reason: Reason) -> None:
        """The daemon ends: cut a sound, abandon what has not sounded yet."""
        self._leaving = True
        self._called.set()
        self.cut(reason)

    @property
    def sounds(self) -> bool:
        """Whether it is on air."""
        return self.attempt is not None and self.attempt.play is not None

    @property
    def obstacle(self) -> Reason | None:
        """What keeps it from beginning, as far as it was tried; it goes on trying within its grace."""
        return None if self.sounds else self._obstacle

    @property
    def announcing(self) -> Sha256 | None:
        """The edition whose announcement is to come or sounds now; ``None`` when there is none, or it is over."""
        edition = self._status.edition if self._status else None
        if edition is None or self.attempt is None:
            return None
        over = self.attempt.cue.first_word + timedelta(seconds=edition.announcement_s)
        return edition.sha256 if self._stage.clock.now().utc < over else None

    @property
    def revision(self) -> int:
        """Of the episode, as it was decided on last; 0 before."""
        return self._status.revision if self._status else 0

    # One attempt

    async def _try(self, cue: Cue) -> Ended | Obstacle:
        """A market has its output for itself: while something else sounds there, this waits within its grace."""
        if self.market.output in self._stage.in_use:
            return Obstacle(Reason.OUTPUT_BUSY)
        self._stage.in_use.add(self.market.output)
        attempt = Attempt(
            self.promise,
            cue,
            self._episode,
            self._stage,
            still_stands=self._still_stands,
            begun=self._announce,
        )
        self.attempt = attempt
        try:
            if self._cut is not None:
                attempt.cut(self._cut)
            result = await attempt.perform()
        finally:
            self._stage.in_use.discard(self.market.output)
        self.attempt = None
        return result

    async def _still_stands(self) -> bool:
        """Whether the file the player now holds open is the one that was decided on: it may have been replaced meanwhile."""
        now = await self._look_up()
        if now is None or self._status is None:
            return now is self._status
        return self._status in {now.at(self.market), now.unannounced()}  # an edition made only now holds nothing up

    async def _hold(self, obstacle: Obstacle) -> None:
        """Nothing sounded: before it is decided again, remember why."""
        if obstacle.reason is not None:
            self._warn_of(obstacle.reason)
            self._obstacle = obstacle.reason
        if obstacle.players_fault:
            self._failures += 1
            self._failed_at_s = self._stage.clock.now().monotonic_s
        else:
            await self._wait(self._stage.clock.now().utc + timedelta(seconds=RETRY_S))

    async def _hold_for_the_clock(self) -> None:
        """Ask, and put on record that it waits, once; then look again soon: she may say yes at any moment."""
        if self._in_doubt_since_s is None:
            self._in_doubt_since_s = self._stage.clock.now().monotonic_s
            self._warn_of(Reason.CLOCK_UNVERIFIED)
            self._obstacle = Reason.CLOCK_UNVERIFIED
        if not self._doubt_recorded:
            try:
                await self._stage.record.append(ClockHeld(self.promise))
                self._doubt_recorded = True
            except RecordUnavailable as problem:
                log.warning("that %s waits for the clock is not on record yet: %s", self.promise.airing, problem)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._called.wait(), RETRY_S)

    # What is known

    async def _decide(self) -> Decision | None:
        """What to do now. ``None``: the library cannot be asked, and there is time to ask it again."""
        promise, stage = self.promise, self._stage
        if self._stopped:
            return Cancel(Reason.STOPPED_BY_OPERATOR)
        self._cut = None  # what comes while the library is being asked counts again
        self.market = self._settings.get(promise.market, self.market)
        try:
            found = await self._look_up()
            self._status = found.at(self.market) if found else None
        except RecordUnavailable as problem:
            log.warning("the library cannot be asked: %s", problem)
            return Miss(Reason.RECORD_UNAVAILABLE) if too_late(promise, stage.clock.now().utc) else None
        return decide(self._situation())

    async def _look_up(self) -> EpisodeStatus | None:
        """What the library says of the episode now, by the day it is due."""
        promise, stage = self.promise, self._stage
        if promise.episode is None:
            return None
        day = promise.due.astimezone(stage.station.timezone).date()
        statuses = await stage.repertoire.statuses(day, only=(promise.episode,))
        return statuses.get(promise.episode)

    def _situation(self) -> Situation:
        stage, promise, now = self._stage, self.promise, self._stage.clock.now()
        if now.believed:
            self._in_doubt_since_s, self._doubt_recorded = None, False
        since_s = now.monotonic_s if self._in_doubt_since_s is None else self._in_doubt_since_s
        return Situation(
            now=now.utc,
            promise=promise,
            market=self.market,
            zone=stage.station.timezone,
            status=self._status,
            next_due=self._next_due,
            absence=self._absence,
            obstacle=self._obstacle,
            failures=self._failures,
            rested_s=Seconds(now.monotonic_s - self._failed_at_s),
            blackout=promise.due.astimezone(stage.station.timezone).date() in stage.station.calendar.blackouts,
            held=promise.market in stage.held,
            stopped=self._stopped,
            override=self._override,
            trust=now.trust,
            waited_s=Seconds(now.monotonic_s - since_s),
        )

    @property
    def _episode(self) -> EpisodeStatus:
        if self._status is None:
            raise RuntimeError(self.promise.airing)
        return self._status

    async def _wait(self, until: datetime) -> None:
        """Until that moment of the wall clock, however it is stepped meanwhile, or until somebody calls."""
        while not self._called.is_set():
            left = (until - self._stage.clock.now().utc).total_seconds()
            if left <= 0:
                return
            try:
                await asyncio.wait_for(self._called.wait(), min(left, 1.0))
            except TimeoutError:
                continue

    # What is written and said

    def _announce(self) -> None:
        self.known.set()
        log.info("%s sounds", self.promise.airing)
        if self.attempt is not None:
            until = self.attempt.cue.first_word + timedelta(seconds=self._episode.duration_s or 0.0)
            self._tell(lambda teller: teller.on_air(self.promise, self._episode.number, until))

    def _warn_of(self, reason: Reason) -> None:
        """Once each: the operator may mend it while there is time."""
        if reason is not self._obstacle:
            self._tell(lambda teller: teller.waiting(self.promise, reason))

    def _broken(self) -> Ended:
        """The terminal row after a fault of this program's: as much as was known."""
        ended = self.attempt.broken() if self.attempt is not None else None
        return ended or silent(self.promise, Outcome.MISSED, Reason.PLAYER_FAILED, self._status)

    async def _close(self, ended: Ended) -> None:
        await self._stage.record.insist(ended)
        log.info("%s: %s, %s", ended.airing, ended.outcome, ended.reason)
        self._tell(lambda teller: teller.ended(ended))

    def _tell(self, word: Callable[[Teller], None]) -> None:
        """A screen that cannot be written to ends no sound and no airing."""
        try:
            word(self._stage.teller)
        except Exception:
            log.exception("nobody could be told of %s", self.promise.airing)
