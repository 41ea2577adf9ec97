"""A master heard on this computer, by whoever makes or approves it: no airing, no row, and never on a market's loudspeaker."""

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from broadcaster.clock import Clock
from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.locale import mark as N_
from broadcaster.model import Market, Output, Reason
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.player import (
    Beat,
    Finished,
    OutputLost,
    Player,
    PlayerFailed,
    PlayerGone,
    Players,
    PlayOrder,
    Ready,
)
from broadcaster.playout.speaker import ANSWER_LIMIT_S, SoundServerUnavailable
from broadcaster.playout.vlc import VlcPlayers

HERE = "here"
"""Id of the output that is nobody's market."""


class NothingToHearIt(BroadcasterError):
    """The computer has no output at all."""

    exit_code: ClassVar[int] = 1
    sentence: ClassVar[str] = N_("This computer has no sound output. Plug headphones in and try again.")


class MarketWouldHear(BroadcasterError):
    """What the computer plays goes to a market's loudspeaker."""

    exit_code: ClassVar[int] = 1
    sentence: ClassVar[str] = N_(
        "What this computer plays would be heard at {market}, so nothing was played. "
        "Plug headphones in, choose them in the sound settings, and try again."
    )


class NotPlayed(BroadcasterError):
    """The player could not play it to its end."""

    exit_code: ClassVar[int] = 1
    sentence: ClassVar[str] = N_("It was not heard to its end ({problem}). Check the headphones and try again.")


async def usual_output(environment: Mapping[str, str] | None = None) -> Output:
    """Where this computer plays: the sound server's default sink or, without a server, the first card.

    :raises NothingToHearIt: there is neither.
    """
    sink = await _default_sink(environment or {})
    if sink:
        return Output(HERE, "pulse", sink)
    try:
        found = await MachineSpeakers(environment).every_output()
    except SoundServerUnavailable:
        raise NothingToHearIt from None
    if not found:
        raise NothingToHearIt
    return Output(HERE, found[0].kind, found[0].sink, found[0].card, found[0].device)


async def _default_sink(environment: Mapping[str, str]) -> str | None:
    """Its name; ``None`` where no server answers in time."""
    try:
        asked = await asyncio.create_subprocess_exec(
            *("pactl", "--format=json", "info"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **environment, "LC_ALL": "C"},
        )
    except OSError:
        return None
    try:
        answer, _ = await asyncio.wait_for(asked.communicate(), ANSWER_LIMIT_S)
        said = json.loads(answer or b"{}")
    except (TimeoutError, ValueError):
        return None
    finally:
        if asked.returncode is None:
            asked.kill()
            await asked.wait()
    name = said.get("default_sink_name") if isinstance(said, dict) else None
    return str(name) if name else None


def refuse_markets(output: Output, outputs: Mapping[str, Output], markets: Iterable[Market]) -> None:
    """Return unless the output is one that serves a market.

    :raises MarketWouldHear: it is.
    """
    for market in markets:
        theirs = outputs[market.output]
        if theirs.sink == output.sink:
            raise MarketWouldHear(market=market.name)


async def hear(
    players: Players,
    clock: Clock,
    order: PlayOrder,
    *,
    skip_s: float = 0.0,
    moved: Callable[[float], None] = lambda _position_s: None,
) -> None:
    """Play ``order`` to its end, its first ``skip_s`` seconds of silence left out; ``moved`` gets the position in seconds.

    :raises NotPlayed: the player or the output failed.
    :raises asyncio.CancelledError: it was silenced at once.
    """
    player = await players.spawn(order)
    try:
        await _to_the_end(player, clock, skip_s, moved)
    finally:
        player.kill()


async def _to_the_end(player: Player, clock: Clock, skip_s: float, moved: Callable[[float], None]) -> None:
    async for event in player.events():
        match event:
            case Ready():
                player.start(clock.now().monotonic_s - skip_s)
            case Beat(position_s):
                moved(position_s)
            case Finished():
                return
            case PlayerFailed(problem):
                raise NotPlayed(problem=problem)
            case OutputLost():
                raise NotPlayed(problem=Reason.AUDIO_LOST.value)
            case PlayerGone(code):
                raise NotPlayed(problem=str(code))


def here(station: Station) -> Output:
    """Where this computer plays, when no market hears it there.

    :raises NothingToHearIt, MarketWouldHear: and why not.
    """
    output = asyncio.run(usual_output())
    refuse_markets(output, station.outputs, station.markets.values())
    return output


def play(
    output: Output, clock: Clock, sound: Path, *, volume: float, skip_s: float, moved: Callable[[float], None]
) -> None:
    """Let a sound be heard to its end. Raises as :func:`hear` does, and ``KeyboardInterrupt``: then it is silent."""
    asyncio.run(hear(VlcPlayers(), clock, PlayOrder(sound, output, volume), skip_s=skip_s, moved=moved))
