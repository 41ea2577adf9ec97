"""What is settled at the start: from the rows of a dead daemon and the plan of the new one."""

import os
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from simulated_station import LENGTH_S, LIMA, TEN, World, airing, before, kinds, promise

from broadcaster.clock import Instant
from broadcaster.journal.append import Journal
from broadcaster.journal.events import (
    Admitted,
    ClockStepped,
    Ended,
    Event,
    Heartbeat,
    Intent,
    PlanAccepted,
    ProcessId,
    Started,
    Stopped,
)
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.model import (
    ClockTrust,
    EpisodeNumber,
    Evidence,
    MarketId,
    Outcome,
    Plan,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.playout.children import start_ticks
from broadcaster.playout.doubt import in_doubt, out_of_doubt
from broadcaster.playout.orphans import end_orphans, runs
from broadcaster.playout.recovery import Recovery, recover

MARKETS = (MarketId("norte"), MarketId("sur"))
TRUST = ClockTrust.SYNCED
PLAN = Plan((airing("norte"), airing("sur")))
PLAYER, WITNESS = ProcessId(0, 1), ProcessId(0, 2)


class History:
    """A real journal, written at chosen moments of chosen boots."""

    def __init__(self, root: Path) -> None:
        self._url = f"sqlite:///{root}/journal.db"
        self._now = Instant(before(3600), 0.0, "one", ClockTrust.SYNCED)
        self._journal = Journal.open(self._url, self, LIMA)

    def now(self) -> Instant:
        return self._now

    def at(
        self, seconds: float, *events: Event, boot: str = "one", up_s: float = 0.0, trust: ClockTrust = TRUST
    ) -> "History":
        """These events, so long after ten; ``up_s``: since the boot."""
        self._now = Instant(TEN + timedelta(seconds=seconds), up_s, boot, trust)
        for event in events:
            self._journal.append(event)
        return self

    @property
    def rows(self) -> list[Row]:
        return self._journal.rows()

    def recovered(self, seconds: float, plan: Plan = PLAN, boot: str = "one") -> Recovery:
        """What a start so long after ten makes of it."""
        self._now = Instant(TEN + timedelta(seconds=seconds), 0.0, boot, ClockTrust.SYNCED)
        return recover(self.rows, plan, MARKETS, self._now)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def started() -> Started:
    return Started("0", 1, MARKETS)


def accepted(*names: str) -> PlanAccepted:
    return PlanAccepted(Sha256("0" * 64), tuple(promise(name) for name in names or MARKETS))


def intent(name: str = "norte", late_s: float = 0.0) -> Intent:
    return Intent(
        airing=airing(name).id,
        market=MarketId(name),
        episode=EpisodeNumber(3),
        revision=1,
        master_sha256=Sha256("a" * 64),
        due=TEN,
        late_s=Seconds(late_s),
        expected_s=LENGTH_S,
        sink="s",
        player=PLAYER,
        witness=WITNESS,
    )


def beat(history: History, heard_s: float) -> Heartbeat:
    return Heartbeat(history.rows[-1].play, Seconds(heard_s), Evidence.MONITOR)


def outcomes(recovery: Recovery) -> dict[str, tuple[Outcome, Reason]]:
    return {ended.market: (ended.outcome, ended.reason) for ended in recovery.endings}


def test_a_first_start_promises_what_is_to_come_and_misses_nothing(history: History) -> None:
    season = Plan(tuple(airing("norte", TEN + timedelta(days=day)) for day in range(-30, 30)))
    recovery = history.recovered(60, season)
    assert recovery.endings == ()
    assert [one.due for one in recovery.accepted.promises] == [TEN + timedelta(days=day) for day in range(1, 30)]


def test_decisions_of_the_library_before_the_first_start_make_no_promise(history: History) -> None:
    history.at(
        -86400,
        Admitted(EpisodeNumber(3), 1, Sha256("b" * 64), Sha256("a" * 64), LENGTH_S, ("D-001",), "C-1", ("linea-100",)),
    )
    assert history.recovered(3600).endings == ()


@pytest.mark.parametrize(
    ("last", "boot", "reason"),
    [
        ((), "one", Reason.PROCESS_DIED),
        ((), "two", Reason.POWER_LOSS),
        ((Stopped("sigterm"),), "one", Reason.SWITCHED_OFF),
        ((Stopped("sigterm"),), "two", Reason.SWITCHED_OFF),
        ((Stopped("error"),), "one", Reason.PROCESS_DIED),
        ((Stopped("error"),), "two", Reason.PROCESS_DIED),
    ],
)
def test_what_fell_due_while_nobody_was_there_is_missed_for_the_reason_that_fits(
    history: History, last: tuple[Event, ...], boot: str, reason: Reason
) -> None:
    history.at(-1800, started(), accepted()).at(-900, *last)
    assert outcomes(history.recovered(1800, boot=boot)) == {
        "norte": (Outcome.MISSED, reason),
        "sur": (Outcome.MISSED, reason),
    }


def test_a_run_that_never_knew_the_time_takes_no_reason_from_what_went_by_before_it(history: History) -> None:
    """Switched off over ten; back by a wrong clock, put right, and the light goes out before anything is settled."""
    history.at(-600, started(), accepted()).at(-500, Stopped("sigterm"))
    history.at(-90000, started(), boot="two", up_s=20.0, trust=ClockTrust.UNVERIFIED)
    history.at(7200, ClockStepped(97000.0), boot="two", up_s=120.0)
    later = Plan(
        (
            airing("norte"),
            airing("sur"),
            airing("norte", TEN + timedelta(seconds=7150)),
            airing("norte", TEN + timedelta(seconds=7000)),
        )
    )
    found = {ended.airing: ended.reason for ended in history.recovered(9000, later, boot="three").endings}
    assert found == {
        airing("norte").id: Reason.SWITCHED_OFF,
        airing("sur").id: Reason.SWITCHED_OFF,
        airing("norte", TEN + timedelta(seconds=7000)).id: Reason.SWITCHED_OFF,
        airing("norte", TEN + timedelta(seconds=7150)).id: Reason.POWER_LOSS,
    }


def dark_with_a_wrong_clock(history: History, boot: str, up_s: float = 0.0) -> None:
    """A start of which no row tells when it was; then the light goes."""
    history.at(-90000, started(), boot=boot, up_s=up_s, trust=ClockTrust.UNVERIFIED)


@pytest.mark.parametrize(
    ("left", "reason"),
    [((Stopped("sigterm"),), Reason.ABSENT), ((Stopped("error"),), Reason.ABSENT), ((), Reason.POWER_LOSS)],
)
def test_where_nobody_knows_when_a_run_by_a_wrong_clock_was_no_power_cut_is_claimed(
    history: History, left: tuple[Event, ...], reason: Reason
) -> None:
    """The light went in it; before it the program was switched off, or had broken down. What both have is told still."""
    history.at(-600, started(), accepted()).at(-500, *left)
    dark_with_a_wrong_clock(history, "two")
    assert {ended.reason for ended in history.recovered(9000, boot="three").endings} == {reason}


def test_a_run_that_is_known_to_have_begun_parts_what_is_known_from_what_is_not(history: History) -> None:
    """Off, a dark start at any time, then one by a clock that was put right, which went dark too."""
    history.at(-600, started(), accepted()).at(-500, Stopped("sigterm"))
    dark_with_a_wrong_clock(history, "two")
    dark_with_a_wrong_clock(history, "three", up_s=20.0)
    history.at(7200, ClockStepped(97000.0), boot="three", up_s=120.0)
    plan = Plan((airing("norte"), airing("sur"), airing("norte", TEN + timedelta(seconds=7150))))
    found = {ended.airing: ended.reason for ended in history.recovered(9000, plan, boot="four").endings}
    assert list(found.values()) == [Reason.ABSENT, Reason.ABSENT, Reason.POWER_LOSS]


def test_a_clock_that_is_believed_late_tells_what_went_by_before_that_start_no_other_way(history: History) -> None:
    """The third start begins in doubt like the second, and lives to see the clock put right."""
    history.at(-600, started(), accepted()).at(-500, Stopped("sigterm"))
    dark_with_a_wrong_clock(history, "two")
    history.at(-90000, boot="three", trust=ClockTrust.UNVERIFIED)
    start = in_doubt(history.rows, PLAN, MARKETS, history.now(), wrong=False)
    history.at(-90000, started(), boot="three", trust=ClockTrust.UNVERIFIED)
    now = Instant(TEN + timedelta(seconds=9000), 60.0, "three", ClockTrust.SYNCED)
    since = now.utc - timedelta(seconds=60)
    ends, _accepted = out_of_doubt(history.rows, PLAN, MARKETS, now, begun={}, absences=start.absences, since=since)
    assert [ended.reason for ended in ends] == [Reason.ABSENT, Reason.ABSENT]


def test_within_the_grace_a_promise_that_fell_due_meanwhile_is_still_kept(history: History) -> None:
    history.at(-1800, started(), accepted())
    recovery = history.recovered(300)
    assert recovery.endings == ()
    assert [one.airing for one in recovery.accepted.promises] == [airing("norte").id, airing("sur").id]


def test_what_a_season_gained_while_nobody_was_there_is_missed_from_the_last_plan_on(history: History) -> None:
    history.at(-7200, started(), accepted("norte"))
    new = Plan((airing("norte"), airing("sur", TEN - timedelta(hours=1)), airing("sur", TEN - timedelta(hours=3))))
    assert [ended.due for ended in history.recovered(1800, new).endings] == [TEN - timedelta(hours=1), TEN]


def test_a_later_plan_without_a_coming_airing_promises_it_as_cancelled_and_may_bring_it_back(history: History) -> None:
    history.at(-7200, started(), accepted())
    without = history.recovered(-3600, Plan((airing("norte"),)))
    assert [one.cancelled for one in without.accepted.promises] == [None, Reason.PLAN_CHANGED]
    history.at(-3600, started(), without.accepted)
    assert [one.cancelled for one in history.recovered(-1800).accepted.promises] == [None, None]
    late = history.recovered(3600, Plan((airing("norte"),)))
    assert outcomes(late)["sur"] == (Outcome.CANCELLED, Reason.PLAN_CHANGED)


def test_a_market_that_is_not_served_now_does_not_sound_late(history: History) -> None:
    history.at(-1800, started(), accepted()).at(-900, Stopped("sigterm"))
    recovery = recover(history.rows, PLAN, MARKETS[:1], Instant(TEN + timedelta(seconds=60), 0.0, "one", TRUST))
    assert [promise.market for promise in recovery.accepted.promises] == ["norte"]
    assert outcomes(recovery) == {"sur": (Outcome.MISSED, Reason.SWITCHED_OFF)}


def test_a_new_plan_never_touches_an_airing_already_due(history: History) -> None:
    history.at(-7200, started(), accepted())
    recovery = history.recovered(120, Plan(()))
    assert [one.cancelled for one in recovery.accepted.promises] == [None, None]


def test_killed_between_record_and_first_word_it_is_missed_before_sound(history: History) -> None:
    history.at(-1800, started(), accepted()).at(-7, intent())
    assert outcomes(history.recovered(60))["norte"] == (Outcome.MISSED, Reason.PROCESS_DIED_BEFORE_SOUND)


def test_back_before_the_first_word_it_is_tried_again(history: History) -> None:
    history.at(-1800, started(), accepted()).at(-7, intent())
    recovery = history.recovered(-2)
    assert recovery.endings == ()
    assert airing("norte").id in {one.airing for one in recovery.accepted.promises}
    assert set(recovery.orphans) == {PLAYER, WITNESS}


def test_left_in_order_before_the_first_word_it_is_tried_again_within_the_grace(history: History) -> None:
    history.at(-1800, started(), accepted()).at(-7, intent()).at(-3, Stopped("sigterm"))
    assert history.recovered(60).endings == ()
    assert outcomes(history.recovered(1800))["norte"] == (Outcome.MISSED, Reason.SWITCHED_OFF)


@pytest.mark.parametrize(
    ("heard_s", "outcome", "reason"),
    [
        (0.0, Outcome.PARTIAL, Reason.PROCESS_DIED),
        (10.0, Outcome.PARTIAL, Reason.PROCESS_DIED),
        (19.0, Outcome.PARTIAL, Reason.PROCESS_DIED),
        (20.0, Outcome.PLAYED, Reason.ON_TIME),
    ],
)
def test_killed_during_a_play_the_last_heartbeat_is_what_counts(
    history: History, heard_s: float, outcome: Outcome, reason: Reason
) -> None:
    history.at(-1800, started(), accepted()).at(-7, intent())
    play = history.rows[-1].play
    history.at(0, Heartbeat(play, Seconds(0.0), Evidence.NONE))
    history.at(heard_s, Heartbeat(play, Seconds(heard_s), Evidence.MONITOR))
    [ended] = [ended for ended in history.recovered(120).endings if ended.market == "norte"]
    assert (ended.outcome, ended.reason, ended.played_s, ended.play) == (outcome, reason, heard_s, play)


def test_of_two_tries_the_last_one_counts(history: History) -> None:
    history.at(-1800, started(), accepted()).at(-7, intent()).at(2, intent(late_s=8))
    second = history.rows[-1].play
    history.at(8, Heartbeat(second, Seconds(0), Evidence.NONE)).at(13, Heartbeat(second, Seconds(5), Evidence.MONITOR))
    [ended] = [ended for ended in history.recovered(120).endings if ended.market == "norte"]
    assert (ended.play, ended.played_s, ended.late_s) == (second, 5.0, 8.0)


def test_recovery_interrupted_after_any_row_comes_to_the_same_end(tmp_path: Path) -> None:
    def whole(root: Path, interruptions: int) -> list[Ended]:
        root.mkdir()
        history = History(root).at(-1800, started(), accepted()).at(-7, intent())
        for kept in (*range(interruptions), None):
            history.at(3600, *history.recovered(3600, boot="two").endings[: None if kept is None else 1], boot="two")
        return [row.event for row in history.rows if isinstance(row.event, Ended)]

    once = whole(tmp_path / "once", 0)
    assert len(once) == len(MARKETS)
    assert whole(tmp_path / "again", 1) == whole(tmp_path / "twice", 2) == once


def test_children_of_another_boot_are_not_looked_for(history: History) -> None:
    history.at(-1800, started(), accepted()).at(-7, intent())
    assert history.recovered(60, boot="two").orphans == ()


def test_an_orphan_is_ended_by_number_and_start_time_and_nobody_else_is() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        ticks = start_ticks(child.pid)
        assert ticks is not None
        assert end_orphans([ProcessId(child.pid, ticks + 1)]) == 0
        assert child.poll() is None
        assert end_orphans([ProcessId(child.pid, ticks)]) == 1
        assert child.wait(1) == -signal.SIGKILL
    assert not runs(ProcessId(child.pid, ticks))
    assert end_orphans([ProcessId(os.getpid(), 0)]) == 0


def test_three_weeks_off_make_one_miss_for_each_airing_and_no_sound(tmp_path: Path) -> None:
    days = [TEN + timedelta(days=day) for day in range(22)]
    world = World(tmp_path, airings=tuple(airing("norte", day) for day in days))
    world.live(before(120), 30)
    world.live(days[20] + timedelta(hours=5), 60, boot="two")
    ends = [row.event for row in world.rows() if isinstance(row.event, Ended)]
    assert [(ended.due, ended.reason) for ended in ends] == [(day, Reason.SWITCHED_OFF) for day in days[:21]]
    assert world.hall.sounded == []


def test_a_daemon_that_starts_again_and_again_keeps_one_end_for_each_airing(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(before(40), 90)
    for _ in range(2):
        world.live(before(-3600), 30)
    assert kinds(world.rows()).count("ended") == len(MARKETS)
    assert kinds(read(world.station.database)).count("stopped") == 3


def test_what_the_plan_of_a_removed_market_promised_ends_cancelled(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(before(120), 30)
    smaller = World(tmp_path, airings=(airing("norte"),), markets=world.markets[:1])
    smaller.live(before(60), 120)
    assert (smaller.ended("sur").outcome, smaller.ended("sur").reason) == (Outcome.CANCELLED, Reason.PLAN_CHANGED)
    assert smaller.ended("norte").outcome is Outcome.PLAYED
