"""An event loop without threads and without chance: the same story runs the same way every time, and can be cut anywhere.

What a thread would do is done in the loop itself, in order, each piece as much later as the disk is slow. Nothing sleeps and
nothing is polled, so a play of a minute takes some hundredths of a second.
"""

import asyncio
import selectors
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


class Killed(KeyboardInterrupt):
    """``kill -9``, or the light going out: nothing more is done. Of a kind that asyncio lets through at once."""


class _Steps(selectors.DefaultSelector):
    """Waits for nothing; counts the loop's steps, and ends everything at one of them."""

    def __init__(self, now_s: float) -> None:
        super().__init__()
        self.now_s = now_s
        self.left: int | None = None
        """Steps until the process is killed; ``None``: it is not."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Killed
        self.now_s += timeout or 0.0
        return []


@dataclass
class _Work:
    do: Callable[[], Any]
    done: "asyncio.Future[Any]"


class SteppedLoop(asyncio.SelectorEventLoop):
    """``begins_s``: what its time, ``CLOCK_MONOTONIC``, begins with. ``lag``: how long a piece of threads' work takes.

    Without a lag it takes no time at all.
    """

    def __init__(self, begins_s: float = 0.0, lag: Callable[[], float] | None = None) -> None:
        self._steps = _Steps(begins_s)
        self._lag = lag
        self._queues: dict[int, deque[_Work]] = {}
        super().__init__(self._steps)

    def time(self) -> float:
        return self._steps.now_s

    def leap(self, to_s: float) -> None:
        """Let time pass in which nothing happens; what would have been done meanwhile is done once, at its end."""
        self._steps.now_s = max(self._steps.now_s, to_s)

    @property
    def busy(self) -> bool:
        """Whether something that was given to a thread is not done yet."""
        return any(self._queues.values())

    def settle(self) -> None:
        """Finish what takes no time: a piece of life may have ended just where something was given to a thread."""
        while self._lag is None and self.busy:
            self.run_until_complete(asyncio.sleep(0))

    def kill_after(self, steps: int | None) -> None:
        """Kill the process so many steps from now: between any two things that it does. ``None``: after all, do not."""
        self._steps.left = steps

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> "asyncio.Future[T]":  # type: ignore[override]
        """Each executor has one worker: what it was given first is done first."""
        work = _Work(lambda: func(*args), self.create_future())
        queue = self._queues.setdefault(id(executor), deque())
        queue.append(work)
        if len(queue) == 1:
            self._begin(queue)
        return work.done

    def _begin(self, queue: deque[_Work]) -> None:
        self.call_later(self._lag() if self._lag else 0.0, self._finish, queue)

    def _finish(self, queue: deque[_Work]) -> None:
        """What is begun is finished, whoever has stopped waiting; what is not begun can still be called off."""
        work = queue[0]
        try:
            _give(work)
        finally:
            queue.popleft()
            while queue and queue[0].done.cancelled():
                queue.popleft()
            if queue:
                self._begin(queue)


def _give(work: _Work) -> None:
    try:
        result = work.do()
    except Exception as problem:
        if not work.done.cancelled():
            work.done.set_exception(problem)
    else:
        if not work.done.cancelled():
            work.done.set_result(result)
