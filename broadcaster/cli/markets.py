"""Markets as people name them: by id, name or other name, whatever the accents and capitals."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import click

from broadcaster.cli.completion import market_ids
from broadcaster.cli.context import Desk
from broadcaster.config import Station
from broadcaster.config.keys import FILE
from broadcaster.errors import ConfigurationError, UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import Market, MarketId

market_option = click.option(
    "--market",
    multiple=True,
    metavar="ID",
    shell_complete=market_ids,
    help=N_("Only this market; may be given more than once."),
)
one_market_option = click.option(
    "--market", metavar="ID", shell_complete=market_ids, help=N_("Only this market; otherwise all of them.")
)
market_argument = click.argument("market", metavar=N_("MARKET"), shell_complete=market_ids)


class UnknownMarket(UsageError):
    """The station has no such market."""

    sentence: ClassVar[str] = N_("The station has no market {market}. It has: {markets}.")


def wanted_markets(station: Station, named: Sequence[str]) -> tuple[MarketId, ...]:
    """The markets named, or all of the station's.

    :raises UnknownMarket: the station has none of that name.
    """
    return tuple(market_named(station.markets, each) for each in named) or tuple(station.markets)


def market_named(markets: Mapping[MarketId, Market], word: str) -> MarketId:
    """The market that a person means: one of that name or, if no other fits, one whose name has these words.

    :raises UnknownMarket: there is none of that name, or more than one.
    """
    if word in markets:
        return MarketId(word)
    said = _folded(word)
    names = [(id_, _folded(name)) for id_, market in markets.items() for name in _names(market)]
    for fits in (lambda name: name == said, lambda name: set(said.split()) <= set(name.split())):
        found = {id_ for id_, name in names if said and fits(name)}
        if len(found) == 1:
            return found.pop()
    raise UnknownMarket(market=shown(word), markets=", ".join(markets))


def _names(market: Market) -> tuple[str, ...]:
    return market.id, market.name, *market.aliases


def _folded(name: str) -> str:
    """«Mercado El Bosque – Zárate» → ``mercado el bosque zarate``."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare.casefold()))


# What is said of the daemon's markets must not wait for a ``config.toml`` that somebody has just broken


def station_root(desk: Desk) -> Path:
    """The station's folder, whatever its ``config.toml`` says.

    :raises ConfigurationError: there is no station.
    """
    _station_if_whole(desk)
    return desk.root.resolve()


def market_meant(desk: Desk, word: str | None) -> MarketId | None:
    """As :func:`market_named`; ``None`` for none. The word itself where the station's file is broken: the daemon knows.

    :raises UnknownMarket: as it says.
    :raises ConfigurationError: there is no station.
    """
    station = _station_if_whole(desk)
    if word is None:
        return None
    return MarketId(word) if station is None else market_named(station.markets, word)


def naming(desk: Desk) -> Callable[[Iterable[str]], str]:
    """Says markets by their names, as far as the station's file can be read."""
    station = _station_if_whole(desk)
    known = {} if station is None else {str(id_): market.name for id_, market in station.markets.items()}

    def named(markets: Iterable[str]) -> str:
        names = [known.get(each, each) for each in markets]
        if len(names) == len(known) > 2:
            return _("all the markets")
        if len(names) < 2:
            return "".join(names)
        return _("{some} and {last}").format(some=", ".join(names[:-1]), last=names[-1])

    return named


def _station_if_whole(desk: Desk) -> Station | None:
    try:
        return desk.station
    except ConfigurationError:
        if not (desk.root / FILE).is_file():
            raise
        return None
