"""``broadcaster plays``: the play log, and whether it is whole."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import NoReturn

import click

from broadcaster.cli import playlog
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.days import DAY, days
from broadcaster.cli.markets import UnknownMarket
from broadcaster.cli.show import json_option, say, show_json, show_json_line, show_json_list, warn
from broadcaster.config import Station
from broadcaster.errors import CheckFailed
from broadcaster.journal.append import verify_at
from broadcaster.journal.chain import Verification
from broadcaster.journal.playlog import PlayLog, Wanted
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Outcome

rehearsal_option = click.option(
    "--rehearsal", metavar=N_("NAME"), help=N_("Read a rehearsal's record instead: its folder's name, or latest.")
)
POLL_S = 1.0
"""How often the record is asked for new rows."""


class BrokenRecord(CheckFailed):
    """The chain does not hold."""

    sentence = N_(
        "The record does not hold from row {row} on: it was changed by hand or damaged. "
        "Delete nothing and call the coordinator."
    )


@click.group(invoke_without_command=True, help=N_("The play log: what was promised and what became of it."))
@click.option("--from", "first", type=DAY, help=N_("First date, such as 2021-06-01."))
@click.option("--until", "last", type=DAY, help=N_("Last date, included."))
@click.option("--market", metavar="ID", help=N_("One market only."))
@click.option("--episode", type=int, help=N_("One episode only."))
@click.option("--outcome", type=click.Choice([each.value for each in Outcome]), help=N_("One outcome only."))
@click.option("--follow", is_flag=True, help=N_("Go on and show each airing as soon as it ends, until Ctrl+C."))
@rehearsal_option
@json_option
@click.pass_context
def plays(  # noqa: PLR0917  one argument an option
    ctx: click.Context,
    first: datetime | None,
    last: datetime | None,
    market: str | None,
    episode: int | None,
    outcome: str | None,
    rehearsal: str | None,
    *,
    follow: bool,
    in_json: bool,
) -> None:
    """Show the play log."""
    ctx.meta["rehearsal"] = rehearsal
    if ctx.invoked_subcommand is not None:
        return
    station = ctx.ensure_object(Desk).station
    wanted = Wanted(*days(first, last), market, episode, Outcome(outcome) if outcome else None)
    with closing(PlayLog(playlog.database(station, rehearsal))) as log:
        if not follow:  # whoever follows may wait for a market that is yet to come
            _check_market(market, station, log)
        show = _show_lines if follow and in_json else _show_json if in_json else _show_table
        show(log, station, wanted)
        if follow:
            _follow(log, station, wanted, show_json_line if in_json else lambda line: playlog.draw_line(line, station))


def _check_market(market: str | None, station: Station, log: PlayLog) -> None:
    """Refuse a market nobody knows; one that was closed for good is still on record.

    :raises UnknownMarket: neither the station nor the record has it.
    """
    if market is None or market in station.markets:
        return
    known = {*station.markets, *log.markets()}
    if market not in known:
        raise UnknownMarket(market=market, markets=", ".join(sorted(known)))


def _show_json(log: PlayLog, station: Station, wanted: Wanted) -> None:
    show_json_list(playlog.chosen(log.plays(wanted), station, wanted))


def _show_lines(log: PlayLog, station: Station, wanted: Wanted) -> None:
    for line in playlog.chosen(log.plays(wanted), station, wanted):
        show_json_line(line)


def _show_table(log: PlayLog, station: Station, wanted: Wanted) -> None:
    if chosen := list(playlog.chosen(log.plays(wanted), station, wanted)):
        playlog.draw(chosen, station)
    else:
        say(_("The play log has nothing of that yet. `broadcaster schedule preview` shows what is to come."))


def _follow(log: PlayLog, station: Station, wanted: Wanted, show: Callable[[playlog.Line], None]) -> NoReturn:
    warn(_("From here on each airing is shown as soon as it ends. To leave, press Ctrl+C."))
    while True:
        for line in playlog.chosen(log.newer(), station, wanted):
            show(line)
        time.sleep(POLL_S)


@plays.command(help=N_("Walk along the record's chain and name the first row that does not hold."))
@rehearsal_option
@json_option
@click.pass_context
@pass_desk
def verify(desk: Desk, ctx: click.Context, rehearsal: str | None, *, in_json: bool) -> None:
    """Verify the chain; exit 1 when it is broken."""
    found = verify_at(playlog.database(desk.station, rehearsal or ctx.meta["rehearsal"]))
    if in_json:
        show_json(found)
    elif found.intact:
        say(_whole(found))
    if not found.intact:
        raise BrokenRecord(row=found.first_broken)


def _whole(found: Verification) -> str:
    if not found.rows:
        return _("There is no record yet, so there is nothing to verify.")
    sentence = _(
        "The record holds: {rows} rows, none changed. Note this mark to find out later if rows were cut off: {head}"
    )
    return sentence.format(rows=found.rows, head=found.head)
