"""``broadcaster episode suspend``: anybody's "stop this now". The silence comes first, who asked for it after.

Without ``--as`` the record names the system's user, and nothing stands between a frightened person and silence. With it the
suspension is put on record in the same way, at once; then the PIN is asked for, and the code is put beside it.
"""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_decisions import number_argument
from broadcaster.cli.nudge import hush, nudge
from broadcaster.cli.pin import ask_pin, pin_file_option
from broadcaster.cli.show import say
from broadcaster.errors import ConfigurationError, RecordUnavailable
from broadcaster.library import withdrawal
from broadcaster.library.refusals import AlreadySuspended
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
            raise _unrecorded(desk.root, number) from problem
        finally:
            nudge(desk.root)
        text = _(
            "Episode {number} is suspended. It stops now and stays off the air until the protection officer lifts that."
        )
        say(text.format(number=number))
        if code is not None:
            withdrawal.sign_suspension(journal, desk.station, number, code, ask_pin(code, pin_file))
            say(_("Your code {code} is on record beside it.").format(code=code))


class StoppedOnly(RecordUnavailable):
    """A full disk or a broken file must not keep a voice on air: what can be done without them is done."""

    sentence: ClassVar[str] = N_(
        "What sounded is stopped, everywhere. But the suspension of episode {number} could not be put on record, so it would "
        "sound again at its next hour. Keep the markets silent with `broadcaster pause`, and call the coordinator."
    )


class NotSuspendedAtAll(RecordUnavailable):
    """Nothing could be told to anybody."""

    sentence: ClassVar[str] = N_(
        "The suspension of episode {number} could not be put on record, and no program here could be told to stop. "
        "If it sounds, switch the amplifier off. Then call the coordinator."
    )


def _unrecorded(station: Path, number: int) -> RecordUnavailable:
    return StoppedOnly(number=number) if hush(station) else NotSuspendedAtAll(number=number)


def me() -> str:
    """The system's user, as the record names her; systems without numbers for users have one."""
    return f"uid:{getattr(os, 'geteuid', lambda: 0)()}"
