"""The obvious ways to play a file on the minute, as one would write them in an afternoon: what this program is measured beside.

Each starts one process a market, all at the same minute, on the speech itself: a lead-in of silence is this program's own idea.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Started = list[subprocess.Popen[bytes]]
Peer = Callable[[Path, Sequence[str], Mapping[str, str], float], Started]
"""Plays a file on every sink, beginning at a moment of ``CLOCK_MONOTONIC``; answers the players."""

_VLC_CHILD = Path(__file__).with_name("peer_vlc.py")


def scheduled_vlc(speech: Path, sinks: Sequence[str], environment: Mapping[str, str], due_s: float) -> Started:
    """APScheduler calls python-vlc's ``play()``; processes stand ready before the minute."""
    due = time.time() + due_s - time.monotonic()
    command = [sys.executable, str(_VLC_CHILD), str(speech), repr(due)]
    return [_start(command, {**environment, "PULSE_SINK": sink}) for sink in sinks]


def mpv(speech: Path, sinks: Sequence[str], environment: Mapping[str, str], due_s: float) -> Started:
    """``mpv`` started on the minute, as by cron or a timer, but to the millisecond."""
    quiet = ["--no-config", "--no-video", "--really-quiet", "--ao=pulse"]
    time.sleep(due_s - time.monotonic())
    return [_start(["mpv", *quiet, f"--audio-device=pulse/{sink}", str(speech)], environment) for sink in sinks]


def paplay(speech: Path, sinks: Sequence[str], environment: Mapping[str, str], due_s: float) -> Started:
    """``paplay`` started on the minute: the sound server's own client, without a player around it."""
    time.sleep(due_s - time.monotonic())
    return [_start(["paplay", f"--device={sink}", str(speech)], environment) for sink in sinks]


def _start(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env={**os.environ, **environment}, stdin=quiet, stdout=quiet, stderr=quiet)


LIMIT = "`paplay` started on the minute (the limit)"
PEERS: Mapping[str, Peer] = {
    "APScheduler and python-vlc `play()`": scheduled_vlc,
    "mpv started on the minute": mpv,
    LIMIT: paplay,
}


def end(players: Started) -> None:
    """Whoever still plays stops."""
    for player in players:
        player.kill()
        player.wait()
