"""The options ``--override --reason TEXT``: a sound outside the permitted hours, and why; and reasons in general."""

from collections.abc import Callable
from typing import ClassVar

import click

from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import is_plain

LONGEST = 200
"""Characters of a reason."""


class ReasonMissing(UsageError):
    """Out of hours, and no word why."""

    sentence: ClassVar[str] = N_("--override needs a reason, which goes on record: --override --reason «why».")


class ReasonAlone(UsageError):
    """A reason for nothing."""

    sentence: ClassVar[str] = N_("--reason goes with --override, which lets it sound outside the permitted hours.")


class ReasonUnfit(UsageError):
    """Too long, or no plain text."""

    sentence: ClassVar[str] = N_("The reason must be plain text of at most {most} letters. Say it more briefly.")


def override_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the arguments ``override: bool`` and ``reason: str | None``."""
    flag = click.option(
        "--override", is_flag=True, help=N_("Also outside the permitted hours; needs --reason, and goes on record.")
    )
    why = click.option("--reason", help=N_("Why, without any person's name; it goes on record."))
    return flag(why(command))


def overriding(reason: str | None, *, override: bool) -> str | None:
    """Why it may sound outside the permitted hours; ``None``: it may not.

    :raises ReasonMissing, ReasonAlone, ReasonUnfit: as they say.
    """
    said = plain_reason(reason)
    if override and not said:
        raise ReasonMissing
    if said and not override:
        raise ReasonAlone
    return said or None


def plain_reason(reason: str | None) -> str:
    """A reason as it goes on record. Raises :class:`ReasonUnfit`."""
    said = (reason or "").strip()
    if len(said) > LONGEST or not is_plain(said):
        raise ReasonUnfit(most=LONGEST)
    return said
