"""The sound of one play, from its first word to its last: put on record, kept inside its window, broken off in need."""

import math
from datetime import datetime

from broadcaster.clock import Instant
from broadcaster.journal.events import Heartbeat
from broadcaster.model import Output, PlayId, Reason
from broadcaster.playout.ensemble import Ensemble
from broadcaster.playout.stage import Stage
from broadcaster.playout.verdict import Cut, Facts, trouble
from broadcaster.playout.witness import Alarm

HEARTBEAT_S = 5.0
"""What a power cut can take from a play's record."""
LOOK_S = 2.0
"""How often the output is looked for while no witness listens to it."""
SETTLE_S = 0.3
"""How long to look whether a lost sound is only the player's death."""
LAST_WORDS_S = 1.0
"""How long after the master's end a witness's last word is waited for, before it is asked for."""


class Sounding:
    """One play that sounds on ``output`` and must be silent at ``cut_at``; a sound that is no ``play`` has no heartbeat."""

    def __init__(
        self, stage: Stage, ensemble: Ensemble, play: PlayId | None, output: Output, cut_at: datetime | None
    ) -> None:
        self._stage = stage
        self._ensemble = ensemble
        self._play = play
        self._output = output
        self._cut_at = cut_at
        self._cut_s = _moment_s(cut_at, stage.clock.now())
        self._beat_s = self._look_s = ensemble.now_s

    async def to_the_end(self) -> Reason | None:
        """Until all has been said; the trouble that ended it earlier, if any. The first heartbeat says that it began."""
        ensemble = self._ensemble
        while not _all_said(ensemble.facts, ensemble.now_s):
            self._beat()
            self._close_window()
            await self._look_for_output()
            ended_by = trouble(ensemble.facts, ensemble.now_s)
            if ended_by is not None:
                return await self._break_off(ended_by)
            await ensemble.step(self._beat_s)
        await ensemble.last_word()
        return None

    def _beat(self) -> None:
        facts = self._ensemble.facts
        if self._ensemble.now_s >= self._beat_s:
            if self._play is not None:
                self._stage.record.post(Heartbeat(self._play, facts.heard_s, facts.evidence))
            self._beat_s += HEARTBEAT_S

    def _close_window(self) -> None:
        """By the clock as it is now and as it was when the sound began: set back meanwhile, it gives no minute more."""
        if self._cut_at is None or self._ensemble.facts.finished_s is not None:
            return
        now = self._stage.clock.now()
        if now.utc >= self._cut_at or now.monotonic_s >= self._cut_s:
            self._ensemble.take(Cut(Reason.WINDOW_CLOSED))

    async def _look_for_output(self) -> None:
        """A player believes to play with no sound server at all: without a witness the output itself is asked after."""
        if not self._ensemble.facts.witness_failed or self._ensemble.now_s < self._look_s:
            return
        found = await self._stage.equipment.speakers.find(self._output)
        if found is None:
            self._ensemble.take(Alarm(Reason.AUDIO_LOST))
        elif found.muted or found.volume == 0:
            self._ensemble.take(Alarm(Reason.SILENT_OUTPUT))
        self._look_s = self._ensemble.now_s + LOOK_S

    async def _break_off(self, ended_by: Reason) -> Reason:
        """End the sound before its time and hear the witness; why it ended, now that both have spoken."""
        ensemble = self._ensemble
        if ended_by is Reason.AUDIO_LOST and await ensemble.wait(_gone, ensemble.now_s + SETTLE_S):
            ended_by = Reason.PLAYER_CRASHED
        await ensemble.silence(gently=ensemble.facts.cut is not None)
        await ensemble.last_word()
        return ended_by


def _moment_s(moment: datetime | None, now: Instant) -> float:
    """In seconds of ``CLOCK_MONOTONIC``, as the wall clock stands ``now``; of no moment: never."""
    return math.inf if moment is None else now.monotonic_s + (moment - now.utc).total_seconds()


def _gone(facts: Facts) -> bool:
    return facts.gone


def _all_said(facts: Facts, now_s: float) -> bool:
    """The witness's last word on the whole, or, without a witness, the player's end."""
    if facts.witnessed and facts.heard is not None:
        return facts.heard.final or now_s > facts.over_s + LAST_WORDS_S
    return facts.finished_s is not None and (facts.witness_failed or now_s > facts.over_s)
