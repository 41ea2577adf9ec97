"""Make-goods in simulated time: ordered by hand or by a season's rule, over a power cut, a kill, a restart."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from simulated_station import EPISODE, LENGTH_S, LIMA, TEN, World, airing, before, market, status

from broadcaster.clock import Clock
from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.append import Journal
from broadcaster.journal.events import BY_RULE, Ended, MakeGoodCancelled, MakeGoodOrdered, Promise, make_good_id
from broadcaster.journal.fold import PlayRecord, plays, promises
from broadcaster.journal.makegood_refusals import (
    REFUSALS,
    AlreadyMade,
    AlreadyOrdered,
    Begun,
    HadBegun,
    MomentPast,
    NoRoomThen,
    NotEnded,
    NothingOrdered,
    NotMissed,
)
from broadcaster.model import AiringId, Hours, MarketId, Outcome, Plan, Reason
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.makegood_record import strike_out
from broadcaster.playout.makegoods import _promise_what_is_owed, make_good_by_rule
from broadcaster.playout.orders import (
    CancelMakeGood,
    EpisodeStays,
    MakeGood,
    MarketBusy,
    MarketHeld,
    NotServed,
    OutOfHours,
    Pause,
    Play,
    Resume,
    Status,
    Stop,
    from_words,
    refusal_from_words,
    refusal_to_words,
    to_words,
)
from broadcaster.playout.simulated_time import SimulatedClock, SimulatedLoop

NORTE, SUR = MarketId("norte"), MarketId("sur")
ME = "uid:1000"
MISSED = AiringId("2021-06-18T10:00/norte")
FIRST, SECOND = make_good_id(MISSED, 1), make_good_id(MISSED, 2)
HALF_PAST, FOUR = TEN + timedelta(minutes=30), TEN.replace(hour=16)


@dataclass
class Ruled(World):
    """A station whose season says ``make_good = "same_day"``."""

    def daemon(
        self, clock: SimulatedClock, open_journal: Callable[[str, Clock, ZoneInfo], Journal] = Journal.open
    ) -> Daemon:
        made = super().daemon(clock, open_journal)
        plan = Plan(self.airings, same_day=frozenset(one.id for one in self.airings if one.cancelled is None))
        return Daemon(replace(made._setting, plan=plan, companions=(make_good_by_rule,)))


answers: list[Any] = []


@pytest.fixture(autouse=True)
def _no_answers_yet() -> None:
    answers.clear()


def doing(moment: datetime, *orders: Any) -> Any:
    """A life's ``meanwhile``: at that moment these orders, one after the other; what is answered is kept."""

    async def meanwhile(daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep((moment - clock.now().utc).total_seconds())
        for order in orders:
            if isinstance(order, float | int):
                await asyncio.sleep(order)
                continue
            try:
                answers.append(await daemon.obey(order, ME))
            except BroadcasterError as refusal:
                answers.append(refusal)

    return meanwhile


def at_four(named: AiringId = MISSED) -> MakeGood:
    return MakeGood(named, FOUR.isoformat())


def missed_by_a_power_cut(world: World) -> None:
    """On until a minute before ten, then the light goes."""
    world.live_until_killed(before(600), 540, "one")


def log(world: World) -> dict[AiringId, PlayRecord]:
    return {record.airing: record for record in plays(world.rows())}


def fates(world: World, *airings: AiringId) -> list[tuple[Outcome, Reason]]:
    found = log(world)
    return [(found[each].outcome, found[each].reason) for each in airings]


PLAYED = (Outcome.PLAYED, Reason.ON_TIME)
DARK = (Outcome.MISSED, Reason.POWER_LOSS)


def alone(root: Path, kind: type[World] = World, **more: Any) -> World:
    return kind(root, airings=(airing("norte"),), **more)


# Ordered by hand


def test_missed_by_a_power_cut_it_plays_at_four_and_both_are_on_record_tied(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 120, meanwhile=doing(HALF_PAST + timedelta(minutes=1), at_four(), Status()), boot="two")
    world.live(FOUR - timedelta(minutes=5), 400, boot="two")
    assert fates(world, MISSED, FIRST) == [DARK, PLAYED]
    missed, made = log(world)[MISSED], log(world)[FIRST]
    assert (made.make_good_of, made.due, made.episode) == (MISSED, FOUR, EPISODE)
    assert missed.make_good_of is None
    assert missed.sequel.made_good
    assert [each.airing for each in missed.sequel.make_goods] == [FIRST]
    assert len(world.voices()) == 1
    assert answers[0] == {"airing": FIRST, "due": FOUR.isoformat(), "sounds": False, "outcome": None}
    coming = next(each["next"] for each in answers[1]["markets"] if each["market"] == "norte")
    assert (coming["airing"], coming["make_good_of"]) == (FIRST, MISSED)
    (ordered,) = [row.event for row in world.rows() if isinstance(row.event, MakeGoodOrdered)]
    assert (ordered.airing, ordered.by) == (MISSED, ME)


def test_it_stands_over_a_kill_and_a_restart_and_is_still_promised(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 120, meanwhile=doing(HALF_PAST + timedelta(minutes=1), at_four()), boot="two")
    world.live_until_killed(HALF_PAST + timedelta(hours=1), 60, "two")
    world.live(FOUR - timedelta(minutes=5), 400, boot="two")
    assert fates(world, MISSED, FIRST) == [DARK, PLAYED]
    assert len(world.voices()) == 1


def test_killed_while_it_sounds_it_is_partial_and_may_be_made_good_once_more(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 120, meanwhile=doing(HALF_PAST + timedelta(minutes=1), at_four()), boot="two")
    world.live_until_killed(FOUR - timedelta(minutes=5), 300 + 12, "three")
    again = FOUR + timedelta(minutes=20)
    order = MakeGood(FIRST, (again + timedelta(minutes=3)).isoformat())
    world.live(again, 300, meanwhile=doing(again + timedelta(minutes=1), order), boot="three")
    assert fates(world, MISSED, FIRST, SECOND) == [DARK, (Outcome.PARTIAL, Reason.PROCESS_DIED), PLAYED]
    assert log(world)[SECOND].make_good_of == log(world)[FIRST].make_good_of == MISSED
    assert log(world)[MISSED].sequel.made_good
    assert not log(world)[FIRST].sequel.made_good, "it counts where it was missed first"


def test_a_box_that_is_dark_at_four_too_misses_it_and_says_why(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    # ordered, then switched off until five
    ordered = doing(HALF_PAST + timedelta(seconds=30), at_four())
    world.live(HALF_PAST, 60, meanwhile=ordered, boot="two")
    world.live(FOUR + timedelta(hours=1), 60, boot="four")
    assert fates(world, MISSED, FIRST) == [DARK, (Outcome.MISSED, Reason.SWITCHED_OFF)]
    assert log(world)[FIRST].make_good_of == MISSED
    assert world.voices() == []


def test_now_it_sounds_at_once_and_the_answer_says_until_when(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 120, meanwhile=doing(HALF_PAST + timedelta(minutes=1), MakeGood(MISSED)), boot="two")
    assert fates(world, MISSED, FIRST) == [DARK, PLAYED]
    assert (answers[0]["sounds"], answers[0]["airing"]) == (True, FIRST)
    begin = HALF_PAST + timedelta(minutes=1)
    assert begin < log(world)[FIRST].due < begin + timedelta(seconds=10)
    ((begins, ends),) = world.voices()
    assert ends - begins == pytest.approx(LENGTH_S, abs=0.3)


@pytest.mark.parametrize("rest_s", [3, 60])
def test_what_broke_off_may_be_made_good_too_at_once_and_stays_incomplete(rest_s: int, tmp_path: Path) -> None:
    world = alone(tmp_path)
    orders = (Stop(), rest_s, MakeGood(MISSED))
    world.live(before(60), 240, meanwhile=doing(TEN + timedelta(seconds=5), *orders))
    assert fates(world, MISSED, FIRST) == [(Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR), PLAYED]


def test_an_order_that_was_only_written_down_is_found_by_a_daemon_that_lives_and_by_one_that_starts(
    tmp_path: Path,
) -> None:
    for name, live in (("lives", True), ("starts", False)):
        world = alone(tmp_path / name)
        world.root.mkdir()
        missed_by_a_power_cut(world)
        soon = HALF_PAST + timedelta(minutes=4)
        row = MakeGoodOrdered(MISSED, Promise(FIRST, NORTE, soon, EPISODE, airing("norte").grace_s), ME)

        async def write(_daemon: Daemon, clock: SimulatedClock, world: World = world, row: Any = row) -> None:
            await asyncio.sleep(30)
            with Journal.open(world.station.database, clock, LIMA) as journal:
                journal.append(row)

        world.live(HALF_PAST, 360 if live else 31, meanwhile=write, boot="two")
        if not live:
            world.live(soon - timedelta(minutes=1), 120, boot="three")
        assert fates(world, MISSED, FIRST) == [DARK, PLAYED]
        assert len(world.voices()) == 1


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        (MakeGood(AiringId("2021-06-18T11:00/norte")), NotEnded),
        (MakeGood(AiringId("2021-06-18T09:00/norte")), NotMissed),
        (MakeGood(MISSED, TEN.isoformat()), MomentPast),
        (MakeGood(MISSED, TEN.replace(hour=20).isoformat()), NoRoomThen),
        (MakeGood(MISSED, TEN.replace(hour=11).isoformat()), NoRoomThen),
        (MakeGood(MISSED, (TEN.replace(hour=11) - timedelta(seconds=15)).isoformat()), NoRoomThen),
        (MakeGood(AiringId("2021-06-18T10:00/sur"), FOUR.isoformat()), NotServed),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_row(
    tmp_path: Path, order: MakeGood, refusal: type[BroadcasterError]
) -> None:
    nine, eleven = TEN.replace(hour=9), TEN.replace(hour=11)
    airings = (airing("norte", nine), airing("norte"), airing("norte", eleven), airing("sur"))
    world = World(tmp_path, airings=airings)
    world.live(nine - timedelta(minutes=1), 120)
    world.served = ("norte",)
    world.live(HALF_PAST, 70, meanwhile=doing(HALF_PAST + timedelta(minutes=1), order), boot="two")
    assert [type(each) for each in answers] == [refusal]
    assert not [row for row in world.rows() if isinstance(row.event, MakeGoodOrdered)]
    assert len(world.voices()) == 1, "that of nine"


class DayOfSilence(World):
    """A station whose calendar says that nothing airs on that day."""

    @property
    def station(self) -> Station:
        made = super().station
        return replace(made, calendar=replace(made.calendar, blackouts={TEN.date(): "Elecciones"}))


def test_on_a_day_on_which_nothing_airs_no_make_good_is_ordered_and_none_sounds_that_was(tmp_path: Path) -> None:
    missed_by_a_power_cut(alone(tmp_path))
    silent_day = alone(tmp_path, DayOfSilence)
    tomorrow = MakeGood(MISSED, (FOUR + timedelta(days=1)).isoformat())
    orders = doing(HALF_PAST + timedelta(minutes=1), at_four(), MakeGood(MISSED), Play(EPISODE, NORTE), tomorrow)
    silent_day.live(HALF_PAST, 90, meanwhile=orders, boot="two")
    assert [type(each) for each in answers[:3]] == [NoRoomThen, NoRoomThen, OutOfHours]
    assert answers[0].facts["free"] == ""
    assert answers[3]["airing"] == FIRST

    (tmp_path / "other" / "data").mkdir(parents=True)
    other = alone(tmp_path / "other")
    missed_by_a_power_cut(other)
    other.live(HALF_PAST, 90, meanwhile=doing(HALF_PAST + timedelta(minutes=1), at_four()), boot="two")
    decreed = alone(tmp_path / "other", DayOfSilence)
    decreed.live(FOUR - timedelta(minutes=1), 120, boot="three")
    assert fates(decreed, FIRST) == [(Outcome.CANCELLED, Reason.BLACKOUT)]
    assert decreed.voices() == []


def test_the_refusal_names_the_next_free_minute(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte"), airing("norte", TEN.replace(hour=11))))
    missed_by_a_power_cut(world)
    order = MakeGood(MISSED, TEN.replace(hour=11).isoformat())
    world.live(HALF_PAST, 70, meanwhile=doing(HALF_PAST + timedelta(minutes=1), order), boot="two")
    assert answers[0].facts["free"] == "11:01"


def test_the_gates_hold_and_so_do_a_pause_and_what_is_promised_already(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    orders = (Pause(NORTE), at_four(), Resume(NORTE), at_four(), at_four(), MakeGood(MISSED), MakeGood(FIRST))
    world.live(HALF_PAST, 90, meanwhile=doing(HALF_PAST + timedelta(minutes=1), *orders), boot="two")
    refusals = [type(each) for each in answers if isinstance(each, BroadcasterError)]
    assert refusals == [MarketHeld, AlreadyOrdered, AlreadyOrdered, AlreadyOrdered]
    world.repertoire.put(status(Reason.SUSPENDED))
    world.live(FOUR - timedelta(minutes=1), 120, boot="two")
    assert fates(world, FIRST) == [(Outcome.CANCELLED, Reason.SUSPENDED)]
    answers.clear()
    world.live(FOUR + timedelta(hours=1), 60, meanwhile=doing(FOUR + timedelta(seconds=3610), MakeGood(MISSED)))
    assert isinstance(answers[0], EpisodeStays)
    assert world.voices() == []


def test_two_who_order_now_at_once_make_one_sound(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)

    async def both(daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(60)
        done = await asyncio.gather(*[daemon.obey(MakeGood(MISSED), ME) for _ in range(2)], return_exceptions=True)
        answers.extend(done)

    world.live(HALF_PAST, 120, meanwhile=both, boot="two")
    assert len(world.voices()) == 1
    assert sum(isinstance(each, AlreadyOrdered | MarketBusy) for each in answers) == 1
    after = HALF_PAST + timedelta(minutes=20)
    world.live(after, 60, meanwhile=doing(after + timedelta(seconds=10), MakeGood(MISSED)))
    assert isinstance(answers[-1], AlreadyMade)


TAKEN_BACK = (Outcome.CANCELLED, Reason.STOPPED_BY_OPERATOR)


def test_taken_back_before_its_minute_it_does_not_sound_and_another_may_be_ordered(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    orders = (at_four(), CancelMakeGood(MISSED), Status(), CancelMakeGood(MISSED), at_four())
    world.live(HALF_PAST, 120, meanwhile=doing(HALF_PAST + timedelta(minutes=1), *orders), boot="two")
    assert (answers[1]["airing"], answers[1]["outcome"], answers[1]["reason"]) == (FIRST, *TAKEN_BACK)
    assert next(each["next"] for each in answers[2]["markets"] if each["market"] == "norte") is None
    assert isinstance(answers[3], NothingOrdered)
    assert answers[4]["airing"] == SECOND
    world.live(FOUR - timedelta(minutes=5), 400, boot="two")
    assert fates(world, MISSED, FIRST, SECOND) == [DARK, TAKEN_BACK, PLAYED]
    assert len(world.voices()) == 1
    (row,) = [row.event for row in world.rows() if isinstance(row.event, MakeGoodCancelled)]
    assert (row.airing, row.by) == (FIRST, ME)
    assert sum(isinstance(row.event, Ended) and row.event.airing == FIRST for row in world.rows()) == 1


@pytest.mark.parametrize("after_s", [-20, 5])
def test_what_sounds_or_is_about_to_is_not_taken_back_and_stop_is_named(tmp_path: Path, after_s: float) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 120, meanwhile=doing(HALF_PAST + timedelta(minutes=1), at_four()), boot="two")
    late = doing(FOUR + timedelta(seconds=after_s), CancelMakeGood(FIRST))
    world.live(FOUR - timedelta(minutes=5), 400, meanwhile=late, boot="two")
    assert isinstance(answers[1], Begun)
    assert "broadcaster stop --market norte" in str(answers[1])
    assert fates(world, FIRST) == [PLAYED]


def test_taken_back_in_the_record_alone_a_daemon_that_lives_finds_it_and_one_that_starts(tmp_path: Path) -> None:
    for name, live in (("lives", True), ("starts", False)):
        world = alone(tmp_path / name)
        world.root.mkdir()
        missed_by_a_power_cut(world)
        world.live(HALF_PAST, 120, meanwhile=doing(HALF_PAST + timedelta(minutes=1), at_four()), boot="two")

        async def write(_daemon: Daemon | None, clock: SimulatedClock, world: World = world, live: bool = live) -> None:
            await asyncio.sleep(60)
            with Journal.open(world.station.database, clock, LIMA) as journal:
                strike_out(journal, MISSED, ME, daemon_lives=live)

        world.live(FOUR - timedelta(minutes=5), 400 if live else 100, meanwhile=write, boot="two")
        world.live(FOUR + timedelta(minutes=5), 60, boot="three")
        assert fates(world, MISSED, FIRST) == [DARK, TAKEN_BACK]
        assert world.voices() == []


def test_a_daemon_that_does_not_listen_is_left_the_time_to_find_it(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 120, meanwhile=doing(HALF_PAST + timedelta(minutes=1), at_four()), boot="two")

    async def write(_daemon: Daemon, clock: SimulatedClock) -> None:
        with Journal.open(world.station.database, clock, LIMA) as journal, pytest.raises(Begun):
            strike_out(journal, MISSED, ME, daemon_lives=True)

    world.live(FOUR - timedelta(seconds=34), 400, meanwhile=write, boot="two")
    assert fates(world, FIRST) == [PLAYED]


@pytest.mark.parametrize("after_s", [2, 8])
def test_what_was_begun_when_the_program_died_is_not_taken_back_before_it_is_settled(
    tmp_path: Path, after_s: float
) -> None:
    """Seconds of it were heard: an airing that was cancelled would claim that none were."""
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 120, meanwhile=doing(HALF_PAST + timedelta(minutes=1), at_four()), boot="two")
    world.live_until_killed(FOUR - timedelta(minutes=5), 300 + after_s, "two")

    async def write() -> None:
        clock = SimulatedClock(asyncio.get_running_loop(), FOUR + timedelta(seconds=20), "two")
        with Journal.open(world.station.database, clock, LIMA) as journal, pytest.raises(HadBegun):
            strike_out(journal, MISSED, ME, daemon_lives=False)

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        runner.run(write())
    world.live(FOUR + timedelta(seconds=30), 60, boot="two")
    (_missed, fate) = fates(world, MISSED, FIRST)
    assert fate[0] in {Outcome.PARTIAL, Outcome.MISSED}
    assert world.voices()


def test_half_taken_back_when_the_power_went_it_ends_at_its_minute_without_a_sound(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)

    async def write(daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(60)
        await daemon.obey(at_four(), ME)
        with Journal.open(world.station.database, clock, LIMA) as journal:
            journal.append(MakeGoodCancelled(FIRST, ME))

    world.live(HALF_PAST, 120, meanwhile=write, boot="two")
    world.live(FOUR - timedelta(minutes=5), 400, boot="three")
    assert fates(world, FIRST) == [TAKEN_BACK]
    assert world.voices() == []


def test_what_was_taken_back_ahead_of_its_minute_is_not_the_last_of_its_market(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 120, meanwhile=doing(HALF_PAST + timedelta(minutes=1), at_four(), CancelMakeGood(MISSED)))
    assert fates(world, FIRST) == [TAKEN_BACK]
    world.live(
        HALF_PAST + timedelta(minutes=5), 60, meanwhile=doing(HALF_PAST + timedelta(minutes=5, seconds=30), Status())
    )
    assert answers[-1]["markets"][0]["last"]["airing"] == MISSED


def test_a_changed_season_leaves_what_was_ordered_promised(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 90, meanwhile=doing(HALF_PAST + timedelta(minutes=1), at_four()), boot="two")
    world.airings = (airing("norte", TEN.replace(hour=12)),)
    world.live(TEN.replace(hour=12) - timedelta(minutes=1), 120, boot="two")
    world.live(FOUR - timedelta(minutes=1), 120, boot="two")
    assert promises(world.rows())[FIRST].cancelled is None
    assert fates(world, AiringId("2021-06-18T12:00/norte"), FIRST) == [PLAYED, PLAYED]


def test_the_order_and_every_refusal_go_over_the_socket_and_come_back_the_same() -> None:
    for order in (MakeGood(MISSED), at_four(), CancelMakeGood(MISSED)):
        assert from_words(json.loads(json.dumps(to_words(order)))) == order
    known = {"airing": MISSED, "outcome": "played", "time": "2021-06-18 16:00", "days": 31, "market": "Norte"}
    for kind in REFUSALS:
        refusal = kind(**known, why="taken", free="16:01")
        back = refusal_from_words(json.loads(json.dumps(refusal_to_words(refusal))))
        assert (type(back), str(back)) == (kind, str(refusal))


# By a season's rule


def test_by_rule_what_the_dark_box_missed_goes_out_at_the_first_free_minute_that_leaves_notice(tmp_path: Path) -> None:
    world = alone(tmp_path, Ruled)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 420, boot="two")
    assert fates(world, MISSED, FIRST) == [DARK, PLAYED]
    assert log(world)[FIRST].due == HALF_PAST + timedelta(minutes=5)
    (ordered,) = [row.event for row in world.rows() if isinstance(row.event, MakeGoodOrdered)]
    assert ordered.by == BY_RULE
    assert len(world.voices()) == 1


def test_by_rule_it_keeps_clear_of_the_next_airing_the_quiet_hours_and_closing_time(tmp_path: Path) -> None:
    quiet = (Hours(time(10, 37), time(10, 50)),)
    next_one = TEN + timedelta(minutes=36)
    world = Ruled(
        tmp_path, airings=(airing("norte"), airing("norte", next_one)), markets=(market("norte", quiet=quiet),)
    )
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 500, boot="two")
    assert log(world)[FIRST].due == TEN + timedelta(minutes=35), "a minute's room is enough for twenty seconds"
    world = Ruled(
        tmp_path / "later",
        airings=(airing("norte"), airing("norte", TEN + timedelta(minutes=35))),
        markets=(market("norte", quiet=quiet),),
    )
    world.root.mkdir()
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 500, boot="two")
    assert log(world)[FIRST].due == TEN + timedelta(minutes=36)
    shut = Ruled(
        tmp_path / "shut", airings=(airing("norte"),), markets=(market("norte", hours=Hours(time(6), time(10, 35))),)
    )
    shut.root.mkdir()
    missed_by_a_power_cut(shut)
    shut.live(HALF_PAST, 600, boot="two")
    assert FIRST not in log(shut)
    assert shut.voices() == []


def test_by_rule_a_failed_one_is_tried_again_and_the_airing_counts_once(tmp_path: Path) -> None:
    world = alone(tmp_path, Ruled)
    missed_by_a_power_cut(world)
    world.live_until_killed(HALF_PAST, 5 * 60 + 10, "two")
    world.live(TEN + timedelta(hours=2), 420, boot="three")
    assert [outcome for outcome, _ in fates(world, MISSED, FIRST, SECOND)] == [
        Outcome.MISSED,
        Outcome.PARTIAL,
        Outcome.PLAYED,
    ]
    assert log(world)[MISSED].sequel.made_good
    world.live(TEN + timedelta(hours=4), 420, boot="three")
    assert len([row for row in world.rows() if isinstance(row.event, MakeGoodOrdered)]) == 2


def test_by_rule_a_lasting_fault_makes_no_storm(tmp_path: Path) -> None:
    world = alone(tmp_path, Ruled)
    world.hall.absent.add("sink-norte")
    world.live(before(60), 90 * 60)
    made = [record for record in log(world).values() if record.make_good_of == MISSED]
    assert [record.reason for record in made] == [Reason.NO_AUDIO_DEVICE] * 3
    assert world.voices() == []


def test_by_rule_nothing_is_repeated_that_people_stopped_paused_or_did_not_approve(tmp_path: Path) -> None:
    stopped = alone(tmp_path / "stopped", Ruled)
    stopped.root.mkdir()
    stopped.live(before(60), 480, meanwhile=doing(TEN + timedelta(seconds=5), Stop()))
    unapproved = alone(tmp_path / "unapproved", Ruled)
    unapproved.root.mkdir()
    unapproved.repertoire.put(status(Reason.NOT_APPROVED))
    unapproved.live(before(60), 480)
    for world in (stopped, unapproved):
        assert [record.airing for record in plays(world.rows())] == [MISSED]
    paused = alone(tmp_path / "paused", Ruled)
    paused.root.mkdir()
    paused.live(before(1200), 60, meanwhile=doing(before(1190), Pause()))
    missed_by_a_power_cut(paused)
    paused.live(HALF_PAST, 1080, meanwhile=doing(HALF_PAST + timedelta(minutes=10), Resume()), boot="two")
    assert log(paused)[FIRST].due == HALF_PAST + timedelta(minutes=16), "it waits for the market to be resumed"


def test_a_person_and_a_rule_that_make_the_same_good_at_once_order_it_once(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)

    async def both(daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(10)
        daemon._bill.same_day = frozenset([MISSED])
        await asyncio.gather(_promise_what_is_owed(daemon._bill), daemon.obey(at_four(), ME), return_exceptions=True)

    world.live(HALF_PAST, 20, meanwhile=both, boot="two")
    assert len([row for row in world.rows() if isinstance(row.event, MakeGoodOrdered)]) == 1


def test_by_rule_it_lapses_at_midnight(tmp_path: Path) -> None:
    late = TEN.replace(hour=23, minute=40)
    all_day = (market("norte", hours=Hours(time(0), time.max)),)
    world = Ruled(tmp_path, airings=(airing("norte", late),), markets=all_day)
    world.live_until_killed(late - timedelta(minutes=10), 540, "one")
    world.live(late + timedelta(minutes=14), 400, boot="two")  # 23:54: the first free minute is 23:59
    (made,) = [record for record in plays(world.rows()) if record.make_good_of]
    assert (made.due.astimezone(LIMA).time(), made.outcome) == (time(23, 59), Outcome.PLAYED)
    dark = Ruled(tmp_path / "dark", airings=(airing("norte", late),), markets=all_day)
    dark.root.mkdir()
    dark.live_until_killed(late - timedelta(minutes=10), 540, "one")
    dark.live_until_killed(late + timedelta(minutes=14), 120, "two")
    dark.live(late + timedelta(minutes=21), 600, boot="three")  # 00:01, within ten minutes of its minute
    (made,) = [record for record in plays(dark.rows()) if record.make_good_of]
    assert (made.outcome, made.reason) == (Outcome.MISSED, Reason.POWER_LOSS)
    assert dark.voices() == []


def test_by_rule_nothing_is_promised_for_the_day_that_begins_while_the_library_is_asked(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)

    async def owing_as_the_clock_is_put_right(daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(10)
        known = daemon._bill.stage.repertoire.statuses

        async def asked_as_the_clock_is_put_right(today: date, only: Any = None) -> Any:
            clock.step(86400)
            return await known(today, only)

        daemon._bill.stage.repertoire.statuses = asked_as_the_clock_is_put_right  # type: ignore[method-assign]
        daemon._bill.same_day = frozenset([MISSED])
        await _promise_what_is_owed(daemon._bill)

    world.live(HALF_PAST, 20, meanwhile=owing_as_the_clock_is_put_right, boot="two")
    assert [row.event for row in world.rows() if isinstance(row.event, MakeGoodOrdered)] == []


def test_without_the_rule_nothing_is_made_good_by_itself(tmp_path: Path) -> None:
    world = alone(tmp_path)
    missed_by_a_power_cut(world)
    world.live(HALF_PAST, 900, boot="two")
    assert [record.airing for record in plays(world.rows())] == [MISSED]
