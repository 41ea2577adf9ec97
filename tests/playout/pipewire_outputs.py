"""Named null sinks on a private PipeWire: what a newer machine has in PulseAudio's place.

PipeWire, its session manager and its PulseAudio side, on a session bus, a runtime folder and a home of their own. Nothing here
depends on a version of theirs: the sinks are made, as everything is asked, in PulseAudio's language.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from broadcaster.model import Output
from broadcaster.playout.virtual import Recording

START_LIMIT_S = 20.0
PARTS = "pipewire & wireplumber & exec pipewire-pulse"
SESSION = f"trap 'trap - TERM; kill 0' TERM; dbus-run-session -- sh -c '{PARTS}' & wait"
"""Asked to end, it ends every part of it: a session bus would leave them behind."""


class PipewireOutputs:
    """The sinks from ``with`` to its end."""

    def __init__(self, sinks: Iterable[str]) -> None:
        self.outputs = {sink: Output(id=sink, kind="pulse", sink=sink) for sink in sinks}
        self._root = Path(tempfile.mkdtemp(prefix="broadcaster-"))
        (self._root / "home").mkdir(mode=0o700)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs on top of its own environment to use this server and no other."""
        return {
            "HOME": str(self._root / "home"),
            "XDG_CONFIG_HOME": str(self._root / "home"),
            "XDG_STATE_HOME": str(self._root / "home"),
            "XDG_RUNTIME_DIR": str(self._root),
            "PIPEWIRE_RUNTIME_DIR": str(self._root),
            "PULSE_RUNTIME_PATH": str(self._root / "pulse"),
            "PULSE_SERVER": f"unix:{self._root}/pulse/native",
        }

    def record(self, sink: str, wav: Path) -> Recording:
        """Record the sink's monitor into ``wav`` until the recording is stopped."""
        return Recording(sink, wav, self.environment)

    def ask(self, *words: str) -> str:
        """What ``pactl`` answers; nothing while there is no server."""
        asked = subprocess.run(
            ["pactl", *words],
            env={**os.environ, **self.environment, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
        return asked.stdout

    def __enter__(self) -> Self:
        guard = [sys.executable, "-P", "-m", "broadcaster.playout.guard", str(self._root)]
        self._guard = subprocess.Popen(
            [*guard, "sh", "-c", SESSION],
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_LIMIT_S
        while "PipeWire" not in self.ask("info"):
            assert time.monotonic() < deadline, "PipeWire does not start"
            time.sleep(0.1)
        for sink in self.outputs:
            self.ask(
                "load-module", "module-null-sink", f"sink_name={sink}", f"sink_properties=device.description={sink}"
            )
        while not all(f"{sink}.monitor" in self.ask("list", "short", "sources") for sink in self.outputs):
            assert time.monotonic() < deadline, "the sinks do not appear"
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait(10)
