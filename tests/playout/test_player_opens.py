"""What a real player opens, by its system calls: its master and no other medium; the sound server's socket and no network."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playing import make_master

from broadcaster.playout.virtual import VirtualOutputs

pytestmark = pytest.mark.sound

CALLS = "trace=open,openat,openat2,execve,execveat,socket,connect,bind,sendto,sendmsg"
OPENED = re.compile(r'\b(?:open|openat|openat2)\((?:AT_FDCWD, )?"([^"]*)".*\) = \d')
NEAR = ("master.srt", "master.lua", "cover.jpg", "folder.jpg", "master.m3u", "otro.flac")
"""What lies beside a master, and what some players take along with it."""


def traced(master: Path, outputs: VirtualOutputs, log: Path) -> list[str]:
    """The calls of a player's child and its threads, from its first to its last, while it plays the master whole."""
    child = [sys.executable, "-P", "-m", "broadcaster.playout.vlc_child"]
    strace = ["strace", "-f", "-s", "4096", "-e", CALLS, "-e", "signal=none", "-o", str(log)]
    order = {"master": str(master), "card": False, "sink": "uno", "volume": 0.5, "slow_output": False}
    with subprocess.Popen(
        [*strace, *child],
        env={**os.environ, **outputs.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as player:
        assert player.stdin is not None
        assert player.stdout is not None
        player.stdin.write(json.dumps(order) + "\n")
        player.stdin.flush()
        said = []
        for line in player.stdout:
            said.append(json.loads(line)["event"])
            if said[-1] == "Ready":
                player.stdin.write(json.dumps({"start": time.monotonic() + 0.5}) + "\n")
                player.stdin.flush()
    assert said[-1] == "Finished"
    return log.read_text(encoding="utf-8").splitlines()


def test_a_player_opens_its_master_and_no_other_medium_and_no_socket_but_the_sound_servers(
    outputs: VirtualOutputs, tmp_path: Path
) -> None:
    """Subtitles, pictures, scripts, lists and another episode lie beside it, and a list that names an address."""
    episode = tmp_path / "episode"
    episode.mkdir()
    master = make_master("Buenos días, vecinas.", episode / "master.flac")
    for name in NEAR:
        (episode / name).write_text("#EXTM3U\nhttp://127.0.0.1:9/otro.mp3\n", encoding="utf-8")
    calls = traced(master, outputs, tmp_path / "calls")
    opened = [found[1] for call in calls if (found := OPENED.search(call))]
    assert opened.count(str(master)) == 1
    assert [path for path in opened if path.startswith(str(tmp_path)) and path != str(master)] == []
    media = (".flac", ".mp3", ".ogg", ".wav", ".m3u", ".m3u8", ".srt", ".jpg", ".mp4")
    assert {path for path in opened if path.endswith(media)} == {str(master)}
    sockets = [call for call in calls if re.search(r"\bsocket\(", call)]
    assert sockets, "it spoke to nobody: not even to the sound server"
    assert [call for call in sockets if "socket(AF_UNIX" not in call] == []
    reached = {found[1] for call in calls if (found := re.search(r'connect\(.*sun_path=@?"([^"]*)"', call))}
    assert {path for path in reached if "pulse" not in path} <= {"/var/run/nscd/socket"}
    programs = [call for call in calls if re.search(r"\bexecve(at)?\(", call)]
    assert [call for call in programs[1:] if "ENOENT" not in call] == [], "it started another program"
