"""The clock that the daemon goes by: the machine's, judged with what the record and the operator know of the time."""

import threading
from collections.abc import Callable
from dataclasses import replace

from broadcaster.clock.belief import Belief, Known, judge
from broadcaster.clock.reading import Clock, Instant


class Timekeeper:
    """A :class:`Clock` whose trust is the whole truth. Any thread may ask it."""

    def __init__(self, clock: Clock, known: Known = Known()) -> None:  # noqa: B008  a frozen value
        self._clock = clock
        self._known = known
        self._changing = threading.Lock()

    def now(self) -> Instant:
        return self.judged()[0]

    def judged(self) -> tuple[Instant, Belief]:
        """One reading, and why it is believed or not."""
        with self._changing:
            read = self._clock.now()
            belief = judge(read, self._known)
            self._known = self._known.lived(read, belief)
        return (read if read.trust is belief.trust else replace(read, trust=belief.trust)), belief

    def learn(self, more: Callable[[Known], Known]) -> None:
        """From now on it knows what ``more`` makes of what it knew."""
        with self._changing:
            self._known = more(self._known)
