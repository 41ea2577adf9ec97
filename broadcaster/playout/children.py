"""Children that are spoken to by lines of JSON: the player's and the witness's parent side.

This process holds the only write end of a child's standard input, close-on-exec, so a child always learns of its owner's
death. Spawn from the event loop's thread.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Self

from broadcaster.journal.events import ProcessId

LINE_LIMIT = 1 << 20


def start_ticks(pid: int) -> int | None:
    """Start time of a process in clock ticks after boot (``/proc/PID/stat``, field 22); ``None`` when it has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *rest = stat.rpartition(")")[2].split()
    return None if state in "ZX" else int(rest[18])


class Child:
    """A running child and its two pipes."""

    def __init__(self, running: asyncio.subprocess.Process) -> None:
        self._running = running
        self.process = ProcessId(running.pid, start_ticks(running.pid) or 0)

    @classmethod
    async def spawn(cls, module: str, order: Mapping[str, Any], environment: Mapping[str, str] | None) -> Self:
        """Start ``python -m module`` and give it its order, a first line of JSON."""
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            module,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            limit=LINE_LIMIT,
        )
        child = cls(running)
        child.say(order)
        return child

    def say(self, message: Mapping[str, Any]) -> None:
        """Send one line; a child that is gone or deaf is no error here."""
        pipe = self._running.stdin
        if pipe is not None and not pipe.is_closing():
            with contextlib.suppress(OSError, RuntimeError):
                pipe.write(json.dumps(message, allow_nan=False).encode() + b"\n")

    async def lines(self) -> AsyncIterator[dict[str, Any]]:
        """What the child says, until it closes its output; words that are no JSON object are passed over."""
        pipe = self._running.stdout
        while pipe is not None:
            try:
                line = await pipe.readline()
            except ValueError:  # longer than LINE_LIMIT: not one of ours
                continue
            if not line:
                return
            with contextlib.suppress(ValueError):
                message = json.loads(line)
                if isinstance(message, dict):
                    yield message

    async def gone(self) -> int | None:
        """Wait for its end; its exit code, negative for a signal."""
        return await self._running.wait()

    def kill(self) -> None:
        """End it now. Safe to call twice, and when it is gone."""
        if self._running.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._running.kill()
        if self._running.stdin is not None:
            self._running.stdin.close()
