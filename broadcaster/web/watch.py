"""Wakes the pages that live, when something has happened: one look a second for all of them together.

However many pages are open, the record is looked at and the daemon asked once a second, and while none is open not at all.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from broadcaster.web.desk import Desk

EVERY_S = 1.0
AT_LEAST_S = 15.0
"""So often pages are woken although nothing has happened: a browser that has gone is noticed, what depends on
the time is shown anew."""
ALWAYS_DIFFERENT = frozenset({"now"})
"""Of what the daemon says: no change."""

T = TypeVar("T")
Seen = tuple[object, Mapping[str, Any] | None]
"""The record's version, and what the daemon answers."""


class Moment:
    """One look. What several pages show of it is made once: :meth:`once`."""

    def __init__(self, seen: Seen = (None, None)) -> None:
        self.version, self.status = seen
        """``status``: what the daemon answers (:mod:`broadcaster.playout.status`); ``None`` where none listens."""
        self._made: dict[Hashable, asyncio.Future[Any]] = {}

    async def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, in a thread; whoever asks for the same key at this moment gets the same thing.

        The key names all that the thing depends on: the page, its language, its market.
        """
        if key not in self._made:
            self._made[key] = asyncio.ensure_future(asyncio.to_thread(make))
        return cast("T", await asyncio.shield(self._made[key]))

    def differs(self, seen: Seen) -> bool:
        """Whether something has happened since. Pure."""
        return (self.version, _lasting(self.status)) != (seen[0], _lasting(seen[1]))


def _lasting(status: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if status is None else {key: value for key, value in status.items() if key not in ALWAYS_DIFFERENT}


class Watcher:
    """Of one panel; lives on the event loop."""

    def __init__(self, look: Callable[[], Seen], every_s: float = EVERY_S) -> None:
        self._look = look
        self._every_s = every_s
        self._pages = 0
        self._task: asyncio.Task[None] | None = None
        self._moment: Moment | None = None
        self._happened = asyncio.Event()
        self.looks = 0
        """How often it has looked."""

    async def moments(self) -> AsyncGenerator[Moment, None]:
        """Now, and then whenever something has happened, at most once a second."""
        self._pages += 1
        try:
            if self._task is None or self._task.done():
                self._moment = None
                self._task = asyncio.create_task(self._go_on())
            while True:
                happened = self._happened
                if self._moment is not None:
                    yield self._moment
                await happened.wait()
        finally:
            self._pages -= 1

    async def _go_on(self) -> None:
        """Look as long as some page is open."""
        now_s = asyncio.get_running_loop().time
        since_s = now_s()
        while self._pages:
            seen = await asyncio.to_thread(self._look)
            self.looks += 1
            if self._moment is None or self._moment.differs(seen) or now_s() - since_s >= AT_LEAST_S:
                self._moment, since_s = Moment(seen), now_s()
                self._happened, before = asyncio.Event(), self._happened
                before.set()
            await asyncio.sleep(self._every_s)


def watch(desk: "Desk") -> AsyncGenerator[Moment, None]:
    """``async for moment in watch(desk)``: see :meth:`Watcher.moments`."""
    return desk.watcher.moments()
