"""Talking with a person at the keyboard: a screen with a heading, a question, a few letters to answer it.

Each answer is one letter and the key Enter; Enter alone gives the answer that stands first and is framed. She may always go
back or leave, and what she types is understood whether a letter or the whole word, with or without accents.
"""

import sys
import unicodedata
from collections.abc import Sequence
from typing import ClassVar

import click

from broadcaster.cli.show import fitted, plain
from broadcaster.errors import UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_

WIDTH = 72
"""Columns of a screen: as many as read well."""

YES, NO = N_("y = yes"), N_("n = no")
AGAIN = N_("r = repeat")
LOOK = N_("o = once more")
GO_ON = N_("p = play it")
GOOD = N_("g = good")
LATER = N_("l = later")
LOUDER, SOFTER = N_("+ = louder"), N_("- = softer")
BACK, LEAVE = N_("b = back"), N_("x = leave")
"""Answers, as message ids: the letter, « = », the word."""


class NobodyToAsk(UsageError):
    """Standard input is no keyboard."""

    sentence: ClassVar[str] = N_(
        "This command asks questions and nobody can answer them here, so nothing was changed. Start it in a terminal."
    )


class Back(Exception):
    """She wants to see the screen before."""


class Leave(Exception):
    """She leaves; nothing is to be changed."""


def check_somebody_is_there() -> None:
    """Raise :class:`NobodyToAsk` unless a person sits at the keyboard and sees the screen."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NobodyToAsk


def screen(where: str, title: str) -> None:
    """A new screen: where she is, what it is about."""
    click.clear()
    click.secho(fitted(where), dim=True)
    click.secho(fitted(title), bold=True)
    click.secho("─" * min(WIDTH, max(len(where), len(title))), dim=True)
    click.echo()


def tell(text: str, colour: str | None = None) -> None:
    """A paragraph."""
    click.secho(fitted(text), fg=colour)


def tell_whole(line: str, colour: str | None = None) -> None:
    """A line that must not be broken, such as a command to be copied."""
    click.secho(plain(line), fg=colour)


def ask(question: str, answers: Sequence[str]) -> str:
    """The one of ``answers`` (message ids of the form ``y = yes``) that she gives; Enter gives the first.

    :raises Back: she goes back.
    :raises Leave: she leaves, by its letter, Ctrl+C or Ctrl+D.
    """
    click.echo()
    click.secho(fitted(question), bold=True)
    _offer(answers, (BACK, LEAVE))
    while True:
        typed = _typed()
        if not typed:
            return answers[0]
        for answer in (*answers, BACK, LEAVE):
            if _means(typed, answer):
                return _heeded(answer)
        tell(_("That was not understood. Type one of the letters above and press Enter."), "yellow")


def ask_numbers(question: str, count: int, present: Sequence[int]) -> tuple[int, ...]:
    """Numbers from 1 to ``count``, at least one, in order; Enter gives ``present``, where there is one.

    :raises Leave: as :func:`ask` does.
    """
    click.echo()
    click.secho(fitted(question), bold=True)
    _offer([", ".join(map(str, present))] if present else [], (LEAVE,))
    while True:
        typed = _typed()
        if typed and _means(typed, LEAVE):
            raise Leave
        chosen = _numbers(typed, count) if typed else tuple(present)
        if chosen:
            return chosen
        tell(
            _("That was not understood. Type a number from 1 to {count} and press Enter.").format(count=count), "yellow"
        )


def _typed() -> str:
    try:
        typed: str = click.prompt("", prompt_suffix="› ", default="", show_default=False)
    except click.Abort:
        click.echo()
        raise Leave from None
    return _folded(typed)


def _heeded(answer: str) -> str:
    if answer == BACK:
        raise Back
    if answer == LEAVE:
        raise Leave
    return answer


def _offer(answers: Sequence[str], ways_out: Sequence[str]) -> None:
    """The answers on one line, the first one framed; how to get out of here below."""
    said = [_(answer) for answer in answers]
    if said:
        said[0] = f"[{said[0]}]"
        click.echo(f"  {'   '.join(said)}")
    out = "   ".join(_(way) for way in ways_out)
    click.secho(f"   {out}", dim=True)


def _means(typed: str, answer: str) -> bool:
    letter, _equals, word = _(answer).partition(" = ")
    return typed in {_folded(letter), _folded(word)}


def _numbers(typed: str, count: int) -> tuple[int, ...]:
    words = typed.replace(",", " ").split()
    if not all(word.isdecimal() and 1 <= int(word) <= count for word in words):
        return ()
    return tuple(sorted({int(word) for word in words}))


def _folded(text: str) -> str:
    """Without capitals, accents and what a terminal may have put in."""
    apart = unicodedata.normalize("NFD", plain(text).strip().casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
