"""The operator's hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.journal.events.daemon import Promise
from broadcaster.model import Evidence, MarketId, Milliseconds, PlayId, Reason

MANUAL = "manual/"
"""What the name of a sound ordered by hand begins with, where an airing's begins with its date."""


@dataclass(frozen=True, slots=True)
class PlayOrdered(Event):
    """Somebody starts an episode by hand; durable before anything else is done for it. A promise like any other."""

    kind: ClassVar[str] = "play_ordered"
    promise: Promise
    """Its airing is ``manual/…``; due when the first word is to fall."""
    by: str
    """Who: ``uid:1000``, the system's user at the box."""
    override: str | None = None
    """Why it may sound outside the permitted hours; ``None``: it may not."""


@dataclass(frozen=True, slots=True)
class StopOrdered(Event):
    """Somebody stops what sounds, or is about to, at these markets."""

    kind: ClassVar[str] = "stop_ordered"
    markets: tuple[MarketId, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Held(Event):
    """Somebody pauses a market: what sounds there ends, later airings are cancelled until it is resumed."""

    kind: ClassVar[str] = "held"
    market: MarketId
    by: str
    reason: str = ""
    until: datetime | None = None
    """When it ends by itself; ``None``: somebody must resume it."""
    safety: bool = False
    """Somebody's safety was at stake. Wherever people look it is a pause like any other; only the protection officer hears."""


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """Somebody lets a paused market sound again."""

    kind: ClassVar[str] = "resumed"
    market: MarketId
    by: str


@dataclass(frozen=True, slots=True)
class TestOrdered(Event):
    """Somebody wants to hear a market's speaker; durable before the sound."""

    __test__: ClassVar[bool] = False  # its name is no test's
    kind: ClassVar[str] = "test_ordered"
    market: MarketId
    sink: str
    by: str
    override: str | None = None


@dataclass(frozen=True, slots=True)
class Tested(Event):
    """What came of a test."""

    __test__: ClassVar[bool] = False  # its name is no test's
    kind: ClassVar[str] = "tested"
    test: PlayId
    """Key of the row that ordered it."""
    market: MarketId
    heard: bool
    """Whether the whole test left the computer, as far as ``evidence`` goes."""
    evidence: Evidence
    reason: Reason | None = None
    """Why it was not heard."""
    start_error_ms: Milliseconds | None = None


@dataclass(frozen=True, slots=True)
class VolumeSet(Event):
    """Somebody set a market's volume."""

    kind: ClassVar[str] = "volume_set"
    market: MarketId
    volume: float
    """0 … 1, what the station's file says from now on."""
    by: str
    read_back: float | None = None
    """What the sound server says of the stream that sounds now; ``None`` when none does."""
