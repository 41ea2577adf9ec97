"""The witness's parent side: keeps the promise of :mod:`broadcaster.playout.witness` with a listening child a play."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from broadcaster.journal.events import ProcessId
from broadcaster.model import Milliseconds, Reason, Seconds
from broadcaster.playout.children import Child
from broadcaster.playout.witness import (
    Alarm,
    Heard,
    NoMonitor,
    Noticed,
    StreamSeen,
    Watching,
    WatchOrder,
    WitnessEvent,
    WitnessFailed,
    WitnessGone,
)

CHILD = "broadcaster.playout.listener_child"


def _event(message: Mapping[str, Any]) -> WitnessEvent | None:
    """The event in a child's line; ``None`` for a word that is not in the promise."""
    match message:
        case {"event": "Watching", "latency_s": float(latency)}:
            return Watching(Seconds(latency))
        case {"event": "StreamSeen", "uncorked_monotonic_s": float() | None as uncorked}:
            return StreamSeen(uncorked)
        case {"event": "Heard"}:
            return _heard(message)
        case {"event": "Alarm", "reason": str(reason)}:
            return Alarm(Reason(reason))
        case {"event": "Noticed", "code": str(code)}:
            return Noticed(code)
        case {"event": "WitnessFailed", "problem": str(problem)}:
            return WitnessFailed(problem)
    return None


def _heard(message: Mapping[str, Any]) -> Heard:
    error = message["start_error_ms"]
    return Heard(
        heard_s=Seconds(message["heard_s"]),
        active_blocks=message["active_blocks"],
        heard_blocks=message["heard_blocks"],
        start_error_ms=None if error is None else Milliseconds(error),
        final=message["final"],
    )


class MonitorWitness:
    """One listening child."""

    def __init__(self, child: Child) -> None:
        self._child = child

    @property
    def process(self) -> ProcessId:
        return self._child.process

    async def events(self) -> AsyncIterator[WitnessEvent]:
        async for message in self._child.lines():
            event = _event(message)
            if event is not None:
                yield event
        yield WitnessGone(await self._child.gone())

    def end(self) -> None:
        self._child.say({"end": True})

    def kill(self) -> None:
        self._child.kill()


class MonitorWitnesses:
    """Makes witnesses that listen to monitors. ``environment``: as for the players."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = environment

    async def spawn(self, order: WatchOrder) -> MonitorWitness:
        if order.output.is_card:
            raise NoMonitor
        words = {
            "master": str(order.master),
            "lead_in_s": order.lead_in_s,
            "tail_s": order.tail_s,
            "sink": order.output.sink,
            "volume": order.volume,
            "player_pid": order.player_pid,
            "starts_monotonic_s": order.starts_monotonic_s,
            "recording": str(order.recording) if order.recording else None,
        }
        return MonitorWitness(await Child.spawn(CHILD, words, self._environment))
