"""The station's files changed under a running daemon: simulated time, real files, a real journal."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from held_database import held
from simulated_station import SilentTeller, status

from broadcaster.clock import Clock, Instant
from broadcaster.config import Station, load_station
from broadcaster.journal.events import ChangeRefused, Event, PlanAccepted, SettingsTaken
from broadcaster.journal.fold import PlayRecord, plays
from broadcaster.journal.reading import read
from broadcaster.model import ClockTrust, MarketId, Outcome, Reason, Seconds
from broadcaster.playout import record
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.orders import Look, Status
from broadcaster.playout.reload import compare
from broadcaster.playout.simulated import (
    Hall,
    SimulatedPlayers,
    SimulatedRepertoire,
    SimulatedSpeakers,
    SimulatedWitnesses,
)
from broadcaster.playout.simulated_time import LoopAlarms, SimulatedClock, SimulatedLoop
from broadcaster.playout.stage import Equipment
from broadcaster.schedule.load import load_plan
from broadcaster.store.engine import database_path

LIMA = ZoneInfo("America/Lima")
SHIPPED = Path(__file__).parents[2]
TEN = datetime(2021, 6, 18, 10, tzinfo=LIMA)
SEASON = "schedules/2021-junio-julio.toml"
BOSQUE = "el-bosque"

Deed = Callable[["Life"], Awaitable[None]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copy(SHIPPED / "config.toml", tmp_path)
    shutil.copytree(SHIPPED / "schedules", tmp_path / "schedules")
    return tmp_path


@dataclass
class Trusted:
    """A clock that is believed as far as its life says."""

    clock: SimulatedClock
    life: "Life"

    def now(self) -> Instant:
        return replace(self.clock.now(), trust=self.life.trust)


@dataclass
class Life:
    """One life of the daemon on a station's real files; every episode may air and lasts 20 s."""

    root: Path
    hall: Hall = field(default_factory=lambda: Hall(lambda _master: Seconds(24.0)))
    told: list[str] = field(default_factory=list)
    daemon: Daemon = field(init=False)
    trust: ClockTrust = ClockTrust.SHIFTED
    """What the machine says of its clock now."""

    def live(self, start: datetime, for_s: float, meanwhile: Deed) -> None:
        async def run() -> None:
            clock = SimulatedClock(asyncio.get_running_loop(), start)
            self.daemon = self._daemon(load_station(self.root), Trusted(clock, self))
            beside = asyncio.ensure_future(meanwhile(self))
            await self.daemon.run(for_s, signals=False)
            await beside

        with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
            runner.run(run())

    def _daemon(self, station: Station, clock: Clock) -> Daemon:
        players = SimulatedPlayers(self.hall)
        return Daemon(
            Setting(
                station=station,
                plan=load_plan(station),
                markets=tuple(station.markets),
                clock=clock,
                equipment=Equipment(players, SimulatedWitnesses(self.hall, players), SimulatedSpeakers(self.hall)),
                teller=SilentTeller(),
                repertoire=lambda _record: SimulatedRepertoire(status(number=number) for number in range(1, 16)),
                database=station.database,
                alarms=LoopAlarms,
                watched=True,
            )
        )

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def open_at_eleven(self) -> None:
        """El Bosque's loudspeaker is not to sound before."""
        text = (self.root / "config.toml").read_text(encoding="utf-8")
        head, table, rest = text.partition(f"[markets.{BOSQUE}]")
        hours = rest[rest.index("hours = ") :].splitlines()[0]
        changed = head + table + rest.replace(hours, 'hours = "11:00-18:00"', 1)
        (self.root / "config.toml").write_text(changed, encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        with (self.root / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def events(self, kind: type[Event]) -> list[Event]:
        database = load_station(self.root).database
        return [row.event for row in read(database) if isinstance(row.event, kind)]

    def log(self) -> dict[str, PlayRecord]:
        return {play.airing: play for play in plays(read(f"sqlite:///{self.root}/data/broadcaster.db"))}


def before(seconds: float) -> datetime:
    return (TEN - timedelta(seconds=seconds)).astimezone(UTC)


def skip(reason: str) -> str:
    return (
        f'\n[[exceptions]]\ndate = 2021-06-18\naction = "skip"\nmarkets = ["{BOSQUE}"]\n'
        f'reason = "{reason}"\namended = 2021-06-17\n'
    )


def test_a_changed_season_counts_within_fifteen_seconds_for_what_has_not_begun(root: Path) -> None:
    async def amend(life: Life) -> None:
        await asyncio.sleep(60)
        life.append(SEASON, skip("fumigación"))
        await asyncio.sleep(15)
        assert len(life.events(PlanAccepted)) == 2

    life = Life(root)
    life.live(before(300), 400, amend)
    log = life.log()
    skipped = log[f"2021-06-18T10:00/{BOSQUE}"]
    assert (skipped.outcome, skipped.reason) == (Outcome.CANCELLED, Reason.SKIPPED)
    assert log["2021-06-18T10:00/unicachi"].outcome is Outcome.PLAYED


def test_a_season_changed_while_nobody_vouches_for_the_clock_is_accepted_when_somebody_does(root: Path) -> None:
    async def amend(life: Life) -> None:
        await asyncio.sleep(60)
        life.append(SEASON, skip("fumigación"))
        await asyncio.sleep(30)
        assert life.events(PlanAccepted) == []
        life.trust = ClockTrust.SYNCED
        await asyncio.sleep(15)
        assert len(life.events(PlanAccepted)) == 1

    life = Life(root, trust=ClockTrust.UNVERIFIED)
    life.live(before(300), 400, amend)
    log = life.log()
    assert log[f"2021-06-18T10:00/{BOSQUE}"].reason is Reason.SKIPPED
    assert log["2021-06-18T10:00/unicachi"].outcome is Outcome.PLAYED


def test_a_change_never_touches_an_airing_that_is_due_or_begun(root: Path) -> None:
    async def amend(life: Life) -> None:
        await asyncio.sleep(25)  # 5 s before the minute, and then 5 s into the sound
        life.append(SEASON, skip("tarde"))
        await life.daemon.obey(Look(), "uid:1")
        await asyncio.sleep(10)
        life.edit(SEASON, 'reason = "tarde"', 'reason = "más tarde"')
        await life.daemon.obey(Look(), "uid:1")

    life = Life(root)
    life.live(before(30), 90, amend)
    assert len(life.events(PlanAccepted)) == 2  # the reason alone changes no plan
    log = life.log()
    assert {play.outcome for play in log.values()} == {Outcome.PLAYED}
    assert len(log) == 4


def test_what_a_plan_no_longer_has_ends_cancelled_and_what_it_has_anew_is_performed(root: Path) -> None:
    async def amend(life: Life) -> None:
        await asyncio.sleep(10)
        life.edit(SEASON, '"10:00"', '"10:05"')

    life = Life(root)
    life.live(before(120), 600, amend)
    log = life.log()
    gone, new = log[f"2021-06-18T10:00/{BOSQUE}"], log[f"2021-06-18T10:05/{BOSQUE}"]
    assert (gone.outcome, gone.reason) == (Outcome.CANCELLED, Reason.PLAN_CHANGED)
    assert (new.outcome, new.reason) == (Outcome.PLAYED, Reason.ON_TIME)
    assert len(life.hall.sounded) == 4


def test_an_airing_added_after_its_minute_is_no_promise(root: Path) -> None:
    async def amend(life: Life) -> None:
        await asyncio.sleep(240)
        life.edit(SEASON, '"10:00"', '"10:00", "10:02"')

    life = Life(root)
    life.live(before(60), 600, amend)
    assert set(life.log()) == {f"2021-06-18T10:00/{market}" for market in load_station(root).markets}


def test_two_airings_that_a_change_brings_together_never_sound_at_once(root: Path) -> None:
    async def amend(life: Life) -> None:
        life.hall.length = lambda _master: Seconds(124.0)
        await asyncio.sleep(70)
        life.edit(SEASON, '"10:00"', '"10:00", "10:01"')
        await life.daemon.obey(Look(), "uid:1")

    life = Life(root)
    life.live(before(60), 600, amend)
    mine = sorted((one.begins_s, one.until(1e9)) for one in life.hall.sounded if BOSQUE in one.sink)
    assert len(mine) == 2
    assert mine[0][1] <= mine[1][0]


@pytest.mark.parametrize(
    ("name", "old", "new", "key"),
    [
        (SEASON, "until = 2021-07-30", "until = 2020-07-30", "until"),
        (SEASON, "[[rules]]", "[[rules", ""),
        ("config.toml", "grace_s = ", "grace_s = -", "station.grace_s"),
    ],
)
def test_a_broken_edit_leaves_the_last_good_plan_in_force_and_says_so(
    root: Path, name: str, old: str, new: str, key: str
) -> None:
    async def break_it(life: Life) -> None:
        await asyncio.sleep(20)
        life.edit(name, old, new)
        await asyncio.sleep(15)
        seen = await life.daemon.obey(Status(), "uid:1")
        assert len(seen["faults"]) >= 1
        assert name in seen["faults"][0]
        life.edit(name, new, old)
        await asyncio.sleep(15)
        assert (await life.daemon.obey(Status(), "uid:1"))["faults"] == []

    life = Life(root)
    life.live(before(120), 200, break_it)
    assert len(life.events(PlanAccepted)) == 1
    (refused,) = life.events(ChangeRefused)
    assert isinstance(refused, ChangeRefused)
    assert refused.faults[0].startswith(f"{name}: {key}")
    assert {play.outcome for play in life.log().values()} == {Outcome.PLAYED}


def test_schedules_that_vanish_are_no_empty_season(root: Path) -> None:
    async def take_away(life: Life) -> None:
        await asyncio.sleep(20)
        (life.root / "schedules").rename(life.root / "elsewhere")

    life = Life(root)
    life.live(before(120), 200, take_away)
    assert len(life.events(ChangeRefused)) == 1
    assert {play.outcome for play in life.log().values()} == {Outcome.PLAYED}


def test_a_markets_hours_and_the_grace_count_at_once_and_other_keys_wait_for_a_restart(root: Path) -> None:
    async def change(life: Life) -> None:
        await asyncio.sleep(20)
        life.edit("config.toml", 'name = "Mercado El Bosque – Zárate"', 'name = "Mercado del Bosque"')
        life.open_at_eleven()
        answer = await life.daemon.obey(Look(), "uid:1")
        assert answer["waiting"] == [f"markets.{BOSQUE}.name"]

    life = Life(root)
    life.live(before(120), 200, change)
    (taken,) = life.events(SettingsTaken)
    assert taken == SettingsTaken((f"markets.{BOSQUE}.hours",), (f"markets.{BOSQUE}.name",))
    closed = life.log()[f"2021-06-18T10:00/{BOSQUE}"]
    assert (closed.outcome, closed.reason) == (Outcome.CANCELLED, Reason.MARKET_CLOSED)


def test_changed_hours_count_although_another_program_holds_the_database(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold it past the minute: what must not sound then does not wait for it."""
    monkeypatch.setattr(record, "BRIEFLY_S", 0.02)

    async def change(life: Life) -> None:
        await asyncio.sleep(20)
        with held(database_path(load_station(root).database)):
            life.open_at_eleven()
            await asyncio.sleep(160)

    life = Life(root)
    life.live(before(120), 240, change)
    assert life.events(SettingsTaken) == [SettingsTaken((f"markets.{BOSQUE}.hours",), ())]
    closed = life.log()[f"2021-06-18T10:00/{BOSQUE}"]
    assert (closed.outcome, closed.reason) == (Outcome.CANCELLED, Reason.MARKET_CLOSED)
    assert {play.outcome for play in life.log().values() if play.market != BOSQUE} == {Outcome.PLAYED}


def test_hours_changed_while_an_airing_waits_for_its_output_keep_it_silent(root: Path) -> None:
    async def close_and_plug_in(life: Life) -> None:
        life.hall.absent.add(load_station(root).outputs[BOSQUE].sink)
        await asyncio.sleep(80)
        life.open_at_eleven()
        await asyncio.sleep(40)
        life.hall.absent.clear()

    life = Life(root)
    life.live(before(60), 300, close_and_plug_in)
    silent = life.log()[f"2021-06-18T10:00/{BOSQUE}"]
    assert (silent.outcome, silent.reason) == (Outcome.MISSED, Reason.NO_AUDIO_DEVICE)
    assert not any(BOSQUE in one.sink for one in life.hall.sounded)
    assert {play.outcome for play in life.log().values() if play.market != BOSQUE} == {Outcome.PLAYED}


def test_a_file_touched_and_not_changed_is_no_change(root: Path) -> None:
    async def touch(life: Life) -> None:
        await asyncio.sleep(20)
        os.utime(life.root / SEASON)
        await asyncio.sleep(20)

    life = Life(root)
    life.live(before(120), 60, touch)
    assert len(life.events(PlanAccepted)) == 1
    assert life.events(SettingsTaken) == []


def test_every_difference_between_two_stations_either_counts_or_is_said_to_wait(root: Path) -> None:
    station = load_station(root)
    for old, new in (
        ("grace_s = 600", "grace_s = 300"),
        ("loudness_lufs = -19", "loudness_lufs = -20"),
        ("volume_cap = 0.9", "volume_cap = 0.85"),
        ("[calendar]", '[[organisations]]\nname = "Otra"\nrole = "funds"\n\n[calendar]'),
        ("America/Lima", "America/Bogota"),
    ):
        text = (SHIPPED / "config.toml").read_text(encoding="utf-8")
        assert old in text
        (root / "config.toml").write_text(text.replace(old, new), encoding="utf-8")
        change = compare(station, load_station(root))
        assert change.taken or change.waiting, old
        assert not (change.taken and change.waiting)


def test_an_unserved_market_of_the_file_is_none_of_its_business(root: Path) -> None:
    station = load_station(root)
    assert MarketId(BOSQUE) in station.markets
    assert compare(station, station).station == station
