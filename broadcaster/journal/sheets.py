"""The number of a control sheet: which market and month it is of, and which list of airings was printed on it. Pure.

Eight characters in two groups, ``K7F3-9QXM``: the first say market and month, the last the airings. A number that was typed
wrongly is so found out, and two sheets of one month with different airings on them are told apart.
"""

import hashlib
from collections.abc import Iterable
from datetime import date

from broadcaster.model import AiringId, MarketId

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that are not taken for one another when they are written by hand."""
GROUP = 4


def sheet_number(market: MarketId, month: date, airings: Iterable[AiringId]) -> str:
    """The number of the sheet of a market's ``month`` (any day of it) with these airings on it."""
    return f"{_first(market, month)}-{_letters('/'.join(sorted(airings)))}"


def is_of(number: str, market: MarketId, month: date) -> bool:
    """Whether a number, as :func:`read_number` gives it, is of a sheet of this market and month."""
    return number.partition("-")[0] == _first(market, month)


def read_number(typed: str) -> str | None:
    """A number as people type it, in its own form; ``None`` when it is none."""
    letters = "".join(letter for letter in typed.upper() if letter not in " -\t")
    if len(letters) != 2 * GROUP or not set(letters) <= set(ALPHABET):
        return None
    return f"{letters[:GROUP]}-{letters[GROUP:]}"


def _first(market: MarketId, month: date) -> str:
    return _letters(f"{market} {month:%Y-%m}")


def _letters(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    letters = []
    for _ in range(GROUP):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)
