"""One attempt to sound an airing: output, children, record, lead-in, sound. :meth:`Attempt.perform`, from top to bottom."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from broadcaster.errors import RecordUnavailable
from broadcaster.journal.events import Ended, Promise
from broadcaster.library.catalogue import edition_path
from broadcaster.model import EpisodeStatus, Market, Output, PlayId, Reason, Seconds
from broadcaster.playout.accounts import about_to_sound, sounded
from broadcaster.playout.cueing import Cue
from broadcaster.playout.ensemble import Ensemble
from broadcaster.playout.obstacle import Obstacle, before_sound
from broadcaster.playout.player import Player, PlayOrder
from broadcaster.playout.sounding import Sounding
from broadcaster.playout.stage import Stage
from broadcaster.playout.verdict import Cut, Facts, trouble, verdict
from broadcaster.playout.witness import WatchOrder

SLOW_OUTPUT_S = 0.5
"""An output slower than this needs a player that reads further ahead."""
COPY_S = 1.0
"""So long before the start the second copy is asked instead of a database that has not answered: it takes a moment too."""
BELATED_S = 1.0
"""A record that took longer than this past the start spoils the attempt: it would begin later than it says."""

log = logging.getLogger(__name__)


class Attempt:
    """One play.

    ``still_stands``: whether the library still says of the episode what was decided on. ``begun``: called as it sounds.
    """

    def __init__(
        self,
        promise: Promise,
        cue: Cue,
        episode: EpisodeStatus,
        stage: Stage,
        *,
        still_stands: Callable[[], Awaitable[bool]],
        begun: Callable[[], None],
    ) -> None:
        self.promise = promise
        self.cue = cue
        self._market: Market = stage.station.markets[promise.market]
        self._output: Output = stage.station.outputs[self._market.output]
        self._episode = episode
        self._stage = stage
        self._still_stands = still_stands
        self._begun = begun
        self._ensemble = Ensemble(stage.clock, self._planned())
        self.play: PlayId | None = None
        """The play's id, from its first word on."""

    @property
    def facts(self) -> Facts:
        """What is known of it so far."""
        return self._ensemble.facts

    @property
    def player_pid(self) -> int | None:
        """The process that sounds."""
        return self._ensemble.player.process.pid if self._ensemble.player else None

    def cut(self, reason: Reason) -> None:
        """End it: a sound is faded out, what has not sounded will not."""
        self._ensemble.take(Cut(reason))

    def set_volume(self, volume: float) -> None:
        """From now on at this volume, 0 … 1."""
        if self._ensemble.player is not None:
            self._ensemble.player.set_volume(volume)

    async def perform(self) -> Ended | Obstacle:
        """What became of it, or why nothing sounded."""
        found = await self._stage.equipment.speakers.find(self._output)
        if found is None:
            return Obstacle(Reason.NO_AUDIO_DEVICE)
        async with self._ensemble as ensemble:
            player = await self._spawn(slow=found.latency_s > SLOW_OUTPUT_S)
            if player is None:
                return before_sound(ensemble)
            try:
                if not await self._still_stands():
                    return Obstacle(None)
            except RecordUnavailable as problem:
                log.warning("the library cannot be asked: %s", problem)
                return Obstacle(Reason.RECORD_UNAVAILABLE)
            play = await self._put_on_record(player)
            if play is None:
                return Obstacle(Reason.RECORD_UNAVAILABLE)
            player.start(ensemble.facts.starts_s)
            if not await self._lead_in():
                return before_sound(ensemble)
            if self._clock_moved():
                return Obstacle(None)
            self.play = play
            self._begun()
            ended_by = await Sounding(self._stage, ensemble, play, self._output, self.cue.cut_at).to_the_end()
            return self._account(play, ended_by)

    def broken(self) -> Ended | None:
        """The terminal row after a fault of this program's, as far as it was known; ``None``: nothing had sounded."""
        return None if self.play is None else self._account(self.play, Reason.PLAYER_CRASHED)

    def _account(self, play: PlayId, ended_by: Reason | None) -> Ended:
        said = verdict(self._ensemble.facts, ended_by, self.cue.late_s)
        return sounded(self.promise, self.cue, self._episode, play, said)

    def _planned(self) -> Facts:
        master, now = self._episode, self._stage.clock.now()
        first_word_s = now.monotonic_s + (self.cue.first_word - now.utc).total_seconds()
        return Facts(
            starts_s=first_word_s - master.lead_in_s,
            lead_in_s=master.lead_in_s,
            expected_s=master.duration_s or Seconds(0.0),
            tail_s=master.tail_s,
        )

    async def _spawn(self, *, slow: bool) -> Player | None:
        """Player and witness; the player if it is ready in time. A witness that is not does not hold it up."""
        ensemble, market = self._ensemble, self._market
        facts, volume = ensemble.facts, self._stage.volume(market)
        master = self.file
        order = PlayOrder(master, self._output, volume, slow_output=slow)

        def watch(player_pid: int) -> WatchOrder:
            return WatchOrder(
                master=master,
                lead_in_s=facts.lead_in_s,
                tail_s=facts.tail_s,
                output=self._output,
                volume=volume,
                player_pid=player_pid,
                starts_monotonic_s=facts.starts_s,
                recording=self._stage.equipment.recording(market.id),
            )

        await ensemble.spawn(self._stage.equipment.players, self._stage.equipment.witnesses, order, watch)
        await ensemble.wait(lambda facts: facts.ready or trouble(facts, ensemble.now_s) is not None, facts.starts_s)
        return ensemble.player if ensemble.facts.ready else None

    @property
    def file(self) -> Path:
        """What sounds: the master or, with the market's announcement, its edition; either known by its hash."""
        edition = self._episode.edition
        if edition is not None:
            return edition_path(self._stage.station, edition.sha256)
        return self._stage.repertoire.master(self._episode.number)

    async def _put_on_record(self, player: Player) -> PlayId | None:
        """No record, no sound; nor one that would begin later than its record says."""
        ensemble = self._ensemble
        witness = ensemble.witness.process if ensemble.witness else None
        intent = about_to_sound(
            self.promise, self.cue, self._episode, sink=self._output.sink, player=player.process, witness=witness
        )
        try:
            row = await self._stage.record.before_sound(intent, ensemble.facts.starts_s - COPY_S)
        except RecordUnavailable as problem:
            log.warning("no record, no sound: %s", problem)
            return None
        return row.play if ensemble.now_s <= ensemble.facts.starts_s + BELATED_S else None

    async def _lead_in(self) -> bool:
        """The silence before the first word; whether all went well until then. A clock that moves ends it: no word may fall."""
        ensemble = self._ensemble
        await ensemble.wait(
            lambda facts: trouble(facts, ensemble.now_s) is not None or self._clock_moved(), ensemble.facts.first_word_s
        )
        return trouble(ensemble.facts, ensemble.now_s) is None

    def _clock_moved(self) -> bool:
        """Whether the clock was set, or the machine slept, since it was decided when the first word falls."""
        now = self._stage.clock.now()
        meant = self.cue.first_word + timedelta(seconds=now.monotonic_s - self._ensemble.facts.first_word_s)
        return abs((now.utc - meant).total_seconds()) >= BELATED_S
