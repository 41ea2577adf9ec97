"""Who does something that needs no right but is on record: a registered code with its PIN, else the system's user."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadcaster.cli.pin import ask_pin, pin_file_option
from broadcaster.locale import mark as N_

if TYPE_CHECKING:
    from broadcaster.journal.append import Journal


def signed(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command ``code`` and ``pin_file``: without them the record names the system's user."""
    code = click.option(
        "--as", "code", metavar=N_("CODE"), help=N_("Your registered code, if you want it on record; not needed.")
    )
    return code(pin_file_option(command))


def who(journal: "Journal", code: str | None, pin_file: Path | None) -> str:
    """Who says so: a registered code, once its PIN was given, else the system's user."""
    if code is None:
        return f"uid:{getattr(os, 'geteuid', lambda: 0)()}"  # systems without numbers for users have one
    from broadcaster.library.decisions import decisions_of  # noqa: PLC0415  the library is heavy
    from broadcaster.library.people import identify, person_of  # noqa: PLC0415

    person_of(decisions_of(journal), code)  # before she types her PIN
    return identify(journal, code, ask_pin(code, pin_file)).code
