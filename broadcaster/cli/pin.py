"""How a person gives her PIN: by a prompt that shows nothing; for programs, from a file or one line of standard input."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadcaster.errors import UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_

if TYPE_CHECKING:
    from broadcaster.journal.append import Journal

pin_file_option = click.option(
    "--pin-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("Read the PIN from this file instead of asking."),
)
"""Gives a command the argument ``pin_file: Path | None``."""


class PinNeeded(UsageError):
    """There is nobody to ask."""

    sentence = N_(
        "The PIN of {code} is needed, so nothing was changed. "
        "Type it at a terminal, or put it into a file: --help tells the option that names the file."
    )


def ask_pin(code: str, pin_file: Path | None) -> str:
    """The PIN of ``code``, from the file's first line or from the person at the keyboard."""
    if pin_file is not None:
        return first_line(pin_file)
    if not sys.stdin.isatty():
        return _piped(code)
    return str(click.prompt(_("PIN of {code}").format(code=code), hide_input=True))


def checked_pin(journal: "Journal", code: str, pin_file: Path | None) -> str:
    """The PIN of ``code``, known to be hers: a wrong one is told before she answers anything more, and is one try.

    Whatever it is for looks at it once more; a right one takes no try.

    :raises NoPin, WrongPin, TooManyTries: it is not.
    """
    from broadcaster.library.people import identify  # noqa: PLC0415  the library is heavy

    pin = ask_pin(code, pin_file)
    identify(journal, code, pin)
    return pin


def ask_new_pin(code: str, pin_file: Path | None) -> str:
    """A new PIN for ``code``, asked for twice when it is typed."""
    if pin_file is not None:
        return first_line(pin_file)
    if not sys.stdin.isatty():
        return _piped(code)
    question = _("New PIN of {code}, 4 to 12 digits").format(code=code)
    return str(click.prompt(question, hide_input=True, confirmation_prompt=_("The same PIN again")))


def _piped(code: str) -> str:
    if not (line := sys.stdin.readline().strip()):
        raise PinNeeded(code=code)
    return line


def first_line(file: Path) -> str:
    """The first line of a file without its end; empty when the file is, or is no text."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except ValueError:
        return ""
    return lines[0].strip() if lines else ""
