"""The real command line at a moment of choice, on simulated loudspeakers: what the pictures are taken of.

``python actor.py MOMENT [--fast SECONDS] WORDS…``. The moment is local; with ``--fast`` the daemon lives so many seconds at
once, on simulated time, and stops.
"""

import asyncio
import subprocess
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from broadcaster.care import look_disk, look_sound, machine, record_checks, timekeeping
from broadcaster.cli import serve, setup, speaker_test, speaker_volume, speakers
from broadcaster.cli.context import Desk
from broadcaster.cli.program import main
from broadcaster.clock import ShiftedClock, belief
from broadcaster.model import ClockTrust, Output, Seconds
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.simulated import Hall, SimulatedPlayers, SimulatedSpeakers, SimulatedWitnesses
from broadcaster.playout.simulated_time import LoopAlarms, SimulatedClock, SimulatedLoop
from broadcaster.playout.speaker import Found

LIMA = ZoneInfo("America/Lima")
CARD = "alsa_output.pci-0000_00_1b.0.analog-stereo"
SCREEN = "alsa_output.pci-0000_00_03.0.hdmi-stereo"
OUTPUTS = {CARD: "Audio interno Estéreo analógico", SCREEN: "Pantalla (HDMI)"}


@cache
def length(sound: Path) -> Seconds:
    """How long a sound of ours lasts."""
    asked = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(sound)]
    return Seconds(float(subprocess.run(asked, check=True, capture_output=True, text=True).stdout))


class Outputs(SimulatedSpeakers):
    """A computer with a sound card and a screen that has loudspeakers."""

    async def every_output(self) -> list[Found]:
        """Both."""
        return [Found(sink, words, Seconds(0.0), 1.0, muted=False) for sink, words in OUTPUTS.items()]

    async def find(self, output: Output) -> Found | None:
        return next((each for each in await self.every_output() if each.sink == output.sink), None)


def simulate_sound() -> None:
    """From here on every command plays in one simulated hall."""
    hall = Hall(length)
    players = SimulatedPlayers(hall)
    for module in (serve, setup, speaker_test, speaker_volume, speakers, look_sound):
        for name, stands_in in (
            ("VlcPlayers", lambda: players),
            ("MonitorWitnesses", lambda: SimulatedWitnesses(hall, players)),
            ("MachineSpeakers", lambda: Outputs(hall)),
        ):
            if hasattr(module, name):
                setattr(module, name, stands_in)


def leave_out_the_machine() -> None:
    """From here on nobody looks at the computer itself, nor at its record: every one has another disk, and another code."""
    for room in (look_disk, machine, record_checks):
        setattr(room, "PROBES", ())  # noqa: B010


def as_if_made_before() -> None:
    """From here on no moment is earlier than this program, whose clock would be wrong then."""
    for module in (belief, timekeeping):
        setattr(module, "RELEASED", belief.ALWAYS)  # noqa: B010


def live_fast(moment: datetime, seconds: float) -> None:
    """From here on ``run`` lives on simulated time: the same daemon, and hours pass in a moment."""

    class FastDaemon(Daemon):
        def __init__(self, setting: Setting) -> None:
            clock = SimulatedClock(asyncio.get_running_loop(), moment)
            setting.teller._now = lambda: clock.now().utc  # type: ignore[attr-defined]  # noqa: SLF001
            object.__setattr__(setting, "clock", clock)
            object.__setattr__(setting, "alarms", LoopAlarms)
            object.__setattr__(setting, "watched", False)  # nobody edits the files
            super().__init__(setting)

    async def live(setting: Setting) -> None:
        await FastDaemon(setting).run(seconds)

    def simulated(life: Any) -> None:
        with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
            runner.run(life)

    setattr(serve, "Daemon", lambda setting: SimpleNamespace(run=lambda: live(setting)))  # noqa: B010
    setattr(serve, "asyncio", SimpleNamespace(run=simulated))  # noqa: B010


def perform(arguments: list[str]) -> None:
    """Set the clock and the sound, then hand over to the program."""
    moment = datetime.fromisoformat(arguments[0]).replace(tzinfo=LIMA)
    words = arguments[1:]
    setattr(Desk, "clock", ShiftedClock(moment, ClockTrust.SYNCED))  # noqa: B010
    simulate_sound()
    leave_out_the_machine()
    as_if_made_before()
    if words[0] == "--fast":
        live_fast(moment, float(words[1]))
        words = words[2:]
    main(words)


if __name__ == "__main__":
    perform(sys.argv[1:])
