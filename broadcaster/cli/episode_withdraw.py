"""``broadcaster episode lift`` and ``withdraw``: back on the air, or off it for good."""

from pathlib import Path

import click

from broadcaster.cli.aftermath import follow, purge_option
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_decisions import as_option, decision, number_argument
from broadcaster.cli.episode_shown import see, show_standing
from broadcaster.cli.pin import pin_file_option
from broadcaster.cli.show import json_option, say
from broadcaster.library import withdrawal
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber


@click.command(help=N_("Lift a suspension: the protection officer alone."))
@number_argument
@as_option
@pin_file_option
@pass_desk
def lift(desk: Desk, number: int, code: str, pin_file: Path | None) -> None:
    """Lift a suspension."""
    with decision(desk, code, pin_file) as (journal, pin):
        withdrawal.lift_suspension(journal, desk.station, number, code, pin)
    say(_("The suspension of episode {number} is lifted.").format(number=number))
    show_standing(see(desk, EpisodeNumber(number)))


@click.command(help=N_("Take an episode off the air for good, because a consent was taken back."))
@number_argument
@as_option
@pin_file_option
@purge_option
@json_option
@pass_desk
def withdraw(desk: Desk, number: int, code: str, pin_file: Path | None, *, purged: bool, in_json: bool) -> None:
    """Withdraw an episode; with ``--purge`` also one that was withdrawn before."""
    with decision(desk, code, pin_file) as (journal, pin):
        withdrawn = withdrawal.withdraw(journal, desk.station, number, code, pin, again=purged)
        follow(desk, journal, withdrawn, code, purged=purged, in_json=in_json)
