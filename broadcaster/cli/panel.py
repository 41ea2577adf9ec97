"""``broadcaster panel``: the panel alone, for an office."""

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.panel_said import beyond, opened
from broadcaster.cli.show import say, warn
from broadcaster.locale import mark as N_

USUAL = "127.0.0.1:8010"


@click.command(help=N_("Show the station's pages in a browser, without playing anything, until stopped."))
@click.option(
    "--listen",
    default=USUAL,
    show_default=True,
    metavar="HOST:PORT",
    help=N_("Where; the usual one is reached from this computer alone."),
)
@click.option(
    "--name",
    multiple=True,
    metavar="NAME",
    help=N_("A name under which a reverse proxy on this computer passes requests on; may be given more than once."),
)
@pass_desk
def panel(desk: Desk, listen: str, name: tuple[str, ...]) -> None:
    """Serve until Ctrl+C or SIGTERM."""
    from broadcaster.playout.logbook import logbook  # noqa: PLC0415  what serves takes a second to import
    from broadcaster.web.addresses import read_address  # noqa: PLC0415
    from broadcaster.web.desk import Desk as PanelDesk  # noqa: PLC0415
    from broadcaster.web.serving import Serving  # noqa: PLC0415

    station = desk.station
    serving = Serving(PanelDesk(station.root, desk.clock), read_address(listen, frozenset(name)))
    say(opened(serving.address.url))
    if not serving.address.is_loopback:
        warn(beyond())
    with logbook(station.data / "panel.log"):
        serving.run()
