"""The option ``--market``, as often as there are markets to name."""

from collections.abc import Sequence
from typing import ClassVar

import click

from broadcaster.config import Station
from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.model import MarketId

market_option = click.option(
    "--market", multiple=True, metavar="ID", help=N_("Only this market; may be given more than once.")
)


class UnknownMarket(UsageError):
    """The station has no such market."""

    sentence: ClassVar[str] = N_("The station has no market {market}. It has: {markets}.")


def wanted_markets(station: Station, named: Sequence[str]) -> tuple[MarketId, ...]:
    """The markets named, or all of the station's.

    :raises UnknownMarket: the station has none of that id.
    """
    for market in named:
        if market not in station.markets:
            raise UnknownMarket(market=market, markets=", ".join(station.markets))
    return tuple(MarketId(market) for market in named) or tuple(station.markets)
