"""``broadcaster episode suspend``, ``lift``, ``withdraw``: off the air, at once."""

from pathlib import Path

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_decisions import as_option, decision, number_argument
from broadcaster.cli.episode_shown import see, show_standing
from broadcaster.cli.nudge import nudge
from broadcaster.cli.pin import pin_file_option
from broadcaster.cli.show import say
from broadcaster.library import withdrawal
from broadcaster.library.refusals import EpisodeWithdrawn
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
@pass_desk
def withdraw(desk: Desk, number: int, code: str, pin_file: Path | None) -> None:
    """Withdraw an episode."""
    with decision(desk, code, pin_file) as (journal, pin):
        withdrawal.withdraw(journal, desk.station, number, code, pin)
    nudge(desk.root)
    say(_(EpisodeWithdrawn.sentence).format(number=number))
