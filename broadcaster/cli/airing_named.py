"""Airings as people name them: «10:00 mercado-central», «2021-06-18 unicachi», «ayer», or by the name on record. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import AiringId, MarketId

DAYS: Mapping[str, int] = {"hoy": 0, "today": 0, "ayer": -1, "yesterday": -1, "mañana": 1, "manana": 1, "tomorrow": 1}
NAMED = 6
"""Airings that are named where several fit."""
_DATE = re.compile(r"(?:(?P<year>\d{4})-)?(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")


class NoSuchAiring(BadInput):
    """Neither the record nor the schedule has it."""

    sentence: ClassVar[str] = N_(
        "There is no airing «{words}», neither on record nor in the schedule. Name its day, time and market, as in: {example}."
    )


class SeveralAirings(BadInput):
    """What was said fits more than one."""

    sentence: ClassVar[str] = N_("More than one airing is «{words}». Say which: {airings}.")


@dataclass(frozen=True)
class Known:
    """An airing that can be named."""

    market: MarketId
    due: datetime
    """Local."""


@dataclass(frozen=True)
class Meant:
    """What the words ask for; ``None``: whichever."""

    day: date | None = None
    at: time | None = None
    market: MarketId | None = None

    def fits(self, known: Known) -> bool:
        """Whether an airing is meant."""
        return (
            self.day in (None, known.due.date())
            and self.at in (None, known.due.time().replace(second=0, microsecond=0))
            and self.market in (None, known.market)
        )


def airing_named(
    words: Sequence[str], known: Mapping[AiringId, Known], now: datetime, market: Callable[[str], MarketId]
) -> AiringId:
    """The airing that the words mean; without a day the newest that is over, else the next one.

    ``now``: local. ``market``: the market that a word means; it may raise.

    :raises NoSuchAiring, SeveralAirings: none fits, or more than one.
    """
    found = airings_named(words, known, now, market)
    if len(found) > 1:
        raise SeveralAirings(words=shown(" ".join(words)), airings=names_of(found))
    return found[0]


def airings_named(
    words: Sequence[str], known: Mapping[AiringId, Known], now: datetime, market: Callable[[str], MarketId]
) -> list[AiringId]:
    """Every airing that the words mean, by the time; at least one.

    :raises NoSuchAiring: none fits.
    """
    said = " ".join(words)
    if said in known:
        return [AiringId(said)]
    meant = understood(words, now.date(), market)
    fitting = {id_: one for id_, one in known.items() if meant.fits(one)}
    if not fitting:
        example = next(iter(sorted(known, key=lambda id_: known[id_].due, reverse=True)), "2021-06-18T10:00/unicachi")
        raise NoSuchAiring(words=shown(said), example=example)
    if meant.day is None:
        over = [one.due for one in fitting.values() if one.due <= now]
        due = max(over) if over else min(one.due for one in fitting.values())
        fitting = {id_: one for id_, one in fitting.items() if one.due == due}
    return sorted(fitting, key=lambda id_: (fitting[id_].due, id_))


def names_of(airings: Sequence[AiringId]) -> str:
    """The airings as a refusal names them."""
    return ", ".join(airings[:NAMED]) + ("" if len(airings) <= NAMED else ", …")


def understood(words: Sequence[str], today: date, market: Callable[[str], MarketId]) -> Meant:
    """What each word asks for. Words that are neither a day nor a time are a market's name."""
    day: date | None = None
    at: time | None = None
    rest: list[str] = []
    for word in _apart(words):
        first, _t, second = word.partition("T")
        if (found := _day(first, today)) is not None:
            day = found
            at = _time(second) or at
        elif (moment := _time(word)) is not None:
            at = moment
        else:
            rest.append(word)
    return Meant(day, at, market(" ".join(rest)) if rest else None)


def _apart(words: Sequence[str]) -> Iterator[str]:
    """The words, an airing's own name taken apart: ``2021-06-18T10:00/unicachi``."""
    for word in words:
        yield from [word] if _DAY_FIRST.fullmatch(word) else word.split("/")


def _day(word: str, today: date) -> date | None:
    if word.casefold() in DAYS:
        return today + timedelta(days=DAYS[word.casefold()])
    found = _DATE.fullmatch(word) or _DAY_FIRST.fullmatch(word)
    if found is None:
        return None
    try:
        return date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _time(word: str) -> time | None:
    found = _TIME.fullmatch(word)
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None
