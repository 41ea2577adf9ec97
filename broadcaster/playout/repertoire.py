"""What the daemon asks the library: may this episode air, where is its master, has anything been decided since."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

from broadcaster.config import Station
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import master_path, statuses
from broadcaster.library.decisions import DECISIONS
from broadcaster.model import EpisodeNumber, EpisodeStatus
from broadcaster.store.engine import database_path
from broadcaster.store.problems import RecordDamaged

Statuses = Mapping[EpisodeNumber, EpisodeStatus]


class Repertoire(Protocol):
    """The library as playout sees it."""

    async def statuses(self, today: date, only: Collection[EpisodeNumber] | None = None) -> Statuses:
        """Every known episode, or ``only`` these; gates and master are checked now."""

    def master(self, number: EpisodeNumber) -> Path:
        """Where the episode's master lies."""

    async def version(self) -> object:
        """Something that differs when a decision may have been written in between. Quick."""


class StationRepertoire:
    """The station's episodes, and the decisions in its database, read afresh each time and never written.

    ``samples_may_air``: in rehearsals. ``not_before``: a day before which nothing is judged, for one that is aloud: what may
    be heard is what may be heard today, whatever day it plays. ``mend``: puts a damaged record right.
    """

    def __init__(
        self,
        station: Station,
        version: Callable[[], Awaitable[object]],
        *,
        samples_may_air: bool = False,
        not_before: date = date.min,
        mend: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._station = station
        self._version = version
        self._mend = mend
        self._samples_may_air = samples_may_air
        self._not_before = not_before

    async def statuses(self, today: date, only: Collection[EpisodeNumber] | None = None) -> Statuses:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(None, self._read, today, only)
        except RecordDamaged:
            if self._mend is None:
                raise
            await self._mend()
            return await loop.run_in_executor(None, self._read, today, only)

    def _read(self, today: date, only: Collection[EpisodeNumber] | None) -> Statuses:
        rows = read(self._station.database, kinds=DECISIONS)
        day = max(today, self._not_before)
        return statuses(self._station, rows, day, samples_may_air=self._samples_may_air, only=only)

    def master(self, number: EpisodeNumber) -> Path:
        return master_path(self._station, number)

    async def version(self) -> object:
        return await self._version()


def file_version(database: str) -> Callable[[], Awaitable[object]]:
    """A version for somebody who does not hold the database open: time and size of its files."""
    path = database_path(database)
    files = (path, path.with_name(f"{path.name}-wal"))

    async def version() -> object:
        return tuple(_seen(file) for file in files)

    return version


def _seen(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:  # SQLite takes its log away whenever its last user leaves
        return None
    return found.st_mtime_ns, found.st_size
