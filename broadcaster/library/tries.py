"""Wrong tries at a secret that a person types, such as a PIN: so many within a while, and no more.

A try is on record before what was typed is looked at, so that trying from two windows at once gains nothing.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlmodel import col, delete, insert, select

from broadcaster.journal.payload import utc_from, utc_text
from broadcaster.store.tables import PinTry

TRIES = 5
WITHIN = timedelta(minutes=15)


class NoneLeft(Exception):
    """What is typed now is not looked at. Whoever asks knows what to call it."""

    def __init__(self, minutes: int) -> None:
        """``minutes``: after so many it may be tried again."""
        super().__init__(minutes)
        self.minutes = minutes


def spend(connection: Connection, of: str, now: datetime) -> int:
    """Put a try on record and give how many are left after it.

    :param of: whose or what for: a person's code, or a word that can be nobody's.
    :raises NoneLeft: there were too many of late; this one is not on record.
    """
    since = utc_text(now - WITHIN)
    recent = select(PinTry.utc).where(col(PinTry.code) == of, col(PinTry.utc) > since).order_by(col(PinTry.utc))
    tries = [str(text) for text in connection.execute(recent).scalars()]
    if len(tries) >= TRIES:
        wait = utc_from(tries[-TRIES]) + WITHIN - now
        raise NoneLeft(max(1, -(-int(wait.total_seconds()) // 60)))
    connection.execute(insert(PinTry).values(code=of, utc=utc_text(now)))
    return TRIES - len(tries) - 1


def forget(connection: Connection, of: str) -> None:
    """Let the tries before a right one count no more."""
    connection.execute(delete(PinTry).where(col(PinTry.code) == of))
