"""A speaker's test: a chime and one spoken sentence, played and heard as an episode is, and put on record.

The sound is part of the program (``soundcheck.flac``, made by :mod:`broadcaster.production.soundcheck`): mono, with the
lead-in and the tail that a master has.
"""

import asyncio
import logging
from pathlib import Path

from broadcaster.journal.events import Tested, TestOrdered
from broadcaster.model import Evidence, Market, Milliseconds, Outcome, Output, Reason, Seconds
from broadcaster.playout.attempt import SLOW_OUTPUT_S
from broadcaster.playout.ensemble import Ensemble
from broadcaster.playout.obstacle import before_sound
from broadcaster.playout.orders import MarketBusy
from broadcaster.playout.player import PlayOrder
from broadcaster.playout.sounding import Sounding
from broadcaster.playout.stage import Stage
from broadcaster.playout.verdict import Cut, Facts, trouble, verdict
from broadcaster.playout.witness import WatchOrder

SOUND = Path(__file__).with_name("soundcheck.flac")
LEAD_IN_S, LENGTH_S, TAIL_S = Seconds(3.0), Seconds(6.5), Seconds(0.5)
HASTE_S = 2.0
"""For making player, witness and record, on top of the lead-in."""
INSIST_S = 5.0
"""How long it is tried to put on record what came of a test."""
WHOLE_S = HASTE_S + LEAD_IN_S + LENGTH_S + TAIL_S
"""From the order to the end of the sound."""


log = logging.getLogger(__name__)


class Soundcheck:
    """One test of one market's speaker."""

    def __init__(self, market: Market, stage: Stage) -> None:
        self._market = market
        self._output: Output = stage.station.outputs[market.output]
        self._stage = stage
        starts_s = stage.clock.now().monotonic_s + HASTE_S
        self._ensemble = Ensemble(stage.clock, Facts(starts_s, LEAD_IN_S, LENGTH_S, TAIL_S))
        self.over = asyncio.Event()
        """Set when it is silent, and on record as far as it could be."""

    def cut(self) -> None:
        """End it now."""
        self._ensemble.take(Cut(Reason.STOPPED_BY_OPERATOR))

    async def perform(self, by: str, override: str | None) -> Tested:
        """Order it on record, play it, put on record what came of it.

        :raises RecordUnavailable: it could not be put on record, so nothing sounded.
        :raises MarketBusy: something sounds there.
        """
        if self._market.output in self._stage.in_use:
            raise MarketBusy(market=self._market.id)
        self._stage.in_use.add(self._market.output)
        try:
            row = await self._stage.record.append(TestOrdered(self._market.id, self._output.sink, by, override))
            heard, evidence, reason, error = await self._sound()
            tested = Tested(row.play, self._market.id, heard, evidence, reason, error)
            await self._put_on_record(tested)
        finally:
            self._stage.in_use.discard(self._market.output)
            self.over.set()
        return tested

    async def _put_on_record(self, tested: Tested) -> None:
        """What was heard was heard, whether or not there is still room to write it down."""
        try:
            await asyncio.wait_for(self._stage.record.insist(tested), INSIST_S)
        except TimeoutError:
            log.warning("what came of the test at %s is not on record", tested.market)

    async def _sound(self) -> tuple[bool, Evidence, Reason | None, Milliseconds | None]:
        equipment = self._stage.equipment
        found = await equipment.speakers.find(self._output)
        if found is None:
            return False, Evidence.NONE, Reason.NO_AUDIO_DEVICE, None
        async with self._ensemble as ensemble:
            facts = ensemble.facts
            volume = self._stage.volume(self._market)
            order = PlayOrder(SOUND, self._output, volume, slow_output=found.latency_s > SLOW_OUTPUT_S)
            await ensemble.spawn(equipment.players, equipment.witnesses, order, lambda pid: self._watch(volume, pid))
            await ensemble.wait(lambda facts: facts.ready or trouble(facts, ensemble.now_s) is not None, facts.starts_s)
            if ensemble.player is None or not ensemble.facts.ready:
                return False, Evidence.NONE, before_sound(ensemble).reason or Reason.STOPPED_BY_OPERATOR, None
            ensemble.player.start(facts.starts_s)
            ended_by = await Sounding(self._stage, ensemble, None, self._output, None).to_the_end()
            said = verdict(ensemble.facts, ended_by, Seconds(0.0))
        whole = said.outcome is Outcome.PLAYED
        return whole, said.evidence, None if whole else said.reason, said.start_error_ms

    def _watch(self, volume: float, player_pid: int) -> WatchOrder:
        return WatchOrder(
            master=SOUND,
            lead_in_s=LEAD_IN_S,
            tail_s=TAIL_S,
            output=self._output,
            volume=volume,
            player_pid=player_pid,
            starts_monotonic_s=self._ensemble.facts.starts_s,
        )
