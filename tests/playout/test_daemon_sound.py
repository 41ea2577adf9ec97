"""The daemon on real sound: libvlc, PulseAudio, four markets' monitors, processes that are really killed."""

import asyncio
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alignment import RATE_HZ
from market_ear import Ear, look_for, pcm
from playing import pactl
from real_station import MARKETS, TEN, DaemonProcess, ends, make_station, sinks
from simulated_station import SilentTeller

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import DAMAGED, Ended, RecordIncident, Withdrawn
from broadcaster.journal.reading import read
from broadcaster.model import ClockTrust, EpisodeNumber, Evidence, MarketId, Outcome, Reason, Seconds
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.lock import StationLock
from broadcaster.playout.repertoire import StationRepertoire
from broadcaster.playout.speaker import PulseSpeakers
from broadcaster.playout.stage import Equipment
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.vlc import VlcPlayers
from broadcaster.schedule.load import load_plan

CENTRAL = MARKETS[:1]

pytestmark = pytest.mark.sound("box")


def daemon(station: Station, outputs: VirtualOutputs, clock: ShiftedClock, markets: tuple[MarketId, ...]) -> Daemon:
    where = outputs.environment
    return Daemon(
        Setting(
            station=station,
            plan=load_plan(station),
            markets=markets,
            clock=clock,
            equipment=Equipment(VlcPlayers(where), MonitorWitnesses(where), PulseSpeakers(where)),
            teller=SilentTeller(),
            repertoire=lambda record: StationRepertoire(station, record.changes),
            database=station.database,
        )
    )


def test_four_markets_hear_every_word_once_in_order_and_on_the_minute(tmp_path: Path) -> None:
    station = make_station(tmp_path / "station")
    master = pcm(station.episodes / "001" / "master.flac")
    with VirtualOutputs(sinks(station)) as outputs:
        ears = {market: Ear(sink, outputs.environment) for market, sink in zip(MARKETS, sinks(station), strict=True)}
        clock = ShiftedClock(TEN - timedelta(seconds=11), ClockTrust.SYNCED)
        ten_s = clock.now().monotonic_s + 11
        asyncio.run(daemon(station, outputs, clock, MARKETS).run(18))
        for ear in ears.values():
            ear.stop()
    for market, ear in ears.items():
        ended = ends(station)[market]
        assert (ended.outcome, ended.reason, ended.evidence) == (Outcome.PLAYED, Reason.ON_TIME, Evidence.MONITOR)
        found = look_for(master, ear.samples)
        assert found.found == found.active
        assert found.elsewhere_s == 0
        assert abs(found.drift_s) <= 0.15
        assert abs(ear.begins_s + found.first_s + 3.0 - ten_s) <= 0.3
        assert ended.start_error_ms is not None
        assert abs(ended.start_error_ms) <= 300


def test_killed_during_a_play_the_market_is_silent_within_a_second_and_a_new_start_tells_the_truth(
    tmp_path: Path,
) -> None:
    station = make_station(tmp_path / "station", sound_s=12.0)
    with VirtualOutputs(sinks(station, CENTRAL)) as outputs, Ear(sinks(station)[0], outputs.environment) as ear:
        first = DaemonProcess(station, TEN - timedelta(seconds=9), outputs.environment, CENTRAL)
        first.wait_until_ready()
        begun = _wait_for_heartbeats(station, 2)
        first.send(signal.SIGKILL)
        killed_s = time.monotonic()
        first.wait()
        time.sleep(2)
        assert ear.silent_from_s() <= killed_s + 1.0
        second = DaemonProcess(station, TEN + timedelta(seconds=20), outputs.environment, CENTRAL)
        second.wait_until_ready()
        time.sleep(6)
        second.send(signal.SIGTERM)
        assert second.wait() == 0
        heard_s = ear.silent_from_s()
    ended = ends(station)["mercado-central"]
    assert (ended.outcome, ended.reason) == (Outcome.PARTIAL, Reason.PROCESS_DIED)
    assert 0 < ended.played_s <= killed_s - begun + 10
    assert heard_s <= killed_s + 1.0, "no second voice"


def test_a_record_that_is_made_again_of_its_second_copy_is_told_to_nobody_as_missing(tmp_path: Path) -> None:
    station = make_station(tmp_path / "station")
    for file in station.data.glob("broadcaster.db*"):
        file.unlink()
    with VirtualOutputs(sinks(station, CENTRAL)) as outputs:
        running = DaemonProcess(station, TEN - timedelta(minutes=5), outputs.environment, CENTRAL)
        said = running.wait_until_ready()
        running.send(signal.SIGTERM)
        assert running.wait() == 0
    assert said.startswith("Todo listo"), said
    assert [row.event.what for row in read(station.database) if isinstance(row.event, RecordIncident)] == [DAMAGED]


def _wait_for_heartbeats(station: Station, count: int) -> float:
    """Until so many heartbeats are on record; when that was."""
    deadline = time.monotonic() + 40
    while sum(row.event.kind == "heartbeat" for row in read(station.database)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return time.monotonic()


def test_a_sound_server_killed_during_a_play_is_noticed_within_five_seconds(tmp_path: Path) -> None:
    assert _end_after(tmp_path, signal.SIGKILL).reason is Reason.AUDIO_LOST


def test_a_sound_server_frozen_during_a_play_is_noticed_within_five_seconds(tmp_path: Path) -> None:
    assert _end_after(tmp_path, signal.SIGSTOP).reason is Reason.AUDIO_STALLED


def _end_after(tmp_path: Path, number: signal.Signals) -> Ended:
    """What is on record of a play whose sound server got a signal two seconds after the first word."""
    station = make_station(tmp_path / "station", sound_s=12.0)

    async def live(outputs: VirtualOutputs) -> None:
        clock = ShiftedClock(TEN - timedelta(seconds=9), ClockTrust.SYNCED)
        living = asyncio.create_task(daemon(station, outputs, clock, CENTRAL).run(17))
        await asyncio.sleep(11)
        outputs.signal_server(number)
        await living

    with VirtualOutputs(sinks(station, CENTRAL)) as outputs:
        asyncio.run(live(outputs))
    [row] = [row for row in read(station.database) if isinstance(row.event, Ended)]
    assert isinstance(row.event, Ended)
    assert row.event.outcome is Outcome.PARTIAL
    assert row.event.evidence is Evidence.MONITOR, "what was heard until then was heard"
    assert row.event.played_s == pytest.approx(2, abs=1)
    assert row.utc <= TEN + timedelta(seconds=2 + 5)
    return row.event


def test_an_output_that_comes_late_plays_late_and_one_that_stays_away_is_missed_and_sounds_nowhere_else(
    tmp_path: Path,
) -> None:
    """The server has another output, to which it would gladly send both."""
    late, away = MARKETS[:2]
    station = replace(make_station(tmp_path / "station"), grace_s=Seconds(20.0))
    [sink] = sinks(station, [late])

    async def live(outputs: VirtualOutputs) -> None:
        clock = ShiftedClock(TEN - timedelta(seconds=9), ClockTrust.SYNCED)
        living = asyncio.create_task(daemon(station, outputs, clock, (late, away)).run(9 + 24))
        await asyncio.sleep(9 + 4)
        pactl(outputs, "load-module", "module-null-sink", f"sink_name={sink}")
        await living

    with VirtualOutputs(["elsewhere"]) as outputs, Ear("elsewhere", outputs.environment) as ear:
        asyncio.run(live(outputs))
    ended, never = ends(station)[late], ends(station)[away]
    assert (ended.outcome, ended.reason, ended.evidence) == (Outcome.PLAYED, Reason.LATE, Evidence.MONITOR)
    assert 4 < ended.late_s < 20
    assert (never.outcome, never.reason) == (Outcome.MISSED, Reason.NO_AUDIO_DEVICE)
    assert not never.played_s
    assert len(ear.samples) > 20 * RATE_HZ
    assert not ear.samples.any()


def test_asked_to_end_during_a_play_it_fades_out_writes_the_end_and_leaves_in_order(tmp_path: Path) -> None:
    station = make_station(tmp_path / "station", sound_s=12.0)
    with VirtualOutputs(sinks(station, CENTRAL)) as outputs, Ear(sinks(station)[0], outputs.environment) as ear:
        process = DaemonProcess(station, TEN - timedelta(seconds=9), outputs.environment, CENTRAL)
        process.wait_until_ready()
        _wait_for_heartbeats(station, 1)
        time.sleep(2)
        process.send(signal.SIGTERM)
        asked_s = time.monotonic()
        assert process.wait() == 0
        time.sleep(0.5)
        assert ear.silent_from_s() <= asked_s + 2
    ended = ends(station)["mercado-central"]
    assert (ended.outcome, ended.reason) == (Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR)
    assert read(station.database)[-1].event.kind == "stopped"


@pytest.mark.parametrize(
    ("number", "boot", "reason"),
    [
        (signal.SIGKILL, "one", Reason.PROCESS_DIED),
        (signal.SIGKILL, "two", Reason.POWER_LOSS),
        (signal.SIGTERM, "two", Reason.SWITCHED_OFF),
    ],
)
def test_started_after_the_slot_it_says_why_nothing_was_heard(
    tmp_path: Path, number: signal.Signals, boot: str, reason: Reason
) -> None:
    station = make_station(tmp_path / "station")
    first = DaemonProcess(station, TEN - timedelta(minutes=30), {}, boot="one")
    first.wait_until_ready()
    first.send(number)
    first.wait()
    second = DaemonProcess(station, TEN + timedelta(minutes=30), {}, boot=boot)
    second.wait_until_ready()
    second.send(signal.SIGTERM)
    assert second.wait() == 0
    assert {(ended.outcome, ended.reason) for ended in ends(station).values()} == {(Outcome.MISSED, reason)}
    assert len(ends(station)) == len(MARKETS)


def test_a_second_daemon_on_the_same_station_exits_75_in_one_sentence(tmp_path: Path) -> None:
    station = make_station(tmp_path / "station")
    with StationLock(station.root):
        second = subprocess.run(
            [sys.executable, "-m", "broadcaster", "--station", str(station.root), "run"],
            capture_output=True,
            text=True,
            check=False,
        )
    assert second.returncode == 75
    assert len(second.stderr.strip().splitlines()) == 1


def test_an_episode_withdrawn_during_its_play_is_silent_within_two_seconds(tmp_path: Path) -> None:
    station = make_station(tmp_path / "station", sound_s=12.0)
    with VirtualOutputs(sinks(station, CENTRAL)) as outputs, Ear(sinks(station)[0], outputs.environment) as ear:
        process = DaemonProcess(station, TEN - timedelta(seconds=9), outputs.environment, CENTRAL)
        process.wait_until_ready()
        _wait_for_heartbeats(station, 1)
        time.sleep(2)
        with Journal.open(station.database, ShiftedClock(TEN), station.timezone) as journal:
            journal.append(Withdrawn(EpisodeNumber(1), 1, "proteccion-1"))
        withdrawn_s = time.monotonic()
        time.sleep(4)
        process.send(signal.SIGTERM)
        assert process.wait() == 0
        assert withdrawn_s < ear.silent_from_s() <= withdrawn_s + 2
    ended = ends(station)["mercado-central"]
    assert (ended.outcome, ended.reason) == (Outcome.PARTIAL, Reason.WITHDRAWN)
