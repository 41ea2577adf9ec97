"""The operator's hand in simulated time: what she orders is done, is on record, and outlives the daemon."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from simulated_station import EPISODE, LEAD_IN_S, LIMA, TEN, World, airing, before, kinds, market, status

from broadcaster.clock import Clock
from broadcaster.errors import BroadcasterError, RecordUnavailable
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event, Held, PlayOrdered, StopOrdered, TestOrdered
from broadcaster.journal.fold import holds, plays
from broadcaster.journal.row import Row
from broadcaster.model import EpisodeNumber, Hours, MarketId, Outcome, Plan, Reason, Sha256
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.orders import (
    AiringSoon,
    EpisodeStays,
    MarketBusy,
    MarketHeld,
    NotServed,
    OnlyRehearsing,
    OutOfHours,
    Pause,
    Play,
    Resume,
    Status,
    Stop,
    Test,
    Volume,
)
from broadcaster.playout.simulated import SimulatedRepertoire
from broadcaster.playout.simulated_time import SimulatedClock, SimulatedLoop

NORTE, SUR = MarketId("norte"), MarketId("sur")
ME = "uid:1000"

Deed = Callable[[Daemon], Awaitable[Any]]


def at(moment: datetime, *deeds: Deed) -> Any:
    """A life's ``meanwhile`` that waits for the moment and does the deeds; what they answer is kept in ``answers``."""

    async def meanwhile(daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep((moment - clock.now().utc).total_seconds())
        for deed in deeds:
            try:
                answers.append(await deed(daemon))
            except BroadcasterError as refusal:
                answers.append(refusal)

    return meanwhile


answers: list[Any] = []


@pytest.fixture(autouse=True)
def _no_answers_yet() -> None:
    answers.clear()


def folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made


def after_ten(seconds: float) -> datetime:
    return (TEN + timedelta(seconds=seconds)).astimezone(UTC)


def events(world: World, kind: type[Event]) -> list[Event]:
    return [row.event for row in world.rows() if isinstance(row.event, kind)]


def test_a_stop_silences_one_market_and_the_log_says_who_and_how_much_was_heard(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(before(60), 120, meanwhile=at(after_ten(5), lambda daemon: daemon.obey(Stop(NORTE), ME)))
    ended = world.ended()
    assert (ended.outcome, ended.reason) == (Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR)
    ((begin, end),) = world.voices()
    assert 5 <= end - begin <= 6.5
    assert ended.played_s == pytest.approx(end - begin, abs=0.3)
    assert world.ended("sur").outcome is Outcome.PLAYED
    assert events(world, StopOrdered) == [StopOrdered((NORTE,), ME)]
    assert answers == [{"stopped": ["2021-06-18T10:00/norte"], "markets": ["norte"], "recorded": True}]


def test_a_stop_before_the_first_word_ends_the_airing_without_a_sound(tmp_path: Path) -> None:
    for seconds in (20, 5, 1):  # woken, player made, lead-in
        world = World(folder(tmp_path, str(seconds)))
        world.live(before(60), 700, meanwhile=at(before(seconds), lambda daemon: daemon.obey(Stop(), ME)))
        assert world.voices() == []
        assert world.voices("sur") == []
        ended = world.ended()
        assert (ended.outcome, ended.reason) == (Outcome.CANCELLED, Reason.STOPPED_BY_OPERATOR)


def test_a_held_market_is_silent_until_it_is_resumed(tmp_path: Path) -> None:
    later = TEN + timedelta(hours=1)
    last = TEN + timedelta(hours=2)
    world = World(tmp_path, airings=(airing("norte"), airing("norte", later), airing("norte", last)))
    world.live(
        before(60),
        3 * 3600,
        meanwhile=at(
            after_ten(5),
            lambda daemon: daemon.obey(Pause(NORTE, "una visita"), ME),
            lambda _daemon: asyncio.sleep(3700),
            lambda daemon: daemon.obey(Resume(NORTE), ME),
        ),
    )
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR)
    held = world.ended(due=later)
    assert (held.outcome, held.reason) == (Outcome.CANCELLED, Reason.HELD_BY_OPERATOR)
    assert world.ended(due=last).outcome is Outcome.PLAYED
    assert events(world, Held) == [Held(NORTE, ME, "una visita")]


def test_a_market_resumed_before_the_minute_sounds_on_time(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(
        before(300),
        400,
        meanwhile=at(
            before(200),
            lambda daemon: daemon.obey(Pause(), ME),
            lambda _daemon: asyncio.sleep(185),
            lambda daemon: daemon.obey(Resume(), ME),
        ),
    )
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PLAYED, Reason.ON_TIME)


def test_a_hold_survives_a_kill(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(before(600), 30, meanwhile=at(before(590), lambda daemon: daemon.obey(Pause(NORTE), ME)))
    world.live_until_killed(before(500), 10, "one")
    world.live(before(400), 500)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.CANCELLED, Reason.HELD_BY_OPERATOR)
    assert world.voices() == []
    assert world.ended("sur").outcome is Outcome.PLAYED


def test_a_sound_ordered_by_hand_is_on_record_before_it_sounds_and_stands_in_the_log(tmp_path: Path) -> None:
    world = World(tmp_path, airings=())
    world.live(before(60), 90, meanwhile=at(before(50), lambda daemon: daemon.obey(Play(EPISODE, NORTE), ME)))
    (play,) = plays(world.rows())
    assert play.airing.startswith("manual/2021-06-18T09:59:")
    assert (play.outcome, play.reason, play.market, play.episode) == (Outcome.PLAYED, Reason.ON_TIME, NORTE, EPISODE)
    assert play.due - before(50) <= timedelta(seconds=LEAD_IN_S + 4)
    order = kinds(world.rows())
    assert order.index("play_ordered") < order.index("intent") < order.index("heartbeat")
    assert answers[0]["sounds"]
    assert answers[0]["airing"] == play.airing
    assert datetime.fromisoformat(answers[0]["until"]) == play.due + timedelta(seconds=20)


def refused(world: World, moment: datetime, order: Any, *first: Deed) -> type:
    world.live(before(120), 200, meanwhile=at(moment, *first, lambda daemon: daemon.obey(order, ME)))
    return type(answers[-1])


def test_by_hand_nothing_passes_the_gates_of_library_hours_and_market(tmp_path: Path) -> None:
    quiet = market("norte", quiet=(Hours(TEN.time(), TEN.replace(hour=11).time()),))
    play = Play(EPISODE, NORTE)
    assert refused(World(folder(tmp_path, "a"), airings=()), before(60), Play(EpisodeNumber(9), NORTE)) is EpisodeStays
    withdrawn = World(folder(tmp_path, "b"), airings=())
    withdrawn.repertoire.put(status(Reason.WITHDRAWN))
    assert refused(withdrawn, before(60), play) is EpisodeStays
    assert "retirado" in str(answers[-1]) or "withdrawn" in str(answers[-1])
    night = World(folder(tmp_path, "c"), airings=(), markets=(quiet, market("sur")))
    assert refused(night, after_ten(5), play) is OutOfHours
    assert refused(World(folder(tmp_path, "d")), after_ten(5), play) is MarketBusy
    assert refused(World(folder(tmp_path, "e")), before(50), play) is AiringSoon
    assert refused(World(folder(tmp_path, "f"), airings=()), before(60), Play(EPISODE, MarketId("oeste"))) is NotServed
    assert (
        refused(
            World(folder(tmp_path, "g"), airings=()), before(60), play, lambda daemon: daemon.obey(Pause(NORTE), ME)
        )
        is MarketHeld
    )
    for name in "abcdefg":
        assert "play_ordered" not in kinds(World(tmp_path / name).rows())


def test_out_of_hours_it_sounds_only_with_a_reason_on_record(tmp_path: Path) -> None:
    quiet = market("norte", quiet=(Hours(TEN.time(), TEN.replace(hour=11).time()),))
    world = World(tmp_path, airings=(), markets=(quiet, market("sur")))
    order = Play(EPISODE, NORTE, override="pedido de la administración")
    world.live(before(60), 120, meanwhile=at(after_ten(5), lambda daemon: daemon.obey(order, ME)))
    (play,) = plays(world.rows())
    assert play.outcome is Outcome.PLAYED
    (ordered,) = events(world, PlayOrdered)
    assert isinstance(ordered, PlayOrdered)
    assert (ordered.by, ordered.override) == (ME, "pedido de la administración")


def test_a_sound_ordered_by_hand_gives_way_to_the_next_airing(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.repertoire.put(status(length_s=100))
    world.hall.length = lambda _master: LEAD_IN_S + 101  # type: ignore[assignment,return-value]
    world.live(before(120), 250, meanwhile=at(before(80), lambda daemon: daemon.obey(Play(EPISODE, NORTE), ME)))
    manual, promised = sorted((play for play in plays(world.rows()) if play.market == NORTE), key=lambda one: one.due)
    assert (manual.outcome, manual.reason) == (Outcome.PARTIAL, Reason.WINDOW_CLOSED)
    assert (promised.outcome, promised.reason) == (Outcome.PLAYED, Reason.ON_TIME)
    first, second = world.voices()
    assert first[1] < second[0]


def test_a_manual_start_that_a_kill_cut_short_is_closed_at_the_next_start(tmp_path: Path) -> None:
    world = World(tmp_path, airings=())
    world.live(before(60), 5, meanwhile=at(before(57), lambda daemon: daemon.obey(Play(EPISODE, NORTE), ME)))
    assert plays(world.rows()) == []
    world.live(after_ten(600), 5)
    (play,) = plays(world.rows())
    assert (play.outcome, play.reason) == (Outcome.MISSED, Reason.SWITCHED_OFF)


def test_orders_found_in_the_record_are_obeyed_within_two_seconds(tmp_path: Path) -> None:
    world = World(tmp_path)

    def write(*rows: Event) -> Deed:
        def append(clock: Clock) -> None:
            with Journal.open(world.station.database, clock, LIMA) as journal:
                for row in rows:
                    journal.append(row)

        async def deed(daemon: Daemon) -> None:
            await asyncio.get_running_loop().run_in_executor(None, append, daemon.clock)

        return deed

    world.live(
        before(60), 90, meanwhile=at(after_ten(5), write(StopOrdered((NORTE,), "uid:7"), Held(SUR, "uid:7", "ruido")))
    )
    for name in ("norte", "sur"):
        assert world.ended(name).reason is Reason.STOPPED_BY_OPERATOR
        ((begin, end),) = world.voices(name)
        assert end - begin <= 5 + 2 + 0.5


class FullDisk(Journal):
    """A real journal on a disk that fills up."""

    full = False

    def append(self, event: Event) -> Row:
        if FullDisk.full:
            raise RecordUnavailable(path="broadcaster.db", problem="no space left")
        return super().append(event)


def test_nothing_sounds_by_hand_that_cannot_be_put_on_record(tmp_path: Path) -> None:
    world = World(tmp_path, airings=())

    async def live() -> None:
        daemon = world.daemon(SimulatedClock(asyncio.get_running_loop(), before(60)), FullDisk.open)
        running = asyncio.ensure_future(daemon.run(30, signals=False))
        await asyncio.sleep(5)
        FullDisk.full = True
        for order in (Play(EPISODE, NORTE), Test(NORTE)):
            with pytest.raises(RecordUnavailable):
                await daemon.obey(order, ME)
        FullDisk.full = False
        await running

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        runner.run(live())
    assert world.hall.sounded == []


def test_a_stop_needs_no_room_on_the_disk_and_is_on_record_as_soon_as_there_is(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def meanwhile(daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep((after_ten(5) - clock.now().utc).total_seconds())
        FullDisk.full = True
        answers.append(await daemon.obey(Stop(), ME))
        FullDisk.full = False
        await asyncio.sleep(10)

    async def live() -> None:
        clock = SimulatedClock(asyncio.get_running_loop(), before(60))
        daemon = world.daemon(clock, FullDisk.open)
        beside = asyncio.ensure_future(meanwhile(daemon, clock))
        await daemon.run(120, signals=False)
        await beside

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        runner.run(live())
    assert answers[0]["recorded"] is False
    assert world.voices()[0][1] - world.voices()[0][0] <= 6.5
    assert events(world, StopOrdered) == [StopOrdered((NORTE, SUR), ME)]
    assert world.ended().reason is Reason.STOPPED_BY_OPERATOR


def test_a_speaker_is_tested_on_record_and_never_beside_another_sound(tmp_path: Path) -> None:
    world = World(tmp_path, airings=())
    world.hall.length = lambda _master: 10.0  # type: ignore[assignment,return-value]
    world.live(before(60), 60, meanwhile=at(before(50), lambda daemon: daemon.obey(Test(NORTE), ME)))
    assert answers[0]["heard"] is True
    assert answers[0]["evidence"] == "monitor"
    assert events(world, TestOrdered) == [TestOrdered(NORTE, "sink-norte", ME)]
    assert plays(world.rows()) == []
    busy = World(folder(tmp_path, "busy"))
    assert refused(busy, after_ten(5), Test(NORTE)) is MarketBusy


def test_the_status_says_what_sounds_what_is_held_and_what_comes(tmp_path: Path) -> None:
    later = TEN + timedelta(hours=1)
    world = World(tmp_path, airings=(airing("norte"), airing("norte", later), airing("sur", later)))
    world.live(
        before(60),
        200,
        meanwhile=at(
            after_ten(5),
            lambda daemon: daemon.obey(Pause(SUR), ME),
            lambda daemon: daemon.obey(Status(), ME),
            lambda _daemon: asyncio.sleep(60),
            lambda daemon: daemon.obey(Status(), ME),
        ),
    )
    _paused, first, _slept, second = answers
    norte, sur = first["markets"]
    assert (norte["state"], norte["airing"], norte["expected_s"]) == ("on_air", "2021-06-18T10:00/norte", 20.0)
    assert norte["position_s"] == pytest.approx(5, abs=0.5)
    assert norte["until"] == "2021-06-18T10:00:20-05:00"
    assert (sur["state"], sur["next"]["reason"]) == ("held", "held_by_operator")
    norte, _sur = second["markets"]
    assert (norte["state"], norte["next"]["due"]) == ("waiting", "2021-06-18T11:00:00-05:00")
    assert norte["last"]["outcome"] == "played"


def test_a_changed_plan_touches_no_sound_ordered_by_hand(tmp_path: Path) -> None:
    world = World(tmp_path, airings=())

    async def accept(daemon: Daemon) -> None:
        await daemon._files._accept(Plan((airing("sur", TEN + timedelta(hours=1)),)), Sha256("b" * 64))

    world.live(
        before(60),
        90,
        meanwhile=at(
            before(50),
            lambda daemon: daemon.obey(Play(EPISODE, NORTE), ME),
            accept,
            lambda _daemon: asyncio.sleep(5),
            lambda daemon: daemon.obey(Stop(NORTE), ME),
        ),
    )
    assert kinds(world.rows()).count("ended") == 1
    (play,) = plays(world.rows())
    assert (play.outcome, play.reason) == (Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR)
    assert answers[-1]["stopped"] == [play.airing]


def test_two_sounds_ordered_by_hand_in_one_second_have_two_names(tmp_path: Path) -> None:
    world = World(tmp_path, airings=())
    play: Deed = lambda daemon: daemon.obey(Play(EPISODE, NORTE), ME)  # noqa: E731

    async def start_and_stop(daemon: Daemon) -> None:
        starting = asyncio.ensure_future(daemon.obey(Play(EPISODE, NORTE), ME))
        await asyncio.sleep(0.2)
        await daemon.obey(Stop(NORTE), ME)
        await starting

    world.live(before(60), 90, meanwhile=at(before(50), start_and_stop, play))
    first, second = plays(world.rows())
    assert first.airing != second.airing
    assert (first.outcome, second.outcome) == (Outcome.CANCELLED, Outcome.PLAYED)


def test_a_stop_reaches_a_sound_whose_order_is_still_being_prepared(tmp_path: Path) -> None:
    class Slow(SimulatedRepertoire):
        async def statuses(self, *asked: Any, **only: Any) -> Any:
            await asyncio.sleep(1.0)
            return await super().statuses(*asked, **only)

    world = World(tmp_path, airings=(), repertoire=Slow([status()]))

    async def start_and_stop(daemon: Daemon) -> None:
        starting = asyncio.ensure_future(daemon.obey(Play(EPISODE, NORTE), ME))
        await asyncio.sleep(0.5)
        await daemon.obey(Stop(NORTE), ME)
        await starting

    world.live(before(60), 90, meanwhile=at(before(50), start_and_stop))
    assert world.voices() == []
    (play,) = plays(world.rows())
    assert (play.outcome, play.reason) == (Outcome.CANCELLED, Reason.STOPPED_BY_OPERATOR)


def test_a_stop_counts_also_while_the_library_cannot_be_asked(tmp_path: Path) -> None:
    class Unreadable(SimulatedRepertoire):
        asked = 0

        async def statuses(self, *asked: Any, **only: Any) -> Any:
            Unreadable.asked += 1
            raise RecordUnavailable(path="broadcaster.db", problem="it cannot be read")

    world = World(tmp_path, repertoire=Unreadable([status()]))
    world.live(before(60), 120, meanwhile=at(before(5), lambda daemon: daemon.obey(Stop(), ME)))
    assert world.ended().reason is Reason.STOPPED_BY_OPERATOR
    assert Unreadable.asked < 200


def test_a_pause_that_meets_a_resume_on_its_way_holds(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def both(daemon: Daemon) -> None:
        await daemon.obey(Pause(NORTE), ME)
        resuming = asyncio.ensure_future(daemon.obey(Resume(NORTE), ME))
        pausing = asyncio.ensure_future(daemon.obey(Pause(NORTE), ME))
        await asyncio.gather(resuming, pausing)

    world.live(before(100), 200, meanwhile=at(before(90), both))
    assert world.ended().reason is Reason.HELD_BY_OPERATOR
    assert set(holds(world.rows())) == {NORTE}


def test_a_pause_that_cannot_be_written_is_not_said_to_be_on_record(tmp_path: Path) -> None:
    """The market is silent; but after a new start it would not be, and whoever paused it must know."""
    world, said = World(tmp_path), []

    async def half_a_character(daemon: Daemon) -> None:
        said.append(await daemon.obey(Pause(NORTE, "raz\udcff"), ME))

    world.live(before(100), 10, meanwhile=at(before(95), half_a_character))
    assert [(answer["recorded"], answer["markets"]) for answer in said] == [(False, [NORTE])]
    assert events(world, Held) == []


def test_a_test_does_not_sound_into_the_quiet_hours(tmp_path: Path) -> None:
    quiet = market("norte", quiet=(Hours(TEN.time(), TEN.replace(hour=11).time()),))
    world = World(tmp_path, airings=(), markets=(quiet, market("sur")))
    assert refused(world, before(5), Test(NORTE)) is OutOfHours
    assert world.hall.sounded == []


def test_a_rehearsal_takes_no_order_that_is_meant_to_stay(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def live() -> None:
        daemon = world.daemon(SimulatedClock(asyncio.get_running_loop(), before(60)))
        rehearsing = Daemon(replace(daemon._setting, rehearsal=True, held=(SUR,)))
        running = asyncio.ensure_future(rehearsing.run(80, signals=False))
        await asyncio.sleep(65)
        for order in (Pause(), Resume(), Play(EPISODE, NORTE), Test(NORTE), Volume(NORTE)):
            with pytest.raises(OnlyRehearsing):
                await rehearsing.obey(order, ME)
        assert (await rehearsing.obey(Stop(), ME))["stopped"] == ["2021-06-18T10:00/norte"]
        await running

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        runner.run(live())
    assert world.voices("sur") == [], "the station holds it"


def test_a_lowered_volume_reaches_an_airing_that_was_woken_before(tmp_path: Path) -> None:
    world = World(tmp_path)
    quieter = replace(world.station, markets={m.id: replace(m, volume=0.2) for m in world.markets})

    async def lower(daemon: Daemon) -> None:
        daemon._bill.settings(quieter)
        await asyncio.sleep(30)
        answers.append(list(world.hall.volumes.values()))

    world.live(before(60), 90, meanwhile=at(before(20), lower))
    assert world.ended().outcome is Outcome.PLAYED
    assert answers[0] == [0.2, 0.2]


def test_the_status_says_why_an_airing_that_is_due_does_not_begin(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hall.absent.add("sink-norte")
    world.live(before(60), 120, meanwhile=at(after_ten(10), lambda daemon: daemon.obey(Status(), ME)))
    norte, sur = answers[0]["markets"]
    assert (norte["state"], norte["obstacle"]) == ("starting", "no_audio_device")
    assert (sur["state"], sur["obstacle"]) == ("on_air", None)
