"""How many people were within hearing, as documents print it: an estimate, its method beside it, nothing added up. Pure."""

from dataclasses import dataclass
from datetime import date

from broadcaster.locale import gettext as _
from broadcaster.model import MarketId
from broadcaster.reports.documents.wording import NOTHING, month, whole
from broadcaster.reports.reach import HIDDEN, METHODS
from broadcaster.reports.summary import Reach, Summary


@dataclass(frozen=True)
class Listeners:
    """One market and month: the airing at which most people were counted. Every field as it is printed."""

    month: str
    market: str
    airings: str
    """At how many airings somebody counted."""
    women: str
    men: str
    people: str
    """A dash where a number that is not shown could be worked out from it."""
    method: str


def listeners(summary: Summary, names: dict[MarketId, str]) -> tuple[Listeners, ...]:
    """By month, then market; empty where nobody counted. In the language spoken now."""
    return tuple(_one(each, names.get(each.market, each.market)) for each in summary.reach)


def _one(reach: Reach, market: str) -> Listeners:
    return Listeners(
        month=month(date.fromisoformat(f"{reach.month}-01")),
        market=market,
        airings=whole(reach.airings),
        women=_shown(reach.women),
        men=_shown(reach.men),
        people=NOTHING if reach.people is None else whole(reach.people),
        method=_(METHODS[reach.method]),
    )


def _shown(people: int | None) -> str:
    return _(HIDDEN) if people is None else whole(people)
