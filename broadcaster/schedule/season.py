"""``schedules/*.toml``: dates, weekdays, times, markets, episode order, holidays, exceptions.

A market counts its own slots: slot *k* of a market carries the *k*-th episode, so that a market that joins late or rests
a day still hears the series in order. Only the form is judged here; whether a season makes sense is
:mod:`broadcaster.schedule.check`.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Any

from broadcaster.config import Station
from broadcaster.config.document import read_document
from broadcaster.config.schema import Reading
from broadcaster.errors import ConfigurationError, Fault
from broadcaster.model import EpisodeNumber, HolidayPolicy, MarketId
from broadcaster.schedule.form import contradictions
from broadcaster.schedule.keys import KEYS, WEEKDAYS


class SkippedEpisode(StrEnum):
    """What becomes of the episode of a slot that does not air."""

    LOST = "lost"
    NEXT_SLOT = "next_slot"


class MakeGoodRule(StrEnum):
    """What becomes of an airing that was missed or broke off."""

    BY_HAND = "by_hand"
    SAME_DAY = "same_day"


class Action(StrEnum):
    """What an exception does with a slot: take it out, move it, give it another episode; or add one."""

    SKIP = "skip"
    MOVE = "move"
    REPLACE = "replace"
    EXTRA = "extra"


@dataclass(frozen=True)
class Rule:
    """On these weekdays, at these times, in these markets."""

    weekdays: frozenset[int]
    """Monday is 0."""
    times: tuple[time, ...]
    markets: tuple[MarketId, ...]


@dataclass(frozen=True)
class Amendment:
    """An exception to the rules, by date, with its reason and the day it was decided."""

    day: date
    action: Action
    reason: str
    amended: date
    at: time | None = None
    """``None``: every slot of the date."""
    markets: tuple[MarketId, ...] = ()
    """Empty: every market."""
    to_date: date | None = None
    to_time: time | None = None
    episode: EpisodeNumber | None = None
    """Of ``replace`` and ``extra``."""

    def speaks_of(self, day: date, at: time, market: MarketId) -> bool:
        """Whether a slot at this local minute is meant, be it the rules' or this exception's own."""
        return day == self.day and self.at in {None, at} and (not self.markets or market in self.markets)


@dataclass(frozen=True)
class Season:
    """One season file."""

    name: str
    """Stem of the file."""
    title: str
    first: date
    last: date
    rules: tuple[Rule, ...]
    first_episode: EpisodeNumber
    order: tuple[EpisodeNumber, ...] = ()
    """Episode of each slot in turn; empty: counted up from ``first_episode``."""
    holidays: HolidayPolicy = HolidayPolicy.AIR
    skipped_episode: SkippedEpisode = SkippedEpisode.LOST
    make_good: MakeGoodRule = MakeGoodRule.BY_HAND
    exceptions: tuple[Amendment, ...] = ()

    @property
    def file(self) -> str:
        """The file, relative to the station."""
        return f"schedules/{self.name}.toml"

    @property
    def markets(self) -> frozenset[MarketId]:
        """Every market a rule names."""
        return frozenset(market for rule in self.rules for market in rule.markets)

    @property
    def places(self) -> frozenset[MarketId]:
        """Every market where something may air: the rules', and those an additional slot names."""
        extras = (one.markets for one in self.exceptions if one.action is Action.EXTRA)
        return self.markets.union(*extras)


def read_seasons(station: Station) -> tuple[Season, ...]:
    """Every season of the station, by file name. Raises :class:`ConfigurationError` with the faults of all files."""
    seasons: list[Season] = []
    faults: list[Fault] = []
    for path in sorted(station.schedules.glob("[!.]*.toml")):  # editors leave hidden files beside the one they hold
        try:
            seasons.append(_read(path))
        except ConfigurationError as error:
            faults += error.faults
    if faults:
        raise ConfigurationError(faults)
    return tuple(seasons)


def read_season(station: Station, name: str) -> Season | None:
    """The season of this name; ``None`` when it has no file. Raises :class:`ConfigurationError` with the file's faults."""
    path = station.schedules / f"{name}.toml"
    return _read(path) if path.is_file() else None


def _read(path: Path) -> Season:
    name = f"schedules/{path.name}"
    reading = Reading(name)
    values = reading.table(read_document(path, name), KEYS, "")
    for key, problem in contradictions(values):
        reading.fault(key, problem)
    if reading.faults:
        raise ConfigurationError(reading.in_order())
    return _season(path.stem, values)


def _season(name: str, values: dict[str, Any]) -> Season:
    return Season(
        name=name,
        title=values["name"],
        first=values["from"],
        last=values["until"],
        rules=tuple(
            Rule(frozenset(WEEKDAYS.index(day) for day in rule["weekdays"]), rule["times"], rule["markets"])
            for rule in values["rules"]
        ),
        first_episode=EpisodeNumber(values["first_episode"]),
        order=values["order"],
        holidays=HolidayPolicy(values["holidays"]),
        skipped_episode=SkippedEpisode(values["skipped_episode"]),
        make_good=MakeGoodRule(values["make_good"]),
        exceptions=tuple(_amendment(row) for row in values["exceptions"]),
    )


def _amendment(row: dict[str, Any]) -> Amendment:
    return Amendment(
        day=row["date"],
        action=Action(row["action"]),
        reason=row["reason"],
        amended=row["amended"],
        at=row["time"],
        markets=row["markets"],
        to_date=row["to_date"],
        to_time=row["to_time"],
        episode=row["episode"],
    )
