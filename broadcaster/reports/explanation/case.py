"""All that is known of one airing: what the rows say of it, what the plan says, and the moment at which it was judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from broadcaster.config import Station
from broadcaster.journal.events import (
    Ended,
    Event,
    Heartbeat,
    Intent,
    MakeGoodOrdered,
    PlanAccepted,
    PlayOrdered,
    Promise,
)
from broadcaster.journal.row import Row
from broadcaster.library.decisions import Decisions, decide
from broadcaster.model import Airing, AiringId, EpisodeNumber, MarketId, Plan, Reason
from broadcaster.reports.explanation.steps import BREAKS, Stage

E = TypeVar("E", bound=Event)
Found = tuple[Row, E]
"""A row, and its event with its type."""


@dataclass(frozen=True)
class Case:
    """One airing; everything else about it follows. Pure."""

    airing: AiringId
    rows: Sequence[Row]
    """All of the record, in order."""
    plan: Plan
    station: Station
    now: datetime
    """Aware."""
    intact: Mapping[EpisodeNumber, bool]
    """Whether an episode's master on the disk is the admitted one; nothing of an episode that nobody looked at."""

    @cached_property
    def promised(self) -> tuple[tuple[Row, Promise], ...]:
        """Each time it was promised other than before: first, and whenever a plan changed it."""
        found: list[tuple[Row, Promise]] = []
        for row in self.rows:
            promise = _promise_in(row.event, self.airing)
            if promise is not None and (not found or promise != found[-1][1]):
                found.append((row, promise))
        return tuple(found)

    @cached_property
    def planned(self) -> Airing | None:
        """As the season files have it now."""
        return next((each for each in self.plan.airings if each.id == self.airing), None)

    @property
    def is_known(self) -> bool:
        """Whether anybody ever heard of it."""
        return bool(self.promised) or self.planned is not None or self.end is not None

    @cached_property
    def _newest(self) -> Promise | Airing | Ended:
        """What says last when it is due, where, and with which episode. Only of one that is known."""
        found = self.promised[-1][1] if self.promised else self.planned or (self.end and self.end[1])
        assert found is not None  # noqa: S101  it is known
        return found

    @property
    def market(self) -> MarketId:
        return self._newest.market

    @property
    def due(self) -> datetime:
        """In the station's zone."""
        return self._newest.due.astimezone(self.station.timezone)

    @property
    def episode(self) -> EpisodeNumber | None:
        ended = self.end[1].episode if self.end else None
        return ended if ended is not None else self._newest.episode

    @cached_property
    def end(self) -> Found[Ended] | None:
        """Its terminal row."""
        return next(((row, event) for row, event in self.of(Ended) if event.airing == self.airing), None)

    @property
    def reason(self) -> Reason | None:
        return self.end[1].reason if self.end else None

    def breaks_at(self, stage: Stage) -> bool:
        """Whether the record says that it was this that stopped it."""
        return self.reason is not None and BREAKS.get(self.reason) is stage

    @cached_property
    def intents(self) -> tuple[Found[Intent], ...]:
        """Each try to make it sound."""
        return tuple((row, event) for row, event in self.of(Intent) if event.airing == self.airing)

    @cached_property
    def beats(self) -> tuple[Found[Heartbeat], ...]:
        plays = {row.play for row, _intent in self.intents}
        return tuple((row, event) for row, event in self.of(Heartbeat) if event.play in plays)

    @property
    def is_over(self) -> bool:
        """Whether its minute has come."""
        return self.end is not None or self.due <= self.now

    @cached_property
    def judged(self) -> datetime:
        """Up to when what people decided counted for it: its minute, the last try to play it, or now."""
        return min(max([self.due, *(row.utc for row, _intent in self.intents)]), self.now)

    @cached_property
    def before(self) -> tuple[Row, ...]:
        """The rows written until it was judged."""
        return tuple(row for row in self.rows if row.utc <= self.judged)

    @cached_property
    def decisions(self) -> Decisions:
        """What people had decided then."""
        return decide(self.before)

    def of(self, kind: type[E], *, until: datetime | None = None) -> Iterator[Found[E]]:
        """The rows of one kind, in order; those written until a moment only."""
        for row in self.rows:
            if isinstance(row.event, kind) and (until is None or row.utc <= until):
                yield row, row.event


def _promise_in(event: Event, airing: AiringId) -> Promise | None:
    if isinstance(event, PlanAccepted):
        return next((each for each in event.promises if each.airing == airing), None)
    if isinstance(event, PlayOrdered | MakeGoodOrdered) and event.promise.airing == airing:
        return event.promise
    return None
