"""The ledger of a station: opened, and caught up with the journal before anybody reads it."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from broadcaster.config import Station
from broadcaster.errors import RecordUnavailable
from broadcaster.reports.ledger.catching import caught_up, step
from broadcaster.reports.ledger.opening import Shelf, file_of, in_file, in_memory, on_server, throw_away
from broadcaster.store.engine import Store, database_path, file_number, is_postgres, open_to_read
from broadcaster.store.problems import RecordDamaged, unavailable

T = TypeVar("T")


@dataclass(frozen=True)
class Sight:
    """Both, as of one moment each; the journal may have gone on since the ledger was caught up."""

    ledger: Connection
    journal: Connection


class Ledger:
    """One station's. From any thread, one after the other."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self._path = database_path(station.database)
        self._turn = threading.RLock()
        self._store: Store | None = None
        self._shelf: Shelf | None = None
        self._file = self._kept_in = 0
        """Which files lay there when the journal was opened, and the ledger."""
        self._version: tuple[int, int] | None = None
        """Of the journal, when the ledger was caught up last."""

    @classmethod
    def open(cls, station: Station) -> Self:
        """The station's ledger. Nothing is read or made yet."""
        return cls(station)

    def look(self, at: Callable[[Sight | None], T]) -> T:
        """What ``at`` finds in the ledger, caught up, and its journal; ``None``: there is no journal yet, and none is made.

        Where the ledger fails, ``at`` is asked once more, of one that was made anew.

        :raises RecordUnavailable: the journal is there and cannot be read.
        :raises UnknownSchema: it was laid out by a newer program or another one.
        :raises UnknownPayload: a row says something this program does not know.
        """
        with self._turn:
            if (store := self._opened()) is None:
                return at(None)
            try:
                return self._look(store, at)
            except (RecordUnavailable, SQLAlchemyError, OSError) as error:
                self._replace(error)
            return self._look(store, at)  # the journal's own fault comes again

    def close(self) -> None:
        """Let go of both. Safe to call twice."""
        with self._turn:
            store, self._store, self._version = self._store, None, None
            shelf, self._shelf = self._shelf, None
            if store is not None:
                store.close()
            if shelf is not None:
                shelf.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _opened(self) -> Store | None:
        """The journal as it lies there now; other files may have taken the place of it, or of the ledger."""
        if self._store is not None and (
            self._file != file_number(self._path) or self._kept_in != file_number(file_of(self._path))
        ):
            self.close()
        if self._store is None:
            self._file = file_number(self._path)
            self._store = open_to_read(self.station.database)
        return self._store

    def _look(self, store: Store, at: Callable[[Sight | None], T]) -> T:
        version, shelf = store.data_version(), self._shelf or self._kept()
        if version != self._version:
            self._catch_up(store, shelf)
            self._version = version
        with store.reading() as journal, shelf.reading() as ledger:
            return at(Sight(ledger, journal))

    def _kept(self) -> Shelf:
        """The ledger in its file, or on the server."""
        zone, url = self.station.timezone, self.station.database
        return self._put(on_server(url, zone) if is_postgres(url) else in_file(file_of(self._path), zone))

    def _put(self, shelf: Shelf) -> Shelf:
        self._shelf, self._kept_in, self._version = shelf, file_number(file_of(self._path)), None
        return shelf

    def _replace(self, error: Exception) -> None:
        """Another in the place of the ledger that failed: in memory, unless it was damaged and can be kept anew."""
        if self._shelf is not None:
            self._shelf.close()
        if isinstance(error, RecordDamaged) or isinstance(unavailable(error, self._path), RecordDamaged):
            throw_away(file_of(self._path))
            with suppress(SQLAlchemyError, OSError):
                self._kept()
                return
        self._put(in_memory(self.station.timezone))

    def _catch_up(self, store: Store, shelf: Shelf) -> None:
        with store.reading() as journal, shelf.reading() as ledger:
            more = not caught_up(journal, ledger)
        while more:
            with store.reading() as journal, shelf.writing() as ledger:
                more = step(journal, ledger, self.station.timezone)
