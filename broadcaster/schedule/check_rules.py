"""What a season file says that cannot be meant: markets, weekdays, hours and exceptions that lead nowhere. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from broadcaster.config import Station
from broadcaster.config.schema import near
from broadcaster.errors import Fault
from broadcaster.locale import gettext as _
from broadcaster.model import MarketId
from broadcaster.schedule.plan import slots
from broadcaster.schedule.season import Action, Amendment, Season

_Slot = tuple[MarketId, datetime]


def unknown_markets(season: Season, station: Station) -> Iterator[Fault]:
    """Markets that the station does not have."""
    lists = [(f"rules[{at}]", rule.markets) for at, rule in enumerate(season.rules, start=1)]
    lists += [(f"exceptions[{at}]", one.markets) for at, one in enumerate(season.exceptions, start=1)]
    for key, markets in lists:
        for position, market in enumerate(markets, start=1):
            if market not in station.markets:
                yield Fault(season.file, f"{key}.markets[{position}]", _no_market(market, station))


def _no_market(market: MarketId, station: Station) -> str:
    if guess := near(market, tuple(station.markets)):
        return _("there is no market {market}; did you mean {guess}?").format(market=market, guess=guess)
    return _("there is no market {market}; expected one of {markets}").format(
        market=market, markets=", ".join(station.markets)
    )


def empty_rules(season: Season) -> Iterator[Fault]:
    """Rules whose weekdays never come within the season's dates."""
    days = [season.first + timedelta(days=ahead) for ahead in range((season.last - season.first).days + 1)]
    weekdays = {day.weekday() for day in days}
    for position, rule in enumerate(season.rules, start=1):
        if not rule.weekdays & weekdays:
            problem = _("none of these weekdays lies between {first} and {last}; correct either")
            yield Fault(
                season.file, f"rules[{position}].weekdays", problem.format(first=season.first, last=season.last)
            )


def closed_markets(season: Season, station: Station) -> Iterator[Fault]:
    """Times at which a market is closed or in its quiet hours."""
    times = [
        (f"rules[{at}].times[{position}]", clock_time, rule.markets)
        for at, rule in enumerate(season.rules, start=1)
        for position, clock_time in enumerate(rule.times, start=1)
    ]
    for at, one in enumerate(season.exceptions, start=1):
        markets = one.markets or tuple(sorted(season.markets))
        if one.to_time is not None:
            times.append((f"exceptions[{at}].to_time", one.to_time, markets))
        if one.action is Action.EXTRA and one.at is not None:
            times.append((f"exceptions[{at}].time", one.at, markets))
    for key, clock_time, markets in times:
        for market in markets:
            if market in station.markets and not station.markets[market].may_sound(clock_time):
                problem = _("at {time} {market} is closed or in its quiet hours; choose another time")
                yield Fault(season.file, key, problem.format(time=f"{clock_time:%H:%M}", market=market))


def idle_exceptions(season: Season) -> Iterator[Fault]:
    """Exceptions that speak of no slot, or of one that another exception already speaks of."""
    earlier: list[tuple[Amendment, set[_Slot]]] = []
    own_slots = {(market, slot) for market in season.markets for slot in slots(season, market)}
    for position, one in enumerate(season.exceptions, start=1):
        meant = _meant(one, season, own_slots)
        key = f"exceptions[{position}].date"
        if not meant:
            yield Fault(season.file, key, _no_slot(one))
        rivals = [at for at, (other, theirs) in enumerate(earlier, start=1) if _rivals(one, other) and meant & theirs]
        if rivals:
            problem = _("exceptions[{other}] already speaks of the same slot; one of them must go")
            yield Fault(season.file, key, problem.format(other=rivals[0]))
        earlier.append((one, meant))


def _meant(one: Amendment, season: Season, own_slots: set[_Slot]) -> set[_Slot]:
    """The slots it speaks of: of the rules, or its own."""
    if one.action is Action.EXTRA and one.at is not None:
        return {(market, datetime.combine(one.day, one.at)) for market in one.markets or season.markets}
    return {(market, slot) for market, slot in own_slots if one.speaks_of(slot.date(), slot.time(), market)}


def _rivals(one: Amendment, other: Amendment) -> bool:
    """Whether the two cannot both hold for one slot. An extra may take the minute of a slot that was moved away."""
    actions = {one.action, other.action}
    return Action.EXTRA not in actions or actions == {Action.EXTRA, Action.SKIP}


def _no_slot(one: Amendment) -> str:
    if one.at is not None:
        return _("there is no slot on {day} at {time}; correct the date, the time or the markets").format(
            day=one.day, time=f"{one.at:%H:%M}"
        )
    return _("there is no slot on {day}; correct the date or the markets").format(day=one.day)
