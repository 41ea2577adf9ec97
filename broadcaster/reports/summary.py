"""What became of what was promised, for one period: the values that every document is made from.

::

    plan ────────────────┐
    rows of any journals ┼──▶ lines (one a promise) ──▶ counts, whole and by group ──▶ CSV, XLSX, HXL, 5W, papers
    period, now ─────────┘

:func:`~broadcaster.reports.summing.summarise` makes them. They hold codes, numbers and moments only: no title, no name of a
person, nothing that somebody typed in freely. Every word for people is put beside them by the document.

A promise belongs to the local day on which it was due, whenever it was made good, so that periods can be added: the counts
of two neighbouring periods sum to those of both together. What people saw (:class:`Reach`) is the one thing that cannot be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from broadcaster.model import (
    AiringId,
    Cause,
    ClockTrust,
    Complaint,
    Counting,
    EpisodeNumber,
    Evidence,
    HeardAs,
    MarketId,
    Milliseconds,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Source,
)

OFF_CALENDAR = frozenset({Reason.HOLIDAY, Reason.BLACKOUT, Reason.MARKET_CLOSED, Reason.SKIPPED, Reason.PLAN_CHANGED})
"""Cancelled because it was not to sound after all: no part of what was to be carried out."""


@dataclass(frozen=True)
class Period:
    """Local days of the due time, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


class Standing(StrEnum):
    """Whether a line's outcome is on record."""

    RECORDED = "recorded"
    """A terminal row is at hand, or the schedule itself said beforehand that it is not to sound."""
    AWAITED = "awaited"
    """It was due, and no record at hand tells what became of it: its market's has not come yet. Provisional: counted apart,
    as neither played nor missed."""
    TO_COME = "to_come"
    """It was not due yet when the summary was made."""


class Kind(StrEnum):
    """What a line is of."""

    AIRING = "airing"
    """A slot of the schedule: the only kind that is counted as a promise."""
    MAKE_GOOD = "make_good"
    """A second promise for a missed one. It is counted once, with the airing that it makes good."""
    BY_HAND = "by_hand"
    """An episode started by hand, outside the schedule. It fulfils no promise."""


@dataclass(frozen=True)
class Said:
    """What people say of an airing, beside what the machine knows: a tap (``confirmed``) or a signed sheet (``declared``)."""

    heard: HeardAs
    by: str
    """A registered code, or ``uid:1000``, the system's user; never a name."""
    at: datetime
    """When it was said or typed in; local, aware."""
    sheet: str | None = None
    """Number of the control sheet."""
    began: datetime | None = None
    """When it began, as the sheet says; local, aware."""
    source: Source = Source.COMPUTER
    cause: Cause | None = None
    """Why it was heard badly or not at all, as the sheet says."""


@dataclass(frozen=True)
class Reported:
    """What a message from the market said of an airing, before its record came. It counts as nothing."""

    outcome: Outcome
    reason: Reason
    at: datetime
    """When it was put on record at the office; local, aware."""
    proved: bool
    """The market's computer made it; else nobody can tell who did."""


@dataclass(frozen=True)
class Redress:
    """The make-good that stands for an airing: the first that was played, else the newest ordered and not taken back."""

    airing: AiringId
    due: datetime
    """Local, aware."""
    outcome: Outcome | None
    """``None``: not yet on record."""
    started: datetime | None
    ended: datetime | None
    played_s: Seconds
    evidence: Evidence
    contradicted: bool = False
    """As :attr:`Line.contradicted`."""


@dataclass(frozen=True)
class Line:
    """One promise and what became of it. Every moment is local (the station's zone) and aware."""

    airing: AiringId
    kind: Kind
    market: MarketId
    due: datetime
    """When the first word was to fall."""
    episode: EpisodeNumber | None
    standing: Standing
    outcome: Outcome | None = None
    """``None`` unless :attr:`standing` is ``recorded``."""
    reason: Reason | None = None
    revision: int | None = None
    play: PlayId | None = None
    """Key of the play's row, ``node-epoch-seq``; ``None`` where there was no sound."""
    started: datetime | None = None
    """First word, as measured."""
    ended: datetime | None = None
    """Last word, as measured."""
    expected_s: Seconds | None = None
    """Length of the sound. Where its own row has none (it never began), the episode's length at its newest other airing;
    ``None`` when no record tells."""
    played_s: Seconds = Seconds(0.0)
    """What sounded of it; a make-good's seconds are not in it."""
    late_s: Seconds = Seconds(0.0)
    """The lateness decided (grace)."""
    start_error_ms: Milliseconds | None = None
    """started − (due + late_s)."""
    evidence: Evidence = Evidence.NONE
    clock: ClockTrust | None = None
    make_good_of: AiringId | None = None
    """Of a make-good, the airing that was missed first."""
    redress: Redress | None = None
    """Of an airing that was missed or broke off, who makes it good."""
    confirmed: Said | None = None
    """The newest word of somebody who was there."""
    declared: Said | None = None
    """The newest line of a control sheet."""
    reported: Reported | None = None
    """The newest message about it, whether or not the record has come since."""
    contested: bool = False
    """More than one record ends it, and they differ: the one in which most was heard stands."""
    contradicted: bool = False
    """It left the computer, and a microphone says that it did not come out in the market."""

    @property
    def day(self) -> date:
        """The local day on which it was due."""
        return self.due.date()

    @property
    def week(self) -> str:
        """Its ISO week, ``2021-W24``."""
        year, week, _weekday = self.due.isocalendar()
        return f"{year:04}-W{week:02}"

    @property
    def month(self) -> str:
        """``2021-06``."""
        return f"{self.due:%Y-%m}"

    @property
    def provisional(self) -> bool:
        """Whether it was due and nothing is on record of it yet."""
        return self.standing is Standing.AWAITED

    @property
    def reported_otherwise(self) -> bool:
        """Whether a message had said something else than the record, which counts."""
        said = self.reported
        return (
            self.outcome is not None and said is not None and (said.outcome, said.reason) != (self.outcome, self.reason)
        )

    @property
    def off_calendar(self) -> bool:
        """Whether it was not to sound after all (:data:`OFF_CALENDAR`)."""
        return self.outcome is Outcome.CANCELLED and self.reason in OFF_CALENDAR

    @property
    def made_good(self) -> bool:
        """Whether it failed and a make-good was played whole. However many were, it counts once."""
        return self.redress is not None and self.redress.outcome is Outcome.PLAYED

    @property
    def fulfilled(self) -> bool:
        """Whether the market has heard it whole, at its time or made good."""
        return self.outcome is Outcome.PLAYED or self.made_good

    @property
    def heard_s(self) -> Seconds:
        """What the market heard of it, once: the make-good's seconds instead of its own where it was made good."""
        return self.redress.played_s if self.made_good and self.redress else self.played_s

    @property
    def proof(self) -> Evidence:
        """How far :attr:`heard_s` is proved: by the make-good where it was made good."""
        return self.redress.evidence if self.made_good and self.redress else self.evidence

    @property
    def attested(self) -> bool:
        """Whether somebody who was there, or a control sheet, says that it was heard in the market."""
        words = {said.heard for said in (self.confirmed, self.declared) if said is not None}
        return bool(words & {HeardAs.WELL, HeardAs.LOW})

    @property
    def delay_s(self) -> Seconds | None:
        """started − due, seconds; ``None`` where nothing began."""
        return None if self.started is None else Seconds((self.started - self.due).total_seconds())


@dataclass(frozen=True)
class ReasonCount:
    """How many promises ended so."""

    outcome: Outcome
    reason: Reason
    count: int


@dataclass(frozen=True)
class Counts:
    """Sums over lines of :attr:`Kind.AIRING`; those of disjoint groups add up to those of the whole (but ``worst_delay_s``).

    ``planned = played + partial + missed + cancelled + awaited + to_come``;
    ``due = planned - off_calendar`` is what was to be carried out.
    """

    planned: int = 0
    """Promises of the schedule."""
    off_calendar: int = 0
    """Of the cancelled: those that were not to sound after all (:data:`OFF_CALENDAR`)."""
    played: int = 0
    """At their own time, whole."""
    partial: int = 0
    missed: int = 0
    cancelled: int = 0
    awaited: int = 0
    """Provisional: due, and no record at hand tells of them."""
    to_come: int = 0
    made_good: int = 0
    """Of the partial and missed: those of which a make-good was played. Once each."""
    on_time: int = 0
    """Of the played: with the reason ``on_time``."""
    late: int = 0
    """Of the played: with the reason ``late``."""
    contested: int = 0
    """More than one record ends them, and they differ."""
    contradicted: int = 0
    """Of the fulfilled: a microphone says that what left the computer did not come out in the market."""
    attested: int = 0
    """Of the fulfilled: somebody who was there, or a control sheet, says that they were heard, well or low."""
    promised_s: float = 0.0
    """Seconds of all that was due (neither off the calendar nor to come), where the length is known."""
    unknown_length: int = 0
    """How many of those have no known length: they are not in ``promised_s``."""
    heard_s: float = 0.0
    """:attr:`Line.heard_s`, whatever the outcome: each promise once, by its make-good where there was one."""
    delay_s: float = 0.0
    """Sum of the distances from the due time, in either direction, of the played."""
    worst_delay_s: float = 0.0
    """The greatest of them. Of groups the greatest, not the sum."""
    reasons: tuple[ReasonCount, ...] = ()
    """In the order of the closed lists; only those that occurred. They sum to played + partial + missed + cancelled."""
    evidence: Mapping[Evidence, int] = field(default_factory=dict)
    """How far each fulfilled promise is proved; every level is there. They sum to ``fulfilled``."""
    confirmed: Mapping[HeardAs, int] = field(default_factory=dict)
    """What people who were there said; every word is there."""
    declared: Mapping[HeardAs, int] = field(default_factory=dict)
    """What control sheets say; every word is there."""
    reported: Mapping[Outcome, int] = field(default_factory=dict)
    """Of the awaited: what messages say of them; every outcome is there. Part of no other sum."""
    reported_otherwise: int = 0
    """Whose record says something else than a message had said; the record counts."""

    @property
    def due(self) -> int:
        """What was to be carried out in the period, also what is yet to come: the denominator of the indicators."""
        return self.planned - self.off_calendar

    @property
    def fulfilled(self) -> int:
        """Heard whole, at their time or made good: each promise once."""
        return self.played + self.made_good

    @property
    def promised_min(self) -> float:
        """Minutes."""
        return self.promised_s / 60

    @property
    def heard_min(self) -> float:
        """Minutes."""
        return self.heard_s / 60

    def of(self, outcome: Outcome) -> tuple[ReasonCount, ...]:
        """The reasons of one outcome, the most frequent first."""
        return tuple(sorted((each for each in self.reasons if each.outcome is outcome), key=lambda each: -each.count))


@dataclass(frozen=True)
class Group:
    """One market, district, episode, week or month."""

    key: str
    """Market's id; district's ubigeo; episode's number in three digits, ``000`` for none; ``2021-W24``; ``2021-06``."""
    name: str
    """As the station names it (market, district), else the key."""
    counts: Counts


@dataclass(frozen=True)
class Tally:
    """Make-goods or sounds by hand that were due in the period: for the log. No part of any sum over promises."""

    played: int = 0
    partial: int = 0
    missed: int = 0
    cancelled: int = 0
    open: int = 0
    """Ordered, without an end on record."""
    played_s: float = 0.0

    @property
    def number(self) -> int:
        """Of all of them."""
        return self.played + self.partial + self.missed + self.cancelled + self.open


@dataclass(frozen=True)
class RecordSeen:
    """One computer's record, as far as it was at hand."""

    node: str
    markets: tuple[MarketId, ...]
    """Those whose airings it ends or promises."""
    rows: int
    """Rows that the summary has read."""
    newest: datetime
    """When its newest row was written; local, aware. What fell due later is awaited."""
    newest_key: str
    """``node-epoch-seq``."""


@dataclass(frozen=True)
class Reach:
    """How many people were seen at airings of one market in one month: an estimate. Never added over months, nor over airings.

    Small numbers are taken out here already: no document can show them.
    """

    month: str
    """``2021-06``."""
    market: MarketId
    airings: int
    """At how many airings people were counted."""
    women: int | None
    """At the airing at which most people were counted; ``None``: a small number, not shown."""
    men: int | None
    people: int | None
    """Women and men of that airing; ``None`` where one of them could be worked out from it."""
    method: Counting
    """How they were counted: to be printed beside every number."""


@dataclass(frozen=True)
class Summary:
    """All of one period."""

    period: Period
    made: datetime
    """The moment it tells of; local, aware. What was due later is ``to_come``."""
    lines: Sequence[Line]
    """The promises of the schedule (:attr:`Kind.AIRING`), by due time, then market."""
    make_goods: Sequence[Line]
    """Due in the period, whenever the missed airing was: for the log only."""
    by_hand: Sequence[Line]
    """Likewise."""
    total: Counts
    markets: tuple[Group, ...]
    """By the market's id; those with a promise in the period."""
    districts: tuple[Group, ...]
    episodes: tuple[Group, ...]
    weeks: tuple[Group, ...]
    """ISO weeks, of which the period may cut the first and the last."""
    months: tuple[Group, ...]
    make_good_tally: Tally
    by_hand_tally: Tally
    records: tuple[RecordSeen, ...]
    """By node."""
    silent: tuple[MarketId, ...]
    """Markets with promises in the schedule of which no record at hand tells anything."""
    unpromised: int
    """Airings of the schedule's files that nobody promised although the market's record covers their time: from before it
    began, or written into the past since. Not counted."""
    reach: tuple[Reach, ...] = ()
    """By month, then market; empty where nobody counted."""
    complaints: Mapping[Complaint, int] = field(default_factory=dict)
    """How many of each kind about airings due in the period; every kind is there."""

    @property
    def provisional(self) -> bool:
        """Whether a record that is still awaited may change it."""
        return self.total.awaited > 0

    def of_market(self, market: MarketId) -> tuple[Line, ...]:
        """One market's promises."""
        return tuple(line for line in self.lines if line.market == market)
