"""The player and the witness of one play: their words in one queue, and the facts they come to."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

from broadcaster.clock import Clock
from broadcaster.playout.player import Player, PlayerEvent, PlayerFailed, Players, PlayOrder
from broadcaster.playout.verdict import NO_MONITOR, Facts, Happening, after
from broadcaster.playout.witness import NoMonitor, Noticed, WatchOrder, Witness, Witnesses, WitnessEvent, WitnessFailed

FADE_S = 0.3
"""A voice that is cut is faded out, not chopped."""
UNDER_WAY_S = 0.8
"""How much later a player's fade may be heard: what the sound server holds already sounds before it."""
LAST_WORD_S = 2.0
"""How long a witness may take for its last word."""
STEP_S = 0.25
NOT_MADE = (OSError, RuntimeError)
"""No child can be made; the second where no thread can be, which waits for its end."""
"""The longest pause between two looks at the clock while a play lasts."""
AWAY_S = 0.5
"""A pause longer by this: it was this process that did not run (a starved machine), and what was said meanwhile waits."""

log = logging.getLogger(__name__)


class Ensemble:
    """Both children, from their spawn (``async with``) to their certain end."""

    def __init__(self, clock: Clock, facts: Facts) -> None:
        self.facts = facts
        self.player: Player | None = None
        self.witness: Witness | None = None
        self._clock = clock
        self._happenings: asyncio.Queue[Happening] = asyncio.Queue()
        self._listeners: list[asyncio.Task[None]] = []

    async def spawn(
        self, players: Players, witnesses: Witnesses, order: PlayOrder, watch: Callable[[int], WatchOrder]
    ) -> None:
        """Make both. One that cannot be made has failed; a failed witness is no failed play."""
        try:
            self.player = await players.spawn(order)
        except NOT_MADE as problem:
            self._happenings.put_nowait(PlayerFailed(str(problem)))
            return
        self._listen(self.player.events())
        try:
            self.witness = await witnesses.spawn(watch(self.player.process.pid))
        except NoMonitor as problem:
            self._happenings.put_nowait(Noticed(NO_MONITOR))
            self._happenings.put_nowait(WitnessFailed(str(problem)))
            return
        except NOT_MADE as problem:
            self._happenings.put_nowait(WitnessFailed(str(problem)))
            return
        self._listen(self.witness.events())

    def _listen(self, events: AsyncIterator[PlayerEvent] | AsyncIterator[WitnessEvent]) -> None:
        async def listen() -> None:
            async for event in events:
                self._happenings.put_nowait(event)

        self._listeners.append(asyncio.create_task(listen()))

    @property
    def now_s(self) -> float:
        """``CLOCK_MONOTONIC`` now."""
        return self._clock.now().monotonic_s

    async def step(self, until_s: float) -> None:
        """Take in the next happening, or come back at ``until_s``; after :data:`STEP_S` at the latest."""
        began_s = self.now_s
        patience = min(STEP_S, until_s - began_s)
        if patience <= 0 and self._happenings.empty():
            await asyncio.sleep(0)
            return
        with contextlib.suppress(TimeoutError):
            happening = await asyncio.wait_for(self._happenings.get(), max(patience, 0.001))
            if isinstance(happening, PlayerFailed | WitnessFailed):
                log.warning("%s: %s", type(happening).__name__, happening.problem)
            self.facts = after(self.facts, happening, self.now_s)
        self._excuse(self.now_s - began_s - patience)

    def _excuse(self, away_s: float) -> None:
        """The time in which this process itself did not run is no silence of the player's."""
        if away_s > AWAY_S and self.facts.seen_s is not None:
            self.facts = replace(self.facts, seen_s=min(self.now_s, self.facts.seen_s + away_s))

    async def wait(self, enough: Callable[[Facts], bool], until_s: float) -> bool:
        """Listen until the facts are ``enough`` or it is ``until_s``; whether they are."""
        while not enough(self.facts) and self.now_s < until_s:
            await self.step(until_s)
        return enough(self.facts)

    async def silence(self, *, gently: bool) -> None:
        """End the sound: faded out, or at once."""
        if self.player is None:
            return
        if gently:
            self.player.stop(FADE_S)
            await self.wait(lambda facts: facts.gone, self.now_s + FADE_S + UNDER_WAY_S)
        self.player.kill()

    async def last_word(self) -> None:
        """Let the witness say what it has heard in all."""
        self.facts = replace(self.facts, witness_dismissed=True)
        if self.witness is not None:
            self.witness.end()
            await self.wait(lambda facts: facts.witness_gone, self.now_s + LAST_WORD_S)

    def take(self, happening: Happening) -> None:
        """Something that neither of the two says: the play is to be cut, the output is gone."""
        self._happenings.put_nowait(happening)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in (self.player, self.witness):
            if child is not None:
                child.kill()
        if self._listeners:
            _finished, left = await asyncio.wait(self._listeners, timeout=1.0)
            for listener in left:
                listener.cancel()
