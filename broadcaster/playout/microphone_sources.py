"""What could listen: the sound server's capture sources, by their stable names."""

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from broadcaster.locale.system import clause
from broadcaster.playout.speaker import ANSWER_LIMIT_S, SoundServerUnavailable

MONITOR = ".monitor"
"""How a source is called that gives what an output plays: it hears the computer, not the market."""


@dataclass(frozen=True)
class Source:
    """A capture source that is there."""

    name: str
    """Its stable name."""
    description: str
    """The server's words for people."""
    muted: bool
    volume: float
    """0 … 1 and above, PulseAudio's scale."""

    @property
    def silent(self) -> bool:
        """Whether nothing can be heard through it, whatever sounds."""
        return self.muted or self.volume == 0


def is_monitor(name: str, properties: Mapping[str, Any] | None = None) -> bool:
    """Whether a source gives what an output plays."""
    return name.endswith(MONITOR) or (properties or {}).get("device.class") == "monitor"


def read_sources(listing: str) -> list[Source]:
    """What ``pactl --format=json list sources`` says, but for the outputs' monitors.

    Raises ``ValueError``, ``TypeError``, ``KeyError`` or ``AttributeError`` on else.
    """
    sources = json.loads(listing)
    if not isinstance(sources, list):
        raise TypeError(listing[:80])
    return [_source(each) for each in sources if not is_monitor(each["name"], each.get("properties"))]


def _source(entry: Mapping[str, Any]) -> Source:
    volumes = [channel["value"] / 65536 for channel in entry.get("volume", {}).values()]
    return Source(
        name=entry["name"],
        description=entry.get("description") or entry["name"],
        muted=bool(entry.get("mute")),
        volume=sum(volumes) / len(volumes) if volumes else 1.0,
    )


async def sources(environment: Mapping[str, str] | None = None, limit_s: float = ANSWER_LIMIT_S) -> list[Source]:
    """Every microphone there is.

    :raises SoundServerUnavailable: nobody can say, or not within the limit.
    """
    try:
        asked = await asyncio.create_subprocess_exec(
            *("pactl", "--format=json", "list", "sources"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **(environment or {}), "LC_ALL": "C"},
        )
    except OSError as problem:
        raise SoundServerUnavailable(problem=clause(problem)) from problem
    try:
        listing, _said = await asyncio.wait_for(asked.communicate(), limit_s)
        if asked.returncode != 0:
            raise SoundServerUnavailable(problem=f"pactl {asked.returncode}")
        return read_sources(listing.decode())
    except TimeoutError:
        raise SoundServerUnavailable(problem=f"{limit_s:g} s") from None
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise SoundServerUnavailable(problem="pactl") from problem
    finally:
        if asked.returncode is None:
            asked.kill()
            await asked.wait()
