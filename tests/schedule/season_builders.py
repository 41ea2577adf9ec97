"""Short ways to write a season in a test."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

from broadcaster.model import EpisodeNumber, HolidayPolicy, MarketId, Plan, Seconds
from broadcaster.schedule.calendar import Calendar
from broadcaster.schedule.plan import make_plan
from broadcaster.schedule.season import Action, Amendment, Rule, Season, SkippedEpisode

LIMA = ZoneInfo("America/Lima")
GRACE = Seconds(600.0)
NORTH, SOUTH = MarketId("north"), MarketId("south")
DAILY = frozenset(range(7))


def rule(*times: str, weekdays: frozenset[int] = DAILY, markets: tuple[MarketId, ...] = (NORTH, SOUTH)) -> Rule:
    return Rule(weekdays, tuple(time.fromisoformat(at) for at in times), markets)


def season(
    first: str,
    last: str,
    *rules: Rule,
    name: str = "s",
    order: tuple[int, ...] = (),
    holidays: HolidayPolicy = HolidayPolicy.AIR,
    skipped: SkippedEpisode = SkippedEpisode.LOST,
    exceptions: tuple[Amendment, ...] = (),
) -> Season:
    return Season(
        name=name,
        title=name,
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        rules=rules or (rule("10:00"),),
        first_episode=EpisodeNumber(1),
        order=tuple(EpisodeNumber(number) for number in order),
        holidays=holidays,
        skipped_episode=skipped,
        exceptions=exceptions,
    )


def skip(day: str, at: str | None = None, markets: tuple[MarketId, ...] = ()) -> Amendment:
    return _amendment(day, Action.SKIP, at, markets, None, None)


def move(
    day: str,
    at: str | None = None,
    markets: tuple[MarketId, ...] = (),
    to_date: str | None = None,
    to_time: str | None = None,
) -> Amendment:
    return _amendment(day, Action.MOVE, at, markets, to_date, to_time)


def swap(day: str, episode: int, at: str | None = None, markets: tuple[MarketId, ...] = ()) -> Amendment:
    return replace(_amendment(day, Action.REPLACE, at, markets, None, None), episode=EpisodeNumber(episode))


def extra(day: str, at: str, episode: int, markets: tuple[MarketId, ...] = ()) -> Amendment:
    return replace(_amendment(day, Action.EXTRA, at, markets, None, None), episode=EpisodeNumber(episode))


def holidays(*days: str) -> Calendar:
    return Calendar({date.fromisoformat(day): "holiday" for day in days})


def plan(*seasons: Season, calendar: Calendar | None = None, zone: ZoneInfo = LIMA) -> Plan:
    return make_plan(seasons, (NORTH, SOUTH), calendar or Calendar(), zone, GRACE)


def told(made: Plan, market: MarketId = NORTH) -> list[tuple[str, int | None, str | None]]:
    """Each airing of one market as (local minute, episode, why it is cancelled)."""
    return [
        (f"{airing.due:%m-%d %H:%M}", airing.episode, airing.cancelled and airing.cancelled.value)
        for airing in made.airings
        if airing.market == market
    ]


def _amendment(  # noqa: PLR0917  one place that fills all fields
    day: str, action: Action, at: str | None, markets: tuple[MarketId, ...], to_date: str | None, to_time: str | None
) -> Amendment:
    return Amendment(
        day=date.fromisoformat(day),
        action=action,
        reason="a reason",
        amended=date(2021, 1, 1),
        at=time.fromisoformat(at) if at else None,
        markets=markets,
        to_date=date.fromisoformat(to_date) if to_date else None,
        to_time=time.fromisoformat(to_time) if to_time else None,
    )
