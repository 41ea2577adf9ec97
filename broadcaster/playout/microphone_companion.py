"""Lives beside the airings where the protection officer has allowed a microphone: each play there is listened to.

The rows say where; they are looked at every second, so that whoever switches one off is obeyed at once. An airing is never
waited for, changed or told: it is looked at from here.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from statistics import median

from broadcaster.errors import RecordUnavailable
from broadcaster.journal.events import Ended, Listened
from broadcaster.journal.row import Row
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.model import AiringId, Hearing, MarketId
from broadcaster.playout.companions import Beside
from broadcaster.playout.microphone import MicrophoneChild
from broadcaster.playout.microphone_sitting import Open, Sitting
from broadcaster.playout.performance import Performance
from broadcaster.playout.stage import Stage

LOOK_S = 1.0
CLOSE_LOOK_S = 0.5
"""While something is listened to."""
REMEMBERED = 20
"""So many of the last plays tell how loud one usually comes."""

Tell = Callable[[Ended, Listened], None]
"""Tells the people in front of the program of a play that left the computer and did not come out in the market."""

log = logging.getLogger(__name__)


class Microphones:
    """A companion."""

    def __init__(self, tell: Tell, open_: Open = MicrophoneChild.open) -> None:
        self._tell = tell
        self._open = open_
        self._on: dict[MarketId, str] = {}
        self._seen: object = None
        self._sittings: dict[AiringId, asyncio.Task[None]] = {}

    async def __call__(self, beside: Beside) -> None:
        try:
            while True:
                await self._learn(beside.bill.stage)
                for performance in list(beside.bill.performances.values()):
                    self._sit_down(beside.bill.stage, performance)
                await asyncio.sleep(CLOSE_LOOK_S if self._sittings else LOOK_S)
        finally:
            for sitting in self._sittings.values():
                sitting.cancel()

    async def _learn(self, stage: Stage) -> None:
        """Where a microphone may listen now."""
        try:
            version = await stage.record.changes()
            if version != self._seen:
                self._on = decide(await stage.record.rows(DECISIONS)).microphones
                self._seen = version
        except (RecordUnavailable, OSError) as problem:
            log.warning("it is not known where microphones may listen, so none does: %s", problem)
            self._on, self._seen = {}, None

    def _sit_down(self, stage: Stage, performance: Performance) -> None:
        airing, source = performance.promise.airing, self._on.get(performance.promise.market)
        if source is None or airing in self._sittings or performance.sounds:
            return
        sitting = asyncio.create_task(self._sit(stage, performance, source))
        self._sittings[airing] = sitting
        sitting.add_done_callback(lambda _done: self._sittings.pop(airing))

    async def _sit(self, stage: Stage, performance: Performance, source: str) -> None:
        try:
            await self._listen(stage, performance, source)
        except Exception:  # what listens is no part of an airing, and ends none
            log.exception("%s was not listened to as it should", performance.promise.airing)

    async def _listen(self, stage: Stage, performance: Performance, source: str) -> None:
        market = performance.promise.market
        sitting = Sitting(
            stage,
            performance,
            source,
            self._open,
            wanted=lambda: self._on.get(market) == source,
            usual_db=await self._usual(stage, market, source),
        )
        listened = await sitting.to_the_end()
        if listened is None:
            return
        await stage.record.insist(listened)
        log.info("%s: the microphone says %s %s", listened.airing, listened.hearing, listened.problem or "")
        if performance.ended is not None and listened.contradicts(performance.ended):
            self._tell(performance.ended, listened)

    async def _usual(self, stage: Stage, market: MarketId, source: str) -> float | None:
        try:
            return usual_db(await stage.record.rows((Listened,)), market, source)
        except (RecordUnavailable, OSError):
            return None


def usual_db(rows: Iterable[Row], market: MarketId, source: str) -> float | None:
    """How loud the last plays that were heard came to this microphone, dB relative to full scale; ``None``: none was. Pure."""
    levels = [
        row.event.heard_db
        for row in rows
        if isinstance(row.event, Listened)
        and (row.event.market, row.event.source, row.event.hearing) == (market, source, Hearing.HEARD)
        and row.event.heard_db is not None
    ]
    return median(levels[-REMEMBERED:]) if levels else None
