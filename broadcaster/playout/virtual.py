"""Virtual outputs: a private PulseAudio server with null sinks, for rehearsals and tests.

Nothing of it touches the machine's own sound: it has its own runtime folder, its own home and no card. What a market would
have heard is what the sink's monitor gives. It dies with its owner: a guard child holds the server and watches a pipe.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from broadcaster.errors import BroadcasterError
from broadcaster.locale import mark as N_
from broadcaster.model import Output

PROGRAM = "pulseaudio"
START_LIMIT_S = 10.0


class VirtualOutputsUnavailable(BroadcasterError):
    """The private sound server does not start."""

    sentence: ClassVar[str] = N_(
        "The virtual outputs do not start ({problem}), so nothing was rehearsed. Install PulseAudio and try again."
    )


class Recording:
    """A sink's monitor being written to a WAV file (48 kHz, mono, 16 bit)."""

    def __init__(self, sink: str, target: Path, environment: Mapping[str, str]) -> None:
        self.path = target
        command = ["parec", "-d", f"{sink}.monitor", "--latency-msec=20", "--file-format=wav"]
        form = ["--rate=48000", "--channels=1", "--format=s16le"]
        self._recorder = subprocess.Popen(
            [*command, *form, str(target)], env={**os.environ, **environment}, stdin=subprocess.DEVNULL
        )

    def stop(self) -> Path:
        """End the recording; the file is complete when this returns."""
        self._recorder.terminate()
        try:
            self._recorder.wait(2)
        except subprocess.TimeoutExpired:
            self._recorder.kill()
            self._recorder.wait()
        return self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@dataclass(frozen=True)
class _House:
    """The folder of one private server."""

    root: Path

    @property
    def socket(self) -> Path:
        return self.root / "pulse" / "native"

    def build(self) -> None:
        for name in ("home", "pulse"):
            (self.root / name).mkdir(mode=0o700)
        (self.root / "client.conf").write_text("autospawn = no\nenable-shm = no\n", encoding="ascii")

    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.root / "home"),
            "XDG_RUNTIME_DIR": str(self.root),
            "XDG_CONFIG_HOME": str(self.root / "home"),
            "PULSE_RUNTIME_PATH": str(self.socket.parent),
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_CLIENTCONFIG": str(self.root / "client.conf"),
        }


def _server_program() -> str:
    """The machine's, or the one unpacked beside the program where a desktop's PipeWire keeps the package out."""
    beside = Path(sys.prefix) / "bin" / PROGRAM
    return str(beside) if not shutil.which(PROGRAM) and beside.exists() else PROGRAM


def _server_command(house: _House, sinks: Iterable[str], *, low_latency: bool) -> list[str]:
    options = " norewinds=1" if low_latency else ""
    modules = [
        f"module-native-protocol-unix socket={house.socket}",
        *(f"module-null-sink sink_name={sink} sink_properties=device.description={sink}{options}" for sink in sinks),
    ]
    alone = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
    said = ["--log-target=stderr", "--log-level=error"]
    return [_server_program(), *alone, *said, *(word for module in modules for word in ("-L", module))]


class VirtualOutputs:
    """Named null sinks on a private server, from ``start`` (or ``with``) to ``stop``.

    ``low_latency``: the sinks never run more than 50 ms ahead; else as PulseAudio makes them, up to 2 s ahead of the clock
    when nobody asks for less.
    """

    def __init__(self, sinks: Iterable[str], *, low_latency: bool = False) -> None:
        self.outputs: dict[str, Output] = {sink: Output(id=sink, kind="pulse", sink=sink) for sink in sinks}
        """The outputs by id; id and sink have the same name."""
        self._low_latency = low_latency
        self._house: _House | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs on top of its own environment to use this server and no other."""
        if self._house is None:
            raise RuntimeError
        return self._house.environment()

    @property
    def server_pid(self) -> int:
        """The process id of the private server."""
        if self._guard is None:
            raise RuntimeError
        children = Path(f"/proc/{self._guard.pid}/task/{self._guard.pid}/children")
        return int(children.read_text(encoding="ascii").split()[0])

    def record(self, sink: str, wav: Path) -> Recording:
        """Record the sink's monitor into ``wav`` until the recording is stopped."""
        return Recording(sink, wav, self.environment)

    def signal_server(self, number: signal.Signals) -> None:
        """Send the private server a signal: to see what its death or its silence does."""
        os.kill(self.server_pid, number)

    def start(self) -> Self:
        """Start the server; every sink is there when this returns."""
        self._house = _House(Path(tempfile.mkdtemp(prefix="broadcaster-")))
        self._house.build()
        guard = [sys.executable, "-P", "-m", "broadcaster.playout.guard", str(self._house.root)]
        server = _server_command(self._house, self.outputs, low_latency=self._low_latency)
        self._guard = subprocess.Popen(
            [*guard, *server],
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._wait_for_sinks(time.monotonic() + START_LIMIT_S)
        except BaseException:
            self.stop()
            raise
        return self

    def _wait_for_sinks(self, deadline: float) -> None:
        while not set(self.outputs) <= self._sinks():
            if self._guard is None or self._guard.poll() is not None:
                raise VirtualOutputsUnavailable(problem=PROGRAM)
            if time.monotonic() > deadline:
                raise VirtualOutputsUnavailable(problem=f"{START_LIMIT_S:.0f} s")
            time.sleep(0.05)

    def _sinks(self) -> set[str]:
        try:
            listing = subprocess.run(
                ["pactl", "list", "short", "sinks"],
                env={**os.environ, **self.environment, "LC_ALL": "C"},
                capture_output=True,
                text=True,
                timeout=2,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return set()
        return {line.split("\t")[1] for line in listing.stdout.splitlines() if "\t" in line}

    def stop(self) -> None:
        """End the server and remove its folder."""
        guard, self._guard = self._guard, None
        if guard is None:
            return
        if guard.stdin:
            guard.stdin.close()
        try:
            guard.wait(5)
        except subprocess.TimeoutExpired:
            guard.kill()
            guard.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
