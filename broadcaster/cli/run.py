"""``broadcaster run``: the daemon, until it is stopped."""

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_option, wanted_markets
from broadcaster.locale import mark as N_


@click.command(help=N_("Play the schedule on the markets' loudspeakers, until stopped."))
@market_option
@pass_desk
def run(desk: Desk, market: tuple[str, ...]) -> None:
    """Run the daemon on the station, on this machine's own sound server."""
    from broadcaster.cli.serve import serve  # noqa: PLC0415  the daemon takes a second to import
    from broadcaster.clock.belief import RELEASED  # noqa: PLC0415  with it

    station = desk.station
    serve(station, wanted_markets(station, market or station.serves), desk.clock, built=RELEASED)
