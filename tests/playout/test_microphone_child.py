"""What listens writes nothing: not a byte, into no file, of whatever it or its recorder or its reader is given."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from market_microphone import air_of, microphone_of
from real_station import make_master

from broadcaster.model import Deaf, Hearing
from broadcaster.playout.microphone import KEEPING_NOTHING, MicrophoneChild, Sought, deaf
from broadcaster.playout.virtual import VirtualOutputs

pytestmark = pytest.mark.sound

MARKET = "aqui"
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE|creat\(|mknod|memfd_create")
NOWHERE = '"/dev/null"'


@pytest.fixture
def server() -> Iterator[VirtualOutputs]:
    """A microphone that is there, on a server that would share its memory with who listens."""
    with VirtualOutputs([air_of(MARKET)]) as outputs:
        words = [f"master={air_of(MARKET)}.monitor", f"source_name={microphone_of(MARKET)}"]
        environment = {**os.environ, **outputs.environment}
        subprocess.run(["pactl", "load-module", "module-remap-source", *words], env=environment, check=True)
        yield outputs


def traced(orders: bytes, environment: dict[str, str], trace: Path) -> bytes:
    """What the child says to these orders; every file that it and its children open is in ``trace``."""
    calls = "trace=open,openat,openat2,creat,mknod,mknodat,memfd_create,prlimit64,setrlimit"
    child = [sys.executable, "-P", "-m", "broadcaster.playout.microphone_child"]
    with subprocess.Popen(
        ["strace", "-f", "--seccomp-bpf", "-o", str(trace), "-e", calls, *child],
        env={**os.environ, **environment, **KEEPING_NOTHING},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(orders)
        running.stdin.flush()
        return running.stdout.read()


def test_from_before_it_listens_no_file_is_opened_for_writing_and_none_could_be_written(
    server: VirtualOutputs, tmp_path: Path
) -> None:
    """A whole play: recorder, reader of the master and reckoning, every system call of theirs."""
    make_master(tmp_path / "master.flac", 3.0)
    play = {
        "master": str(tmp_path / "master.flac"),
        "lead_in_s": 3.0,
        "tail_s": 1.0,
        "starts_monotonic_s": time.monotonic() - 2.0,
        "usual_db": None,
    }
    orders = [{"source": microphone_of(MARKET)}, {"play": play}, {"end": {"at_s": time.monotonic() + 1.2}}]
    lines = "".join(json.dumps(order) + "\n" for order in orders)
    said = json.loads(traced(lines.encode(), server.environment, tmp_path / "trace"))
    assert (said["event"], said["hearing"]) == ("Concluded", Hearing.UNSURE)
    trace = (tmp_path / "trace").read_text(encoding="utf-8", errors="replace").splitlines()
    [limited] = [at for at, line in enumerate(trace) if "RLIMIT_FSIZE, {rlim_cur=0, rlim_max=0}" in line]
    assert any("RLIMIT_CORE, {rlim_cur=1, rlim_max=1}" in line for line in trace[limited:])
    assert any(microphone_of(MARKET) in line or "parec" in line or "libpulse" in line for line in trace[limited:])
    assert [line for line in trace[limited:] if WRITING.search(line) and NOWHERE not in line] == []


def test_killed_frozen_out_or_at_a_source_that_is_not_there_it_says_why_it_has_nothing_to_say(
    server: VirtualOutputs, tmp_path: Path
) -> None:
    async def listen(source: str, number: signal.Signals | None) -> object:
        child = await MicrophoneChild.open(source, server.environment)
        child.seek(Sought(tmp_path / "none.flac", 3.0, 1.0, time.monotonic()))  # type: ignore[arg-type]
        if number is not None:
            os.kill(child.process.pid, number)
        return await asyncio.wait_for(child.impression(), 20)

    async def all_() -> list[object]:
        here = microphone_of(MARKET)
        return list(await asyncio.gather(listen(here, signal.SIGKILL), listen("nowhere", None), listen(here, None)))

    assert asyncio.run(all_()) == [deaf(Deaf.NO_ANSWER), deaf(Deaf.NO_SOURCE), deaf(Deaf.MASTER_UNREAD)]


def test_it_and_its_recorder_end_with_their_owner_and_come_after_everything_else(server: VirtualOutputs) -> None:
    async def children() -> list[int]:
        child = await MicrophoneChild.open(microphone_of(MARKET), server.environment)
        pid = child.process.pid
        while not (kids := [each for each in _children(pid) if b"parec" in _command(each)]):
            await asyncio.sleep(0.05)
        assert all(_niceness(each) > os.nice(0) or os.nice(0) == 19 for each in (pid, *kids))
        child._child._running.stdin.close()  # type: ignore[union-attr]
        await child.impression()
        return [pid, *kids]

    pids = asyncio.run(children())
    deadline = time.monotonic() + 5
    while any(map(_lives, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_lives, pids))


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()


def _niceness(pid: int) -> int:
    return int(_stat(pid)[16])


def _lives(pid: int) -> bool:
    try:
        return _stat(pid)[0] not in "ZX"
    except OSError:
        return False
