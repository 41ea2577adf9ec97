"""The panel is a process of its own: what becomes of it, no airing notices."""

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import httpx
import pytest
from panel import make_station
from patience import PATIENCE_S, until

from broadcaster.errors import BroadcasterError
from broadcaster.playout.control import ask
from broadcaster.playout.orders import Status
from broadcaster.web.child import MEMORY_BYTES

NO_SOUND = {"PULSE_SERVER": "unix:/nowhere"}


class Program:
    """``broadcaster`` with these words, and what it says."""

    def __init__(self, root: Path, *words: str) -> None:
        self.root = root
        self.process = subprocess.Popen(
            [sys.executable, "-m", "broadcaster", "--station", str(root), *words],
            env={**os.environ, **NO_SOUND, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,  # noqa: PLW1509
        )
        self._lines: SimpleQueue[str] = SimpleQueue()
        self.said = ""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def wait_for(self, words: str) -> str:
        """Until it has said so; all that it has said. Lines are broken where they please."""
        while words not in " ".join(self.said.split()):
            try:
                self.said += self._lines.get(timeout=PATIENCE_S)
            except Empty:
                raise AssertionError(f"{words!r} not in {self.said!r}") from None
        return " ".join(self.said.split())

    def children(self) -> list[int]:
        """The panels it has started."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        try:
            found = [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
            return [pid for pid in found if b"broadcaster.web.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        except OSError:
            return []

    def answers(self) -> bool:
        """Whether its daemon says what goes on."""
        try:
            return bool(ask(self.root / "data" / "control", Status()))
        except BroadcasterError:
            return False

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def serves(url: str) -> bool:
    try:
        return httpx.get(f"{url}/sign-in", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_station(tmp_path / "station", seasons=False)


@pytest.fixture
def url() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture
def program(root: Path, url: str) -> Iterator[Program]:
    made = Program(root, "run", "--panel", url.removeprefix("http://"))
    try:
        made.wait_for(url)
        until(made.answers)
        yield made
    finally:
        made.process.kill()
        made.process.wait()


def gone(pid: int) -> bool:
    try:
        return b"Z" in Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[:1]
    except OSError:
        return True


def test_it_answers_beside_the_daemon_and_steps_back_behind_it(program: Program, url: str) -> None:
    assert serves(url)
    (child,) = program.children()
    assert os.getpriority(os.PRIO_PROCESS, child) >= os.getpriority(os.PRIO_PROCESS, program.process.pid) + 5
    assert resource.prlimit(child, resource.RLIMIT_DATA) == (MEMORY_BYTES, MEMORY_BYTES)
    assert int(Path(f"/proc/{child}/oom_score_adj").read_text()) >= 600
    assert os.getsid(child) != os.getsid(program.process.pid)


def test_killed_it_comes_back_and_the_daemon_has_not_noticed(program: Program, url: str) -> None:
    (first,) = program.children()
    os.kill(first, signal.SIGKILL)
    assert program.answers()
    until(lambda: serves(url))
    (second,) = program.children()
    assert second != first
    assert program.answers()
    assert program.said.count(url) == 1


def test_hanging_it_keeps_nobody_waiting_who_speaks_to_the_daemon(program: Program) -> None:
    (child,) = program.children()
    os.kill(child, signal.SIGSTOP)
    assert program.answers()
    assert program.end() == 0
    until(lambda: gone(child))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_the_daemon_however_that_ends(program: Program, number: signal.Signals) -> None:
    (child,) = program.children()
    program.end(number)
    until(lambda: gone(child))


def test_where_the_port_is_taken_one_sentence_says_so_and_the_daemon_plays_on(root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        program = Program(root, "run", "--panel", f"127.0.0.1:{port}")
        try:
            said = program.wait_for(f"127.0.0.1:{port}")
            until(program.answers)
            assert "El panel no se puede abrir" in said
            assert "Traceback" not in said
            taken.close()
            assert f"http://127.0.0.1:{port}" in program.wait_for(f"El panel está en http://127.0.0.1:{port}")
        finally:
            program.process.kill()
            program.process.wait()


def test_alone_it_serves_the_office_and_ends_when_asked(root: Path, url: str) -> None:
    program = Program(root, "panel", "--listen", url.removeprefix("http://"))
    assert "El panel está en" in program.wait_for(url)
    until(lambda: serves(url))
    assert program.end(signal.SIGINT) == 0


def test_beyond_this_computer_it_says_what_that_means(root: Path) -> None:
    program = Program(root, "panel", "--listen", "0.0.0.0:0")
    try:
        program.wait_for("docs/panel.md")
    finally:
        program.end(signal.SIGTERM)


@pytest.mark.parametrize("words", [("panel", "--listen", "market"), ("run", "--panel", "127.0.0.1")])
def test_what_is_no_address_is_refused_before_anything_is_opened(root: Path, words: tuple[str, ...]) -> None:
    program = Program(root, *words)
    program.wait_for("127.0.0.1:8010")
    assert program.process.wait(PATIENCE_S) == 64


def test_a_taken_port_ends_the_panel_alone_in_a_sentence(root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        program = Program(root, "panel", "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
        program.wait_for("El panel no se puede abrir")
        assert program.process.wait(PATIENCE_S) == 64
