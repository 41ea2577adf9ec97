"""The journal as the daemon writes it: one thread does, so that the loop never waits for the disk."""

import asyncio
import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from broadcaster.errors import RecordUnavailable
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event
from broadcaster.journal.row import Row

T = TypeVar("T")

INSIST_S = 1.0
"""How long between two tries of a row that must be written."""

log = logging.getLogger(__name__)


class RecordWriter:
    """An open journal. Rows are written in the order in which they are asked for."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="record")
        self._posted: set[asyncio.Future[Row]] = set()

    async def append(self, event: Event) -> Row:
        """Durable on return; raises :class:`~broadcaster.errors.RecordUnavailable`."""
        return await self._do(lambda: self._journal.append(event))

    def post(self, event: Event) -> None:
        """Written soon, in order; a row that cannot be written is given up. For heartbeats."""
        writing = asyncio.ensure_future(self.append(event))
        self._posted.add(writing)
        writing.add_done_callback(self._written)

    def _written(self, writing: asyncio.Future[Row]) -> None:
        self._posted.discard(writing)
        if not writing.cancelled() and writing.exception() is not None:
            log.warning("a row could not be written: %s", writing.exception())

    async def insist(self, event: Event) -> Row:
        """Try until it is written. For what became of an airing: it is known once and must not be lost."""
        while True:
            try:
                return await self.append(event)
            except RecordUnavailable as problem:
                log.warning("trying again: %s", problem)
                await asyncio.sleep(INSIST_S)

    async def rows(self, kinds: Collection[type[Event]] | None = None) -> list[Row]:
        """The journal's rows, in order."""
        return await self._do(lambda: self._journal.rows(kinds=kinds))

    async def changes(self) -> tuple[int, int]:
        """Something that differs when another process has written."""
        return await self._do(self._journal.changes)

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def close(self) -> None:
        """Write what was asked for, then close the journal."""
        if self._posted:
            await asyncio.wait(self._posted)
        await self._do(self._journal.close)
        self._thread.shutdown(wait=True)
