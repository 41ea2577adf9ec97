"""What is promised: airings, and what a plan could not do to the letter."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from broadcaster.model.outcomes import Reason
from broadcaster.model.units import AiringId, EpisodeNumber, MarketId, Seconds


class HolidayPolicy(StrEnum):
    """What a season does with a slot that falls on a public holiday."""

    AIR = "air"
    SKIP = "skip"
    SHIFT = "shift"


@dataclass(frozen=True)
class Airing:
    """A promise: this episode, this market, this minute."""

    id: AiringId
    market: MarketId
    due: datetime
    """When the first word falls, aware, in the station's zone."""
    episode: EpisodeNumber | None
    """``None`` when the season's order gives the slot no episode."""
    grace_s: Seconds
    """How late it may still start."""
    season: str
    """Stem of the season file."""
    cancelled: Reason | None
    """The calendar's reason not to air it (holiday, skipped, …), else ``None``."""


@dataclass(frozen=True)
class Plan:
    """All airings that follow from the season files, ordered by due time, then market."""

    airings: tuple[Airing, ...]
    notes: tuple["PlanNote", ...] = ()
    """What following the rules to the letter could not do."""
    changes: tuple["PlanChange", ...] = ()
    """Which airings an exception has made other than the rules, in the order of ``airings``. No part of the plan's hash."""
    same_day: frozenset[AiringId] = frozenset()
    """The airings that are made good the same day, by their season's rule. No part of the plan's hash."""


class NoteCode(StrEnum):
    """What a plan could not do to the letter."""

    GAP = "gap"
    """The local minute does not exist (clocks go forward): the airing stands as much later as the gap is long."""
    CLASH = "clash"
    """Another airing already holds this market's minute: this one is not in the plan."""
    OUTSIDE = "outside"
    """The slot was moved out of the season's dates: it is not in the plan."""
    LEFT_OVER = "left_over"
    """An episode of the order found no slot up to the season's end."""


@dataclass(frozen=True)
class PlanNote:
    """One thing a plan could not do to the letter."""

    code: NoteCode
    season: str
    market: MarketId
    slot: datetime | None
    """The rule's own local minute, naive; ``None`` for an episode without a slot."""
    episode: EpisodeNumber | None
    due: datetime | None = None
    """Where the airing stands instead, aware; ``None`` when it is not in the plan."""


@dataclass(frozen=True)
class PlanChange:
    """What an exception of a season file has made of one airing."""

    airing: AiringId
    action: str
    """``skip``, ``move``, ``replace`` or ``extra``."""
    amended: date
    """The day it was decided."""
    reason: str
    slot: datetime
    """The rule's own local minute, naive; of an extra airing its own."""
