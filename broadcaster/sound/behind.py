"""Work done in a thread behind the one that hands it out: numpy lets go of the interpreter, so two cores can be used."""

import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")
_AHEAD = 4
"""How many pieces may wait: what hands them out is slowed down to the pace of the work, and memory stays bounded."""


class Behind(Generic[T]):
    """Does ``work`` with each piece, in order. What it raises is raised where the next piece is given, or at the end.

    A context manager: left in peace, all is done; left by an exception, what waits is dropped.
    """

    def __init__(self, work: Callable[[T], object]) -> None:
        self._work = work
        self._pieces: queue.Queue[tuple[T] | None] = queue.Queue(_AHEAD)
        self._failed: BaseException | None = None
        self._dropped = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def give(self, piece: T) -> None:
        """The next piece; waits when too many do."""
        self._raise()
        self._pieces.put((piece,))

    def finish(self) -> None:
        """Return when all is done."""
        if self._thread.is_alive():
            self._pieces.put(None)
            self._thread.join()
        self._raise()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self._dropped = True
            self._pieces.put(None)
            self._thread.join()

    def _raise(self) -> None:
        if self._failed is not None:
            raise self._failed

    def _run(self) -> None:
        while piece := self._pieces.get():
            if self._failed is None and not self._dropped:
                try:
                    self._work(*piece)
                except BaseException as failed:
                    self._failed = failed
