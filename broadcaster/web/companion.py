"""Keeps a panel beside the daemon: a child that is started again when it ends, with longer and longer rests.

The daemon never waits for it. What the child does to itself, or what is done to it, no airing notices.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from broadcaster.playout.children import Child
from broadcaster.playout.companions import Beside
from broadcaster.web.addresses import Address

CHILD = "broadcaster.web.child"
FIRST_REST_S, LONGEST_REST_S = 1.0, 300.0
LONG_LIFE_S = 60.0
"""One that has lived so long is started again at once, as the first was."""

Tell = Callable[[str], None]
"""Says one sentence to the people in front of the program."""

log = logging.getLogger(__name__)


class PanelBeside:
    """A companion."""

    def __init__(
        self,
        root: Path,
        address: Address,
        *,
        language: str,
        listening: Tell,
        problem: Tell,
        first_rest_s: float = FIRST_REST_S,
    ) -> None:
        self._order = {"root": str(root), "host": address.host, "port": address.port, "language": language}
        self._listening = listening
        self._problem = problem
        self._first_rest_s = first_rest_s
        self._told: set[str] = set()

    async def __call__(self, _beside: Beside) -> None:
        now_s, rest_s = asyncio.get_running_loop().time, self._first_rest_s
        while True:
            began_s = now_s()
            await self._one_life()
            if now_s() - began_s >= LONG_LIFE_S:
                rest_s = self._first_rest_s
            log.warning("the panel has ended and is started again in %.0f s", rest_s)
            await asyncio.sleep(rest_s)
            rest_s = min(2 * rest_s, LONGEST_REST_S)

    async def _one_life(self) -> None:
        """From a child's start to its end."""
        try:
            child = await Child.spawn(CHILD, self._order, None)
        except OSError as error:
            log.warning("the panel cannot be started: %s", error)
            return
        try:
            async for message in child.lines():
                self._hear(message)
            await child.gone()
        finally:
            child.kill()

    def _hear(self, message: Mapping[str, Any]) -> None:
        """Told once each: a panel that comes back is no news."""
        match message:
            case {"listening": str(said)}:
                tell = self._listening
            case {"problem": str(said)}:
                tell = self._problem
            case _:
                return
        if said not in self._told:
            self._told.add(said)
            tell(said)
