"""``broadcaster episode approve``: what people decide about an episode."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from broadcaster.cli.completion import episode_numbers
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_shown import see, show_standing
from broadcaster.cli.pin import ask_pin, pin_file_option
from broadcaster.cli.show import say
from broadcaster.journal.append import Journal
from broadcaster.library import acts
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber

number_argument = click.argument("number", type=int, shell_complete=episode_numbers)
as_option = click.option("--as", "code", required=True, metavar=N_("CODE"), help=N_("Your registered code."))


@contextmanager
def decision(desk: Desk, code: str, pin_file: Path | None) -> Iterator[tuple[Journal, str]]:
    """The open record and the person's PIN; an unknown code is refused before she types anything."""
    acts.approver_of(desk.station, code)
    with desk.open_journal() as journal:
        yield journal, ask_pin(code, pin_file)


@click.command(help=N_("Say that you listened to an episode and that it may air; it takes two different people."))
@number_argument
@as_option
@pin_file_option
@click.option(
    "--urgent", is_flag=True, help=N_("The protection officer's alone: it airs for 72 hours without a second.")
)
@pass_desk
def approve(desk: Desk, number: int, code: str, pin_file: Path | None, *, urgent: bool) -> None:
    """Approve exactly the master on disk."""
    with decision(desk, code, pin_file) as (journal, pin):
        acts.approve(journal, desk.station, number, code, pin, urgent=urgent)
    say(_("Your approval of episode {number} is on record.").format(number=number))
    show_standing(see(desk, EpisodeNumber(number)))
