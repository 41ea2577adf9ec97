"""The journal as the daemon writes it: one thread does, so that the loop never waits for the disk.

What must be on record before something happens is asked for and awaited; what has happened already (heartbeats, ends) waits in
one queue, in order, until the record takes it. Where the database does not answer for longer, the second copy alone takes
what waits, so that nothing that sounded is lost with this process, and it comes into the database as soon as that answers. A
database that turns out damaged is put right in between.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from broadcaster.errors import RecordUnavailable
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event
from broadcaster.journal.mend import put_right
from broadcaster.journal.recovering import rows_to_recover
from broadcaster.journal.row import Row
from broadcaster.store.problems import RecordDamaged

T = TypeVar("T")

INSIST_S = 1.0
"""How long between two tries of a row that must be written."""
BRIEFLY_S = 0.5
"""How long a row that can wait waits for a database that another process holds: a sound may want the thread meanwhile."""
PATIENCE_S = 5.0
"""A heartbeat's time: after so long without an answer of the database, the second copy alone takes what has happened."""
LAST_TRIES_S = 5.0
"""How long the end waits for what is still to be written."""

log = logging.getLogger(__name__)


class RecordWriter:
    """An open journal. Rows are written in the order in which they are asked for."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="record")
        self._waiting: deque[tuple[Event, asyncio.Future[Row]]] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._refused_s: float | None = None
        """Since when the database has not answered, by ``CLOCK_MONOTONIC``."""
        self._aside: list[Row] = []
        """This process's rows that the second copy alone has: on record for whoever reads it here."""
        self.answered = 0
        """How many works the thread has finished, well or badly: while it grows, the thread is alive."""

    async def append(self, event: Event) -> Row:
        """Durable on return; raises :class:`~broadcaster.errors.RecordUnavailable`."""
        return await self._do(lambda journal: self._put_down(journal, event))

    async def before_sound(self, event: Event, by_s: float) -> Row:
        """Durable on return: in the database or, should that not answer by then, in the second copy alone.

        ``by_s``: a moment of ``CLOCK_MONOTONIC``.

        :raises RecordUnavailable: neither took it, so nothing may sound.
        """
        return await self._at_once(event, lambda now_s: by_s - now_s)

    async def promptly(self, event: Event) -> Row:
        """The same, for what cannot wait for the database: the last row of a run, and hours in which nothing may sound."""
        return await self._at_once(event, lambda _now_s: BRIEFLY_S)

    async def _at_once(self, event: Event, patience_s: Callable[[float], float]) -> Row:
        row = await self._do(
            lambda journal: self._or_aside(journal, event, patience_s(journal.clock.now().monotonic_s))
        )
        if self._aside:
            self._write_soon()
        return row

    def post(self, event: Event) -> None:
        """Written as soon as it can be, after what was posted before. For heartbeats."""
        self._queue(event)

    async def insist(self, event: Event) -> Row:
        """The same, and wait for it. For what became of an airing: it is known once and must not be lost."""
        return await self._queue(event)

    def _queue(self, event: Event) -> "asyncio.Future[Row]":
        written: asyncio.Future[Row] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, written))
        self._write_soon()
        return written

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write_all())

    async def _write_all(self) -> None:
        """The queue, from its head on, until it is empty and all of it is in the database."""
        while self._waiting or self._aside:
            if not self._waiting:
                await self._bring_in()
                continue
            event, written = self._waiting[0]
            if not written.cancelled() and not await self._write(event, written):
                await asyncio.sleep(INSIST_S)
                continue
            self._waiting.popleft()

    async def _write(self, event: Event, written: "asyncio.Future[Row]") -> bool:
        """Whether that is over."""
        try:
            row = await self._do(lambda journal: self._patiently(journal, event))
        except RecordUnavailable as problem:
            log.warning("trying again: %s", problem)
            return False
        except Exception as problem:
            log.exception("a row could not be written")
            if not written.done():
                written.set_exception(problem)
            return True
        if not written.done():
            written.set_result(row)
        return True

    def _put_down(self, journal: Journal, event: Event) -> Row:
        """In the database, and with it whatever the second copy alone had."""
        row = journal.append(event)
        self._refused_s, self._aside = None, []
        return row

    def _patiently(self, journal: Journal, event: Event) -> Row:
        """What has happened: in the database; where that has not answered for long enough, in the second copy alone."""
        try:
            return _briefly(journal, lambda: self._put_down(journal, event))
        except RecordDamaged:
            raise
        except RecordUnavailable:
            now_s = journal.clock.now().monotonic_s
            self._refused_s = now_s if self._refused_s is None else self._refused_s
            if now_s - self._refused_s < PATIENCE_S:
                raise
            return self._put_aside(journal, event)

    def _or_aside(self, journal: Journal, event: Event, patience_s: float) -> Row:
        """In the database or, should that not answer in time, in the second copy alone."""
        try:
            with journal.patience(patience_s):
                return self._put_down(journal, event)
        except RecordDamaged:
            raise
        except RecordUnavailable as problem:
            row = self._put_aside(journal, event)
            log.warning("the second copy alone has %s: %s", event.kind, problem)
            return row

    def _put_aside(self, journal: Journal, event: Event) -> Row:
        row = journal.append_aside(event)
        self._aside.append(row)
        return row

    async def _bring_in(self) -> None:
        """What the second copy alone has taken, into the database."""
        await asyncio.sleep(INSIST_S)
        with suppress(RecordUnavailable):
            await self._do(self._take_in)

    def _take_in(self, journal: Journal) -> None:
        _briefly(journal, journal.take_in)
        self._refused_s, self._aside = None, []

    async def rows(self, kinds: Collection[type[Event]] | None = None) -> list[Row]:
        """The journal's rows, in order."""
        wanted = (Event,) if kinds is None else tuple(kinds)
        return await self._do(lambda journal: self._with_aside(journal.rows(kinds=kinds), wanted))

    async def rows_to_recover(self) -> list[Row]:
        """All of them but for the heartbeats of plays that have long ended."""
        return await self._do(lambda journal: self._with_aside(rows_to_recover(journal), (Event,)))

    def _with_aside(self, rows: list[Row], kinds: tuple[type[Event], ...]) -> list[Row]:
        """These, and what of these kinds the second copy alone has."""
        if not self._aside:
            return rows
        there = {(row.epoch, row.seq) for row in rows}
        return [
            *rows,
            *(row for row in self._aside if isinstance(row.event, kinds) and (row.epoch, row.seq) not in there),
        ]

    async def changes(self) -> tuple[int, int]:
        """Something that differs when another process has written."""
        return await self._do(lambda journal: journal.changes())

    async def prove(self) -> None:
        """Read and take the right to write, changing nothing; raises :class:`~broadcaster.errors.RecordUnavailable`."""
        await self._do(lambda journal: _briefly(journal, journal.prove))

    async def check(self) -> None:
        """Read the whole of it; what is damaged has been put right on return."""
        await self._do(lambda journal: journal.store.check())

    async def _do(self, work: Callable[[Journal], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._counted, work)

    def _counted(self, work: Callable[[Journal], T]) -> T:
        try:
            return self._mending(work)
        finally:
            self.answered += 1

    def _mending(self, work: Callable[[Journal], T]) -> T:
        try:
            return work(self._journal)
        except RecordDamaged as problem:
            log.error("the record is put right: %s", problem)  # noqa: TRY400  where it was noticed says nothing
            self._journal = put_right(self._journal, problem)
            return work(self._journal)

    async def close(self) -> None:
        """Write what was asked for, as far as the record takes it in a moment, then close the journal."""
        if self._writing is not None and not self._writing.done():
            await asyncio.wait({self._writing}, timeout=LAST_TRIES_S)
            self._writing.cancel()
        for event, _written in self._waiting:
            log.error("never put on record: %s", event.kind)
        await self._do(lambda journal: journal.close())
        self._thread.shutdown(wait=True)


def _briefly(journal: Journal, work: Callable[[], T]) -> T:
    with journal.patience(BRIEFLY_S):
        return work()
