"""The witness on a real sound server: what it hears, and what it says when something goes wrong.

All scenes are played by one fixture, five at once, each on an output of its own; each test judges one of them.
"""

import asyncio
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pulsectl
import pytest
from playing import (
    LEAD_IN_S,
    RATE_HZ,
    Scene,
    Sound,
    Take,
    block_places,
    pactl,
    perform_all,
    samples,
    stream_of,
    write_master,
)

from broadcaster.playout.expected import read_master
from broadcaster.playout.listener_child import Witness
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.witness import Heard, Noticed, Watching, WitnessFailed, WitnessGone

pytestmark = pytest.mark.sound

SINKS = (
    "whole",
    "other",
    "hole",
    "jump",
    "muted",
    "sink-muted",
    "at-zero",
    "sink-at-zero",
    "moved",
    "mixed",
    "hung",
    "asked",
    "elsewhere",
    "starved",
)


@dataclass(frozen=True)
class Evening:
    """What came of all scenes."""

    takes: dict[str, Take]
    recording: Path
    streams: dict[str, str]
    """What the server said of a stream, and when it was asked."""


def _cut(whole: Sound, target: Path, *, filled: bool) -> Path:
    """A master that lacks 300 ms of speech, with silence instead, or nothing."""
    begin, end = round((LEAD_IN_S + 1.3) * RATE_HZ), round((LEAD_IN_S + 1.6) * RATE_HZ)
    middle = np.zeros(end - begin if filled else 0)
    return write_master(np.concatenate([whole[:begin], middle, whole[end:]]), target)


def _unload(outputs: VirtualOutputs, sink: str) -> None:
    modules = pactl(outputs, "list", "short", "modules").splitlines()
    pactl(outputs, "unload-module", next(line.split("\t")[0] for line in modules if f"sink_name={sink} " in line))


def _remember_silence(outputs: VirtualOutputs) -> None:
    """Make a server believe that streams like the player's are to be muted, faint and on another output."""
    pactl(outputs, "load-module", "module-stream-restore")
    with pulsectl.Pulse("grudge", server=outputs.environment["PULSE_SERVER"]) as pulse:
        for role in ("video", "music", "production"):
            volume = pulsectl.PulseVolumeInfo([0.01, 0.01])
            entry = pulsectl.PulseExtStreamRestoreInfo(
                f"sink-input-by-media-role:{role}", volume=volume, channel_list=["front-left", "front-right"], mute=True
            )
            entry.device = "dos"
            pulse.stream_restore_write(entry, mode="replace")


def _freeze_witness(take: Take) -> None:
    os.kill(take.witness.process.pid, signal.SIGSTOP)
    time.sleep(0.1)
    take.witness.kill()


def _starve_witness(take: Take) -> None:
    """A machine so busy that the witness does not run for a second."""
    os.kill(take.witness.process.pid, signal.SIGSTOP)
    threading.Timer(1.2, os.kill, (take.witness.process.pid, signal.SIGCONT)).start()


def _scenes(
    folder: Path, master: Path, other: Path, stack: ExitStack, streams: dict[str, str]
) -> Iterator[tuple[str, Scene]]:
    outputs = stack.enter_context(VirtualOutputs(SINKS))
    killed, frozen, unloaded, grudging, dead = (stack.enter_context(VirtualOutputs(["uno", "dos"])) for _ in range(5))
    dead.signal_server(signal.SIGSTOP)
    _remember_silence(grudging)
    whole = samples(master)

    def on_stream(*words: str) -> Callable[[Take], None]:
        verb, *rest = words
        return lambda take: streams.update({verb: pactl(outputs, verb, str(stream_of(take, outputs)["index"]), *rest)})

    def on_sink(*words: str) -> Callable[[Take], None]:
        def act(_take: Take) -> None:
            pactl(outputs, *words)

        return act

    def look(take: Take) -> None:
        stream = stream_of(take, outputs)
        streams["asked"] = f"{stream['mute']} {next(iter(stream['volume'].values()))['value_percent']}"
        take.witness.end()

    def disturb(_take: Take) -> None:
        command = ["paplay", "-d", "mixed", "--volume=1000", str(other)]
        stack.enter_context(subprocess.Popen(command, env={**os.environ, **outputs.environment}))

    yield "whole", Scene(outputs, "whole", master, recording=folder / "market.wav")
    yield "other", Scene(outputs, "other", other, expected=master)
    yield "hole", Scene(outputs, "hole", _cut(whole, folder / "hole.flac", filled=True), expected=master)
    yield "jump", Scene(outputs, "jump", _cut(whole, folder / "jump.flac", filled=False), expected=master)

    yield "muted", Scene(outputs, "muted", master, act=on_stream("set-sink-input-mute", "1"))
    yield "sink muted", Scene(outputs, "sink-muted", master, act=on_sink("set-sink-mute", "sink-muted", "1"))
    yield "at zero", Scene(outputs, "at-zero", master, act=on_stream("set-sink-input-volume", "0"))
    yield "sink at zero", Scene(outputs, "sink-at-zero", master, act=on_sink("set-sink-volume", "sink-at-zero", "0"))
    yield "moved", Scene(outputs, "moved", master, act=on_stream("move-sink-input", "elsewhere"))
    yield "mixed", Scene(outputs, "mixed", master, act=disturb, at=3.5)
    yield "hung", Scene(outputs, "hung", master, act=_freeze_witness, at=1.0)
    yield "asked", Scene(outputs, "asked", master, act=look, volume=0.5)
    yield "remembered", Scene(grudging, "uno", master)
    yield "gone", Scene(outputs, "nowhere", master)
    yield "frozen before", Scene(dead, "uno", master)
    yield "killed", Scene(killed, "uno", master, act=lambda _: killed.signal_server(signal.SIGKILL))
    yield "frozen", Scene(frozen, "uno", master, act=lambda _: frozen.signal_server(signal.SIGSTOP))
    yield "unloaded", Scene(unloaded, "uno", master, act=lambda _: _unload(unloaded, "uno"))
    yield "starved", Scene(outputs, "starved", master, act=_starve_witness, at=4.6)


EVENINGS: list[Evening] = []


@pytest.fixture
def evening(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, master: Path, other_master: Path
) -> Evening:
    """Played once for all the tests; for a test that is tried again, once more."""
    if len(EVENINGS) < getattr(request.node, "execution_count", 1):
        folder = tmp_path_factory.mktemp("evening")
        streams: dict[str, str] = {}
        with ExitStack() as stack:
            takes = asyncio.run(perform_all(dict(_scenes(folder, master, other_master, stack, streams))))
        EVENINGS.append(Evening(takes, folder / "market.wav", streams))
    return EVENINGS[-1]


def test_a_whole_play_is_heard_whole(evening: Evening) -> None:
    take = evening.takes["whole"]
    heard = take.last_heard
    assert any(isinstance(event, Watching) for _at, event in take.of_witness)
    assert take.stream_seen
    assert take.alarms == {}
    assert heard.final
    assert heard.heard_blocks == heard.active_blocks > 20
    assert heard.heard_s == pytest.approx(4.0, abs=0.1)


def test_the_first_word_falls_on_its_moment_and_the_witness_knows_how_nearly(evening: Evening) -> None:
    error = evening.takes["whole"].last_heard.start_error_ms
    assert error is not None
    assert abs(error) <= 300


def test_the_recording_holds_every_active_block_once_and_in_order(evening: Evening, master: Path) -> None:
    places = [place for place in block_places(samples(master), samples(evening.recording)) if place is not None]
    assert len(places) == len(block_places(samples(master), samples(master)))
    assert all(step > 0.05 for step in np.diff(places))


def test_another_episode_is_not_taken_for_the_one_expected(evening: Evening) -> None:
    heard = evening.takes["other"].last_heard
    assert heard.active_blocks > 20
    assert heard.heard_blocks <= 0.01 * heard.active_blocks


@pytest.mark.parametrize("kind", ["hole", "jump"])
def test_a_cut_of_300_ms_is_found(evening: Evening, kind: str) -> None:
    heard = evening.takes[kind].last_heard
    assert 2 <= heard.active_blocks - heard.heard_blocks <= 6


def test_a_killed_sound_server_is_noticed_within_five_seconds(evening: Evening) -> None:
    take = evening.takes["killed"]
    assert take.alarms["audio_lost"] <= 5.0 + 5.0
    assert take.last_heard.heard_s < 3.0


def test_a_frozen_sound_server_is_noticed_within_five_seconds_and_hangs_nobody(evening: Evening) -> None:
    take = evening.takes["frozen"]
    assert take.alarms["audio_stalled"] <= 5.0 + 5.0
    assert take.last_heard.final
    assert take.last_heard.heard_s < 3.0


@pytest.mark.parametrize("scene", ["muted", "sink muted", "at zero", "sink at zero"])
def test_a_muted_stream_or_output_is_silent(evening: Evening, scene: str) -> None:
    take = evening.takes[scene]
    assert take.alarms["silent_output"] <= 5.0 + 5.0
    assert take.last_heard.heard_blocks < take.last_heard.active_blocks


def test_a_stream_moved_elsewhere_is_on_the_wrong_device(evening: Evening) -> None:
    assert evening.takes["moved"].alarms["wrong_device"] <= 5.0 + 5.0


def test_a_vanished_output_is_no_evidence_from_another(evening: Evening) -> None:
    """The server moves player and recorder to the next output together; what sounds there is not heard here."""
    take = evening.takes["unloaded"]
    assert {"wrong_device", "audio_lost"} & set(take.alarms)
    assert all(event.heard_s < 3.0 for _at, event in take.of_witness if isinstance(event, Heard))


def test_another_sound_on_the_output_is_noted(evening: Evening) -> None:
    take = evening.takes["mixed"]
    assert Noticed("mixed_output") in [event for _at, event in take.of_witness]


@pytest.mark.parametrize("scene", ["gone", "frozen before"])
def test_an_output_that_cannot_be_recorded_is_no_evidence(evening: Evening, scene: str) -> None:
    take = evening.takes[scene]
    events = [event for _at, event in take.of_witness]
    assert any(isinstance(event, WitnessFailed) for event in events)
    assert not any(isinstance(event, Watching | Heard) for event in events)


def test_a_witness_that_hangs_can_be_killed(evening: Evening) -> None:
    assert evening.takes["hung"].of_witness[-1][1] == WitnessGone(-signal.SIGKILL)


def test_a_witness_that_did_not_run_for_a_second_blames_nobody_and_misses_nothing(evening: Evening) -> None:
    take = evening.takes["starved"]
    assert take.alarms == {}
    assert take.last_heard.heard_blocks == take.last_heard.active_blocks > 20


def test_half_a_master_is_no_master(tmp_path: Path) -> None:
    """A decoder that ends before its time must not make the witness take a beginning for the whole."""
    with pytest.raises(ChildProcessError):
        read_master(tmp_path / "gone.flac")


def test_a_witness_that_could_not_read_the_master_says_so_and_not_that_it_heard_nothing(
    master: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    order = {"master": str(master), "lead_in_s": 3.0, "tail_s": 1.0, "starts_monotonic_s": time.monotonic() - 9}
    assert not Witness(order, queue.SimpleQueue()).take("end", None)
    assert json.loads(capfd.readouterr().out)["event"] == "WitnessFailed"


def test_the_last_word_can_be_asked_for(evening: Evening) -> None:
    heard = evening.takes["asked"].last_heard
    assert heard.final
    assert heard.heard_s == pytest.approx(2.0, abs=0.4)
    assert heard.heard_blocks == heard.active_blocks


def test_what_the_server_remembers_of_an_earlier_stream_does_not_silence_this_one(evening: Evening) -> None:
    take = evening.takes["remembered"]
    assert take.alarms == {}
    assert take.last_heard.heard_blocks == take.last_heard.active_blocks > 20


def test_the_stream_has_the_volume_of_the_market(evening: Evening) -> None:
    assert evening.streams["asked"] == "False 50%"


def test_a_witness_and_its_recorder_end_with_their_owner(outputs: VirtualOutputs, master: Path) -> None:
    words = {"master": str(master), "lead_in_s": 3.0, "tail_s": 1.0, "sink": "uno", "volume": 0.8, "player_pid": 1}
    order = {**words, "starts_monotonic_s": time.monotonic() + 60, "recording": None}
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "broadcaster.playout.listener_child"],
        env={**os.environ, **outputs.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(order) + "\n")
        child.stdin.flush()
        assert json.loads(child.stdout.readline())["event"] == "Watching"
        assert pactl(outputs, "list", "short", "source-outputs") != ""
        child.stdin.close()
        assert child.wait(2) == 0
    time.sleep(0.5)
    assert pactl(outputs, "list", "short", "source-outputs") == ""
