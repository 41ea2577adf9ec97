"""What really happened and what is on record, laid side by side: what every invariant asks."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cached_property

from broadcaster.journal.events import Ended, Intent, MakeGoodOrdered, Promise
from broadcaster.journal.fold import promises
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, EpisodeStatus, Hours, Market, MarketId
from broadcaster.playout.simulated.truth import History, Sound
from broadcaster.playout.soundcheck import SOUND

LOUD_S = 60.0
"""Within so long whatever is wrong has been said, or whatever follows was done."""


@dataclass(frozen=True)
class Violation:
    """What does not hold, and where to look."""

    number: int
    said: str

    def __str__(self) -> str:
        return f"invariant {self.number}: {self.said}"


@dataclass
class Case:
    """The truth and the record, laid side by side."""

    history: History
    begins: datetime
    """Aware: the world's second 0 by a right clock."""
    remade: bool = False
    """Whether the season's rule makes good the same day what was missed."""

    @cached_property
    def ends(self) -> dict[AiringId, list[Row]]:
        found: dict[AiringId, list[Row]] = defaultdict(list)
        for row in self.history.rows:
            if isinstance(row.event, Ended):
                found[row.event.airing].append(row)
        return found

    @cached_property
    def promised(self) -> dict[AiringId, Promise]:
        return promises(self.history.rows)

    @cached_property
    def make_goods(self) -> dict[AiringId, Row]:
        """The order of each make-good, by its name."""
        rows = (row for row in self.history.rows if isinstance(row.event, MakeGoodOrdered))
        return {row.event.promise.airing: row for row in rows if isinstance(row.event, MakeGoodOrdered)}

    @cached_property
    def intents(self) -> dict[int, Row]:
        """By the player's process id."""
        return {row.event.player.pid: row for row in self.history.rows if isinstance(row.event, Intent)}

    @cached_property
    def heard(self) -> dict[AiringId, list[Sound]]:
        """What came out of the output for each airing."""
        found: dict[AiringId, list[Sound]] = defaultdict(list)
        for sound in self.episodes:
            if sound.pid in self.intents:
                found[self.intent(sound).airing].append(sound)
        return found

    @cached_property
    def episodes(self) -> list[Sound]:
        """The sounds that are no speaker's test."""
        return [sound for sound in self.history.sounds if sound.master != str(SOUND)]

    def intent(self, sound: Sound) -> Intent:
        event = self.intents[sound.pid].event
        assert isinstance(event, Intent)
        return event

    def acknowledged_s(self, row: Row) -> float | None:
        found = self.history.acknowledged.get((row.epoch, row.seq))
        return found.at_s if found else None

    # The clock on the wall

    @cached_property
    def _set_at(self) -> list[float]:
        return [moment for moment, _said in self.history.wall]

    def wall(self, at_s: float) -> datetime:
        """What the computer's clock said."""
        moment, said = self.history.wall[max(0, bisect_right(self._set_at, at_s) - 1)]
        return said + timedelta(seconds=at_s - moment)

    def off_s(self, at_s: float) -> float:
        """How far it was off."""
        true = self.begins.astimezone(UTC) + timedelta(seconds=at_s)
        return (self.wall(at_s) - true).total_seconds()

    def moment_s(self, true: datetime) -> float:
        return (true - self.begins).total_seconds()

    # What was known

    @cached_property
    def words(self) -> dict[int, list[tuple[float, EpisodeStatus]]]:
        """The library's word on each episode, by the moment."""
        found: dict[int, list[tuple[float, EpisodeStatus]]] = defaultdict(list)
        for decision in self.history.decisions:
            found[decision.status.number].append((decision.at_s, decision.status))
        return found

    def status(self, episode: int, at_s: float) -> EpisodeStatus | None:
        word = None
        for moment, said in self.words.get(episode, ()):
            if moment <= at_s:
                word = said
        return word

    def settings(self, market: MarketId, from_s: float, until_s: float) -> list[Market]:
        """The market as any file said that was in force in that time."""
        known = self.history.settings
        last = max((moment for moment, _markets in known if moment <= from_s), default=0.0)
        return [markets[market] for moment, markets in known if last <= moment <= until_s and market in markets]

    @property
    def zone(self) -> tzinfo | None:
        """The station's."""
        return self.begins.tzinfo

    @property
    def set_at(self) -> list[float]:
        """When the clock was set, or a life began with it."""
        return self._set_at

    def end(self, airing: AiringId) -> Ended | None:
        """The airing's end, as it stands."""
        rows = self.ends.get(airing)
        ended = rows[0].event if rows else None
        assert ended is None or isinstance(ended, Ended)
        return ended

    def promised_at(self, market: MarketId) -> list[Promise]:
        """All that was ever promised to a market."""
        return [promise for promise in self.promised.values() if promise.market == market]

    # What the world was like

    def lived(self, from_s: float, until_s: float) -> bool:
        """Whether one life of the daemon covers that time."""
        return any(life.begins_s <= from_s and until_s <= life.ends_s for life in self.history.lives)

    def troubled(self, from_s: float, until_s: float, market: MarketId) -> bool:
        """Whether something stood in the market's way at some time in between."""
        return any(
            one.from_s <= until_s and from_s <= one.until_s and one.market in {"", market}
            for one in self.history.troubles
        )

    def unwritable(self, from_s: float, until_s: float) -> bool:
        """Whether the disk could not be written at some time in between."""
        return self._befell("disk", from_s, until_s)

    def busy(self, from_s: float, until_s: float) -> bool:
        """Whether somebody else held the database at some time in between."""
        return self._befell("busy", from_s, until_s)

    def _befell(self, kind: str, from_s: float, until_s: float) -> bool:
        return any(
            one.kind == kind and one.from_s <= until_s and from_s <= one.until_s for one in self.history.troubles
        )


Check = Callable[[Case], Iterator[str]]


def permitted(market: Market, local: time) -> bool:
    """Reckoned anew, for what the program reckons is what is judged here."""
    minute = local.hour * 3600 + local.minute * 60 + local.second

    def within(hours: Hours) -> bool:
        start, end = (at.hour * 3600 + at.minute * 60 + at.second for at in (hours.start, hours.end))
        return start <= minute < end if start <= end else minute >= start or minute < end

    opened = within(market.hours) or market.hours.end == time.max
    return opened and not any(within(quiet) for quiet in market.quiet)
