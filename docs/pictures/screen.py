"""What a terminal shows: a program is run under one, its questions are answered, its screen is kept cell by cell."""

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_S = 60.0
SEQUENCE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[()][AB0]|(.)", re.DOTALL)
COLOURS = {
    31: "red",
    32: "green",
    33: "yellow",
    34: "cyan",
    36: "cyan",
    90: "grey",
    91: "red",
    92: "green",
    93: "yellow",
}


@dataclass(frozen=True)
class Style:
    """How a cell is written."""

    colour: str = ""
    bold: bool = False
    dim: bool = False


@dataclass
class Screen:
    """The cells of a terminal: as much of its language as our commands speak."""

    columns: int
    rows: list[list[tuple[str, Style]]] = field(default_factory=lambda: [[]])
    row: int = 0
    column: int = 0
    style: Style = field(default_factory=Style)

    def feed(self, said: str) -> None:
        """Show what a program says."""
        for parameters, order, letter in SEQUENCE.findall(said):
            if order:
                self._obey(order, parameters)
            elif letter == "\r":
                self.column = 0
            elif letter == "\n":
                self._to_row(self.row + 1)
            elif letter and letter >= " ":
                self._put(letter)

    def _put(self, letter: str) -> None:
        if self.column == self.columns:
            self.column = 0
            self._to_row(self.row + 1)
        line = self.rows[self.row]
        line.extend([(" ", Style())] * (self.column + 1 - len(line)))
        line[self.column] = (letter, self.style)
        self.column += 1

    def _to_row(self, row: int) -> None:
        self.row = max(0, row)
        while len(self.rows) <= self.row:
            self.rows.append([])

    def _obey(self, order: str, parameters: str) -> None:
        number = int(parameters) if parameters.isdecimal() else 0
        if order == "m":
            for code in map(int, (parameters or "0").split(";")):
                self._paint(code)
        elif order == "A":
            self._to_row(self.row - max(1, number))
        elif order == "K":
            del self.rows[self.row][0 if number == 2 else self.column :]
        elif order == "J" and number == 2:
            self.rows, self.row, self.column = [[]], 0, 0

    def _paint(self, code: int) -> None:
        now = self.style
        if code == 0:
            self.style = Style()
        elif code == 1:
            self.style = Style(now.colour, bold=True, dim=now.dim)
        elif code == 2:
            self.style = Style(now.colour, bold=now.bold, dim=True)
        elif code == 22:
            self.style = Style(now.colour)
        elif code == 39 or code in COLOURS:
            self.style = Style(COLOURS.get(code, ""), bold=now.bold, dim=now.dim)

    @property
    def text(self) -> str:
        """All of it, without its colours."""
        return "\n".join("".join(letter for letter, _ in line).rstrip() for line in self.rows)


class Typed:
    """One program under a terminal of its own, from ``with`` to its end."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], screen: Screen) -> None:
        self.screen = screen
        self._letters = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, screen.columns, 0, 0))
        self._program = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def wait_for(self, words: str) -> None:
        """Until these words stand on the screen, wherever its lines are broken."""
        until = time.monotonic() + PATIENCE_S
        while words not in " ".join(self.screen.text.split()):
            if time.monotonic() > until or not self._read():
                raise RuntimeError(f"«{words}» never came:\n{self.screen.text}")

    def answer(self, question: str, typed: str) -> None:
        """Wait for a question, type, press Enter."""
        self.wait_for(question)
        os.write(self._master, typed.encode() + b"\n")
        time.sleep(0.3)

    def end(self, *, at_once: bool = False) -> int:
        """Its exit code, once it has ended and all it said was read. ``at_once``: it is told to end."""
        if at_once:
            self._program.terminate()
        until = time.monotonic() + PATIENCE_S
        while self._read():
            if time.monotonic() > until:
                self._program.kill()
                raise RuntimeError(f"it does not end:\n{self.screen.text}")
        os.close(self._master)
        return self._program.wait()

    def _read(self) -> bool:
        """Whether anything may still come: on a busy machine a program's last words come after its end."""
        if not select.select([self._master], [], [], 0.05)[0]:
            return True
        try:
            piece = os.read(self._master, 1 << 16)
        except OSError:  # the program has closed its side, and all it said was read
            return False
        self.screen.feed(self._letters.decode(piece))
        return True
