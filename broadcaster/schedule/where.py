"""Which key of a season file an airing comes from, so that a fault can point at it. Pure."""

from datetime import datetime

from broadcaster.model import EpisodeNumber, MarketId, PlanChange
from broadcaster.schedule.season import Action, Amendment, Season


def key_of_slot(season: Season, market: MarketId, slot: datetime) -> str:
    """The key that decides about a slot (naive local minute): the exception that moves it, else the rule's time."""
    for at, one in enumerate(season.exceptions, start=1):
        if one.action is Action.MOVE and one.speaks_of(slot.date(), slot.time(), market):
            return _target(at, one)
    return _rule_key(season, market, slot)


def key_of_due(season: Season, market: MarketId, due: datetime) -> str:
    """The key that put an airing at this local minute: the exception that moved or added it, else the rule's time."""
    for at, one in enumerate(season.exceptions, start=1):
        if one.action is Action.MOVE and _moves_to(one, market, due):
            return _target(at, one)
        if one.action is Action.EXTRA and one.speaks_of(due.date(), due.time(), market):
            return f"exceptions[{at}].time"
    return _rule_key(season, market, due)


def key_of_extra(season: Season, market: MarketId, slot: datetime) -> str | None:
    """The time of the exception that adds this slot (naive local minute); ``None``: no exception does."""
    for at, one in enumerate(season.exceptions, start=1):
        if one.action is Action.EXTRA and one.speaks_of(slot.date(), slot.time(), market):
            return f"exceptions[{at}].time"
    return None


def key_of_episode(season: Season, market: MarketId, episode: EpisodeNumber, change: PlanChange | None) -> str:
    """The key that gives an airing this episode; ``change`` is what an exception has made of the airing."""
    if change is not None and change.action in {Action.REPLACE, Action.EXTRA}:
        for at, one in enumerate(season.exceptions, start=1):
            meant = one.speaks_of(change.slot.date(), change.slot.time(), market)
            if meant and (one.action, one.amended, one.episode) == (change.action, change.amended, episode):
                return f"exceptions[{at}].episode"
    return f"order[{season.order.index(episode) + 1}]" if episode in season.order else "first_episode"


def minute(moment: datetime) -> str:
    """A slot as its file says it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def _moves_to(one: Amendment, market: MarketId, due: datetime) -> bool:
    at = one.to_time or one.at
    return (
        (one.to_date or one.day) == due.date()
        and (at is None or at == due.time())
        and (not one.markets or market in one.markets)
    )


def _target(position: int, one: Amendment) -> str:
    return f"exceptions[{position}].{'to_time' if one.to_time else 'to_date'}"


def _rule_key(season: Season, market: MarketId, local: datetime) -> str:
    for at, rule in enumerate(season.rules, start=1):
        for position, clock_time in enumerate(rule.times, start=1):
            if market in rule.markets and local.weekday() in rule.weekdays and clock_time == local.time():
                return f"rules[{at}].times[{position}]"
    return "rules"
