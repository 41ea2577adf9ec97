"""A clock that jumps, sleeps, starts in 1970 or is a year ahead: nothing ends twice, nothing sounds at a doubtful hour."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulated_station import EPISODE, LENGTH_S, LIMA, TEN, World, airing, before, kinds

from broadcaster.clock import Clock, Instant
from broadcaster.journal.append import Journal
from broadcaster.journal.events import (
    ClockConfirmed,
    ClockHeld,
    Ended,
    Held,
    Intent,
    OfficePaired,
    PlanAccepted,
    Promise,
    RtcCompared,
    Started,
    StickTaken,
    Stopped,
    Suspended,
)
from broadcaster.journal.nodes import records_of
from broadcaster.model import ClockTrust, EpisodeNumber, MarketId, Outcome, Plan, Reason
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.orders import Play, TimeUnsure
from broadcaster.playout.simulated_time import SimulatedClock, SimulatedLoop
from broadcaster.schedule.plan import plan_sha256
from broadcaster.store.engine import url_of

SYNCED, RTC, UNVERIFIED = ClockTrust.SYNCED, ClockTrust.RTC, ClockTrust.UNVERIFIED
MISSED_FOR_THE_CLOCK = (Outcome.MISSED, Reason.CLOCK_UNVERIFIED)
ONE = (airing("norte"),)
DAY = timedelta(days=1)

Meanwhile = Callable[["BoxClock"], Coroutine[Any, Any, None]]


class BoxClock(SimulatedClock):
    """A box's clock, with what the machine says of it."""

    trust = UNVERIFIED
    daemon: Daemon
    """The one that goes by it."""

    def now(self) -> Instant:
        return replace(super().now(), trust=self.trust)

    def set_by_time_server(self, to: datetime) -> None:
        """The network is there."""
        self.step((to - self.now().utc).total_seconds())
        self.trust = SYNCED


def live(
    world: World,
    start: datetime,
    for_s: float,
    meanwhile: Meanwhile | None = None,
    *,
    trust: ClockTrust = UNVERIFIED,
    boot: str = "one",
) -> None:
    """One life of the daemon by a box's clock, ended in order."""

    async def life() -> None:
        clock = BoxClock(asyncio.get_running_loop(), start, boot)
        clock.trust = trust
        daemon = clock.daemon = world.daemon(clock)
        beside = asyncio.ensure_future(meanwhile(clock)) if meanwhile else None
        await daemon.run(for_s, signals=False)
        if beside is not None:
            await beside

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        runner.run(life())


def say_yes(world: World, clock: Clock) -> None:
    """As ``broadcaster clock confirm`` does, in a process of its own."""
    with Journal.open(world.station.database, clock, LIMA) as journal:
        journal.append(ClockConfirmed("uid:0"))


def promised_yesterday(world: World, trust: ClockTrust = SYNCED) -> None:
    """A life the day before, by a good clock; then somebody pulls the plug."""
    clock = StillClock(TEN - DAY, trust, "yesterday")
    with Journal.open(world.station.database, clock, LIMA) as journal:
        journal.append(Started("0", 1, tuple(market.id for market in world.markets)))
        journal.append(accepted(world))


class StillClock:
    """A clock that stands still."""

    def __init__(self, moment: datetime, trust: ClockTrust, boot: str) -> None:
        self._now = Instant(moment.astimezone(UTC), 0.0, boot, trust)

    def now(self) -> Instant:
        return self._now


def accepted(world: World) -> PlanAccepted:
    """The world's whole plan, promised."""
    promises = (
        Promise(each.id, each.market, each.due, each.episode, each.grace_s, each.cancelled) for each in world.airings
    )
    return PlanAccepted(plan_sha256(Plan(world.airings)), tuple(promises))


def ends(world: World) -> Counter[str]:
    """How many terminal rows each airing has."""
    return Counter(row.event.airing for row in world.rows() if isinstance(row.event, Ended))


def outcome(world: World, name: str = "norte", due: datetime = TEN) -> tuple[Outcome, Reason]:
    ended = world.ended(name, due)
    return ended.outcome, ended.reason


# D4: nothing vouches for the clock


def test_a_clock_that_nobody_vouches_for_holds_the_airing_and_then_it_is_missed_for_that(tmp_path: Path) -> None:
    world = World(tmp_path, airings=ONE)
    live(world, before(60), 700)
    assert world.hall.sounded == []
    assert kinds(world.rows()) == ["started", "clock_held", "ended", "stopped"]
    assert outcome(world) == MISSED_FOR_THE_CLOCK
    assert world.rows()[2].utc == pytest.approx(TEN + timedelta(seconds=600), abs=timedelta(seconds=3))


def test_the_operators_yes_within_the_grace_lets_it_play_late_and_the_rows_say_by_whom(tmp_path: Path) -> None:
    world = World(tmp_path, airings=ONE)

    async def yes(clock: BoxClock) -> None:
        await asyncio.sleep(60 + 240)
        say_yes(world, clock)

    live(world, before(60), 500, yes)
    ended = world.ended()
    assert (ended.outcome, ended.reason) == (Outcome.PLAYED, Reason.LATE)
    assert ended.late_s == pytest.approx(245, abs=10)
    trust = {type(row.event): row.clock for row in world.rows()}
    assert (trust[ClockHeld], trust[PlanAccepted], trust[Intent]) == (
        UNVERIFIED,
        ClockTrust.OPERATOR,
        ClockTrust.OPERATOR,
    )
    assert ends(world).most_common() == [(airing("norte").id, 1)]


def belongs_to_an_office(world: World) -> None:
    """Whose record is far longer than the box's, which has its decisions among its own rows."""
    clock = StillClock(TEN - 2 * DAY, SYNCED, "there")
    with Journal.open(url_of(world.root / "office" / "broadcaster.db"), clock, LIMA) as office:
        for number in range(1, 60):
            office.append(Suspended(EpisodeNumber(900 + number), "uid:0"))
        with office.store.reading() as connection:
            theirs = records_of(connection, office.node)
    with Journal.open(world.station.database, clock, LIMA) as box:
        taken = StickTaken(office.node, office.epoch, len(theirs), len(theirs))
        box.append_beside(theirs, lambda _new: (OfficePaired(office.node, "", ""), taken))


def test_at_an_offices_box_too_what_somebody_writes_into_the_record_is_heeded(tmp_path: Path) -> None:
    """Her yes and her pause stand after rows of the box, and have smaller numbers than the office's."""
    world = World(tmp_path, airings=(*ONE, airing("sur")))
    belongs_to_an_office(world)

    async def yes(clock: BoxClock) -> None:
        await asyncio.sleep(30)
        say_yes(world, clock)
        with Journal.open(world.station.database, clock, LIMA) as journal:
            journal.append(Held(MarketId("sur"), "uid:0"))

    live(world, before(90), 150, yes)
    assert world.ended().reason is Reason.ON_TIME
    assert outcome(world, "sur") == (Outcome.CANCELLED, Reason.HELD_BY_OPERATOR)


def test_a_yes_before_the_minute_lets_it_play_on_time(tmp_path: Path) -> None:
    world = World(tmp_path, airings=ONE)

    async def yes(clock: BoxClock) -> None:
        await asyncio.sleep(30)
        say_yes(world, clock)

    live(world, before(90), 150, yes)
    assert world.ended().reason is Reason.ON_TIME
    assert "clock_held" not in kinds(world.rows())


def test_her_yes_of_this_morning_does_not_hold_for_the_next_boot(tmp_path: Path) -> None:
    world = World(tmp_path, airings=ONE)
    with Journal.open(world.station.database, StillClock(TEN - timedelta(hours=1), UNVERIFIED, "one"), LIMA) as journal:
        journal.append(ClockConfirmed("uid:0"))
    live(world, before(60), 700, boot="two")
    assert outcome(world) == MISSED_FOR_THE_CLOCK


@pytest.mark.parametrize("start", [datetime(1970, 1, 1, tzinfo=UTC), TEN - timedelta(days=400)], ids=["1970", "old"])
def test_a_start_before_the_program_was_built_promises_nothing_until_the_network_sets_the_clock(
    tmp_path: Path, start: datetime
) -> None:
    season = tuple(airing("norte", TEN + each * DAY) for each in range(-380, 2))
    world = World(tmp_path, airings=season, built=TEN.astimezone(UTC) - 30 * DAY)

    async def network(clock: BoxClock) -> None:
        await asyncio.sleep(120)
        assert kinds(world.rows()) == ["started"]
        clock.set_by_time_server(before(60))

    live(world, start, 300, network)
    assert world.ended().reason is Reason.ON_TIME
    assert ends(world).total() == 1


def test_a_first_start_months_behind_misses_nothing_of_the_months_between(tmp_path: Path) -> None:
    season = tuple(airing("norte", TEN + each * DAY) for each in range(-90, 2))
    world = World(tmp_path, airings=season)

    async def network(clock: BoxClock) -> None:
        await asyncio.sleep(120)
        clock.set_by_time_server(before(60))

    live(world, TEN - timedelta(days=80, hours=3), 300, network)
    assert ends(world) == {airing("norte").id: 1}
    assert world.ended().reason is Reason.ON_TIME


def test_a_first_start_a_year_ahead_that_is_put_right_loses_nothing(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(*ONE, airing("norte", TEN + 360 * DAY)))

    async def put_right(clock: BoxClock) -> None:
        await asyncio.sleep(100)
        clock.step((before(120) - clock.now().utc).total_seconds())
        await asyncio.sleep(20)
        say_yes(world, clock)

    live(world, TEN + 359 * DAY, 400, put_right)
    assert ends(world) == {airing("norte").id: 1}
    assert world.ended().reason is Reason.ON_TIME


def test_a_start_at_the_last_shutdown_time_settles_what_went_by_once_the_time_is_known(tmp_path: Path) -> None:
    eight = TEN - timedelta(hours=2)
    world = World(tmp_path, airings=(airing("norte", eight), *ONE, airing("norte", TEN + timedelta(minutes=40))))
    promised_yesterday(world)

    async def network(clock: BoxClock) -> None:
        await asyncio.sleep(1800)  # it is 10:20; the computer was switched on at 9:50
        assert ends(world) == {}
        clock.set_by_time_server(TEN + timedelta(minutes=20))

    live(world, TEN - DAY + timedelta(minutes=5), 3300, network, boot="today")
    assert outcome(world, due=eight) == (Outcome.MISSED, Reason.POWER_LOSS)
    assert outcome(world) == MISSED_FOR_THE_CLOCK
    assert world.ended(due=TEN + timedelta(minutes=40)).reason is Reason.ON_TIME
    assert set(ends(world).values()) == {1}


def test_a_clock_earlier_than_the_record_wakes_nothing_and_asks(tmp_path: Path) -> None:
    world = World(tmp_path, airings=ONE)
    promised_yesterday(world)
    with Journal.open(world.station.database, StillClock(TEN + timedelta(hours=3), SYNCED, "noon"), LIMA) as journal:
        journal.append(Stopped("sigterm"))
    live(world, before(60), 900, boot="today")
    assert kinds(world.rows())[3:] == ["started", "stopped"]
    assert world.hall.sounded == []


def test_what_was_held_when_the_power_went_is_missed_once_for_the_clock(tmp_path: Path) -> None:
    world = World(tmp_path, airings=ONE)
    live(world, before(60), 200)
    assert kinds(world.rows())[-2:] == ["clock_held", "stopped"]
    live(world, TEN + timedelta(hours=5), 60, trust=SYNCED, boot="two")
    assert outcome(world) == MISSED_FOR_THE_CLOCK
    assert ends(world).total() == 1


def test_what_was_held_is_played_by_the_next_run_while_its_grace_lasts(tmp_path: Path) -> None:
    world = World(tmp_path, airings=ONE)
    live(world, before(60), 120)
    live(world, TEN + timedelta(seconds=70), 60, trust=SYNCED, boot="two")
    assert outcome(world) == (Outcome.PLAYED, Reason.LATE)
    assert ends(world).total() == 1


def test_a_holiday_is_silent_whatever_the_clock(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte", cancelled=Reason.HOLIDAY),))
    live(world, before(60), 120)
    assert outcome(world) == (Outcome.CANCELLED, Reason.HOLIDAY)
    assert "clock_held" not in kinds(world.rows())


def test_a_hardware_clock_that_was_seen_to_be_right_asks_nobody(tmp_path: Path) -> None:
    """The stall without internet: one yes in the first week, none on the mornings after."""
    world = World(tmp_path, airings=ONE)
    promised_yesterday(world)
    with Journal.open(world.station.database, StillClock(TEN - DAY, ClockTrust.OPERATOR, "yesterday"), LIMA) as journal:
        journal.append(RtcCompared(0.6))
    live(world, before(60), 120, trust=RTC, boot="today")
    assert world.ended().reason is Reason.ON_TIME
    assert {row.clock for row in world.rows() if isinstance(row.event, Intent)} == {RTC}


def test_a_hardware_clock_that_nobody_ever_compared_asks_once(tmp_path: Path) -> None:
    world = World(tmp_path, airings=ONE)
    live(world, before(60), 700, trust=RTC)
    assert outcome(world) == MISSED_FOR_THE_CLOCK


def test_by_hand_nothing_sounds_at_an_hour_that_nobody_vouches_for_unless_somebody_answers_for_it(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, airings=())

    async def by_hand(clock: BoxClock) -> None:
        await asyncio.sleep(5)
        with pytest.raises(TimeUnsure):
            await clock.daemon.obey(Play(EPISODE, MarketId("norte")), "uid:0")
        assert world.voices() == []
        await clock.daemon.obey(Play(EPISODE, MarketId("norte"), "the mayor is here"), "uid:0")

    live(world, before(60), 90, by_hand)
    assert len(world.voices()) == 1


# D1, D2, D3: a clock that moves


@pytest.mark.parametrize(
    ("jump_s", "reason"),
    [(300, Reason.LATE), (4, Reason.ON_TIME), (3600, Reason.CLOCK_JUMP)],
    ids=["D1", "D2", "D1 past"],
)
def test_a_jump_over_the_slot_by_a_time_server(tmp_path: Path, jump_s: float, reason: Reason) -> None:
    world = World(tmp_path, airings=ONE)

    async def jump(clock: BoxClock) -> None:
        await asyncio.sleep(30)
        clock.step(jump_s)

    live(world, before(120), 200, jump, trust=SYNCED)
    assert world.ended().reason is reason
    assert ends(world).total() == 1


def test_a_jump_of_a_day_that_nobody_vouches_for_ends_nothing(tmp_path: Path) -> None:
    """Somebody set the clock a day ahead by mistake; when it is put right, the airing goes out."""
    week = tuple(airing(name, TEN + each * DAY) for each in range(7) for name in ("norte", "sur"))
    world = World(tmp_path, airings=week)

    async def mistake(clock: BoxClock) -> None:
        say_yes(world, clock)
        await asyncio.sleep(60)
        clock.step(3 * 86400)
        await asyncio.sleep(120)
        assert ends(world) == {}
        clock.step(-3 * 86400)
        await asyncio.sleep(30)

    live(world, before(400), 500, mistake)
    assert ends(world) == {airing("norte").id: 1, airing("sur").id: 1}
    assert world.ended().reason is Reason.ON_TIME


@pytest.mark.parametrize("trust", [SYNCED, RTC])
def test_a_clock_that_goes_back_after_a_play_never_repeats_it(tmp_path: Path, trust: ClockTrust) -> None:
    world = World(tmp_path, airings=ONE)
    promised_yesterday(world)
    with Journal.open(world.station.database, StillClock(TEN - DAY, SYNCED, "yesterday"), LIMA) as journal:
        journal.append(RtcCompared(0.0))

    async def back(clock: BoxClock) -> None:
        await asyncio.sleep(120)
        clock.step(-600)

    live(world, before(60), 1200, back, trust=trust, boot="today")
    assert len(world.voices()) == 1
    assert ends(world).total() == 1


def test_a_clock_that_goes_back_during_a_play_changes_no_duration(tmp_path: Path) -> None:
    world = World(tmp_path, airings=ONE)

    async def back(clock: BoxClock) -> None:
        await asyncio.sleep(70)
        clock.step(-3600)

    live(world, before(60), 120, back, trust=SYNCED)
    ended = world.ended()
    assert ended.outcome is Outcome.PLAYED
    assert ended.played_s == pytest.approx(LENGTH_S, abs=0.3)


def test_an_airing_that_a_clock_ahead_woke_waits_for_its_own_hour_again(tmp_path: Path) -> None:
    world = World(tmp_path, airings=ONE)

    async def put_right(clock: BoxClock) -> None:
        await asyncio.sleep(90)
        assert kinds(world.rows())[-1] == "clock_held"
        clock.set_by_time_server(before(1800))

    live(world, before(60), 2000, put_right)
    assert world.ended().reason is Reason.ON_TIME
    assert ends(world).total() == 1


@pytest.mark.parametrize(("wrong_for_s", "said"), [(300, (Outcome.PLAYED, Reason.LATE)), (1200, MISSED_FOR_THE_CLOCK)])
def test_an_airing_let_go_in_its_lead_in_by_a_clock_set_back_has_not_died_with_anybody(
    tmp_path: Path, wrong_for_s: float, said: tuple[Outcome, Reason]
) -> None:
    """On record it was about to sound, and the program lived all the while: within its grace it sounds, late."""
    world = World(tmp_path, airings=ONE)

    async def back_and_right_again(clock: BoxClock) -> None:
        await asyncio.sleep(58.2)
        assert kinds(world.rows())[-1] == "intent"
        clock.step(-3600)
        await asyncio.sleep(wrong_for_s)
        clock.set_by_time_server(before(60 - 58.2 - wrong_for_s))

    live(world, before(60), 60 + wrong_for_s + 120, back_and_right_again, trust=SYNCED)
    assert outcome(world) == said
    assert ends(world).total() == 1
    assert len(world.voices()) == (said[0] is Outcome.PLAYED)


# D5: three weeks off


def test_three_weeks_off_are_one_row_each_and_no_storm(tmp_path: Path) -> None:
    season = tuple(airing(name, TEN + each * DAY) for each in range(-21, 2) for name in ("norte", "sur"))
    world = World(tmp_path, airings=season)
    clock = StillClock(TEN - 22 * DAY, SYNCED, "before")
    with Journal.open(world.station.database, clock, LIMA) as journal:
        journal.append(Started("0", 1, (MarketId("norte"), MarketId("sur"))))
        journal.append(accepted(world))
    live(world, TEN - timedelta(hours=1), 3700, trust=SYNCED, boot="after")
    gone = {each.id for each in season if each.due < TEN}
    reasons = Counter((row.event.airing, row.event.reason) for row in world.rows() if isinstance(row.event, Ended))
    assert {reasons[airing_, Reason.POWER_LOSS] for airing_ in gone} == {1}
    assert ends(world).total() == len(gone) + 2
    assert [len(world.voices(name)) for name in ("norte", "sur")] == [1, 1]


def test_three_weeks_off_by_a_doubted_clock_are_settled_when_it_is_believed(tmp_path: Path) -> None:
    season = tuple(airing("norte", TEN + each * DAY) for each in range(-21, 2))
    world = World(tmp_path, airings=season)
    clock = StillClock(TEN - 22 * DAY, SYNCED, "before")
    with Journal.open(world.station.database, clock, LIMA) as journal:
        journal.append(Started("0", 1, (MarketId("norte"),)))
        journal.append(accepted(world))

    async def yes(clock: BoxClock) -> None:
        await asyncio.sleep(600)
        assert ends(world) == {}
        say_yes(world, clock)

    live(world, TEN - timedelta(hours=1), 3700, yes, boot="after")
    assert Counter(ends(world).values()) == {1: 22}
    assert world.ended().reason is Reason.ON_TIME


def test_her_yes_heard_while_the_clock_is_looked_at_settles_what_went_by_once(tmp_path: Path) -> None:
    season = tuple(airing("norte", TEN + each * DAY) for each in range(-3, 2))
    world = World(tmp_path, airings=season)
    with Journal.open(world.station.database, StillClock(TEN - 4 * DAY, SYNCED, "before"), LIMA) as journal:
        journal.append(Started("0", 1, (MarketId("norte"),)))
        journal.append(accepted(world))

    async def yes(clock: BoxClock) -> None:
        await asyncio.sleep(600.5)
        say_yes(world, clock)
        await clock.daemon._acceptance.hear()
        watch = clock.daemon._clockwatch
        await asyncio.gather(watch.look(), watch.look())  # for her yes, and because ten seconds are over

    live(world, TEN - timedelta(hours=1), 3700, yes, boot="after")
    assert Counter(ends(world).values()) == {1: 4}
    assert kinds(world.rows()).count("plan_accepted") == 2


# Whatever the clock does


STEPS = st.lists(
    st.tuples(
        st.sampled_from([30, 90, 400, 900]),
        st.sampled_from([0, 4, -40, 700, -700, 5000, -5000, 86400, -86400, 30 * 86400, -400 * 86400]),
        st.sampled_from([SYNCED, RTC, UNVERIFIED, None]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([before(300), before(86400), TEN + 300 * DAY, datetime(1970, 1, 1, tzinfo=UTC)]),
    trust=st.sampled_from([SYNCED, RTC, UNVERIFIED]),
    steps=STEPS,
)
def test_whatever_the_clock_does_an_airing_ends_once_sounds_once_and_only_by_a_believed_clock(
    tmp_path_factory: pytest.TempPathFactory, start: datetime, trust: ClockTrust, steps: list[Any]
) -> None:
    week = tuple(airing("norte", TEN + each * DAY) for each in range(-2, 5))
    world = World(tmp_path_factory.mktemp("box"), airings=week)

    async def happen(clock: BoxClock) -> None:
        for pause, by, then in steps:
            await asyncio.sleep(pause)
            clock.step(by)
            if then is None:
                say_yes(world, clock)
            else:
                clock.trust = then

    live(world, start, sum(pause for pause, _by, _then in steps) + 900, happen, trust=trust)
    live(world, TEN + 6 * DAY, 30, trust=SYNCED, boot="later")
    assert all(count == 1 for count in ends(world).values())
    sounded = [row for row in world.rows() if isinstance(row.event, Intent)]
    assert all(row.clock is not UNVERIFIED for row in sounded)
    whole = [
        row.event.airing for row in world.rows() if isinstance(row.event, Ended) and row.event.outcome is Outcome.PLAYED
    ]
    assert len(whole) == len(set(whole))
