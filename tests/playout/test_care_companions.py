"""What the running program does beside the airings: it looks whether all is ready, and tells her to switch the amplifier on."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from simulated_station import LIMA, TEN, World, airing, promise

from broadcaster.care.amplifier import AHEAD, at, falls_due, reminding
from broadcaster.care.checks import Check, broken, well
from broadcaster.care.doctor import Report
from broadcaster.care.evening import is_due, looking_over
from broadcaster.config import Station
from broadcaster.journal.events import DoctorRan, Held
from broadcaster.model import MarketId
from broadcaster.playout.companions import Companion
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.simulated_time import SimulatedClock, SimulatedLoop

SEVEN = time(19)
EVE = TEN - timedelta(hours=15)
"""Seven in the evening before."""


class Living:
    """A daemon with companions, on simulated time."""

    def __init__(self, root: Path) -> None:
        self.world = World(root)

    def live(self, start: datetime, for_s: float, *companions: Companion, care: bool = True) -> None:
        with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
            runner.run(self._live(start, for_s, companions, care=care))

    async def _live(self, start: datetime, for_s: float, companions: Sequence[Companion], *, care: bool) -> None:
        clock = SimulatedClock(asyncio.get_running_loop(), start.astimezone(UTC))
        daemon = self.world.daemon(clock)
        setting = replace(daemon._setting, companions=companions)
        if not care:
            station = replace(setting.station, care=replace(setting.station.care, evening_check=None))
            setting = replace(setting, station=station)
        await Daemon(setting).run(for_s, signals=False)

    def looks(self) -> list[DoctorRan]:
        return [row.event for row in self.world.rows() if isinstance(row.event, DoctorRan)]


@pytest.fixture
def living(tmp_path: Path) -> Living:
    return Living(tmp_path)


# The evening before


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (EVE - timedelta(seconds=1), None, False),
        (EVE, None, True),
        (EVE, EVE - timedelta(hours=1), True),
        (EVE + timedelta(minutes=5), EVE, False),
        (TEN - timedelta(minutes=30), None, True),
        (TEN - timedelta(minutes=1), None, False),
        (TEN + timedelta(minutes=1), None, False),
    ],
    ids=["too early", "in time", "looked before", "looked already", "was off that evening", "too near", "over"],
)
def test_it_is_looked_once_from_the_evening_before_on(now: datetime, last: datetime | None, due: bool) -> None:
    assert is_due(promise(), SEVEN, LIMA, last, now) is due


class Doctor:
    """Finds what it was told to."""

    def __init__(self, *checks: Check) -> None:
        self.checks = checks
        self.asked: list[tuple[datetime, tuple[MarketId, ...]]] = []
        self.told: list[Report] = []

    async def examine(self, station: Station, now: datetime) -> Report:
        self.asked.append((now, station.serves))
        return Report(now, self.checks, TEN)

    @property
    def companion(self) -> Companion:
        return looking_over(self.told.append, self.examine)


def test_the_evening_before_it_looks_and_puts_the_codes_on_record(living: Living) -> None:
    doctor = Doctor(well("plan", "Good."), broken("output", "Gone.", "Look.", subject="norte"))
    living.live(EVE - timedelta(hours=1), 7200, doctor.companion)
    assert [(moment - EVE).total_seconds() < 60 for moment, _markets in doctor.asked] == [True]
    assert doctor.asked[0][1] == ("norte", "sur")
    (row,) = living.looks()
    assert (row.by, [each.subject for each in row.red], [each.code for each in row.green]) == (
        "evening",
        ["norte"],
        ["plan"],
    )
    assert len(doctor.told) == 1


def test_a_restart_does_not_look_again(living: Living) -> None:
    doctor = Doctor(well("plan", "Good."))
    living.live(EVE + timedelta(minutes=1), 600, doctor.companion)
    living.live(EVE + timedelta(minutes=30), 600, doctor.companion)
    assert len(living.looks()) == 1


def test_a_box_that_was_off_that_evening_looks_as_soon_as_it_runs(living: Living) -> None:
    doctor = Doctor(well("plan", "Good."))
    living.live(TEN - timedelta(minutes=40), 300, doctor.companion)
    assert len(living.looks()) == 1


def test_with_no_hour_set_it_never_looks(living: Living) -> None:
    doctor = Doctor(well("plan", "Good."))
    living.live(EVE, 3600, doctor.companion, care=False)
    assert living.looks() == []


# Ten minutes before


def test_she_is_told_of_what_is_near_and_only_once() -> None:
    coming = [promise("norte"), promise("sur", TEN + timedelta(minutes=5))]
    early = TEN - AHEAD - timedelta(seconds=1)
    assert falls_due(coming, early, early) is None
    assert falls_due(coming, early, TEN - AHEAD) == TEN
    assert falls_due(coming, TEN, TEN - AHEAD) is None
    assert at(coming, TEN) == ("norte",)


class Told:
    """What she is told, and how long before."""

    def __init__(self) -> None:
        self.said: list[tuple[datetime, tuple[MarketId, ...]]] = []

    def __call__(self, due: datetime, markets: Sequence[MarketId]) -> None:
        self.said.append((due, tuple(markets)))


def test_ten_minutes_before_she_is_told_once_where(living: Living) -> None:
    told = Told()
    living.live(TEN - timedelta(minutes=12), 700, reminding(told))
    assert told.said == [(TEN, ("norte", "sur"))]


def test_of_an_airing_that_was_near_at_the_start_the_start_itself_tells(living: Living) -> None:
    told = Told()
    living.live(TEN - timedelta(minutes=9), 500, reminding(told))
    assert told.said == []


def test_a_paused_market_needs_no_amplifier(living: Living) -> None:
    living.world.airings = (airing("norte"),)
    living.live(TEN - timedelta(hours=1), 10)
    with_pause = Told()

    async def pause(beside: object) -> None:
        bill = beside.bill  # type: ignore[attr-defined]  # what a companion sees
        await bill.stage.record.append(Held(MarketId("norte"), "uid:1"))
        bill.stage.held.add(MarketId("norte"))

    living.live(TEN - timedelta(minutes=12), 600, pause, reminding(with_pause))
    assert with_pause.said == []
