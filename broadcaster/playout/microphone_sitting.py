"""One airing listened to in the market: from half a minute before it until three seconds after, and then one row.

The airing knows nothing of it. What goes wrong here is written into the row, and into no other.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict

from broadcaster.journal.events import Listened
from broadcaster.model import Deaf, Outcome, PlayId
from broadcaster.playout.attempt import Attempt
from broadcaster.playout.microphone import Impression, Microphone, Sought, deaf
from broadcaster.playout.performance import Performance
from broadcaster.playout.stage import Stage

STEP_S = 0.25
"""How often it is looked what became of the airing."""
OPEN_S = 10.0
"""How long it may take to make what listens."""
LAST_WORD_S = 10.0
"""How long after the airing's terminal row its word is waited for: it listens for three seconds more, and reckons."""

Open = Callable[[str], Awaitable[Microphone]]
"""Begins to listen to a capture source. Raises ``OSError``."""

log = logging.getLogger(__name__)


class Sitting:
    """``wanted``: whether the microphone may still listen; ``usual_db``: how loud earlier plays came to it."""

    def __init__(
        self,
        stage: Stage,
        performance: Performance,
        source: str,
        open_: Open,
        *,
        wanted: Callable[[], bool],
        usual_db: float | None = None,
    ) -> None:
        self._stage = stage
        self._performance = performance
        self._source = source
        self._open = open_
        self._wanted = wanted
        self._usual_db = usual_db
        self._microphone: Microphone | None = None
        self._word: asyncio.Task[Impression] | None = None
        self._seeking: Attempt | None = None
        self._ended = False
        self._problem: Deaf | None = None

    async def to_the_end(self) -> Listened | None:
        """Listen until the airing is over; the row that tells of it. ``None``: nothing sounded."""
        try:
            while not self._performance.over.is_set():
                await self._step()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._performance.over.wait(), STEP_S)
            if self._seeking is None or self._seeking.play is None:
                return None
            return self._row(self._seeking.play, await self._impression())
        finally:
            self._close()

    async def _step(self) -> None:
        attempt = self._attempt
        if not self._wanted():
            self._give_up(Deaf.SWITCHED_OFF)
        elif attempt is None and self._seeking is not None:
            self._leave_off(self._seeking)
        elif attempt is None and not self._expected:
            self._close()
        elif self._microphone is None and self._problem is None:
            await self._listen()
        if attempt is not None and attempt is not self._seeking:
            self._seek(attempt)

    @property
    def _attempt(self) -> Attempt | None:
        """The attempt that is being made, once there is somebody to play it: an output that is missing is tried for long."""
        attempt = self._performance.attempt
        return attempt if attempt is not None and attempt.player_pid is not None else None

    @property
    def _expected(self) -> bool:
        """Whether it will sound in a moment, as far as anybody knows."""
        return self._performance.obstacle is None and self._performance.promise.market not in self._stage.held

    async def _listen(self) -> None:
        try:
            async with asyncio.timeout(OPEN_S):
                self._microphone = await self._open(self._source)
        except OSError as problem:  # a timeout is one
            log.warning("no microphone listens to %s: %s", self._performance.promise.airing, problem)
            self._problem = Deaf.NO_ANSWER
            return
        self._word = asyncio.create_task(self._microphone.impression())

    def _seek(self, attempt: Attempt) -> None:
        self._seeking, self._ended = attempt, False
        if self._microphone is not None:
            facts = attempt.facts
            self._microphone.seek(Sought(attempt.file, facts.lead_in_s, facts.tail_s, facts.starts_s, self._usual_db))

    def _leave_off(self, attempt: Attempt) -> None:
        """It sounds no longer; what never sounded is not listened for any further."""
        if attempt.play is None:
            self._close()
            self._seeking = None
        else:
            self._end()

    def _end(self) -> None:
        if self._microphone is not None and self._seeking is not None and not self._ended:
            self._microphone.end(self._over_s(self._seeking))
        self._ended = True

    def _over_s(self, attempt: Attempt) -> float:
        """When it fell silent: what broke off did so before it was put on record."""
        ended = self._performance.ended
        if ended is not None and ended.outcome is Outcome.PARTIAL:
            return attempt.facts.first_word_s + ended.played_s
        return self._stage.clock.now().monotonic_s

    def _give_up(self, problem: Deaf) -> None:
        self._problem = self._problem or problem
        self._close()

    def _close(self) -> None:
        """Nothing listens any more."""
        if self._microphone is not None:
            self._microphone.kill()
        self._microphone = None
        if self._word is not None:
            self._word.cancel()
        self._word = None

    async def _impression(self) -> Impression:
        """Its last word; it may be switched off until then."""
        self._end()
        until_s = self._stage.clock.now().monotonic_s + LAST_WORD_S
        while self._word is not None and not self._word.done() and self._stage.clock.now().monotonic_s < until_s:
            if not self._wanted():
                self._give_up(Deaf.SWITCHED_OFF)
            else:
                await asyncio.wait({self._word}, timeout=STEP_S)
        if self._word is None or not self._word.done():
            return deaf(self._problem or Deaf.NO_ANSWER)
        return self._word.result()

    def _row(self, play: PlayId, impression: Impression) -> Listened:
        promise = self._performance.promise
        return Listened(promise.airing, promise.market, promise.due, play, self._source, **asdict(impression))
