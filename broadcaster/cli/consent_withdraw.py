"""``broadcaster consent withdraw``: a signed consent, or all that a voice ever allowed, is taken back."""

from pathlib import Path
from typing import ClassVar

import click

from broadcaster.cli.aftermath import follow, purge_option
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_decisions import as_option, decision
from broadcaster.cli.pin import pin_file_option
from broadcaster.cli.show import json_option
from broadcaster.errors import UsageError
from broadcaster.library import withdrawal
from broadcaster.locale import mark as N_


class OneOfTwo(UsageError):
    """Neither a consent nor a voice, or both."""

    sentence: ClassVar[str] = N_(
        "Name one consent by its reference, or one voice with --voice CODE. Nothing was withdrawn."
    )


@click.command(
    help=N_("Take back a consent, or with --voice all that a voice allowed: what it carried stops for good.")
)
@click.argument("reference", required=False)
@click.option("--voice", metavar=N_("CODE"), help=N_("The voice's code: all her consents and all she made."))
@as_option
@pin_file_option
@purge_option
@json_option
@pass_desk
def withdraw(
    desk: Desk,
    *,
    reference: str | None,
    voice: str | None,
    code: str,
    pin_file: Path | None,
    purged: bool,
    in_json: bool,
) -> None:
    """Withdraw a consent or a voice; with ``--purge`` also one that was withdrawn before."""
    if bool(reference) == bool(voice):
        raise OneOfTwo
    with decision(desk, code, pin_file) as (journal, pin):
        if reference:
            withdrawn = withdrawal.withdraw_consent(journal, desk.station, reference, code, pin, again=purged)
        else:
            withdrawn = withdrawal.withdraw_voice(journal, desk.station, voice or "", code, pin, again=purged)
        follow(desk, journal, withdrawn, code, purged=purged, in_json=in_json)
