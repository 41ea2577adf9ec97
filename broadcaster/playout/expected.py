"""What a master should sound like: its envelope, read by the witness's child before the first word is due."""

import subprocess
import threading
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from broadcaster.sound.envelope import RATE_HZ, envelope
from broadcaster.sound.ffmpeg import program


def read_master(master: Path) -> "array[float]":
    """The envelope of a master; raises ``ChildProcessError`` when it was not read to its end."""
    source = ["-protocol_whitelist", "file", "-f", "flac", "-i", f"file:{master}"]
    form = ["-ac", "1", "-ar", str(RATE_HZ), "-f", "s16le", "pipe:1"]
    command = [program("ffmpeg"), "-nostdin", "-loglevel", "error", *source, *form]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as reader:
        whole = envelope(_pieces(reader))
    if reader.returncode != 0:  # half a master, heard whole, would be taken for a whole play
        raise ChildProcessError(reader.returncode)
    return whole


def _pieces(reader: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    if reader.stdout is not None:
        while piece := reader.stdout.read(1 << 16):
            yield piece


def read_aside(master: Path, tell: Callable[[str, Any], None]) -> None:
    """Read it in a thread of its own; ``tell`` takes ``("master", envelope)`` or ``("trouble", problem)``."""

    def read() -> None:
        try:
            tell("master", read_master(master))
        except Exception as problem:
            tell("trouble", repr(problem))

    threading.Thread(target=read, daemon=True).start()
