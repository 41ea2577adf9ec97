"""Finding an output on a real sound server, and on one that is gone or frozen."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playing import pactl

from broadcaster.model import Output
from broadcaster.playout.speaker import (
    UNREADABLE,
    PulseSpeakers,
    SoundServerUnavailable,
    read_sinks,
    read_stream_volumes,
)
from broadcaster.playout.virtual import VirtualOutputs, VirtualOutputsUnavailable

OWNER = """
import os, sys, time
from broadcaster.playout.virtual import VirtualOutputs
outputs = VirtualOutputs(["uno"]).start()
print(outputs.server_pid, outputs.environment["XDG_RUNTIME_DIR"], flush=True)
time.sleep(60)
"""


def test_an_output_is_found_with_its_volume_and_mute(outputs: VirtualOutputs) -> None:
    pactl(outputs, "set-sink-volume", "dos", "40%")
    pactl(outputs, "set-sink-mute", "dos", "1")
    speakers = PulseSpeakers(outputs.environment)
    found = asyncio.run(speakers.find(outputs.outputs["dos"]))
    assert found is not None
    assert found.sink == "dos"
    assert found.volume == pytest.approx(0.4, abs=0.01)
    assert found.muted


def test_an_output_that_is_not_there_is_not_found(outputs: VirtualOutputs) -> None:
    speakers = PulseSpeakers(outputs.environment)
    assert asyncio.run(speakers.find(Output("x", "pulse", "nowhere"))) is None
    assert [sink.sink for sink in asyncio.run(speakers.all())] == ["uno", "dos"]


def test_how_far_a_null_sink_runs_ahead_is_not_a_delay(outputs: VirtualOutputs) -> None:
    found = asyncio.run(PulseSpeakers(outputs.environment).find(outputs.outputs["uno"]))
    assert found is not None
    assert found.latency_s == 0.0


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_frozen_or_dead_server_gives_a_failure_with_a_name_and_hangs_nobody(
    outputs: VirtualOutputs, number: signal.Signals
) -> None:
    outputs.signal_server(number)
    speakers = PulseSpeakers(outputs.environment, limit_s=0.5)
    with pytest.raises(SoundServerUnavailable):
        asyncio.run(speakers.all())
    assert asyncio.run(speakers.find(outputs.outputs["uno"])) is None
    assert asyncio.run(speakers.stream_volume(1)) is None


NULLS = '[{"name": "a", "latency": null, "properties": null, "volume": null}]'


@pytest.mark.parametrize("listing", ["", "null", "{}", "[1]", '[{"nom": 1}]', NULLS])
def test_a_listing_that_is_none_is_refused(listing: str) -> None:
    for read in (read_sinks, read_stream_volumes):
        with pytest.raises(UNREADABLE):
            read(listing)


def test_virtual_outputs_leave_nothing_behind_when_their_owner_is_killed() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pid, folder = owner.stdout.readline().split()
    assert Path(folder).is_dir()
    owner.kill()
    owner.wait()
    owner.stdout.close()
    deadline = time.monotonic() + 5
    while (Path(f"/proc/{pid}").exists() or Path(folder).exists()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
    assert not Path(folder).exists()


def test_virtual_outputs_leave_nothing_behind_when_they_are_stopped() -> None:
    with VirtualOutputs(["uno"], low_latency=True) as outputs:
        folder, pid = Path(outputs.environment["XDG_RUNTIME_DIR"]), outputs.server_pid
        os.kill(pid, signal.SIGSTOP)  # even a frozen server goes
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_server_unpacked_beside_the_program_serves_where_the_machine_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside, machine = tmp_path / "venv" / "bin", tmp_path / "machine"
    beside.mkdir(parents=True)
    machine.mkdir()
    for tool in ("pactl", "setpriv"):
        (machine / tool).symlink_to(str(shutil.which(tool)))
    (beside / "pulseaudio").symlink_to(str(shutil.which("pulseaudio")))
    monkeypatch.setenv("PATH", str(machine))
    with pytest.raises(VirtualOutputsUnavailable):
        VirtualOutputs(["uno"]).start()
    monkeypatch.setattr(sys, "prefix", str(beside.parent))
    with VirtualOutputs(["uno"]) as outputs:
        assert asyncio.run(PulseSpeakers(outputs.environment).find(outputs.outputs["uno"])) is not None


def test_virtual_outputs_that_cannot_start_say_so() -> None:
    with pytest.raises(VirtualOutputsUnavailable):
        VirtualOutputs(["a name with spaces, and no sink="]).start()


def test_a_machine_without_the_servers_tool_has_an_unavailable_server_not_a_fault(tmp_path: Path) -> None:
    speakers = PulseSpeakers({"PATH": str(tmp_path)})
    assert asyncio.run(speakers.find(Output("uno", "pulse", "uno"))) is None
    with pytest.raises(SoundServerUnavailable):
        asyncio.run(speakers.all())
