"""The daemon's whole life on simulated sound and time, with a real journal: what is on record is what sounded."""

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from simulated_station import LENGTH_S, TEN, World, airing, before, kinds, market, status

from broadcaster.journal.events import Ended, Heartbeat
from broadcaster.model import Evidence, Flag, Hours, MarketId, Outcome, Output, Reason, Seconds
from broadcaster.playout.daemon import Daemon
from broadcaster.playout.orders import Stop
from broadcaster.playout.simulated import Fault, Planned, SimulatedSpeakers
from broadcaster.playout.simulated_time import SimulatedClock
from broadcaster.playout.speaker import Found


def test_two_markets_play_at_the_same_moment_on_the_minute(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(before(60), 120)
    for name in ("norte", "sur"):
        ended = world.ended(name)
        assert (ended.outcome, ended.reason, ended.evidence) == (Outcome.PLAYED, Reason.ON_TIME, Evidence.MONITOR)
        assert ended.started == TEN
        assert ended.played_s == pytest.approx(LENGTH_S, abs=0.2)
        assert world.voices(name) == [pytest.approx((60.0, 60.0 + LENGTH_S), abs=0.01)]


def test_a_play_is_on_record_before_it_sounds_and_leaves_a_heartbeat_every_five_seconds(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte"),))
    world.live(before(60), 120)
    assert kinds(world.rows()) == [
        "started", "plan_accepted", "intent", *["heartbeat"] * 5, "ended", "stopped"
    ]  # fmt: skip
    intent = world.rows()[2]
    assert intent.utc < TEN - timedelta(seconds=3)
    beats = [row.event.heard_s for row in world.rows() if isinstance(row.event, Heartbeat)]
    assert beats == pytest.approx([0, 5, 10, 15, 20], abs=0.3)


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        (Reason.NOT_APPROVED, Outcome.MISSED),
        (Reason.NO_CONSENT, Outcome.MISSED),
        (Reason.NO_HELPLINE, Outcome.MISSED),
        (Reason.BAD_FILE, Outcome.MISSED),
        (Reason.WITHDRAWN, Outcome.CANCELLED),
        (Reason.SUSPENDED, Outcome.CANCELLED),
    ],
)
def test_an_episode_that_may_not_air_stays_silent_and_says_why(
    tmp_path: Path, reason: Reason, outcome: Outcome
) -> None:
    world = World(tmp_path)
    world.repertoire.put(status(reason))
    world.live(before(40), 60)
    assert (world.ended().outcome, world.ended().reason) == (outcome, reason)
    assert world.hall.sounded == []


def test_an_episode_approved_ten_seconds_before_its_minute_plays_on_time(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.repertoire.put(status(Reason.NOT_APPROVED))

    async def approve(_daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(30)
        world.repertoire.put(status())

    world.live(before(40), 80, meanwhile=approve)
    assert world.ended().reason is Reason.ON_TIME


def test_an_unknown_episode_is_missed_for_that_reason(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte", episode=9), airing("sur", episode=None)))
    world.live(before(40), 60)
    assert world.ended("norte").reason is Reason.NO_EPISODE
    assert world.ended("sur").reason is Reason.NO_EPISODE


def test_an_output_that_comes_back_within_the_grace_plays_late(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hall.absent.add("sink-norte")

    async def plug_in(_daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(100)
        world.hall.absent.clear()

    world.live(before(40), 200, meanwhile=plug_in)
    ended = world.ended()
    assert (ended.outcome, ended.reason) == (Outcome.PLAYED, Reason.LATE)
    assert 60 <= ended.late_s <= 75
    assert world.ended("sur").reason is Reason.ON_TIME


def test_an_output_that_stays_away_is_missed_when_the_grace_is_over(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hall.absent.add("sink-norte")
    world.live(before(40), 700)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.MISSED, Reason.NO_AUDIO_DEVICE)
    assert world.voices() == []


def test_a_player_that_fails_before_any_sound_is_tried_once_more_and_plays_late(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hall.faults["sink-norte"] = [Planned(Fault.CRASH, Seconds(1.0))]
    world.live(before(40), 90)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PLAYED, Reason.LATE)
    assert 0 < world.ended().late_s < 5
    assert len(world.voices()) == 1


def test_a_player_that_fails_again_and_again_plays_as_soon_as_one_does_not(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hall.faults["sink-norte"] = [Planned(Fault.NO_START)] * 6
    world.live(before(40), 200)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PLAYED, Reason.LATE)
    assert 30 < world.ended().late_s < 70
    assert len(world.voices()) == 1
    assert world.ended("sur").reason is Reason.ON_TIME


def test_a_player_that_never_starts_is_a_miss_once_the_grace_is_over(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hall.faults["sink-norte"] = [Planned(Fault.NO_START)] * 60
    world.live(before(40), 700)
    ended = world.ended()
    assert (ended.outcome, ended.reason) == (Outcome.MISSED, Reason.PLAYER_FAILED)
    assert world.voices() == []
    (row,) = [row for row in world.rows() if isinstance(row.event, Ended) and row.event.market == "norte"]
    assert 500 < (row.utc - TEN).total_seconds() < 600
    assert 10 < len(world.hall.faults["sink-norte"]) < 40


def test_a_stop_while_the_next_player_waits_ends_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hall.faults["sink-norte"] = [Planned(Fault.NO_START)] * 60

    async def stop(daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep((TEN + timedelta(seconds=60) - clock.now().utc).total_seconds())
        await daemon.obey(Stop(MarketId("norte")), "uid:1000")

    world.live(before(40), 200, meanwhile=stop)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.CANCELLED, Reason.STOPPED_BY_OPERATOR)
    assert world.voices() == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.CRASH, Reason.PLAYER_CRASHED),
        (Fault.HANG, Reason.PLAYER_HUNG),
        (Fault.LOST, Reason.AUDIO_LOST),
        (Fault.MOVED, Reason.WRONG_DEVICE),
        (Fault.MUTED, Reason.SILENT_OUTPUT),
    ],
)
def test_a_play_that_breaks_is_partial_with_the_seconds_that_sounded(
    tmp_path: Path, fault: Fault, reason: Reason
) -> None:
    world = World(tmp_path)
    world.hall.faults["sink-norte"] = [Planned(fault, Seconds(11.0))]
    world.live(before(40), 90)
    ended = world.ended()
    assert (ended.outcome, ended.reason) == (Outcome.PARTIAL, reason)
    [(begin, end)] = world.voices()
    assert ended.played_s == pytest.approx(end - begin, abs=0.3)
    assert len(world.hall.sounded) == 2, "a play that sounded is not repeated"


def test_without_a_working_witness_the_players_end_is_the_evidence_and_the_row_says_so(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hall.faults = {
        "sink-norte": [Planned(Fault.NO_MONITOR)],
        "sink-sur": [Planned(Fault.WITNESS_DIES, Seconds(9))],
    }
    world.live(before(40), 90)
    for name in ("norte", "sur"):
        ended = world.ended(name)
        assert (ended.outcome, ended.evidence) == (Outcome.PLAYED, Evidence.PLAYER)
        assert ended.notes == ("witness_failed",)


@pytest.mark.parametrize("reason", [Reason.WITHDRAWN, Reason.SUSPENDED])
def test_an_episode_withdrawn_during_its_play_falls_silent_within_two_seconds(tmp_path: Path, reason: Reason) -> None:
    world = World(tmp_path)

    async def withdraw(_daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(50)
        world.repertoire.put(status(reason))

    world.live(before(40), 90, meanwhile=withdraw)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PARTIAL, reason)
    [(_begin, end)] = world.voices()
    assert 50 < end <= 52


def test_an_episode_withdrawn_between_record_and_first_word_never_sounds(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def withdraw(_daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(35)
        world.repertoire.put(status(Reason.WITHDRAWN))

    world.live(before(40), 90, meanwhile=withdraw)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.CANCELLED, Reason.WITHDRAWN)
    assert world.voices() == []


def test_stopped_in_order_the_play_fades_out_and_says_so(tmp_path: Path) -> None:
    async def end(daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(50)
        daemon.stop("sigterm")

    world = World(tmp_path)
    world.live(before(40), 100, meanwhile=end)
    ended = world.ended()
    assert (ended.outcome, ended.reason) == (Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR)
    assert ended.played_s == pytest.approx(10, abs=1)
    assert kinds(world.rows())[-1] == "stopped"


def test_a_play_that_the_end_of_a_rehearsal_cuts_was_stopped_by_nobody(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(before(40), 50)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PARTIAL, Reason.WINDOW_CLOSED)


def test_the_absence_before_a_start_explains_nothing_that_falls_due_later(tmp_path: Path) -> None:
    """A clean stop, a start, and a week later the machine sleeps over a slot."""

    async def sleep_over(_daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(30)
        clock.step(3600)

    world = World(tmp_path)
    world.live(before(600), 30)
    world.live(before(500), 600, meanwhile=sleep_over)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.MISSED, Reason.CLOCK_JUMP)


def test_a_market_left_out_at_a_start_is_missed_there_for_nobody_changed_the_schedule(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(before(120), 30)
    world.served = ("norte",)
    world.live(before(60), 900)
    assert world.ended("norte").outcome is Outcome.PLAYED
    assert (world.ended("sur").outcome, world.ended("sur").reason) == (Outcome.MISSED, Reason.SWITCHED_OFF)
    assert world.voices("sur") == []


def test_a_clock_set_back_before_the_first_plan_makes_no_old_promise(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte", TEN - timedelta(days=3)), airing("norte")))
    world.live(before(600), 30)
    world.live((TEN - timedelta(days=7)).astimezone(UTC), 30)
    world.live(before(500), 30)
    assert world.end(due=TEN - timedelta(days=3)) is None


def test_stopped_before_any_sound_the_promise_stays_and_is_kept_after_a_restart(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(before(40), 36)
    assert world.end() is None
    world.live(before(-60), 60)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PLAYED, Reason.LATE)
    assert 60 < world.ended().late_s < 70


def test_a_play_is_cut_when_the_quiet_hours_begin(tmp_path: Path) -> None:
    quiet = Hours((TEN + timedelta(minutes=1)).time(), (TEN + timedelta(hours=2)).time())
    world = World(tmp_path, airings=(airing("norte"),), markets=(market("norte", quiet=(quiet,)),))
    world.hall.absent.add("sink-norte")

    async def plug_in(_daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(80)
        world.hall.absent.clear()

    world.live(before(40), 120, meanwhile=plug_in)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PARTIAL, Reason.WINDOW_CLOSED)
    [(_begin, end)] = world.voices()
    assert 100 <= end <= 101


@pytest.mark.parametrize("set_back_s", [20, 86400])
def test_a_clock_set_back_while_it_sounds_gives_it_no_second_past_its_hours(tmp_path: Path, set_back_s: float) -> None:
    quiet = Hours((TEN + timedelta(minutes=1)).time(), (TEN + timedelta(hours=2)).time())
    world = World(tmp_path, airings=(airing("norte"),), markets=(market("norte", quiet=(quiet,)),))
    world.hall.absent.add("sink-norte")

    async def plug_in_and_set_back(_daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(80)
        world.hall.absent.clear()
        await asyncio.sleep(10)
        clock.step(-set_back_s)

    world.live(before(40), 150, meanwhile=plug_in_and_set_back)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PARTIAL, Reason.WINDOW_CLOSED)
    [(begin, end)] = world.voices()
    assert begin < 90
    assert 100 <= end <= 101


def test_the_clock_stepped_four_seconds_before_the_minute_still_plays(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def step(_daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(15)
        clock.step(4)

    world.live(before(60), 120, meanwhile=step)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PLAYED, Reason.ON_TIME)


@pytest.mark.parametrize(
    ("hours", "outcome", "reason"),
    [(1 / 12, Outcome.PLAYED, Reason.LATE), (1.0, Outcome.MISSED, Reason.CLOCK_JUMP)],
)
def test_a_clock_that_jumps_over_the_minute_plays_within_the_grace_and_misses_past_it(
    tmp_path: Path, hours: float, outcome: Outcome, reason: Reason
) -> None:
    world = World(tmp_path)

    async def jump(_daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(5)
        clock.step(hours * 3600)

    world.live(before(120), 200, meanwhile=jump)
    assert (world.ended().outcome, world.ended().reason) == (outcome, reason)


def test_a_clock_set_back_during_a_play_does_not_repeat_it(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def step(_daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(50)
        clock.step(-3600)

    world.live(before(40), 4000, meanwhile=step)
    assert world.ended().outcome is Outcome.PLAYED
    assert len(world.voices()) == 1


def test_a_clock_set_back_an_hour_before_the_minute_plays_on_its_new_minute(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def step(_daemon: Daemon, clock: SimulatedClock) -> None:
        await asyncio.sleep(20)
        clock.step(-3600)

    world.live(before(60), 3800, meanwhile=step)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PLAYED, Reason.ON_TIME)
    assert world.voices() == [pytest.approx((3660.0, 3680.0), abs=0.1)]


def test_cancelled_by_the_calendar_an_airing_ends_at_its_minute_without_sound(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte", cancelled=Reason.HOLIDAY),))
    world.live(before(40), 60)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.CANCELLED, Reason.HOLIDAY)
    assert world.rows()[-2].utc >= TEN


def test_an_episode_withdrawn_while_its_output_is_looked_for_never_sounds(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte"),))

    class SlowSpeakers(SimulatedSpeakers):
        """Answers after two seconds; in between, consent is taken back."""

        async def find(self, output: Output) -> Found | None:
            await asyncio.sleep(0.5)
            world.repertoire.put(status(Reason.WITHDRAWN))
            await asyncio.sleep(1.5)
            return await super().find(output)

    world.speakers = SlowSpeakers
    world.live(before(40), 90)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.CANCELLED, Reason.WITHDRAWN)
    assert world.voices() == []


def test_an_airing_whose_output_stays_taken_says_so_and_blames_no_player(tmp_path: Path) -> None:
    """As where an edit brings an airing to a minute in which another still sounds."""
    world = World(tmp_path)

    async def take(daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(1)
        daemon._bill.stage.in_use.add("out-norte")

    world.live(before(40), 700, meanwhile=take)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.MISSED, Reason.OUTPUT_BUSY)
    assert world.voices() == []
    assert world.ended("sur").outcome is Outcome.PLAYED


def test_a_fault_of_the_programs_own_leaves_every_airing_its_end(tmp_path: Path) -> None:
    world = World(tmp_path)

    class BrokenSpeakers(SimulatedSpeakers):
        """Answers one market with nonsense."""

        async def find(self, output: Output) -> Found | None:
            if output.sink == "sink-norte":
                raise ArithmeticError
            return await super().find(output)

    world.speakers = BrokenSpeakers
    world.live(before(40), 90)
    assert (world.ended("norte").outcome, world.ended("norte").reason) == (Outcome.MISSED, Reason.PLAYER_FAILED)
    assert world.ended("sur").outcome is Outcome.PLAYED


@pytest.mark.parametrize("newer", [False, True], ids=["nothing else is there", "a right one is there already"])
def test_what_is_found_wrong_while_it_is_said_is_cut_and_only_what_is_right_begins(
    tmp_path: Path, *, newer: bool
) -> None:
    world = World(tmp_path, airings=(airing("norte"), airing("sur", TEN + timedelta(seconds=60))))
    governs = replace(status(), revision=2) if newer else status(Reason.NO_HELPLINE)

    async def report(_daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(45)
        world.repertoire.put(replace(governs, wrong_revisions=frozenset({1})))

    world.live(before(40), 200, meanwhile=report)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PARTIAL, Reason.STOPPED_FOR_SAFETY)
    assert world.voices()[0][1] < 48
    later = world.ended("sur", TEN + timedelta(seconds=60))
    expected = (Outcome.PLAYED, Reason.ON_TIME) if newer else (Outcome.MISSED, Reason.NO_HELPLINE)
    assert (later.outcome, later.reason) == expected


def test_the_row_of_a_play_says_what_its_episode_still_lacked(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte"),))
    world.repertoire.put(replace(status(), flags=(Flag.URGENT,)))
    world.live(before(40), 90)
    assert "urgent" in world.ended().notes


def test_a_withdrawn_revision_falls_silent_though_a_newer_one_governs_by_then(tmp_path: Path) -> None:
    world = World(tmp_path, airings=(airing("norte"),))

    async def withdraw_and_revise(_daemon: Daemon, _clock: SimulatedClock) -> None:
        await asyncio.sleep(45)
        newer = replace(status(Reason.NOT_APPROVED), revision=2, withdrawn_through=1)
        world.repertoire.put(newer)

    world.live(before(40), 100, meanwhile=withdraw_and_revise)
    assert (world.ended().outcome, world.ended().reason) == (Outcome.PARTIAL, Reason.WITHDRAWN)
    ((begin, end),) = world.voices()
    assert end - begin <= 5 + 2


def test_the_first_word_falls_on_the_minute_by_the_silence_its_own_master_was_made_with(tmp_path: Path) -> None:
    """The station's setting may have been changed since."""
    world = World(tmp_path, airings=(airing("norte"),))
    world.repertoire.put(replace(status(), lead_in_s=Seconds(1.0)))
    world.live(before(40), 100)
    (sound,) = world.hall.sounded
    assert sound.begins_s + 1.0 == pytest.approx(40.0, abs=0.05)
