"""The stages between a promise and what is proved of it, and where each reason breaks the chain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from broadcaster.locale import gettext
from broadcaster.model import AiringId, EpisodeNumber, MarketId, Outcome, Reason


class Stage(StrEnum):
    """In the order in which an airing passes them."""

    PLAN = "plan"
    PROGRAM = "program"
    CLOCK = "clock"
    MARKET = "market"
    APPROVAL = "approval"
    FILE = "file"
    DEVICE = "device"
    EVIDENCE = "evidence"


class Mark(StrEnum):
    """What a step comes to."""

    OK = "ok"
    BROKEN = "broken"
    """Here the chain broke, or will as things stand."""
    NOTE = "note"
    """Told beside: it did not decide."""
    NOT_REACHED = "not_reached"
    TO_COME = "to_come"


@dataclass(frozen=True)
class Step:
    """One line of the explanation."""

    stage: Stage
    mark: Mark
    text: str
    """The sentence, as a message id."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What fills its braces: numbers and codes."""
    when: datetime | None = None
    """Aware."""
    who: tuple[str, ...] = ()
    """Codes, or ``uid:1000`` for the system's user at the box; empty: the program itself."""

    @property
    def sentence(self) -> str:
        """The sentence, in the language spoken now."""
        return gettext(self.text).format(**self.facts)


@dataclass(frozen=True)
class Explanation:
    """The whole chain of one airing."""

    airing: AiringId
    market: MarketId
    due: datetime
    episode: EpisodeNumber | None
    outcome: Outcome | None
    """``None``: it has no end on record yet."""
    reason: Reason | None
    steps: tuple[Step, ...]

    @property
    def broke_at(self) -> Stage | None:
        """The first stage that broke."""
        return next((step.stage for step in self.steps if step.mark is Mark.BROKEN), None)


BREAKS: Mapping[Reason, Stage] = {
    Reason.HOLIDAY: Stage.PLAN,
    Reason.BLACKOUT: Stage.PLAN,
    Reason.SKIPPED: Stage.PLAN,
    Reason.PLAN_CHANGED: Stage.PLAN,
    Reason.POWER_LOSS: Stage.PROGRAM,
    Reason.SWITCHED_OFF: Stage.PROGRAM,
    Reason.ABSENT: Stage.PROGRAM,
    Reason.PROCESS_DIED: Stage.PROGRAM,
    Reason.PROCESS_DIED_BEFORE_SOUND: Stage.PROGRAM,
    Reason.RECORD_UNAVAILABLE: Stage.PROGRAM,
    Reason.CLOCK_JUMP: Stage.CLOCK,
    Reason.CLOCK_UNVERIFIED: Stage.CLOCK,
    Reason.MARKET_CLOSED: Stage.MARKET,
    Reason.HELD_BY_OPERATOR: Stage.MARKET,
    Reason.STOPPED_BY_OPERATOR: Stage.MARKET,
    Reason.WINDOW_CLOSED: Stage.MARKET,
    Reason.LEASE_EXPIRED: Stage.MARKET,
    Reason.NO_EPISODE: Stage.APPROVAL,
    Reason.NOT_APPROVED: Stage.APPROVAL,
    Reason.NO_CONSENT: Stage.APPROVAL,
    Reason.NO_HELPLINE: Stage.APPROVAL,
    Reason.WITHDRAWN: Stage.APPROVAL,
    Reason.SUSPENDED: Stage.APPROVAL,
    Reason.STOPPED_FOR_SAFETY: Stage.APPROVAL,
    Reason.BAD_FILE: Stage.FILE,
    Reason.NO_AUDIO_DEVICE: Stage.DEVICE,
    Reason.OUTPUT_BUSY: Stage.DEVICE,
    Reason.PLAYER_FAILED: Stage.DEVICE,
    Reason.PLAYER_CRASHED: Stage.DEVICE,
    Reason.PLAYER_HUNG: Stage.DEVICE,
    Reason.AUDIO_LOST: Stage.DEVICE,
    Reason.AUDIO_STALLED: Stage.DEVICE,
    Reason.WRONG_DEVICE: Stage.DEVICE,
    Reason.SILENT_OUTPUT: Stage.DEVICE,
    Reason.NOT_HEARD: Stage.EVIDENCE,
}
"""Where the chain is broken by each reason: by all but those of a whole play."""
