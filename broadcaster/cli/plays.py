"""``broadcaster plays``: the play log, and whether it is whole."""

from datetime import datetime

import click

from broadcaster.cli import playlog
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.days import DAY, days
from broadcaster.cli.markets import UnknownMarket
from broadcaster.cli.show import json_option, say, show_json
from broadcaster.errors import CheckFailed
from broadcaster.journal.append import read, verify_at
from broadcaster.journal.chain import Verification
from broadcaster.journal.fold import FOR_PLAYS
from broadcaster.journal.fold import plays as fold_plays
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Outcome

rehearsal_option = click.option(
    "--rehearsal", metavar=N_("NAME"), help=N_("Read a rehearsal's record instead: its folder's name, or latest.")
)


class BrokenRecord(CheckFailed):
    """The chain does not hold."""

    sentence = N_(
        "The record does not hold from row {row} on: it was changed by hand or damaged. "
        "Delete nothing and call the coordinator."
    )


@click.group(invoke_without_command=True, help=N_("The play log: what was promised and what became of it."))
@click.option("--from", "first", type=DAY, help=N_("First day."))
@click.option("--until", "last", type=DAY, help=N_("Last day, included."))
@click.option("--market", metavar="ID", help=N_("One market only."))
@click.option("--episode", type=int, help=N_("One episode only."))
@click.option("--outcome", type=click.Choice([each.value for each in Outcome]), help=N_("One outcome only."))
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
    in_json: bool,
) -> None:
    """Show the play log."""
    ctx.meta["rehearsal"] = rehearsal
    if ctx.invoked_subcommand is not None:
        return
    station = ctx.ensure_object(Desk).station
    wanted = playlog.Wanted(*days(first, last), market, episode, Outcome(outcome) if outcome else None)
    lines = playlog.lines(fold_plays(read(playlog.database(station, rehearsal), kinds=FOR_PLAYS)), station)
    known = {*station.markets, *(line.market for line in lines)}  # a market that was closed for good is still on record
    if market is not None and market not in known:
        raise UnknownMarket(market=market, markets=", ".join(sorted(known)))
    chosen = [line for line in lines if playlog.fits(line, wanted)]
    if in_json:
        show_json(chosen)
    elif chosen:
        playlog.draw(chosen, station)
    else:
        say(_("The play log has nothing of that yet. `broadcaster schedule preview` shows what is to come."))


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
