"""``broadcaster episode suspend``: anybody's "stop this now". The silence comes first, who asked for it after.

Without ``--as`` the record names the system's user, and nothing stands between a frightened person and silence. With it the
suspension is put on record in the same way, at once; then the PIN is asked for, and the code is put beside it.
"""

import os
from contextlib import ExitStack
from pathlib import Path

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_decisions import number_argument
from broadcaster.cli.nudge import hush, nudge
from broadcaster.cli.pin import ask_pin, pin_file_option
from broadcaster.cli.show import say
from broadcaster.errors import ConfigurationError, RecordUnavailable
from broadcaster.library import withdrawal
from broadcaster.library.refusals import AlreadySuspended
from broadcaster.library.unrecorded import not_suspended
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_


@click.command(help=N_("Stop an episode now, everywhere; anyone may. Only the protection officer lifts it."))
@number_argument
@click.option(
    "--as", "code", metavar=N_("CODE"), help=N_("Your registered code, if you want it on record; not needed.")
)
@pin_file_option
@pass_desk
def suspend(desk: Desk, number: int, code: str | None, pin_file: Path | None) -> None:
    """Suspend an episode."""
    with ExitStack() as stack:
        try:
            journal = stack.enter_context(desk.open_journal())
            withdrawal.suspend(journal, number, me())
        except AlreadySuspended:
            if code is None:
                raise
        except (RecordUnavailable, ConfigurationError) as problem:
            raise not_suspended(number, hushed=hush(desk.root)) from problem
        finally:
            nudge(desk.root)
        text = _(
            "Episode {number} is suspended. It stops now and stays off the air until the protection officer lifts that."
        )
        say(text.format(number=number))
        if code is not None:
            withdrawal.sign_suspension(journal, desk.station, number, code, ask_pin(code, pin_file))
            say(_("Your code {code} is on record beside it.").format(code=code))


def me() -> str:
    """The system's user, as the record names her; systems without numbers for users have one."""
    return f"uid:{getattr(os, 'geteuid', lambda: 0)()}"
