"""The libvlc child on a real sound server, and what becomes of it when something goes wrong."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from playing import RATE_HZ, block_places, level, samples, write_master

from broadcaster.model import Output
from broadcaster.playout.children import start_ticks
from broadcaster.playout.player import (
    Beat,
    Finished,
    OutputLost,
    PlayerEvent,
    PlayerFailed,
    PlayerGone,
    Playing,
    PlayOrder,
    Ready,
)
from broadcaster.playout.speaker import PulseSpeakers
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.vlc import VlcPlayer, VlcPlayers

pytestmark = pytest.mark.sound

OWNER = """
import asyncio, json, sys, time
from pathlib import Path
from broadcaster.model import Output
from broadcaster.playout.player import PlayOrder, Ready
from broadcaster.playout.vlc import VlcPlayers

async def own(master):
    player = await VlcPlayers().spawn(PlayOrder(Path(master), Output("uno", "pulse", "uno"), 0.8))
    async for event in player.events():
        if isinstance(event, Ready):
            player.start(time.monotonic())
            print(player.process.pid, player.process.start_ticks, flush=True)

asyncio.run(own(sys.argv[1]))
"""


def order(master: Path, sink: str = "uno") -> PlayOrder:
    return PlayOrder(master, Output(sink, "pulse", sink), 0.8)


async def spawned(outputs: VirtualOutputs, play: PlayOrder) -> VlcPlayer:
    return await VlcPlayers(outputs.environment).spawn(play)


async def _all(player: VlcPlayer, *, start: bool = True) -> list[PlayerEvent]:
    events = []
    async with asyncio.timeout(20):
        async for event in player.events():
            events.append(event)
            if isinstance(event, Ready) and start:
                player.start(time.monotonic())
    return events


def test_a_player_says_ready_beats_and_says_when_it_has_finished(outputs: VirtualOutputs, master: Path) -> None:
    async def play() -> list[PlayerEvent]:
        return await _all(await spawned(outputs, order(master)))

    events = asyncio.run(play())
    assert events[0] == Ready()
    assert Playing() in events
    assert isinstance(events[-2], Finished)
    assert events[-2].position_s == pytest.approx(8.0, abs=1.0)
    assert events[-1] == PlayerGone(0)
    positions = [event.position_s for event in events if isinstance(event, Beat)]
    assert len(positions) > 16
    assert positions == sorted(positions)


def test_when_its_owner_is_killed_the_market_is_silent_within_a_second(
    outputs: VirtualOutputs, master: Path, tmp_path: Path
) -> None:
    environment = {**os.environ, **outputs.environment}
    with outputs.record("uno", tmp_path / "market.wav"):
        time.sleep(2)
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(master)], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert owner.stdout is not None
        pid, ticks = map(int, owner.stdout.readline().split())
        assert start_ticks(pid) == ticks
        time.sleep(5)
        owner.kill()
        owner.wait()
        time.sleep(0.3)
        assert start_ticks(pid) != ticks
        time.sleep(2.2)
    sound = samples(tmp_path / "market.wav")
    assert level(sound[-RATE_HZ:]) < 1e-4
    assert level(sound[-4 * RATE_HZ : -2 * RATE_HZ]) > 0.01


def test_a_stop_fades_out_without_a_click(outputs: VirtualOutputs, master: Path, tmp_path: Path) -> None:
    async def play() -> list[PlayerEvent]:
        player = await spawned(outputs, order(master))
        asyncio.get_running_loop().call_later(5.5, player.stop, 1.0)
        return await _all(player)

    with outputs.record("uno", tmp_path / "market.wav"):
        time.sleep(2)
        began = time.monotonic()
        events = asyncio.run(play())
        assert time.monotonic() - began < 8.0
        time.sleep(0.5)
    assert events[-1] == PlayerGone(0)
    assert not any(isinstance(event, Finished) for event in events)
    sound = samples(tmp_path / "market.wav")
    last = int(np.flatnonzero(np.abs(sound) > 1e-3)[-1])
    whole, end = level(sound[last - 2 * RATE_HZ : last - RATE_HZ]), level(sound[last - RATE_HZ // 10 : last])
    assert end < 0.3 * whole


def test_a_volume_changed_while_it_plays_is_changed_at_the_output_and_can_be_read_back(
    outputs: VirtualOutputs, tmp_path: Path
) -> None:
    """The programme is a low tone: every jump in what is recorded is the volume's, in its changes as in its last fade."""
    moments = np.arange(11 * RATE_HZ) / RATE_HZ
    tone = 0.3 * np.sin(300 * np.pi * moments) * (moments > 3)
    play_order = PlayOrder(write_master(tone, tmp_path / "master.flac"), outputs.outputs["uno"], 0.8)
    speakers = PulseSpeakers(outputs.environment)

    async def play() -> list[float | None]:
        player = await spawned(outputs, play_order)
        began = asyncio.get_running_loop().time()
        read_back = [await speakers.stream_volume(player.process.pid)]

        async def turn() -> None:
            for at_s, volume in ((4.5, 0.2), (7.0, 0.9)):
                await asyncio.sleep(began + at_s - asyncio.get_running_loop().time())
                player.set_volume(volume)
                await asyncio.sleep(1.0)
                read_back.append(await speakers.stream_volume(player.process.pid))
            await asyncio.sleep(began + 9.5 - asyncio.get_running_loop().time())
            player.stop(0.5)

        await asyncio.gather(turn(), _all(player))
        return [*read_back, await speakers.stream_volume(player.process.pid)]

    ear = subprocess.Popen(  # as beside its witness, whose recorder makes the output take a volume every tenth of a second
        ["parec", "-d", "uno.monitor", "--raw", "--latency-msec=100"],
        env={**os.environ, **outputs.environment},
        stdout=subprocess.DEVNULL,
    )
    with outputs.record("uno", tmp_path / "market.wav"):
        time.sleep(1)
        read_back = asyncio.run(play())
    ear.kill()
    ear.wait()
    assert read_back == [None, pytest.approx(0.2, abs=0.01), pytest.approx(0.9, abs=0.01), None]
    sound = samples(tmp_path / "market.wav")
    first = int(np.flatnonzero(np.abs(sound) > 1e-3)[0])
    before, low, loud = (level(sound[first + round(at * RATE_HZ) :][: RATE_HZ // 2]) for at in (0.3, 2.6, 5.0))
    assert low == pytest.approx(before * (0.2 / 0.8) ** 3, rel=0.2), "the scale of a volume is cubic"
    assert loud == pytest.approx(before * (0.9 / 0.8) ** 3, rel=0.05)
    steps = np.abs(np.diff(sound[first + 10 :]))  # from the first word on: its volume is there before it
    assert np.max(steps) < 0.1 * np.max(np.abs(sound)), "no click"


def test_what_was_opened_is_what_sounds_whatever_gets_its_name_before_the_start(
    outputs: VirtualOutputs, master: Path, other_master: Path, tmp_path: Path
) -> None:
    ours, theirs = tmp_path / "master.flac", tmp_path / "other.flac"
    shutil.copy(master, ours)
    shutil.copy(other_master, theirs)

    async def play() -> None:
        player = await spawned(outputs, order(ours))
        async with asyncio.timeout(20):
            async for event in player.events():
                if isinstance(event, Ready):
                    theirs.replace(ours)
                    player.start(time.monotonic())

    with outputs.record("uno", tmp_path / "market.wav"):
        time.sleep(2)
        asyncio.run(play())
        time.sleep(0.5)
    assert None not in block_places(samples(master), samples(tmp_path / "market.wav"))


def test_a_missing_output_makes_the_player_say_that_it_is_lost_and_wait_for_its_owners_word(
    outputs: VirtualOutputs, master: Path
) -> None:
    async def play() -> list[PlayerEvent]:
        player = await spawned(outputs, order(master, "nowhere"))
        asyncio.get_running_loop().call_later(2.0, player.kill)
        return await _all(player)

    events = asyncio.run(play())
    assert events[0] == OutputLost()
    assert {type(event) for event in events[1:-1]} == {Beat}
    assert isinstance(events[-1], PlayerGone)


@pytest.mark.parametrize("content", [b"", b"#EXTM3U\nhttp://127.0.0.1/a.ts\n", b"ffconcat version 1.0\nfile b.flac\n"])
def test_what_is_no_flac_is_never_opened(outputs: VirtualOutputs, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "master.flac").write_bytes(content)

    async def play() -> list[PlayerEvent]:
        return await _all(await spawned(outputs, order(tmp_path / "master.flac")))

    events = asyncio.run(play())
    assert [type(event) for event in events] == [PlayerFailed, PlayerGone]


def test_a_player_that_hangs_stops_beating_and_can_be_killed(outputs: VirtualOutputs, master: Path) -> None:
    async def play() -> tuple[int, list[PlayerEvent]]:
        player = await spawned(outputs, order(master))
        beats_while_stopped = 0
        events: list[PlayerEvent] = []
        async for event in player.events():
            events.append(event)
            if len(events) == 4:
                os.kill(player.process.pid, signal.SIGSTOP)
                asyncio.get_running_loop().call_later(1.5, player.kill)
                asyncio.get_running_loop().call_later(1.6, player.kill)
            beats_while_stopped += len(events) > 6 and isinstance(event, Beat)
        return beats_while_stopped, events

    beats, events = asyncio.run(play())
    assert beats == 0
    assert events[-1] == PlayerGone(-signal.SIGKILL)


def test_a_player_ends_with_its_standard_input_even_before_it_starts(outputs: VirtualOutputs, master: Path) -> None:
    command = [sys.executable, "-P", "-m", "broadcaster.playout.vlc_child"]
    words = {"master": str(master), "card": False, "sink": "uno", "volume": 0.8, "slow_output": False}
    child = subprocess.Popen(
        command, env={**os.environ, **outputs.environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(words) + "\n")
    child.stdin.flush()
    assert json.loads(child.stdout.readline()) == {"event": "Ready"}
    child.stdin.close()
    assert child.wait(5) == 0
    child.stdout.close()


def test_an_output_slower_than_half_a_second_is_read_further_ahead_and_heard(
    outputs: VirtualOutputs, master: Path, tmp_path: Path
) -> None:
    async def play() -> list[PlayerEvent]:
        slow = PlayOrder(master, outputs.outputs["uno"], 0.8, slow_output=True)
        return await _all(await spawned(outputs, slow))

    with outputs.record("uno", tmp_path / "market.wav"):
        time.sleep(2)
        assert asyncio.run(play())[-1] == PlayerGone(0)
    assert level(samples(tmp_path / "market.wav")) > 0.005
