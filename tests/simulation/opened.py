"""What the process that lives a story really opens, by Python's own audit events: no master, no socket, no other program.

The simulated players open nothing, so whatever of that is seen is the daemon's own doing. A socket of the family AF_UNIX is the
event loop's: it wakes itself by a pair of them. What a real player opens is seen elsewhere, by its system calls.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

MEDIA = {
    ".flac",
    ".mp3",
    ".wav",
    ".ogg",
    ".opus",
    ".m4a",
    ".mp4",
    ".aac",
    ".webm",
    ".m3u",
    ".m3u8",
    ".pls",
    ".xspf",
    ".srt",
}
NETWORK = {
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "socket.sendmsg",
}
PROGRAMS = {"subprocess.Popen", "os.posix_spawn", "os.exec", "os.fork", "os.forkpty", "os.system"}

_seen: list[str] | None = None
"""Where it is told; ``None``: nobody asks. An audit hook stays for as long as the process lives."""
_hooked = False


def _hook(event: str, facts: tuple[Any, ...]) -> None:
    if _seen is None:
        return
    if event in NETWORK or event in PROGRAMS:
        _seen.append(f"{event} {facts[-1]!r}")
    elif event == "socket.__new__" and facts[1] != socket.AF_UNIX:
        _seen.append(f"a socket of family {facts[1]}")
    elif event == "open" and isinstance(facts[0], str) and PurePath(facts[0]).suffix.lower() in MEDIA:
        _seen.append(f"{facts[0]} was opened")


@contextmanager
def watched(seen: list[str]) -> Iterator[None]:
    """For as long as the block lasts, ``seen`` is told."""
    global _seen, _hooked  # noqa: PLW0603  a hook belongs to the process
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked = True
    before, _seen = _seen, seen
    try:
        yield
    finally:
        _seen = before
