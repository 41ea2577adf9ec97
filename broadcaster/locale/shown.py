"""Text from outside, made fit to be shown: no control characters, no reversed writing, no endless names."""

import unicodedata

LONGEST = 80
"""Characters shown of a name; more would push the sentence off the screen."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that draw nothing or rearrange what is drawn: controls, bidi marks, lone surrogates, separators."""
_JOINER = "\u200d"
"""Holds the parts of one emoji together, and can do no more."""


def is_plain(text: str) -> bool:
    """Whether every character of ``text`` shows as itself."""
    return not any(_is_hidden(character) for character in text)


def shown(text: str) -> str:
    """``text`` with every hidden character as ``�``, cut to :data:`LONGEST` characters."""
    plain = "".join("�" if _is_hidden(character) else character for character in text)
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def _is_hidden(character: str) -> bool:
    return character != _JOINER and unicodedata.category(character) in _HIDDEN
