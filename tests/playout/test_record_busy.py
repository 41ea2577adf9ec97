"""Another program holds the database for a minute: the sound comes on the minute, and everything arrives."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from held_database import held
from simulated_station import TEN, World, before

from broadcaster.clock import SystemClock
from broadcaster.journal.append import Journal
from broadcaster.journal.copy import SecondCopy, copy_of
from broadcaster.journal.events import UNANSWERED, Ended, Heartbeat, Intent, RecordIncident, Stopped
from broadcaster.journal.proofs import agreement
from broadcaster.journal.reading import read, verify_at
from broadcaster.model import Outcome, Reason
from broadcaster.playout import attempt, record
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.record import RecordWriter
from broadcaster.playout.simulated_time import SimulatedClock
from broadcaster.store.engine import database_path


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a lock costs real time, of which the simulated minute knows nothing."""
    monkeypatch.setattr(record, "BRIEFLY_S", 0.02)


Meanwhile = Callable[[Daemon, SimulatedClock], Coroutine[Any, Any, None]]


def held_between(world: World, begin: float, end: float, during: Callable[[], None] = lambda: None) -> Meanwhile:
    """From so long after ten until so long after ten."""

    async def meanwhile(_daemon: Daemon, clock: SimulatedClock) -> None:
        async def until(seconds: float) -> None:
            await asyncio.sleep((TEN + timedelta(seconds=seconds) - clock.now().utc).total_seconds())

        await until(begin)
        with held(database_path(world.station.database)):
            await until((begin + end) / 2)
            during()
            await until(end)

    return meanwhile


def test_the_first_word_comes_on_the_minute_recorded_in_the_second_copy_and_every_row_arrives(tmp_path: Path) -> None:
    """Held from 30 seconds before until 30 after: over the intent, the first word, the heartbeats and the end."""
    world = World(tmp_path)
    url = world.station.database
    seen: dict[str, list[type]] = {}

    def look() -> None:
        copy = SecondCopy(copy_of(database_path(url)))
        seen["database"] = [type(row.event) for row in read(url)]
        seen["copy"] = [Intent for each in copy.records() if each.kind == Intent.kind]

    world.live(before(60), 150, meanwhile=held_between(world, -30, 30, look))
    assert Intent not in seen["database"]
    assert seen["copy"] == [Intent, Intent]
    rows = read(url)
    for name in ("norte", "sur"):
        ended = world.ended(name)
        assert (ended.outcome, ended.reason, float(ended.late_s)) == (Outcome.PLAYED, Reason.ON_TIME, 0.0)
        [intent] = [row for row in rows if isinstance(row.event, Intent) and row.event.market == name]
        assert ended.play == intent.play
        beats = [
            row.event.heard_s for row in rows if isinstance(row.event, Heartbeat) and row.event.play == intent.play
        ]
        assert len(beats) >= 4
        assert beats == sorted(beats)
    [incident] = [row.event for row in rows if isinstance(row.event, RecordIncident)]
    assert incident.what == UNANSWERED
    assert incident.recovered >= 2
    last_beat = max(at for at, row in enumerate(rows) if isinstance(row.event, Heartbeat))
    assert last_beat < max(at for at, row in enumerate(rows) if isinstance(row.event, Ended))
    assert verify_at(url).intact
    found = agreement(url)
    assert found is not None
    assert (found.lacking, found.agrees) == (0, True)


def test_heartbeats_and_the_end_wait_for_a_database_that_is_held_during_the_play(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(before(60), 150, meanwhile=held_between(world, 3, 63))
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PLAYED, Reason.ON_TIME)
    beats = [row.event for row in world.rows() if isinstance(row.event, Heartbeat)]
    assert len(beats) >= 8
    assert verify_at(world.station.database).intact


def test_what_sounded_is_on_record_though_the_program_ends_before_the_database_answers(tmp_path: Path) -> None:
    """Held from before the intent until after the daemon has ended in order: nothing is told as unheard that was heard."""
    world = World(tmp_path)
    with ExitStack() as holding:

        async def meanwhile(_daemon: Daemon, clock: SimulatedClock) -> None:
            await asyncio.sleep((TEN - timedelta(seconds=30) - clock.now().utc).total_seconds())
            holding.enter_context(held(database_path(world.station.database)))

        world.live(before(60), 120, meanwhile=meanwhile)
        assert not any(isinstance(row.event, Intent | Ended) for row in world.rows())
    assert len(world.voices()) == 1
    world.live(before(-600), 10)
    for name in ("norte", "sur"):
        assert (world.ended(name).outcome, world.ended(name).reason) == (Outcome.PLAYED, Reason.ON_TIME)
    stopped = [row.event.cause for row in world.rows() if isinstance(row.event, Stopped)]
    assert len(stopped) == 2
    assert verify_at(world.station.database).intact


def test_what_the_second_copy_alone_took_is_in_the_database_as_soon_as_that_answers(tmp_path: Path) -> None:
    """Held until twenty seconds after the end; no other row comes that would bring it in."""
    world, seen = World(tmp_path), list[type]()

    async def meanwhile(daemon: Daemon, clock: SimulatedClock) -> None:
        await held_between(world, -30, 40)(daemon, clock)
        await asyncio.sleep(5)
        seen.extend(type(row.event) for row in world.rows())

    world.live(before(60), 150, meanwhile=meanwhile)
    assert (seen.count(Intent), seen.count(Ended)) == (2, 2)


@pytest.mark.parametrize("killed_s", [8.0, 14.0])
def test_killed_while_the_database_is_held_it_has_claimed_all_but_the_last_two_heartbeats(
    tmp_path: Path, killed_s: float
) -> None:
    world = World(tmp_path)
    with ExitStack() as holding:

        async def meanwhile(_daemon: Daemon, clock: SimulatedClock) -> None:
            await asyncio.sleep((TEN - timedelta(seconds=30) - clock.now().utc).total_seconds())
            holding.enter_context(held(database_path(world.station.database)))

        world.live_until_killed(before(60), 60 + killed_s, "one", meanwhile=meanwhile)
    world.live(before(-600), 10)
    ended = world.ended()
    assert (ended.outcome, ended.reason) == (Outcome.PARTIAL, Reason.PROCESS_DIED)
    assert killed_s - 10.5 <= ended.played_s <= killed_s


def test_when_neither_takes_the_intent_nothing_sounds_until_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held past the minute, and no second copy to write into: late within the grace, and never before it is on record."""
    monkeypatch.setattr(attempt, "COPY_S", 100.0)  # no waiting for a lock that simulated time does not know
    world = World(tmp_path)
    copy = copy_of(database_path(world.station.database))

    async def meanwhile(daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(10)
        copy.rename(copy.with_suffix(".away"))
        copy.mkdir()
        await held_between(world, -30, 30)(daemon, clock)
        copy.rmdir()

    world.live(before(60), 300, meanwhile=meanwhile)
    ended = world.ended()
    assert (ended.outcome, ended.reason) == (Outcome.PLAYED, Reason.LATE)
    assert 30 <= ended.late_s < 45
    [(begin, _end)] = world.voices()
    assert begin >= 60 + 30
    found = agreement(world.station.database)
    assert found is not None
    assert (found.lacking, found.agrees) == (0, True)


def test_when_neither_takes_it_within_the_grace_it_is_missed_for_want_of_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "COPY_S", 100.0)
    world = World(tmp_path)
    copy = copy_of(database_path(world.station.database))

    async def meanwhile(daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(10)
        copy.unlink()
        copy.mkdir()
        await held_between(world, -30, 620)(daemon, clock)
        with suppress(OSError):
            copy.rmdir()

    world.live(before(60), 800, meanwhile=meanwhile)
    assert world.hall.sounded == []
    assert not any(isinstance(row.event, Intent) for row in world.rows())
    assert (world.ended().outcome, world.ended().reason) == (Outcome.MISSED, Reason.RECORD_UNAVAILABLE)
    with sqlite3.connect(database_path(world.station.database)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_the_second_copy_alone_has_is_on_record_for_whoever_reads_it_in_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what has its end already would be given another one by a clock that is believed again meanwhile."""
    monkeypatch.setattr(record, "PATIENCE_S", 0.0)
    world = World(tmp_path)
    world.live(before(60), 10)
    url = world.station.database
    writer = RecordWriter(Journal.open(url, SystemClock(), world.station.timezone))

    async def read_while_held() -> None:
        with held(database_path(url)):
            row = await writer.insist(Stopped("while it was held"))
            assert row not in read(url)
            assert (await writer.rows())[-1] == (await writer.rows_to_recover())[-1] == row
            assert await writer.rows((Intent,)) == []
        while row not in read(url):
            await asyncio.sleep(0.1)
        assert (await writer.rows()).count(row) == 1
        await writer.close()

    asyncio.run(read_while_held())
