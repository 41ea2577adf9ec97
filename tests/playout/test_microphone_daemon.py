"""What listens beside the airings, on simulated time: no play ever waits for it or ends by it, and every play has its row."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from people_at_hand import OFFICER, staff
from simulated_station import LEAD_IN_S, LENGTH_S, TEN, World, airing, before, kinds, status

from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, Event, Held, Listened, MicrophoneOff, MicrophoneOn, ProcessId
from broadcaster.journal.fold import plays
from broadcaster.model import Deaf, Evidence, Hearing, MarketId, Outcome, PlayId, Reason, Seconds
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.microphone import Impression, Sought, deaf
from broadcaster.playout.microphone_companion import Microphones
from broadcaster.playout.simulated_time import SimulatedClock, SimulatedLoop

NORTE = MarketId("norte")
HEARD = Impression(Hearing.HEARD, blocks=4, found=4, score=1.0, level_db=3.0, heard_db=-30.0)
Meanwhile = Callable[[Daemon, SimulatedClock], Coroutine[Any, Any, None]]


@dataclass
class Scripted:
    """A microphone that says what it was told to say, three seconds after the end."""

    opened_s: float
    said: Impression | None = field(default_factory=lambda: HEARD)
    """``None``: it never says anything."""
    sought: list[Sought] = field(default_factory=list)
    ended_s: float | None = None
    killed_s: float | None = None
    process: ProcessId = field(default_factory=lambda: ProcessId(1, 1))

    def __post_init__(self) -> None:
        self._ended = asyncio.Event()

    def seek(self, sought: Sought) -> None:
        self.sought.append(sought)

    def end(self, at_s: float) -> None:
        self.ended_s = at_s
        self._ended.set()

    def kill(self) -> None:
        self.killed_s = self.killed_s or asyncio.get_running_loop().time()

    async def impression(self) -> Impression:
        await self._ended.wait()
        await asyncio.sleep(3)
        if self.said is None:
            await asyncio.Event().wait()
        assert self.said is not None
        return self.said


@dataclass
class Market:
    """The simulated station, one airing at ``norte``, and its microphones."""

    world: World
    says: Impression | None = field(default_factory=lambda: HEARD)
    fails: Exception | None = None
    hangs: bool = False
    opened: list[Scripted] = field(default_factory=list)
    told: list[Hearing] = field(default_factory=list)

    def write(self, *events: Event) -> None:
        station = self.world.station
        with Journal.open(station.database, ShiftedClock(before(3600)), station.timezone) as journal:
            for event in events:
                journal.append(event)

    async def open(self, source: str) -> Scripted:
        assert source == "mic"
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails is not None:
            raise self.fails
        self.opened.append(Scripted(asyncio.get_running_loop().time(), self.says))
        return self.opened[-1]

    def live(self, for_s: float = 90.0, meanwhile: Meanwhile | None = None) -> None:
        async def live() -> None:
            clock = SimulatedClock(asyncio.get_running_loop(), before(40))
            microphones = Microphones(lambda _ended, listened: self.told.append(listened.hearing), self.open)
            daemon = Daemon(replace(self.world.daemon(clock)._setting, companions=(microphones,)))
            beside = asyncio.ensure_future(meanwhile(daemon, clock)) if meanwhile else None
            await daemon.run(for_s, signals=False)
            if beside is not None:
                await beside

        with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
            runner.run(live())

    @property
    def row(self) -> Listened:
        [row] = self.rows
        return row

    @property
    def rows(self) -> list[Listened]:
        return [row.event for row in self.world.rows() if isinstance(row.event, Listened)]


@pytest.fixture
def norte(tmp_path: Path) -> Market:
    market = Market(World(tmp_path, airings=(airing("norte"),)))
    market.write(*staff(), MicrophoneOn(NORTE, "mic", OFFICER))
    return market


def on_time(ended: Ended) -> bool:
    return (ended.outcome, ended.reason, ended.played_s) == (Outcome.PLAYED, Reason.ON_TIME, LENGTH_S)


def test_a_play_that_was_heard_has_a_row_of_its_own_after_its_end_and_is_proved_by_it(norte: Market) -> None:
    """It listens from half a minute before the first word on, and is told what to look for before that word."""
    norte.live()
    ended, written = norte.world.ended(), kinds(norte.world.rows())
    assert on_time(ended)
    assert written.index("listened") > written.index("ended")
    assert (norte.row.hearing, norte.row.play, norte.row.problem) == (Hearing.HEARD, ended.play, None)
    assert [play.evidence for play in plays(norte.world.rows())] == [Evidence.MICROPHONE]
    [microphone] = norte.opened
    [sought] = microphone.sought
    [(begins_s, ends_s)] = norte.world.voices()
    assert 27 <= begins_s - microphone.opened_s <= 30
    assert sought.starts_monotonic_s + LEAD_IN_S == pytest.approx(begins_s, abs=0.01)
    assert sought.master.name == "master.flac"
    assert microphone.ended_s is not None
    assert microphone.ended_s >= ends_s
    assert microphone.killed_s is not None
    assert norte.told == []


@pytest.mark.parametrize("hearing", [Hearing.SILENT, Hearing.OTHER])
def test_what_left_the_computer_and_was_not_heard_is_told_and_changes_no_outcome(
    norte: Market, hearing: Hearing
) -> None:
    norte.says = Impression(hearing, blocks=4)
    norte.live()
    assert on_time(norte.world.ended())
    assert [play.evidence for play in plays(norte.world.rows())] == [Evidence.MONITOR]
    assert norte.told == [hearing]


@pytest.mark.parametrize(
    "broken", ["cannot be made", "hangs as it is made", "says nothing", "broke down", "a fault of ours"]
)
def test_a_microphone_that_fails_however_costs_a_play_nothing(norte: Market, tmp_path: Path, broken: str) -> None:
    untouched = World(tmp_path / "without", airings=(airing("norte"),))
    untouched.root.mkdir()
    untouched.live(before(40), 90)
    norte.fails = OSError("no room") if broken == "cannot be made" else None
    norte.fails = ValueError("fault") if broken == "a fault of ours" else norte.fails
    norte.hangs = broken == "hangs as it is made"
    norte.says = {"says nothing": None, "broke down": deaf(Deaf.NO_ANSWER)}.get(broken, HEARD)
    norte.live()
    assert norte.world.voices() == untouched.voices()
    assert replace(norte.world.ended(), play=None) == replace(untouched.ended(), play=None)
    if broken != "a fault of ours":
        assert (norte.row.hearing, norte.row.problem) == (Hearing.UNSURE, Deaf.NO_ANSWER)


def test_nobody_listens_where_nobody_allowed_it_nor_after_it_was_switched_off(tmp_path: Path) -> None:
    histories: dict[str, list[Event]] = {
        "never": [],
        "by somebody else": [MicrophoneOn(NORTE, "mic", "coordinadora-1")],
        "elsewhere": [MicrophoneOn(MarketId("sur"), "mic", OFFICER)],
        "off again": [MicrophoneOn(NORTE, "mic", OFFICER), MicrophoneOff(NORTE, "uid:1000")],
    }
    for name, rows in histories.items():
        market = Market(World(tmp_path / name, airings=(airing("norte"),)))
        market.write(*staff(), *rows)
        market.live()
        assert on_time(market.world.ended()), name
        assert (market.opened, market.rows) == ([], []), name


@pytest.mark.parametrize("at_s", [-20.0, 5.0, LENGTH_S + 1.5], ids=["before", "while it sounds", "as it reckons"])
def test_switched_off_it_listens_no_longer_and_the_row_says_so(norte: Market, at_s: float) -> None:
    off_s: list[float] = []

    async def switch_off(_daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(40 + at_s)
        norte.write(MicrophoneOff(NORTE, "uid:1000"))
        off_s.append(clock.now().monotonic_s)

    norte.live(meanwhile=switch_off)
    [microphone] = norte.opened
    assert on_time(norte.world.ended())
    assert microphone.killed_s is not None
    assert microphone.killed_s - off_s[0] <= 2.0
    assert [row.problem for row in norte.rows] == ([Deaf.SWITCHED_OFF])


def test_a_play_that_is_cut_is_listened_to_until_it_fell_silent(norte: Market) -> None:
    async def withdraw(_daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(40 + 8)
        norte.world.repertoire.put(status(Reason.SUSPENDED))

    norte.live(meanwhile=withdraw)
    ended, [microphone] = norte.world.ended(), norte.opened
    assert ended.outcome is Outcome.PARTIAL
    [(begins_s, _ends_s)] = norte.world.voices()
    assert microphone.ended_s == pytest.approx(begins_s + ended.played_s, abs=0.05)
    assert norte.row.play == ended.play


def test_where_nothing_can_sound_nothing_is_listened_to_for_long_and_no_row_is_written(norte: Market) -> None:
    """An output that is missing for its whole grace; a market that is paused."""
    norte.world.hall.absent.add("sink-norte")
    norte.live(for_s=700)
    [microphone] = norte.opened
    assert norte.world.ended().reason is Reason.NO_AUDIO_DEVICE
    assert microphone.killed_s is not None
    assert microphone.killed_s - microphone.opened_s < 30
    assert norte.rows == []


def test_a_paused_market_is_not_listened_to(norte: Market) -> None:
    norte.write(Held(NORTE, "uid:1000"))
    norte.live()
    assert norte.world.ended().outcome is Outcome.CANCELLED
    assert (norte.opened, norte.rows) == ([], [])


@pytest.mark.parametrize(("levels", "usual"), [([], None), ([-30.0], -30.0), ([-30.0, -40.0, -33.0], -33.0)])
def test_how_loud_plays_usually_come_is_known_from_those_that_were_heard_by_this_microphone(
    norte: Market, levels: Sequence[float], usual: float | None
) -> None:
    one = Listened(airing("norte").id, NORTE, TEN, PlayId("x-1-1"), "mic", Hearing.HEARD)
    others = [replace(one, source="otro", heard_db=-3.0), replace(one, hearing=Hearing.SILENT, heard_db=-3.0)]
    norte.write(*others, *(replace(one, heard_db=level) for level in levels))
    norte.live()
    assert norte.opened[0].sought[0].usual_db == usual


def test_the_impression_of_a_row_is_what_the_microphone_said(norte: Market) -> None:
    norte.says = Impression(Hearing.HEARD, 90, 80, 0.89, -4.5, 3, 2, Seconds(0.31), -28.0)
    norte.live()
    row = norte.row
    found = Impression(
        row.hearing,
        row.blocks,
        row.found,
        row.score,
        row.level_db,
        row.talked_over,
        row.missing,
        row.lag_s,
        row.heard_db,
        row.problem,
    )
    assert found == norte.says
    assert (row.source, row.due) == ("mic", TEN)
