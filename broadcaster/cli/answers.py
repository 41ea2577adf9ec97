"""Questions that a person answers with yes or no, one by one; for programs, from a file or lines of standard input.

No answer stands ready: whoever only presses Enter is asked again.
"""

import sys
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import click

from broadcaster.cli.show import fitted
from broadcaster.errors import BadInput, UsageError
from broadcaster.library.words import QUESTIONS
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Question

answers_option = click.option(
    "--answers",
    "answers_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("Read the answers from this file (one `word = true` or `false` a line) instead of asking."),
)
"""Gives a command the argument ``answers_file: Path | None``."""

YES, NO = {"y", "yes", "s", "si"}, {"n", "no"}
ANSWER = len(" no ")
"""Columns that an answer takes, the cursor behind it included."""


class BadAnswers(BadInput):
    """The file does not answer every question, or answers others."""

    sentence = N_(
        "{name} does not answer these questions with true or false, and no others: {words}. Nothing was changed; correct it."
    )


class AnswersNeeded(UsageError):
    """There is nobody to ask."""

    sentence = N_(
        "The questions must be answered by a person who listened, so nothing was changed. Answer them at a terminal."
    )


def ask_all(questions: Mapping[str, str], answers_file: Path | None) -> dict[str, bool]:
    """The answer to each question, by its word. ``questions``: word → the question, as it is asked."""
    if answers_file is not None:
        return _from_file(questions, answers_file)
    return {word: _ask(question) for word, question in questions.items()}


def ask_checklist(answers_file: Path | None) -> dict[Question, bool]:
    """What an approver answers to the six questions."""
    asked = ask_all({question.value: _(text) for question, text in QUESTIONS.items()}, answers_file)
    return {Question(word): answer for word, answer in asked.items()}


def _from_file(questions: Mapping[str, str], file: Path) -> dict[str, bool]:
    try:
        answers = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError):
        answers = {}
    if set(answers) != set(questions) or not all(isinstance(answer, bool) for answer in answers.values()):
        raise BadAnswers(name=file.name, words=", ".join(questions))
    return {word: bool(answers[word]) for word in questions}


def _ask(question: str) -> bool:
    while True:
        typed = _typed(question)
        if typed in YES | NO:
            return typed in YES
        click.echo(_("Please answer yes or no."))


def _typed(question: str) -> str:
    if sys.stdin.isatty():
        choice = _("(yes/no)")
        return _folded(click.prompt(fitted(f"{question} {choice}", room=ANSWER), prompt_suffix=" "))
    if not (line := sys.stdin.readline().strip()):
        raise AnswersNeeded
    return _folded(line)


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.strip().casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
