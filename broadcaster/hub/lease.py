"""How long a box plays without hearing from its office: until its last stick's day, or one that was dictated. Pure.

A dictated code holds its day and a mark (BLAKE2b, 31 bits) that only office and box can make, with the secret their keys share;
it is good for one box. It takes ten letters of the alphabet in which no two look alike.
"""

import hashlib
from datetime import date, timedelta

from broadcaster.hub.refusals import LeaseOutside, NoSeason
from broadcaster.journal.dailycode import ALPHABET, plain
from broadcaster.schedule.season import Season

AFTER_SEASON = timedelta(days=7)
DICTATED = timedelta(days=14)
"""For how long a dictated code lets a box play on, unless said otherwise."""
LETTERS = 10
_FIRST = date(2020, 1, 1)
_MARK = 31
LATEST = _FIRST + timedelta(days=(len(ALPHABET) ** LETTERS >> _MARK) - 1)
"""The last day that a code can say."""


def lease_of(seasons: tuple[Season, ...], market: str, wanted: date | None, today: date) -> date:
    """The last day on which what is sent to a market may be played.

    :param wanted: a shorter one, if any.
    :raises NoSeason: none airs there.
    :raises LeaseOutside: it would be longer, or is past: the market would fall silent as soon as it takes the stick.
    """
    ends = [season.last for season in seasons if market in season.places]
    if not ends:
        raise NoSeason(market=market)
    last = max(ends) + AFTER_SEASON
    first = min(today, last)
    if wanted is not None and not first <= wanted <= last:
        raise LeaseOutside(first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")
    return wanted or last


def code_for(secret: bytes, node: str, until: date) -> str:
    """The code by which the box of this node plays until the end of this day: ``K7F3 9QXM HD``."""
    number = ((until - _FIRST).days << _MARK) | _mark(secret, node, until)
    letters = []
    for _place in range(LETTERS):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    code = "".join(letters)
    return " ".join((code[:4], code[4:8], code[8:]))


def day_of(secret: bytes, node: str, code: str) -> date | None:
    """The day that such a code holds; ``None`` when it was made by another office, for another box, or typed wrong."""
    letters = plain(code)
    if len(letters) != LETTERS or not set(letters) <= set(ALPHABET):
        return None
    number = 0
    for letter in reversed(letters):
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    days, mark = number >> _MARK, number & ((1 << _MARK) - 1)
    if days > (date.max - _FIRST).days:
        return None
    until = _FIRST + timedelta(days=days)
    return until if mark == _mark(secret, node, until) else None


def _mark(secret: bytes, node: str, until: date) -> int:
    said = f"{node} {until.isoformat()}".encode()
    raw = hashlib.blake2b(said, key=secret, person=b"stick lease", digest_size=8).digest()
    return int.from_bytes(raw, "big") >> (64 - _MARK)
