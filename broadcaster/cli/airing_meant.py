"""The airing that a command is given, in a person's words or by its name, looked up in the record and the schedule."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from broadcaster.cli.airing_named import Known, airing_named
from broadcaster.cli.completion import airing_words
from broadcaster.cli.context import Desk
from broadcaster.cli.markets import market_named
from broadcaster.locale import mark as N_
from broadcaster.model import AiringId

if TYPE_CHECKING:
    from broadcaster.config import Station
    from broadcaster.journal.row import Row
    from broadcaster.model import MarketId, Plan

airing_argument = click.argument("airing", nargs=-1, required=True, metavar=N_("AIRING"), shell_complete=airing_words)
"""«10:00 unicachi», «ayer unicachi», ``2021-06-18T10:00/unicachi``."""
_NAME = re.compile(r"\S+T\d\d:\d\d(:\d\d)?(Z\d)?/\S+")


def airing_meant(desk: Desk, words: Sequence[str], markets: "Collection[MarketId]" = ()) -> AiringId:
    """The airing that the words mean: the newest of that time that is over, else the next one.

    A name on record is taken as it stands: whoever is asked for it knows better what to say where there is none.

    :param markets: only an airing of these; of any when there are none.
    :raises NoSuchAiring, SeveralAirings: none is meant, or more than one.
    """
    said = " ".join(words)
    if _NAME.fullmatch(said):
        return AiringId(said)
    from broadcaster.journal.events import Ended, MakeGoodOrdered, PlanAccepted, PlayOrdered  # noqa: PLC0415  heavy
    from broadcaster.journal.reading import read  # noqa: PLC0415
    from broadcaster.schedule.load import load_plan  # noqa: PLC0415  so is the calendar

    station = desk.station
    rows = read(station.database, kinds=(Ended, PlanAccepted, PlayOrdered, MakeGoodOrdered))
    now = desk.clock.now().utc.astimezone(station.timezone)
    everywhere = known_airings(rows, load_plan(station), station)
    known = {id_: each for id_, each in everywhere.items() if not markets or each.market in markets}
    return airing_named(words, known, now, lambda market: market_named(station.markets, market))


def known_airings(rows: "Iterable[Row]", plan: "Plan", station: "Station") -> dict[AiringId, Known]:
    """Whatever was ever promised, ended or planned, by its name."""
    from broadcaster.journal.fold import promises, terminal  # noqa: PLC0415  the database is heavy

    rows = list(rows)
    found = {each.id: Known(each.market, each.due) for each in plan.airings}
    found |= {id_: Known(each.market, each.due) for id_, each in terminal(rows).items()}
    found |= {id_: Known(each.market, each.due) for id_, each in promises(rows).items()}
    return {id_: Known(each.market, each.due.astimezone(station.timezone)) for id_, each in found.items()}
