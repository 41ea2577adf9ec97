"""The printed schedule as facts: what stands on the page, in words, before anybody draws it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from babel.dates import format_date

from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.model import Airing, AiringId, Hours, Market, MarketId, Plan, Reason
from broadcaster.reasons import sentence
from broadcaster.schedule.amendments import Told, day, places, told
from broadcaster.schedule.plan import plan_sha256, short
from broadcaster.schedule.preview import forbidden
from broadcaster.schedule.season import Season


@dataclass(frozen=True)
class Place:
    """One market, as the office needs it on the page."""

    name: str
    district: str
    hours: str
    quiet: str
    authorisation: str


@dataclass(frozen=True)
class Line:
    """One minute with one episode, in all the markets that share it."""

    week: int
    """Lines of one week have one number, which no other week has."""
    day: str
    time: str
    episode: str
    """Empty where there is none."""
    places: str
    note: str
    sounds: bool
    """False where nothing is to air."""


@dataclass(frozen=True)
class Part:
    """One season."""

    title: str
    period: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Timetable:
    """The whole document."""

    programme: str
    organisations: str
    parts: tuple[Part, ...]
    places: tuple[Place, ...]
    amendments: tuple[str, ...]
    """In the order of their numbers, from 1."""
    name: str
    """The plan's short name, which the screen shows as well."""
    made: str
    """When the page was made, in words."""
    contact: str = ""
    """Whom to call; empty: written by hand."""


def timetable(
    station: Station,
    plan: Plan,
    seasons: Sequence[Season],
    airings: Sequence[Airing],
    made: datetime,
    *,
    days: tuple[date | None, date | None] = (None, None),
) -> Timetable:
    """``airings`` of ``plan`` in the language spoken now.

    ``made`` is aware, in the station's zone; ``days`` are the first and the last asked for, where not the whole seasons are.
    """
    here = {airing.market for airing in airings}
    markets = {id_: market for id_, market in station.markets.items() if id_ in here}
    amendments = told(plan.changes, airings, {id_: market.name for id_, market in markets.items()})
    return Timetable(
        programme=station.name,
        organisations=" · ".join(one.name for one in station.organisations),
        parts=tuple(_parts(seasons, airings, days, markets, amendments)),
        places=tuple(_place(market) for market in markets.values()),
        amendments=tuple(str(one) for one in amendments),
        name=short(plan_sha256(plan)),
        made=_("{day} at {time}").format(day=_long(made.date()), time=f"{made:%H:%M}"),
        contact=station.documents.contact,
    )


def _parts(
    seasons: Sequence[Season],
    airings: Sequence[Airing],
    days: tuple[date | None, date | None],
    markets: Mapping[MarketId, Market],
    amendments: Sequence[Told],
) -> Iterable[Part]:
    for season in sorted(seasons, key=lambda season: (season.first, season.name)):
        mine = [airing for airing in airings if airing.season == season.name]
        if mine:
            first, last = max(season.first, days[0] or season.first), min(season.last, days[1] or season.last)
            period = _("{first} to {last}").format(first=day(first, last), last=_long(last))
            yield Part(season.title, period, tuple(_lines(mine, markets, amendments, season.first)))


def _lines(
    airings: Sequence[Airing], markets: Mapping[MarketId, Market], amendments: Sequence[Told], first: date
) -> Iterable[Line]:
    number = {airing: position for position, one in enumerate(amendments, start=1) for airing in one.airings}
    everywhere = {airing.market for airing in airings}

    def shared(airing: Airing) -> tuple[datetime, int, str, int]:
        """What makes airings of different markets one line of the page."""
        return airing.due, airing.episode or 0, forbidden(airing, markets) or "", number.get(airing.id, 0)

    for _key, together in groupby(sorted(airings, key=shared), key=shared):
        yield _line(list(together), markets, everywhere, number, first)


def _line(
    together: Sequence[Airing],
    markets: Mapping[MarketId, Market],
    everywhere: set[MarketId],
    number: Mapping[AiringId, int],
    first: date,
) -> Line:
    one = together[0]
    here = {airing.market for airing in together}
    reason = forbidden(one, markets)
    amended = _("Amendment {number}").format(number=number[one.id]) if one.id in number else ""
    return Line(
        week=(one.due.date().toordinal() - 1) // 7,
        day=_weekday(one.due.date(), first),
        time=f"{one.due:%H:%M}",
        episode="" if one.episode is None else str(one.episode),
        places=places(here, everywhere, {id_: market.name for id_, market in markets.items()}),
        note=" ".join(filter(None, (_why_not(reason), amended))),
        sounds=reason is None,
    )


def _why_not(reason: Reason | None) -> str:
    """Why nothing airs; the amendments at the end of the page say why a slot was taken out."""
    if reason is Reason.SKIPPED:
        return _("No airing.")
    return sentence(reason) if reason else ""


def _place(market: Market) -> Place:
    return Place(
        name=market.name,
        district=market.district,
        hours=hours_of(market.hours),
        quiet=", ".join(hours_of(quiet) for quiet in market.quiet),
        authorisation=market.authorisation,
    )


def hours_of(hours: Hours) -> str:
    """A stretch of the day as documents write it."""
    end = "24:00" if hours.end == time.max else f"{hours.end:%H:%M}"
    return f"{hours.start:%H:%M}–{end}"


def _long(moment: date) -> str:
    return format_date(moment, format="long", locale=language())


def _weekday(moment: date, first: date) -> str:
    """``viernes 18 de junio``; with its year from the season's second year on."""
    return f"{format_date(moment, 'EEEE', locale=language())} {day(moment, first)}"
