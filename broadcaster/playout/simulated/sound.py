"""Simulated sound: outputs, players and witnesses on the event loop, and the truth about what sounded.

They keep the promises of :mod:`~broadcaster.playout.player`, :mod:`~broadcaster.playout.witness` and
:mod:`~broadcaster.playout.speaker`. Moments are the loop's, which are ``CLOCK_MONOTONIC`` on a real one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import count
from pathlib import Path

from broadcaster.journal.events import ProcessId
from broadcaster.model import Milliseconds, Output, Reason, Seconds, Sha256
from broadcaster.playout.player import Beat, Finished, PlayerEvent, PlayerGone, Playing, PlayOrder, Ready
from broadcaster.playout.speaker import Found
from broadcaster.playout.witness import Alarm, Heard, Watching, WatchOrder, WitnessEvent, WitnessFailed, WitnessGone

BEAT_S = 0.25
REPORT_S = 1.0
BLOCK_S = 0.1
NOBODY = 1 << 23
"""No process of Linux has so high a number (at most 2 to the 22nd): none is ever killed by one of these."""


class Fault(Enum):
    """What can go wrong with a play."""

    NO_START = auto()
    """The player ends before it is ready."""
    CRASH = auto()
    HANG = auto()
    """The player and its sound freeze."""
    LOST = auto()
    """The output goes; the player believes to play on."""
    MOVED = auto()
    """The server moves the stream to another output."""
    MUTED = auto()
    WITNESS_DIES = auto()
    NO_MONITOR = auto()
    """The witness can say nothing about this output."""


ALARMS = {Fault.LOST: Reason.AUDIO_LOST, Fault.MOVED: Reason.WRONG_DEVICE, Fault.MUTED: Reason.SILENT_OUTPUT}


@dataclass(frozen=True)
class Planned:
    """A fault of the next play on an output."""

    fault: Fault
    at_s: Seconds = Seconds(0.0)
    """Second of the master at which it strikes."""


@dataclass
class Sounded:
    """One stretch of a master that came out of an output. The truth."""

    sink: str
    master: Path
    pid: ProcessId
    begins_s: float
    """When the master, lead-in first, began."""
    length_s: Seconds
    ends_s: float | None = None
    """``None``: it still sounds."""
    sha256: Sha256 | None = None
    """Of the file as its player opened it, where the hall knows what lies on the disk."""
    muted: bool = False
    """It ended because its output was muted; nothing else has ended it."""

    def until(self, now_s: float) -> float:
        """When it fell silent, as far as ``now_s``."""
        return min(now_s, self.begins_s + self.length_s, *(() if self.ends_s is None else (self.ends_s,)))


@dataclass
class Hall:
    """The outputs, what is wrong with them, and what sounded on them."""

    length: Callable[[Path], Seconds]
    """How long a master lasts, lead-in and tail included."""
    absent: set[str] = field(default_factory=set)
    """Sinks that are not there."""
    faults: dict[str, list[Planned]] = field(default_factory=dict)
    """By sink: one for each coming play."""
    sounded: list[Sounded] = field(default_factory=list)
    volumes: dict[int, float] = field(default_factory=dict)
    """Of each player that sounds now, by its process id."""
    deaf: dict[str, list[Planned]] = field(default_factory=dict)
    """By sink: what befalls the witness alone, one for each coming play."""
    muted: set[str] = field(default_factory=set)
    """Sinks that are there and silent."""
    files: dict[Path, Sha256] = field(default_factory=dict)
    """What lies on the disk; a file that is not here is not asked after."""
    beat_s: float = BEAT_S
    """How often players and witnesses say something."""
    takes_s: Callable[[], float] = lambda: 0.0
    """How long it takes to find an output, to make a player, and for a player to open its file."""
    _pids: Iterable[int] = field(default_factory=lambda: count(1))

    def fault(self, sink: str) -> Planned | None:
        """Takes the fault planned for the next play on ``sink``."""
        planned = self.faults.get(sink)
        return planned.pop(0) if planned else None

    def deafness(self, sink: str) -> Planned | None:
        """Takes what befalls the witness of the next play on ``sink``."""
        planned = self.deaf.get(sink)
        return planned.pop(0) if planned else None

    def silences(self, sink: str) -> bool:
        """Whether what is played on ``sink`` cannot be heard."""
        return sink in self.absent or sink in self.muted

    def unplug(self, sink: str, now_s: float) -> None:
        """The output goes, and with it what sounds there."""
        self.absent.add(sink)
        self._hush(sink, now_s)

    def mute(self, sink: str, now_s: float) -> None:
        """The output stays and is silent from now on."""
        self.muted.add(sink)
        self._hush(sink, now_s, muted=True)

    def mend(self, sink: str, now_s: float, lead_in_s: float) -> None:
        """The output is there and can be heard. What has not spoken yet is heard from its first word on.

        A sound whose words had begun stays as it was: it is one stretch, and less is known to be heard than is.
        """
        if sink not in self.absent:
            for sound in self.sounded:
                lives = sound.pid.pid in self.volumes
                if sound.sink == sink and sound.muted and lives and now_s < sound.begins_s + lead_in_s:
                    sound.ends_s, sound.muted = None, False
        self.absent.discard(sink)
        self.muted.discard(sink)

    def _hush(self, sink: str, now_s: float, *, muted: bool = False) -> None:
        for sound in self.sounded:
            if sound.sink == sink and sound.ends_s is None:
                sound.ends_s, sound.muted = now_s, muted

    def process(self) -> ProcessId:
        """A process that is none."""
        number = next(iter(self._pids))
        return ProcessId(NOBODY + number, number)


class SimulatedPlayer:
    """One simulated player."""

    def __init__(self, hall: Hall, order: PlayOrder, fault: Planned | None) -> None:
        self.process = hall.process()
        self.fault = fault
        self._hall = hall
        self._order = order
        self._opened: Sha256 | None = None
        self._volume = order.volume
        self._said: asyncio.Queue[PlayerEvent] = asyncio.Queue()
        self._sound: Sounded | None = None
        self._playing: asyncio.Task[None] | None = None
        self._gone = False
        if fault and fault.fault is Fault.NO_START:
            self._end(1)
        else:
            self._ready()

    def _ready(self) -> None:
        """It holds its file open: what gets its name later is another."""
        self._opened = self._hall.files.get(self._order.master)
        self._said.put_nowait(Ready())

    async def events(self) -> AsyncIterator[PlayerEvent]:
        while True:
            event = await self._said.get()
            yield event
            if isinstance(event, PlayerGone):
                return

    def start(self, at_monotonic_s: float) -> None:
        self._playing = asyncio.ensure_future(self._play(at_monotonic_s))

    async def _play(self, at_s: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(at_s - loop.time())
        begins_s = loop.time()
        length_s = self._hall.length(self._order.master)
        sink = self._order.output.sink
        silent_s = begins_s if self._hall.silences(sink) else None
        self._sound = Sounded(
            sink, self._order.master, self.process, begins_s, length_s, ends_s=silent_s, sha256=self._opened
        )
        self._sound.muted = sink in self._hall.muted and sink not in self._hall.absent
        self._hall.sounded.append(self._sound)
        self._hall.volumes[self.process.pid] = self._volume
        self._said.put_nowait(Playing())
        while (position := loop.time() - begins_s) < length_s - 1e-6:
            if self._strikes(position):
                return
            self._said.put_nowait(Beat(Seconds(position)))
            await asyncio.sleep(min(self._hall.beat_s, length_s - position))
        self._said.put_nowait(Finished(length_s))
        self._end(0)

    def _strikes(self, position: float) -> bool:
        """The fault, once its second has come; whether the player says nothing more."""
        if self.fault is None or position < self.fault.at_s or self._sound is None:
            return False
        if self.fault.fault is Fault.CRASH:
            self._end(1)
        if self.fault.fault in {Fault.HANG, Fault.LOST, Fault.MOVED, Fault.MUTED} and self._sound.ends_s is None:
            self._sound.ends_s = asyncio.get_running_loop().time()
        return self.fault.fault in {Fault.CRASH, Fault.HANG}

    def set_volume(self, volume: float) -> None:
        self._volume = volume
        if self.process.pid in self._hall.volumes:
            self._hall.volumes[self.process.pid] = volume

    def stop(self, fade_s: float) -> None:
        asyncio.get_running_loop().call_later(fade_s, self._end, 0)

    def kill(self) -> None:
        self._end(-9)

    def _end(self, code: int) -> None:
        if self._gone:
            return
        self._gone = True
        self._hall.volumes.pop(self.process.pid, None)
        if self._playing is not None:
            self._playing.cancel()
        if self._sound is not None and self._sound.ends_s is None:
            self._sound.ends_s = asyncio.get_running_loop().time()
        self._said.put_nowait(PlayerGone(code))


class SimulatedPlayers:
    """Makes simulated players."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.made: list[SimulatedPlayer] = []

    async def spawn(self, order: PlayOrder) -> SimulatedPlayer:
        await asyncio.sleep(self._hall.takes_s())
        player = SimulatedPlayer(self._hall, order, self._hall.fault(order.output.sink))
        self.made.append(player)
        return player


class SimulatedWitness:
    """One simulated witness: it hears the truth, block by block."""

    def __init__(self, hall: Hall, order: WatchOrder, fault: Planned | None) -> None:
        self.process = hall.process()
        self._hall = hall
        self._order = order
        self._fault = fault
        self._said: asyncio.Queue[WitnessEvent] = asyncio.Queue()
        self._gone = False
        self._watching = asyncio.ensure_future(self._watch())

    async def events(self) -> AsyncIterator[WitnessEvent]:
        while True:
            event = await self._said.get()
            yield event
            if isinstance(event, WitnessGone):
                return

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        if self._fault and self._fault.fault is Fault.NO_MONITOR:
            self._said.put_nowait(WitnessFailed("no monitor"))
            return
        self._said.put_nowait(Watching(Seconds(0.0)))
        ends_s = self._order.starts_monotonic_s + self._hall.length(self._order.master)
        alarmed = False
        while loop.time() < ends_s:
            await asyncio.sleep(min(self._hall.beat_s, max(0.0, ends_s - loop.time()) + 1e-6))
            if not alarmed and self._strikes(loop.time()):
                alarmed = True
                if self._fault and self._fault.fault is Fault.WITNESS_DIES:
                    self._end(1)
                    return
            alarmed = alarmed or self._looks(loop.time())
            self._said.put_nowait(self._heard(loop.time(), final=False))
        self.end()

    def _strikes(self, now_s: float) -> bool:
        if self._fault is None or now_s < self._order.starts_monotonic_s + self._fault.at_s:
            return False
        reason = ALARMS.get(self._fault.fault)
        if reason is not None:
            self._said.put_nowait(Alarm(reason))
        return True

    def _looks(self, now_s: float) -> bool:
        """Whether the output itself gives an alarm: it went, or it was muted while something should sound."""
        sink, order = self._order.output.sink, self._order
        if sink in self._hall.absent:
            self._said.put_nowait(Alarm(Reason.AUDIO_LOST))
        elif sink in self._hall.muted and order.starts_monotonic_s <= now_s:
            self._said.put_nowait(Alarm(Reason.SILENT_OUTPUT))
        else:
            return False
        return True

    def _heard(self, now_s: float, *, final: bool) -> Heard:
        """How much of what was due by now has sounded."""
        order = self._order
        first_s = order.starts_monotonic_s + order.lead_in_s
        last_s = order.starts_monotonic_s + self._hall.length(order.master) - order.tail_s
        due_s = max(0.0, min(now_s, last_s) - first_s)
        mine = [
            sound for sound in self._hall.sounded if sound.sink == order.output.sink and sound.master == order.master
        ]
        heard_s = sum(
            max(0.0, min(sound.until(now_s), last_s) - max(sound.begins_s + order.lead_in_s, first_s)) for sound in mine
        )
        error_s = mine[-1].begins_s - order.starts_monotonic_s if mine else None
        return Heard(
            heard_s=Seconds(round(heard_s, 3)),
            active_blocks=int(due_s / BLOCK_S + 1e-6),
            heard_blocks=int(heard_s / BLOCK_S + 1e-6),
            start_error_ms=None if error_s is None else Milliseconds(round(1000 * error_s, 1)),
            final=final,
        )

    def end(self) -> None:
        if not self._gone and not (self._fault and self._fault.fault is Fault.NO_MONITOR):
            self._said.put_nowait(self._heard(asyncio.get_running_loop().time(), final=True))
        self._end(0)

    def kill(self) -> None:
        self._end(-9)

    def _end(self, code: int) -> None:
        if not self._gone:
            self._gone = True
            if self._watching is not asyncio.current_task():
                self._watching.cancel()
            self._said.put_nowait(WitnessGone(code))


class SimulatedWitnesses:
    """Makes simulated witnesses; each knows the fault of the player it watches."""

    def __init__(self, hall: Hall, players: SimulatedPlayers) -> None:
        self._hall = hall
        self._players = players

    async def spawn(self, order: WatchOrder) -> SimulatedWitness:
        own = self._hall.deafness(order.output.sink)
        players = (player.fault for player in self._players.made if player.process.pid == order.player_pid)
        return SimulatedWitness(self._hall, order, own or next(players, None))


class SimulatedSpeakers:
    """Finds every output that is not absent from the hall."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def find(self, output: Output) -> Found | None:
        await asyncio.sleep(self._hall.takes_s())
        if output.sink in self._hall.absent:
            return None
        muted = output.sink in self._hall.muted
        return Found(output.sink, output.sink, latency_s=Seconds(0.0), volume=1.0, muted=muted)

    async def stream_volume(self, player_pid: int) -> float | None:
        return self._hall.volumes.get(player_pid)
