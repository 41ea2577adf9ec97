"""Text from outside, made fit to be shown: no control characters, no reversed writing, no endless names."""

import unicodedata

LONGEST = 80
"""Characters shown of a name; more would push the sentence off the screen."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that draw nothing or rearrange what is drawn: controls, bidi marks, lone surrogates, separators."""


def is_plain(text: str) -> bool:
    """Whether every character of ``text`` shows as itself."""
    return not any(unicodedata.category(character) in _HIDDEN for character in text)


def shown(text: str) -> str:
    """``text`` with every hidden character as ``�``, cut to :data:`LONGEST` characters."""
    plain = "".join("�" if unicodedata.category(character) in _HIDDEN else character for character in text)
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
