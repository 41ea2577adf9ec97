"""One life of the daemon, in the process it is called in: the real daemon on a real record, simulated sound and time.

It tells a witness outside, over a pipe, what it may be held to: each row when it was acknowledged, and what has sounded.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from crash_report import Heard, Told
from crash_season import MARKETS, PLAN, Life, master_length, station, statuses
from crash_weakness import weaken

from broadcaster.clock import Clock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event
from broadcaster.journal.row import Row
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.simulated import (
    Hall,
    SimulatedPlayers,
    SimulatedRepertoire,
    SimulatedSpeakers,
    SimulatedWitnesses,
    Sounded,
)
from broadcaster.playout.simulated_time import LoopAlarms, SimulatedClock, SimulatedLoop
from broadcaster.playout.stage import Equipment, Teller
from broadcaster.store import schema

T = TypeVar("T")

CHECKPOINT_PAGES = 12
"""How full the write-ahead log may get before it is moved into the database; as shipped a thousand pages, which take days."""


class OneThread(SimulatedLoop):
    """Does at once, in its own thread, what the daemon gives to others: each run writes and syncs in the same order."""

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> "asyncio.Future[T]":  # type: ignore[override]
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as problem:
            done.set_exception(problem)
        return done


class Line:
    """The line to the witness outside. Each word is written at once and whole: what was told before a crash is known."""

    def __init__(self, descriptor: int, clock: Clock) -> None:
        self._descriptor = descriptor
        self._clock = clock
        self.sounds: list[Sounded] = []

    def tell(self, **words: Any) -> None:
        """What has been so until now: the moment, the seconds of master that each sound has sounded, and ``words``."""
        now = self._clock.now()
        heard = tuple(
            Heard(
                sink=sound.sink,
                began=now.utc - timedelta(seconds=now.monotonic_s - sound.begins_s),
                for_s=max(0.0, sound.until(now.monotonic_s) - sound.begins_s),
            )
            for sound in self.sounds
        )
        os.write(self._descriptor, Told(now.utc, heard, **words).line())


class ToldSounds(list[Sounded]):
    """The truth of what sounds; each beginning is told."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line
        line.sounds = self

    def append(self, sound: Sounded) -> None:
        super().append(sound)
        self._line.tell()


def tell_of(journal: Journal, line: Line) -> None:
    """From now on each row is told of as it is acknowledged."""
    honest = journal.append

    def append(event: Event) -> Row:
        line.tell()
        row = honest(event)
        line.tell(row=row.play, digest=row.hash, kind=event.kind, airing=getattr(event, "airing", None))
        return row

    journal.append = append  # type: ignore[method-assign]


class SilentTeller:
    """Tells nobody."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_: None


def live(life: Life, root: Path, migrations: Path, report: int) -> None:
    """Live it. Returns when it has ended in order."""
    if life.next_release:
        schema.MIGRATIONS = migrations
        schema.REVISIONS = (*schema.REVISIONS, "next")
    weaken(life.weakness)
    with asyncio.Runner(loop_factory=OneThread) as runner:
        runner.run(_live(life, root, report))
    if threading.active_count() > 1:
        raise AssertionError([thread.name for thread in threading.enumerate()])


async def _live(life: Life, root: Path, report: int) -> None:
    loop = asyncio.get_running_loop()
    clock = SimulatedClock(loop, life.start, life.boot)
    line = Line(report, clock)
    line.tell()
    lasts_s = (life.until - life.start).total_seconds()
    if life.dies:
        loop.call_later(lasts_s, os.kill, os.getpid(), signal.SIGKILL)
    await _daemon(root, clock, line).run(None if life.dies else lasts_s, signals=False)
    line.tell(over=True)


def _daemon(root: Path, clock: SimulatedClock, line: Line) -> Daemon:
    hall = Hall(master_length, sounded=ToldSounds(line))
    players = SimulatedPlayers(hall)
    here = station(root)
    return Daemon(
        Setting(
            station=here,
            plan=PLAN,
            markets=MARKETS,
            clock=clock,
            equipment=Equipment(players, SimulatedWitnesses(hall, players), SimulatedSpeakers(hall)),
            teller=cast("Teller", SilentTeller()),
            repertoire=lambda _record: SimulatedRepertoire(statuses()),
            database=here.database,
            alarms=LoopAlarms,
            open_journal=lambda url, clock, zone: _opened(url, clock, zone, line),
        )
    )


def _opened(url: str, clock: Clock, zone: ZoneInfo, line: Line) -> Journal:
    """As the daemon opens it."""
    journal = Setting.open_journal(url, clock, zone)
    tell_of(journal, line)
    journal.store.driver().execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    return journal
