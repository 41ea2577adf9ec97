"""``broadcaster service``: what starts the program with the computer, set up, looked at, taken away."""

import os

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import json_option, show_json
from broadcaster.errors import CheckFailed
from broadcaster.locale import mark as N_


@click.group(help=N_("Have the program start with the computer and keep running, with nobody logged in."))
def service() -> None:
    """The noun."""


@service.command(help=N_("Set it up, start it, and say everything that was set. To repeat it does no harm."))
@pass_desk
def install(desk: Desk) -> None:
    """Exit 1 when somebody else still has to type something."""
    from broadcaster.care.boot import boot_here  # noqa: PLC0415  what it needs is heavy
    from broadcaster.cli import service_install  # noqa: PLC0415

    if not service_install.perform(boot_here(desk.station.root.absolute(), os.environ), desk.station):
        raise click.exceptions.Exit(CheckFailed.exit_code)  # all was said


@service.command(help=N_("Say whether it is set up and whether the program runs; exit 1 when it does not."))
@json_option
@pass_desk
def status(desk: Desk, *, in_json: bool) -> None:
    """What systemd says of it."""
    from broadcaster.care.boot import boot_here  # noqa: PLC0415  what it needs is heavy
    from broadcaster.care.service import Condition, look  # noqa: PLC0415
    from broadcaster.cli import service_shown  # noqa: PLC0415
    from broadcaster.playout.lock import is_held  # noqa: PLC0415

    station = desk.station
    planned = boot_here(station.root.absolute(), os.environ)
    found = look(planned, desk.clock.now(), held=is_held(station.root))
    if in_json:
        show_json(found)
    else:
        service_shown.draw(found, station)
    if found.condition is not Condition.RUNNING:
        raise click.exceptions.Exit(CheckFailed.exit_code)  # all was said


@service.command(help=N_("Stop the program and take away everything that started it. The station stays as it is."))
@pass_desk
def uninstall(desk: Desk) -> None:
    """Never while something sounds."""
    from broadcaster.care.boot import boot_here  # noqa: PLC0415  what it needs is heavy
    from broadcaster.cli import service_install  # noqa: PLC0415

    if not service_install.take_away(boot_here(desk.station.root.absolute(), os.environ), desk):
        raise click.exceptions.Exit(CheckFailed.exit_code)  # all was said
