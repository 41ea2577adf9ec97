"""Spanish and English sentences from gettext catalogues.

Message ids are the English sentences; ``es/LC_MESSAGES/broadcaster.po`` holds the Spanish ones. The language is chosen
once, by the command line, from ``--language`` or the station; until then it is Spanish. Where one process serves several
people, each is spoken to in her own: :func:`speaking`.
"""

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("es", "en")
DOMAIN = "broadcaster"

_language = LANGUAGES[0]
_here: ContextVar[str | None] = ContextVar("language", default=None)


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, Path(__file__).parent, languages=[language], fallback=language == "en")


def use(language: str) -> None:
    """Speak ``language`` (one of :data:`LANGUAGES`) from now on."""
    global _language  # noqa: PLW0603  a process speaks one language, but where it serves several people
    if language not in LANGUAGES:
        raise ValueError(language)
    _language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak ``language`` while the block lasts, in this task or thread and what it starts, and nowhere else."""
    if language not in LANGUAGES:
        raise ValueError(language)
    before = _here.set(language)
    try:
        yield
    finally:
        _here.reset(before)


def language() -> str:
    """The language spoken now, ``es`` or ``en``."""
    return _here.get() or _language


def gettext(message: str) -> str:
    """``message`` in the language spoken now; an unknown message comes back as it is."""
    return _catalogue(language()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form of the message that fits ``n`` things."""
    return _catalogue(language()).ngettext(singular, plural, n)


def mark(message: str) -> str:
    """Mark ``message`` for the catalogue where it is written down; it is translated where it is said."""
    return message
