"""Has letters sent by a child, which is given so long and no longer."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

LIMIT_S = 40.0
"""For all letters of one go; a network that hangs costs no more."""
CHILD = (sys.executable, "-m", "broadcaster.care.alerts.sending_child")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """One message to one address."""

    url: str = field(repr=False)
    title: str
    body: str


async def send(letters: Sequence[Letter], limit_s: float = LIMIT_S) -> list[bool]:
    """Whether each was taken; ``False`` for whatever had no answer in time. Raises nothing but cancellation."""
    try:
        child = await asyncio.create_subprocess_exec(
            *CHILD,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as problem:
        log.warning("nothing can send alerts: %s", problem)
        return [False] * len(letters)
    answered: list[bool] = []
    try:
        async with asyncio.timeout(limit_s):
            await _talk(child, letters, limit_s, answered)
    except (TimeoutError, OSError) as problem:
        log.warning("what sends alerts was not waited for: %s", type(problem).__name__)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()
    if len(answered) < len(letters):
        log.warning("what sends alerts answered for %d of %d addresses", len(answered), len(letters))
    return (answered + [False] * len(letters))[: len(letters)]


async def _talk(
    child: asyncio.subprocess.Process, letters: Sequence[Letter], limit_s: float, answered: list[bool]
) -> None:
    if child.stdin is None or child.stdout is None:
        return
    request = {"limit_s": limit_s, "letters": [asdict(letter) for letter in letters]}
    child.stdin.write(json.dumps(request).encode())
    child.stdin.close()
    while line := await child.stdout.readline():
        answered.append(line.strip() == b"1")
