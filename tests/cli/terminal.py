"""A person at a terminal: a program under a pseudo-terminal, what stands on its screen, what she types."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

COLUMNS, LINES = 80, 30
CLEARED = "\x1b[2J"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][AB0]|\r")


def _as_at_a_desk() -> None:
    """Ctrl+C reaches who owns the terminal, and is heeded though the shell that started the tests ignores it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """One program, from ``with`` to its end."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], patience_s: float = 40.0) -> None:
        self._patience_s = patience_s
        self._said = ""
        self._seen = 0
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._program = subprocess.Popen(
            command,
            env={**os.environ, "TERM": "xterm-256color", **environment},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_as_at_a_desk,  # noqa: PLW1509
        )
        os.close(slave)

    @property
    def screen(self) -> str:
        """What she reads now: all since the screen was last cleared."""
        return ESCAPES.sub("", self._said.rpartition(CLEARED)[2])

    @property
    def coloured(self) -> str:
        """The same, with what colours it."""
        return self._said.rpartition(CLEARED)[2]

    def wait_for(self, words: str) -> str:
        """Until these words stand in what is new since the last answer; the screen."""
        deadline = time.monotonic() + self._patience_s
        while words not in " ".join(ESCAPES.sub("", self._said[self._seen :]).split()):
            assert time.monotonic() < deadline, f"«{words}» never came:\n{self.screen}"
            assert self._read() or self._program.poll() is None, f"it ended without «{words}»:\n{self.screen}"
        return self.screen

    def answer(self, words: str, typed: str) -> None:
        """Wait for a question, then type, and press Enter."""
        self.wait_for(words)
        self.wait_for("› ".strip())
        self._seen = len(self._said)
        os.write(self._master, typed.encode() + b"\n")

    def answer_prompt(self, prompt: str, typed: str) -> None:
        """What she types where a command asks on one line, such as for a PIN, whose letters are not shown."""
        self.wait_for(f"{prompt}:")
        self._seen = len(self._said)
        os.write(self._master, f"{typed}\n".encode())

    def press_ctrl_c(self) -> None:
        os.write(self._master, b"\x03")

    def wait(self) -> int:
        """Its exit code; all it said has been read then."""
        deadline = time.monotonic() + self._patience_s
        while self._program.poll() is None or self._read():
            assert time.monotonic() < deadline, f"it does not end:\n{self.screen}"
            self._read()
        return self._program.returncode

    def _read(self) -> bool:
        """Take in what came within a moment; whether anything did."""
        if not select.select([self._master], [], [], 0.05)[0]:
            return False
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # the program has closed its side
            return False
        self._said += piece.decode(errors="replace")
        return bool(piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._program.poll() is None:
            self._program.send_signal(signal.SIGKILL)
            self._program.wait()
        os.close(self._master)
