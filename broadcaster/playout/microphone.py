"""The microphone's parent side: a listening child a play, which no play waits for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from broadcaster.journal.events import ProcessId
from broadcaster.model import Deaf, Hearing, Seconds
from broadcaster.playout.children import Child

CHILD = "broadcaster.playout.microphone_child"
KEEPING_NOTHING = {"PYTHONDONTWRITEBYTECODE": "1"}
"""The child writes into no file, not even its own modules."""


@dataclass(frozen=True)
class Sought:
    """What is to be found in what the microphone hears."""

    master: Path
    lead_in_s: Seconds
    tail_s: Seconds
    starts_monotonic_s: float
    """When the master, lead-in first, begins on ``CLOCK_MONOTONIC``."""
    usual_db: float | None = None
    """How loud earlier plays came to this microphone, dB relative to full scale."""


@dataclass(frozen=True)
class Impression:
    """What it made of a play; the fields of :class:`~broadcaster.journal.events.Listened`."""

    hearing: Hearing
    blocks: int = 0
    found: int = 0
    score: float = 0.0
    level_db: float | None = None
    talked_over: int = 0
    missing: int = 0
    lag_s: Seconds | None = None
    heard_db: float | None = None
    problem: Deaf | None = None


@dataclass(frozen=True)
class Level:
    """How loud it is at a microphone, dB relative to full scale; -120: nothing at all."""

    rms_db: float
    peak_db: float


def deaf(problem: Deaf) -> Impression:
    """It has nothing to say, and why."""
    return Impression(Hearing.UNSURE, problem=problem)


class Microphone(Protocol):
    """Listens at one market, for one airing."""

    @property
    def process(self) -> ProcessId: ...

    def seek(self, sought: Sought) -> None:
        """From now on listen for this. A later one takes its place."""

    def end(self, at_s: float) -> None:
        """The play has ended at this moment of ``CLOCK_MONOTONIC``: say what was heard of it."""

    def kill(self) -> None:
        """Stop listening now, and forget. Safe to call twice."""

    async def impression(self) -> Impression:
        """What it made of the play, or why it has nothing to say; some seconds after the end. One caller."""


class MicrophoneChild:
    """A :class:`Microphone`. ``open`` raises ``OSError``."""

    def __init__(self, child: Child) -> None:
        self._child = child

    @classmethod
    async def open(cls, source: str, environment: Mapping[str, str] | None = None) -> "MicrophoneChild":
        """Listen to a capture source."""
        return cls(await Child.spawn(CHILD, {"source": source}, {**(environment or {}), **KEEPING_NOTHING}))

    @property
    def process(self) -> ProcessId:
        return self._child.process

    def seek(self, sought: Sought) -> None:
        play = {
            "master": str(sought.master),
            "lead_in_s": sought.lead_in_s,
            "tail_s": sought.tail_s,
            "starts_monotonic_s": sought.starts_monotonic_s,
            "usual_db": sought.usual_db,
        }
        self._child.say({"play": play})

    def end(self, at_s: float) -> None:
        self._child.say({"end": {"at_s": at_s}})

    def kill(self) -> None:
        self._child.kill()

    async def impression(self) -> Impression:
        said = deaf(Deaf.NO_ANSWER)
        async for message in self._child.lines():
            said = understood(message) or said
        await self._child.gone()
        return said


def understood(message: Mapping[str, Any]) -> Impression | None:
    """The impression in a child's line; ``None`` for another word."""
    match message:
        case {"event": "Deaf", "problem": str(problem)}:
            return deaf(Deaf(problem))
        case {"event": "Concluded", "hearing": str(hearing)}:
            facts = {name: message[name] for name in Impression.__dataclass_fields__ if name in message}
            return Impression(**{**facts, "hearing": Hearing(hearing)})
    return None


async def measure(source: str, for_s: float, environment: Mapping[str, str] | None = None) -> Level | Deaf:
    """How loud it is there now, by a child that keeps nothing; or why nobody can say."""
    order = {"source": source, "measure_s": for_s}
    child = await Child.spawn(CHILD, order, {**(environment or {}), **KEEPING_NOTHING})
    found: Level | Deaf = Deaf.NO_ANSWER
    try:
        async for message in child.lines():
            match message:
                case {"event": "Level", "rms_db": float(rms_db), "peak_db": float(peak_db)}:
                    found = Level(rms_db, peak_db)
                case {"event": "Deaf", "problem": str(problem)}:
                    found = Deaf(problem)
        await child.gone()
    except BaseException:
        child.kill()
        raise
    return found
