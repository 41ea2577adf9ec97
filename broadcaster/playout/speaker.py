"""Where sound comes out: finding a market's output on the sound server.

The server may be absent, or frozen: every question is put by a child under a deadline, so no answer is an answer too.
"""

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from broadcaster.errors import BroadcasterError
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause
from broadcaster.model import Output, Seconds

ANSWER_LIMIT_S = 2.0
NULL_SINK = "module-null-sink.c"
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)
"""What a listing that is none raises where it is read."""

Answer = TypeVar("Answer")


class SoundServerUnavailable(BroadcasterError):
    """The sound server is not there, or does not answer."""

    sentence: ClassVar[str] = N_(
        "The sound server does not answer ({problem}), so nothing can be heard. Restart the computer and try again."
    )


@dataclass(frozen=True)
class Found:
    """An output that is there."""

    sink: str
    """Its stable name: the sink's, or the one under which ALSA opens the card."""
    description: str
    """The server's or the card's words for people."""
    latency_s: Seconds
    """How much later than handed over the sound comes out, as the server says."""
    volume: float | None
    """Volume of the output itself, 0 … 1 and above (PulseAudio's scale); ``None``: not known (a card)."""
    muted: bool | None
    kind: str = "pulse"
    """As :attr:`broadcaster.model.Output.kind`."""
    card: str = ""
    device: int = 0
    """The card's id and which of its devices, as the configuration names them; only of ``alsa``."""
    card_number: int | None = None
    """The number that the card behind it has today."""


class Speakers(Protocol):
    """Finds outputs."""

    async def find(self, output: Output) -> Found | None:
        """The output as it is now; ``None`` when it is not there or nobody answers."""

    async def stream_volume(self, player_pid: int) -> float | None:
        """At what volume that player's sound runs, 0 … 1, read back from the output; ``None`` when nobody can say."""


def read_sinks(listing: str) -> list[Found]:
    """What ``pactl --format=json list sinks`` says. Raises one of :data:`UNREADABLE` on else."""
    sinks = json.loads(listing)
    if not isinstance(sinks, list) or not all(isinstance(sink, dict) for sink in sinks):
        raise TypeError(listing[:80])
    return [_found(sink) for sink in sinks]


def read_stream_volumes(listing: str) -> dict[str, float]:
    """What ``pactl --format=json list sink-inputs`` says: process id → volume. Raises as :func:`read_sinks` does."""
    streams = json.loads(listing)
    if not isinstance(streams, list) or not all(isinstance(stream, dict) for stream in streams):
        raise TypeError(listing[:80])
    return {str(stream["properties"].get("application.process.id")): _volume(stream) for stream in streams}


def _volume(entry: Mapping[str, Any]) -> float:
    """Of a sink or a stream, the mean of its channels."""
    volumes = [channel["value"] / 65536 for channel in entry.get("volume", {}).values()]
    return sum(volumes) / len(volumes) if volumes else 1.0


def _found(sink: Mapping[str, Any]) -> Found:
    return Found(
        sink=sink["name"],
        description=sink.get("description", sink["name"]),
        latency_s=_latency(sink),
        volume=_volume(sink),
        muted=bool(sink.get("mute")),
        card_number=_number(sink.get("properties", {}).get("alsa.card")),
    )


def _number(given: object) -> int | None:
    return int(given) if isinstance(given, str) and given.isdecimal() else None


def _latency(sink: Mapping[str, Any]) -> Seconds:
    """A null sink's figure is no delay: it is how far it runs ahead of the clock when nobody asks it for less."""
    if sink.get("driver") == NULL_SINK:
        return Seconds(0.0)
    return Seconds(sink.get("latency", {}).get("actual", 0.0) / 1e6)


class PulseSpeakers:
    """The sinks of PulseAudio, or of PipeWire in PulseAudio's language.

    ``environment`` is what a client needs on top of this process's own to find the server.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, limit_s: float = ANSWER_LIMIT_S) -> None:
        self._environment = environment or {}
        self._limit_s = limit_s

    async def find(self, output: Output) -> Found | None:
        try:
            sinks = await self.all()
        except SoundServerUnavailable:
            return None
        return next((sink for sink in sinks if sink.sink == output.sink), None)

    async def stream_volume(self, player_pid: int) -> float | None:
        try:
            return (await self._ask("sink-inputs", read_stream_volumes)).get(str(player_pid))
        except SoundServerUnavailable:
            return None

    async def all(self) -> list[Found]:
        """Every sink there is. Raises :class:`SoundServerUnavailable` within the time limit."""
        return await self._ask("sinks", read_sinks)

    async def _ask(self, what: str, read: Callable[[str], Answer]) -> Answer:
        try:
            asked = await asyncio.create_subprocess_exec(
                "pactl",
                "--format=json",
                "list",
                what,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={**os.environ, **self._environment, "LC_ALL": "C"},
            )
        except OSError as problem:  # no pactl, or no room for one more process
            raise SoundServerUnavailable(problem=clause(problem)) from problem
        try:
            listing, _ = await asyncio.wait_for(asked.communicate(), self._limit_s)
        except TimeoutError:
            raise SoundServerUnavailable(problem=f"{self._limit_s:g} s") from None
        finally:
            if asked.returncode is None:
                asked.kill()
                await asked.wait()
        if asked.returncode != 0:
            raise SoundServerUnavailable(problem=f"pactl {asked.returncode}")
        try:
            return read(listing.decode())
        except UNREADABLE as problem:
            raise SoundServerUnavailable(problem="pactl") from problem
