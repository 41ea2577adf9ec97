"""The player's parent side: keeps the promise of :mod:`broadcaster.playout.player` with a libvlc child a play."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from broadcaster.journal.events import ProcessId
from broadcaster.model import Seconds
from broadcaster.playout.children import Child
from broadcaster.playout.player import (
    Beat,
    Finished,
    OutputLost,
    PlayerEvent,
    PlayerFailed,
    PlayerGone,
    Playing,
    PlayOrder,
    Ready,
)

CHILD = "broadcaster.playout.vlc_child"


def _event(message: Mapping[str, Any]) -> PlayerEvent | None:
    """The event in a child's line; ``None`` for a word that is not in the promise."""
    match message:
        case {"event": "Ready"}:
            return Ready()
        case {"event": "Playing"}:
            return Playing()
        case {"event": "Beat", "position_s": float(position)}:
            return Beat(Seconds(position))
        case {"event": "Finished", "position_s": float(position)}:
            return Finished(Seconds(position))
        case {"event": "PlayerFailed", "problem": str(problem)}:
            return PlayerFailed(problem)
        case {"event": "OutputLost"}:
            return OutputLost()
    return None


class VlcPlayer:
    """One libvlc child."""

    def __init__(self, child: Child) -> None:
        self._child = child

    @property
    def process(self) -> ProcessId:
        return self._child.process

    async def events(self) -> AsyncIterator[PlayerEvent]:
        async for message in self._child.lines():
            event = _event(message)
            if event is not None:
                yield event
        yield PlayerGone(await self._child.gone())

    def start(self, at_monotonic_s: float) -> None:
        self._child.say({"start": at_monotonic_s})

    def set_volume(self, volume: float) -> None:
        self._child.say({"volume": volume})

    def stop(self, fade_s: float) -> None:
        self._child.say({"stop": fade_s})

    def kill(self) -> None:
        self._child.kill()


class VlcPlayers:
    """Makes libvlc players. ``environment`` is what they need on top of this process's own to find the sound server."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = environment

    async def spawn(self, order: PlayOrder) -> VlcPlayer:
        words = {
            "master": str(order.master),
            "card": order.output.is_card,
            "sink": order.output.sink,
            "volume": order.volume,
            "slow_output": order.slow_output,
        }
        return VlcPlayer(await Child.spawn(CHILD, words, self._environment))
