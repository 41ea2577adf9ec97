"""One airing performed, from its alarm to its terminal row: :meth:`Performance.perform`, read from top to bottom."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from broadcaster.errors import RecordUnavailable
from broadcaster.journal.events import Ended, Promise
from broadcaster.model import EpisodeStatus, Market, Outcome, Output, PlayId, Reason, Seconds
from broadcaster.playout.accounts import about_to_sound, silent, sounded
from broadcaster.playout.cueing import Cancel, Cue, Decision, Miss, Situation, Wait, decide, too_late
from broadcaster.playout.ensemble import Ensemble
from broadcaster.playout.obstacle import Obstacle, before_sound
from broadcaster.playout.player import Player, PlayOrder
from broadcaster.playout.sounding import Sounding
from broadcaster.playout.stage import Stage, Teller
from broadcaster.playout.verdict import Cut, Facts, trouble, verdict
from broadcaster.playout.witness import WatchOrder

HEAD_START_S = 0.025
"""A player's first sample comes this much after the moment it was given: 10 to 60 ms, measured on PulseAudio and PipeWire."""
RETRY_S = 2.0
"""How long between two looks for an output that is not there."""
SLOW_OUTPUT_S = 0.5
"""An output slower than this needs a player that reads further ahead."""
BELATED_S = 1.0
"""A record that took longer than this past the start spoils the attempt: it would begin later than it says."""

log = logging.getLogger(__name__)


class Performance:
    """One airing. ``next_due``: when the next one on the same output is due; ``absence``: why nobody was there in time."""

    def __init__(
        self, promise: Promise, stage: Stage, *, next_due: datetime | None = None, absence: Reason | None = None
    ) -> None:
        self.promise = promise
        self.market: Market = stage.station.markets[promise.market]
        self._stage = stage
        self._next_due = next_due
        self._absence = absence
        self._obstacle: Reason | None = None
        self._attempts = 0
        self._status: EpisodeStatus | None = None
        self._ensemble: Ensemble | None = None
        self._cut: Reason | None = None
        self._sounding: tuple[Cue, PlayId] | None = None
        self._leaving = asyncio.Event()

    async def perform(self) -> Ended | None:
        """Keep the promise, or say why not: its terminal row. ``None`` when the daemon left before any sound."""
        try:
            ended = await self._keep()
        except Exception:  # a fault of this program's must not leave the airing without an end
            log.exception("%s was not performed as it should", self.promise.airing)
            ended = self._broken()
        if ended is not None:
            await self._close(ended)
        return ended

    async def _keep(self) -> Ended | None:
        while not self._leaving.is_set():
            match await self._decide():
                case None:
                    await self._hold(Obstacle(Reason.RECORD_UNAVAILABLE))
                case Wait(until):
                    await self._wait(until)
                case Miss(reason):
                    return silent(self.promise, Outcome.MISSED, reason, self._status)
                case Cancel(reason):
                    return silent(self.promise, Outcome.CANCELLED, reason, self._status)
                case Cue() as cue if not self._leaving.is_set():
                    result = await self._attempt(cue)
                    if isinstance(result, Ended):
                        return result
                    await self._hold(result)
        return None

    def cut(self, reason: Reason) -> None:
        """End the sound now, or the attempt to make one. While nothing is attempted the next decision knows anyway."""
        self._cut = reason
        if self._ensemble is not None:
            self._ensemble.take(Cut(reason))

    def leave(self, reason: Reason) -> None:
        """The daemon ends: cut a sound, abandon what has not sounded yet."""
        self._leaving.set()
        self.cut(reason)

    # One attempt

    async def _attempt(self, cue: Cue) -> Ended | Obstacle:
        """One play: what became of it, or why nothing sounded."""
        output = self._stage.station.outputs[self.market.output]
        found = await self._stage.equipment.speakers.find(output)
        if found is None:
            return Obstacle(Reason.NO_AUDIO_DEVICE)
        async with Ensemble(self._stage.clock, self._facts(cue)) as self._ensemble:
            if self._cut is not None:
                self._ensemble.take(Cut(self._cut))
            player = await self._spawn(self._ensemble, output, slow=found.latency_s > SLOW_OUTPUT_S)
            if player is None:
                return before_sound(self._ensemble)
            if not await self._still_stands():
                return Obstacle(None)
            play = await self._put_on_record(cue, player, output, self._ensemble)
            if play is None:
                return Obstacle(Reason.RECORD_UNAVAILABLE)
            player.start(self._ensemble.facts.starts_s - HEAD_START_S)
            if not await self._lead_in(self._ensemble):
                return before_sound(self._ensemble)
            if self._clock_moved(cue, self._ensemble.facts):
                return Obstacle(None)
            self._sounding = (cue, play)
            self._announce(cue)
            ended_by = await Sounding(self._stage, self._ensemble, play, output, cue.cut_at).to_the_end()
            said = verdict(self._ensemble.facts, ended_by, cue.late_s)
            return sounded(self.promise, cue, self._episode, play, said)

    async def _spawn(self, ensemble: Ensemble, output: Output, *, slow: bool) -> Player | None:
        """Player and witness; the player if it is ready in time. A witness that is not does not hold it up."""
        facts, volume = ensemble.facts, min(self.market.volume, self.market.volume_cap)
        master = self._stage.repertoire.master(self._episode.number)
        order = PlayOrder(master, output, volume, slow_output=slow)

        def watch(player_pid: int) -> WatchOrder:
            return WatchOrder(
                master=master,
                lead_in_s=facts.lead_in_s,
                tail_s=facts.tail_s,
                output=output,
                volume=volume,
                player_pid=player_pid,
                starts_monotonic_s=facts.starts_s,
                recording=self._stage.equipment.recording(self.market.id),
            )

        await ensemble.spawn(self._stage.equipment.players, self._stage.equipment.witnesses, order, watch)
        await ensemble.wait(lambda facts: facts.ready or trouble(facts, ensemble.now_s) is not None, facts.starts_s)
        return ensemble.player if ensemble.facts.ready else None

    async def _still_stands(self) -> bool:
        """Whether the file the player now holds open is the one that was decided on: it may have been replaced meanwhile."""
        try:
            return await self._look_up() == self._status
        except RecordUnavailable as problem:
            log.warning("the library cannot be asked: %s", problem)
            return False

    async def _put_on_record(self, cue: Cue, player: Player, output: Output, ensemble: Ensemble) -> PlayId | None:
        """No record, no sound; nor one that would begin later than its record says."""
        witness = ensemble.witness.process if ensemble.witness else None
        intent = about_to_sound(
            self.promise, cue, self._episode, sink=output.sink, player=player.process, witness=witness
        )
        try:
            row = await self._stage.record.append(intent)
        except RecordUnavailable as problem:
            log.warning("no record, no sound: %s", problem)
            return None
        return row.play if ensemble.now_s <= ensemble.facts.starts_s + BELATED_S else None

    async def _lead_in(self, ensemble: Ensemble) -> bool:
        """The silence before the first word; whether all went well until then."""
        await ensemble.wait(lambda facts: trouble(facts, ensemble.now_s) is not None, ensemble.facts.first_word_s)
        return trouble(ensemble.facts, ensemble.now_s) is None

    def _clock_moved(self, cue: Cue, facts: Facts) -> bool:
        """Whether the clock was set, or the machine slept, since it was decided when the first word falls."""
        now = self._stage.clock.now()
        meant = cue.first_word + timedelta(seconds=now.monotonic_s - facts.first_word_s)
        return abs((now.utc - meant).total_seconds()) >= BELATED_S

    async def _hold(self, obstacle: Obstacle) -> None:
        """Nothing sounded: before it is decided again, remember why."""
        if obstacle.reason is not None:
            self._warn_of(obstacle.reason)
            self._obstacle = obstacle.reason
        if obstacle.players_fault:
            self._attempts += 1
        else:
            await self._wait(self._stage.clock.now().utc + timedelta(seconds=RETRY_S))

    # What is known

    async def _decide(self) -> Decision | None:
        """What to do now. ``None``: the library cannot be asked, and there is time to ask it again."""
        promise, stage = self.promise, self._stage
        self._cut = None  # what comes while the library is being asked counts again
        try:
            self._status = await self._look_up()
        except RecordUnavailable as problem:
            log.warning("the library cannot be asked: %s", problem)
            return Miss(Reason.RECORD_UNAVAILABLE) if too_late(promise, stage.clock.now().utc) else None
        return decide(self._situation())

    async def _look_up(self) -> EpisodeStatus | None:
        """What the library says of the episode now, by the day it is due."""
        promise, stage = self.promise, self._stage
        if promise.episode is None:
            return None
        statuses = await stage.repertoire.statuses(promise.due.astimezone(stage.station.timezone).date())
        return statuses.get(promise.episode)

    def _situation(self) -> Situation:
        stage, promise = self._stage, self.promise
        return Situation(
            now=stage.clock.now().utc,
            promise=promise,
            market=self.market,
            zone=stage.station.timezone,
            status=self._status,
            next_due=self._next_due,
            lead_in_s=stage.station.mastering.lead_in_s,
            absence=self._absence,
            obstacle=self._obstacle,
            attempts=self._attempts,
        )

    @property
    def _episode(self) -> EpisodeStatus:
        if self._status is None:
            raise RuntimeError(self.promise.airing)
        return self._status

    def _facts(self, cue: Cue) -> Facts:
        settings, now = self._stage.station.mastering, self._stage.clock.now()
        first_word_s = now.monotonic_s + (cue.first_word - now.utc).total_seconds()
        return Facts(
            starts_s=first_word_s - settings.lead_in_s,
            lead_in_s=settings.lead_in_s,
            expected_s=self._episode.duration_s or Seconds(0.0),
            tail_s=settings.tail_s,
        )

    async def _wait(self, until: datetime) -> None:
        """Until that moment of the wall clock, however it is stepped meanwhile, or until the daemon leaves."""
        while not self._leaving.is_set():
            left = (until - self._stage.clock.now().utc).total_seconds()
            if left <= 0:
                return
            try:
                await asyncio.wait_for(self._leaving.wait(), min(left, 1.0))
            except TimeoutError:
                continue

    # What is written and said

    def _announce(self, cue: Cue) -> None:
        length = timedelta(seconds=self._episode.duration_s or 0.0)
        log.info("%s sounds", self.promise.airing)
        self._tell(lambda teller: teller.on_air(self.promise, self._episode.number, cue.first_word + length))

    def _warn_of(self, reason: Reason) -> None:
        """Once each: the operator may mend it while there is time."""
        if reason is not self._obstacle:
            self._tell(lambda teller: teller.waiting(self.promise, reason))

    def _broken(self) -> Ended:
        """The terminal row after a fault of this program's: as much as was known."""
        if self._sounding is None or self._ensemble is None:
            return silent(self.promise, Outcome.MISSED, Reason.PLAYER_FAILED, self._status)
        cue, play = self._sounding
        said = verdict(self._ensemble.facts, Reason.PLAYER_CRASHED, cue.late_s)
        return sounded(self.promise, cue, self._episode, play, said)

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
