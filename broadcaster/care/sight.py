"""What several looks at the box need, each read once and only when asked for: the plan, the decisions, what comes next."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from broadcaster.config import Station
from broadcaster.journal.events import Held, Resumed
from broadcaster.journal.fold import holds
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.library.catalogue import Outlook, outlook, rules_of
from broadcaster.library.decisions import DECISIONS, Decisions, Rules, decide
from broadcaster.model import Airing, EpisodeNumber, MarketId, Plan, Reason
from broadcaster.schedule.load import plan_of
from broadcaster.schedule.preview import obstacle
from broadcaster.schedule.season import Season, read_seasons

MOMENTS = 3
"""How many of the next airings are looked at: those due at the same minute count as one."""

T = TypeVar("T")


class Sight:
    """One look at one station, at one moment. From any thread; what cannot be read is asked for again by whoever needs it."""

    def __init__(self, station: Station, now: datetime, *, moments: int = MOMENTS) -> None:
        self.station = station
        self._moments = moments
        self.now = now
        """Aware."""
        self._lock = threading.RLock()
        self._found: dict[str, object] = {}

    @property
    def markets(self) -> tuple[MarketId, ...]:
        """The markets that this computer serves."""
        return self.station.serves or tuple(self.station.markets)

    @property
    def today(self) -> date:
        """The day at the station."""
        return self.now.astimezone(self.station.timezone).date()

    @property
    def seasons(self) -> tuple[Season, ...]:
        """Raises :class:`~broadcaster.errors.ConfigurationError`, as :attr:`plan` does."""
        return self._once("seasons", lambda: read_seasons(self.station))

    @property
    def plan(self) -> Plan:
        """What follows from the season files as they are now."""
        return self._once("plan", lambda: plan_of(self.station, self.seasons))

    @property
    def rows(self) -> list[Row]:
        """What was decided and paused. Raises :class:`~broadcaster.errors.RecordUnavailable`; so does what needs them."""
        return self._once("rows", lambda: read(self.station.database, kinds=(*DECISIONS, Held, Resumed)))

    @property
    def decisions(self) -> Decisions:
        return self._once("decisions", lambda: decide(self.rows))

    @property
    def to_come(self) -> tuple[Airing, ...]:
        """Every airing that is meant to sound here from now on, in the order in which they are due."""
        mine = self.markets
        return tuple(
            each for each in self.plan.airings if each.market in mine and each.due >= self.now and not each.cancelled
        )

    @property
    def coming(self) -> tuple[Airing, ...]:
        """Those of the next few minutes in which anything is due."""
        slots = [list(slot) for _due, slot in groupby(self.to_come, key=lambda each: each.due)]
        return tuple(each for slot in slots[: self._moments] for each in slot)

    @property
    def on(self) -> Outlook:
        """The library's word on the episodes that come next, on a day."""
        asked = {each.episode for each in self.coming if each.episode is not None}
        return self._once("outlook", lambda: outlook(self.station, self.rows, samples_may_air=False, only=asked))

    def episodes(self) -> Iterator[tuple[EpisodeNumber, Rules]]:
        """The episodes that come next, each with the rules of every day on which it is due."""
        due = {(each.episode, each.due.date()) for each in self.coming if each.episode is not None}
        for number, day in sorted(due):
            yield number, rules_of(self.station, day, samples_may_air=False)

    def stops(self, airing: Airing) -> Reason | None:
        """What will stop the airing as things stand."""
        if airing.market in holds(self.rows, airing.due):
            return Reason.HELD_BY_OPERATOR
        return obstacle(airing, self.station.markets, self.on)

    def _once(self, name: str, find: Callable[[], T]) -> T:
        with self._lock:
            if name not in self._found:
                self._found[name] = find()
            return self._found[name]  # type: ignore[return-value]  # what was found under this name
