"""Whatever is done to the panel while an airing sounds, the market hears the airing."""

import os
import signal
import socket
import time
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest
from real_station import MARKETS, TEN, DaemonProcess, ends, make_station, sinks

from broadcaster.model import Evidence, Outcome, Reason
from broadcaster.playout.virtual import VirtualOutputs

pytestmark = pytest.mark.sound("box")

AHEAD_S, SOUND_S, PATIENCE_S = 13.0, 4.0, 60.0


def panels(pid: int) -> list[int]:
    """The panels that a daemon has started and that live."""
    try:
        children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in _children(task)]
        return [child for child in children if b"broadcaster.web.child" in Path(f"/proc/{child}/cmdline").read_bytes()]
    except OSError:  # one has just ended
        return []


def _children(task: Path) -> list[str]:
    return (task / "children").read_text(encoding="ascii").split()


def test_a_panel_killed_and_frozen_again_and_again_while_it_plays_costs_no_market_a_word(tmp_path: Path) -> None:
    station = make_station(tmp_path / "station", sound_s=SOUND_S)
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{asked.getsockname()[1]}"
    with VirtualOutputs(sinks(station)) as outputs:
        panel = {**outputs.environment, "BROADCASTER_PANEL": address}
        daemon = DaemonProcess(station, TEN - timedelta(seconds=AHEAD_S), panel)
        try:
            daemon.wait_until_ready()
            deadline, hurt = time.monotonic() + PATIENCE_S, 0
            for number in cycle((signal.SIGSTOP, signal.SIGKILL)):
                for pid in panels(daemon.pid):
                    os.kill(pid, number)
                    hurt += 1
                if len(ends(station)) == len(MARKETS) or time.monotonic() > deadline:
                    break
                time.sleep(0.3)
        finally:
            daemon.send(signal.SIGTERM)
            assert daemon.wait() == 0
    assert hurt >= 4
    ended = ends(station)
    assert set(ended) == set(MARKETS)
    for each in ended.values():
        assert (each.outcome, each.reason, each.evidence) == (Outcome.PLAYED, Reason.ON_TIME, Evidence.MONITOR)
        assert each.played_s == pytest.approx(SOUND_S, abs=0.2)
