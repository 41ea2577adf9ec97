"""``broadcaster run``: the daemon, until it is stopped."""

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_option, wanted_markets
from broadcaster.cli.panel_said import beyond
from broadcaster.cli.show import warn
from broadcaster.locale import mark as N_


@click.command(help=N_("Play the schedule on the markets' loudspeakers, until stopped."))
@market_option
@click.option(
    "--panel",
    envvar="BROADCASTER_PANEL",
    metavar="HOST:PORT",
    help=N_("Show the panel there too, such as 127.0.0.1:8010; whatever becomes of it, the airings go on."),
)
@pass_desk
def run(desk: Desk, market: tuple[str, ...], panel: str | None) -> None:
    """Run the daemon on the station, on this machine's own sound server."""
    from broadcaster.cli.serve import serve  # noqa: PLC0415  the daemon takes a second to import
    from broadcaster.clock.belief import RELEASED  # noqa: PLC0415  with it
    from broadcaster.web.addresses import read_address  # noqa: PLC0415

    station = desk.station
    address = read_address(panel) if panel else None
    if address is not None and not address.is_loopback:
        warn(beyond())
    markets = wanted_markets(station, market or station.serves)
    serve(station, markets, desk.clock, built=RELEASED, panel=address)
