"""``broadcaster episode findings``: what was noticed in a recording, for the table or to be sent to its producer."""

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_decisions import number_argument
from broadcaster.cli.episode_shown import see, show_findings
from broadcaster.cli.show import json_option, say, show_json
from broadcaster.library.refusals import NothingAdmitted
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber
from broadcaster.production.message import message


@click.command(help=N_("Show what was noticed in an episode's recording, or write it as a message to its producer."))
@number_argument
@click.option(
    "--whatsapp", is_flag=True, help=N_("As a message to be copied and sent; it names no title and no person.")
)
@json_option
@pass_desk
def findings(desk: Desk, number: int, *, whatsapp: bool, in_json: bool) -> None:
    """Show the findings of an episode's newest recording."""
    number = EpisodeNumber(number)
    seen = see(desk, number)
    if not seen["revision"]:
        raise NothingAdmitted(number=number)
    if in_json:
        show_json(seen["findings"])
    elif whatsapp:
        click.echo(message(number, seen["revision"], seen["duration_s"], seen["findings"]))
    elif seen["findings"]:
        show_findings(seen["findings"])
    else:
        say(_("Nothing was noticed in the recording."))
