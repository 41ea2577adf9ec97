"""What will air, what will not, and why: the plan beside the library's word. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from broadcaster.model import Airing, AiringId, EpisodeNumber, EpisodeStatus, Flag, Market, MarketId, Plan, Reason
from broadcaster.reasons import sentence

READY = "ready"
Outlook = Callable[[date], Mapping[EpisodeNumber, EpisodeStatus]]
"""What the library says of each episode on a local day: an urgent approval lapses, a helpline's time is over."""


@dataclass(frozen=True)
class Amended:
    """What an exception has made of an airing."""

    action: str
    """``skip``, ``move``, ``replace`` or ``extra``."""
    amended: date
    """The day it was decided."""
    reason: str


@dataclass(frozen=True)
class Preview:
    """One airing as it stands today."""

    airing: AiringId
    market: MarketId
    due: datetime
    episode: EpisodeNumber | None
    state: str
    """``ready`` or the code of the reason that will stop it."""
    reason: str | None
    """That reason's sentence for people; ``None`` when ready."""
    amendment: Amended | None = None
    """``None`` for an airing that stands as the rules have it."""
    flags: tuple[Flag, ...] = ()
    """What people must know of its episode although it is ready."""
    make_good_of: AiringId | None = None
    """The missed airing that this one makes good."""


def preview(
    plan: Plan,
    markets: Mapping[MarketId, Market],
    outlook: Outlook,
    first: date | None = None,
    last: date | None = None,
    *,
    make_goods: Mapping[Airing, AiringId] | None = None,
) -> list[Preview]:
    """The airings due from ``first`` to ``last``, both included, in the plan's order.

    ``make_goods``: those of them that no season has, each with the airing that was missed.
    """
    amended = {one.airing: Amended(one.action, one.amended, one.reason) for one in plan.changes}
    ordered = make_goods or {}
    return [
        _row(
            airing,
            obstacle(airing, markets, outlook),
            amended.get(airing.id),
            _flags(airing, outlook),
            ordered.get(airing),
        )
        for airing in between(plan, first, last)
    ]


def with_make_goods(plan: Plan, ordered: Iterable[Airing]) -> Plan:
    """The plan with the make-goods that were ordered, in order."""
    airings = sorted((*plan.airings, *ordered), key=lambda airing: (airing.due.astimezone(UTC), airing.market))
    return replace(plan, airings=tuple(airings))


def between(plan: Plan, first: date | None, last: date | None) -> Iterable[Airing]:
    """The airings due on the local dates ``first`` … ``last``; ``None``: no bound."""
    for airing in plan.airings:
        day = airing.due.date()
        if (first is None or day >= first) and (last is None or day <= last):
            yield airing


def obstacle(airing: Airing, markets: Mapping[MarketId, Market], outlook: Outlook) -> Reason | None:
    """What will stop the airing as things stand: calendar first, then the market's hours, then the episode, on its day."""
    if (reason := forbidden(airing, markets)) is not None:
        return reason
    statuses = outlook(airing.due.date())
    if airing.episode is None or airing.episode not in statuses:
        return Reason.NO_EPISODE
    return statuses[airing.episode].reason


def forbidden(airing: Airing, markets: Mapping[MarketId, Market]) -> Reason | None:
    """Why the airing is not to sound whatever its episode: the calendar, or the market's hours."""
    if airing.cancelled is not None:
        return airing.cancelled
    return None if markets[airing.market].may_sound(airing.due.time()) else Reason.MARKET_CLOSED


def _flags(airing: Airing, outlook: Outlook) -> tuple[Flag, ...]:
    status = outlook(airing.due.date()).get(airing.episode) if airing.episode is not None else None
    return status.flags if status is not None else ()


def _row(
    airing: Airing,
    reason: Reason | None,
    amendment: Amended | None,
    flags: tuple[Flag, ...],
    make_good_of: AiringId | None,
) -> Preview:
    return Preview(
        airing=airing.id,
        market=airing.market,
        due=airing.due,
        episode=airing.episode,
        state=reason.value if reason else READY,
        reason=sentence(reason) if reason else None,
        amendment=amendment,
        flags=flags if reason is None else (),
        make_good_of=make_good_of,
    )
