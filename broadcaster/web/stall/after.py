"""Orders whose end is known only when the sound is over: begun, and what came of it told as soon as it is known.

Whoever touches PROBAR does not wait twelve seconds for her page.
"""

import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from broadcaster.errors import BroadcasterError
from broadcaster.model import MarketId
from broadcaster.web.stall.words import said

SOON_S = 1.5
"""What is refused is refused within this time."""
KEPT_S = 180.0
"""How long what came of it stays on the screen."""

Saying = Callable[[], str]
"""Says how it ended, in the language spoken when it is called."""
Order = Callable[[], Saying | None]
"""Gives it and waits for its end; ``None`` where the screen itself shows what came of it."""


@dataclass(frozen=True)
class Told:
    """What came of an order."""

    say: Saying
    good: bool
    at_s: float
    """Seconds of a clock that never jumps."""


class Afterwards:
    """Of one panel. Safe from any thread."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._now_s = monotonic_s
        self._told: dict[MarketId, Told] = {}
        self._lock = threading.Lock()

    def begin(self, market: MarketId, order: Order) -> bool:
        """Give the order, wait for an early end; whether it is over already.

        :raises BroadcasterError: it was refused before long.
        """
        ends: SimpleQueue[Saying | BroadcasterError | None] = SimpleQueue()
        self.forget(market)
        context = copy_context()
        threading.Thread(target=context.run, args=(self._see_through, market, order, ends), daemon=True).start()
        try:
            end = ends.get(timeout=SOON_S)
        except Empty:
            return False
        if isinstance(end, BroadcasterError):
            self.forget(market)
            raise end
        return True

    def forget(self, market: MarketId) -> None:
        """What came of the last one there is no longer so."""
        with self._lock:
            self._told.pop(market, None)

    def told(self, market: MarketId) -> Told | None:
        """What came of the last one there, for a while."""
        with self._lock:
            found = self._told.get(market)
        return found if found is not None and self._now_s() - found.at_s < KEPT_S else None

    def _see_through(
        self, market: MarketId, order: Order, ends: "SimpleQueue[Saying | BroadcasterError | None]"
    ) -> None:
        try:
            end: Saying | BroadcasterError | None = order()
        except BroadcasterError as refused:
            end = refused
        if end is not None:
            with self._lock:
                self._told[market] = Told(_saying(end), not isinstance(end, BroadcasterError), self._now_s())
        ends.put(end)


def _saying(end: Saying | BroadcasterError) -> Saying:
    return (lambda: said(end)) if isinstance(end, BroadcasterError) else end
