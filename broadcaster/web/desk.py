"""What pages need of the station: one desk for the whole panel, used from many threads."""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

from broadcaster.clock import Clock
from broadcaster.config import Station, load_station
from broadcaster.config.keys import FILE
from broadcaster.errors import BroadcasterError
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event, PinSet
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.library.decisions import DECISIONS, Decisions, decide
from broadcaster.model import Plan
from broadcaster.playout.control import Answer
from broadcaster.playout.messenger import Messenger, nudge
from broadcaster.playout.orders import Status
from broadcaster.schedule.load import load_plan
from broadcaster.store.engine import Store, open_to_read
from broadcaster.web.notes import Notes
from broadcaster.web.sessions import Sessions
from broadcaster.web.tries import Tries
from broadcaster.web.watch import Watcher

T = TypeVar("T")


class Desk:
    """Of one station's folder. What has not changed on disk or in the record is not read again."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self.root = root.resolve()
        self.clock = clock
        self.sessions = Sessions()
        self.tries = Tries()
        self.notes = Notes()
        self.watcher = Watcher(self._look)
        self._lock = threading.RLock()
        """Of the connection that stays."""
        self._making: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        """Who is slow to make one thing keeps nobody from another."""
        self._kept: dict[str, tuple[object, object]] = {}
        self._store: tuple[object, Store] | None = None

    @property
    def station(self) -> Station:
        """As ``config.toml`` says now.

        :raises ConfigurationError: it has faults.
        """
        return self._once("station", _mark(self.root / FILE), lambda: load_station(self.root))

    def plan(self) -> Plan:
        """What the season files promise now.

        :raises ConfigurationError: they have faults.
        """
        station = self.station
        files = sorted(station.schedules.glob("*.toml"))
        mark = (_mark(self.root / FILE), *((path.name, _mark(path)) for path in files))
        return self._once("plan", mark, lambda: load_plan(station))

    def now(self) -> datetime:
        """The time, in the station's zone."""
        return self.clock.now().utc.astimezone(self.station.timezone)

    def journal(self) -> Journal:
        """The record, to write: ``with desk.journal() as journal``.

        :raises RecordUnavailable: it cannot be opened.
        """
        return Journal.open(self.station.database, self.clock, self.station.timezone)

    def rows(self, kinds: Collection[type[Event]] | None = None) -> list[Row]:
        """The rows that count here, or those of these kinds only; none when there is no record yet. Makes none.

        :raises RecordUnavailable: it cannot be read.
        """
        return read(self.station.database, kinds=kinds)

    def decisions(self) -> Decisions:
        """What has been decided about people, voices, helplines and episodes; to be read only.

        :raises RecordUnavailable: the record cannot be read.
        """
        return self._once("decisions", self.version(), lambda: decide(self.rows(DECISIONS)))

    def pins_set(self, code: str) -> int:
        """How often the code was given a PIN.

        :raises RecordUnavailable: the record cannot be read.
        """
        kept = self._once("pins", self.version(), lambda: Counter(map(_code_of, self.rows([PinSet]))))
        return kept[code]

    def version(self) -> object:
        """Something that differs from the last answer when a row has come onto the record.

        :raises RecordUnavailable: it cannot be read.
        """
        with self._lock:
            store = self._reading()
            return None if store is None else (id(store), store.data_version())

    def messenger(self) -> Messenger:
        """Who carries orders to the daemon; a ``config.toml`` with faults hinders no stop."""
        return Messenger(self.root, lambda: tuple(self.station.markets), self.journal)

    def nudge(self) -> None:
        """Tell a daemon that listens to look now at what was decided. Nobody need be there."""
        nudge(self.root)

    def _look(self) -> tuple[object, Answer | None]:
        """What the watcher compares: the record's version, and what the daemon says."""
        try:
            version = self.version()
        except BroadcasterError:
            version = None
        try:
            return version, self.messenger().ask(Status())
        except (BroadcasterError, OSError):
            return version, None

    def close(self) -> None:
        """Let go of the record."""
        with self._lock:
            if self._store is not None:
                self._store[1].close()
                self._store = None

    def _once(self, name: str, mark: object, make: Callable[[], T]) -> T:
        """What was made at this mark, or is made now."""
        with self._making[name]:
            kept = self._kept.get(name)
            if kept is None or kept[0] != mark:
                kept = (mark, make())
                self._kept[name] = kept
            return cast("T", kept[1])  # one kind of thing lies under one name

    def _reading(self) -> Store | None:
        """A connection that stays, opened anew when another database lies in its place."""
        url = self.station.database
        mark = (url, _place(self._store[1].path) if self._store is not None else None)
        if self._store is not None and self._store[0] != mark:
            self.close()
        if self._store is None:
            store = open_to_read(url)
            if store is None:
                return None
            self._store = ((url, _place(store.path)), store)
        return self._store[1]


def _code_of(row: Row) -> str:
    return row.event.code if isinstance(row.event, PinSet) else ""


def _mark(path: Path) -> object:
    """Something that differs when a file has changed."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _place(path: Path) -> object:
    try:
        return path.stat().st_ino
    except OSError:
        return None
