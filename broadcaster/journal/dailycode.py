"""A day's code: eight characters that stand for the whole record up to a row of that day, short enough for a notebook.

Somebody writes it down on paper; whoever has the record and the paper later finds out whether what was on record then is on
record still, unchanged. The code of a day that is not over changes with each row; each of them stays good, for it names the row
that was the newest when it was noted.

It is taken by scrypt, which costs some hundredths of a second and 16 MB: so short a code would otherwise be met by
trying out false records until one fits. Heartbeats have no code of their own; the play's end, which follows, covers them.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from broadcaster.journal.payload import utc_from

ALPHABET = "23456789ACDEFHJKMNPQRTVWXY"
"""No two look alike in handwriting: no 0, O, 1, I and L, no B beside 8, G beside 6, S beside 5, U beside V, Z beside 2."""
LENGTH = 8
_MEANT = str.maketrans("BGSUZ", "865V2")
"""What somebody surely saw who copied a letter that no code has."""
_COST, _BLOCK, _LANES = 1 << 14, 8, 1


@dataclass(frozen=True)
class Mark:
    """As much of a row as its code is made of."""

    row: str
    """Its key, ``node-epoch-seq``."""
    utc: str
    offset_s: int
    hash: str


@dataclass(frozen=True)
class Noted:
    """The row that was the newest when a code was noted."""

    row: str
    """Its key, ``node-epoch-seq``."""
    written: datetime
    """In the local time of then."""


def code_after(head: str, day: date) -> str:
    """The code of a day whose newest row has this hash: ``K7F3-9QXM``."""
    salt = f"broadcaster {day.isoformat()}".encode()
    raw = hashlib.scrypt(head.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, dklen=16)
    number = int.from_bytes(raw, "big")
    letters = []
    for _position in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def daily_code(marks: Iterable[Mark], day: date) -> str | None:
    """The code of a local day, from one node's rows in order, but for heartbeats; ``None``: nothing was on record by then.

    A day without rows has the code of the newest row before it.
    """
    newest = _newest_by(list(_dated(marks)), day)
    return None if newest is None else code_after(newest.hash, day)


def noted(marks: Iterable[Mark], day: date, code: str) -> Noted | None:
    """The row up to which the record is as it was when this code was noted on that day; ``None``: no row gives it."""
    wanted = plain(code)
    for mark, moment in reversed(_candidates(list(_dated(marks)), day)):
        if plain(code_after(mark.hash, day)) == wanted:
            return Noted(mark.row, moment)
    return None


def plain(code: str) -> str:
    """A code as it is compared: capital letters, no strokes, look-alikes taken for what they must be."""
    return "".join(letter for letter in code.upper() if letter.isalnum()).translate(_MEANT)


Dated = list[tuple[Mark, datetime]]


def _dated(marks: Iterable[Mark]) -> Iterable[tuple[Mark, datetime]]:
    """Each with its local moment; one whose moment cannot be read is the chain's matter."""
    for mark in marks:
        try:
            yield mark, utc_from(mark.utc).astimezone(timezone(timedelta(seconds=mark.offset_s)))
        except (TypeError, ValueError, OverflowError):
            continue


def _newest_by(dated: Dated, day: date) -> Mark | None:
    """The last row of the day or, without one, of the latest day before it: a clock may have been wrong for a while."""
    by_then = [(moment.date(), place) for place, (_, moment) in enumerate(dated) if moment.date() <= day]
    return dated[max(by_then)[1]][0] if by_then else None


def _candidates(dated: Dated, day: date) -> Dated:
    """Every row that may have been the newest at some moment of the day: the one before its first, and its own."""
    own = [place for place, (_, moment) in enumerate(dated) if moment.date() == day]
    before = _newest_by(dated[: own[0]] if own else dated, day)
    return [*(each for each in dated if each[0] is before), *(dated[place] for place in own)]
