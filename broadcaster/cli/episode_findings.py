"""``broadcaster episode findings``: what was noticed in a recording, for the table or to be sent to its producer."""

from typing import Any

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_decisions import number_argument
from broadcaster.cli.episode_shown import minutes, see, show_findings
from broadcaster.cli.show import json_option, say, show_json
from broadcaster.library.refusals import NothingAdmitted
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber, Finding, Severity

FIGURES = {"levelled", "levelled_for_horns", "short_of_loudness"}
"""Notes for whoever masters, which ask nothing of a producer."""


@click.command(help=N_("Show what was noticed in an episode's recording, or write it as a message to its producer."))
@number_argument
@click.option(
    "--whatsapp", is_flag=True, help=N_("As a message to be copied and sent; it names no title and no person.")
)
@json_option
@pass_desk
def findings(desk: Desk, number: int, *, whatsapp: bool, in_json: bool) -> None:
    """Show the findings of an episode's newest recording."""
    seen = see(desk, EpisodeNumber(number))
    if not seen["revision"]:
        raise NothingAdmitted(number=number)
    if in_json:
        show_json(seen["findings"])
    elif whatsapp:
        click.echo(message(seen))
    elif seen["findings"]:
        show_findings(seen["findings"])
    else:
        say(_("Nothing was noticed in the recording."))


def message(seen: dict[str, Any]) -> str:
    """A message for the producer, plain text in WhatsApp's own marks: what to do first, then what to know."""
    heard = _(
        "Hello. We listened to the recording of *episode {number}* (version {revision}, {length} minutes)."
    ).format(number=seen["episode"], revision=seen["revision"], length=minutes(seen["duration_s"]))
    to_do = [each for each in seen["findings"] if each.severity is not Severity.NOTE]
    to_know = [each for each in seen["findings"] if each.severity is Severity.NOTE and each.code not in FIGURES]
    parts = [heard]
    if to_do:
        parts.append(_listed(_("Please look at this before it goes on the air:"), to_do))
    else:
        parts.append(_("It sounds well: nothing has to be changed. Thank you!"))
    if to_know:
        parts.append(_listed(_("Good to know:"), to_know))
    if to_do:
        parts.append(_("You can send the new recording here. Thank you!"))
    return "\n\n".join(parts)


def _listed(heading: str, found: list[Finding]) -> str:
    return "\n".join([heading, *(f"• {each.text}" for each in found)])
