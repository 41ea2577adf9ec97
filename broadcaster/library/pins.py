"""People's PINs: kept as argon2 hashes, tried a few times only.

A PIN of four digits protects against somebody at the keyboard, not against somebody who has copied the disk.
"""

import re
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection
from sqlmodel import col, delete, insert, select

from broadcaster.library import tries
from broadcaster.library.people_refusals import BadPin, NoPin, TooManyTries, WrongPin
from broadcaster.store.engine import Store, open_to_read
from broadcaster.store.tables import Credential

_PIN = re.compile(r"[0-9]{4,12}")
_hasher = PasswordHasher()


def has_pin(store: Store, code: str) -> bool:
    """Whether a PIN was ever set for the code."""
    with store.reading() as connection:
        return _hash_of(connection, code) is not None


def codes_with_pin(url: str) -> frozenset[str]:
    """The codes for which a PIN was set, in the database at ``url``; none when there is no database. Creates nothing."""
    store = open_to_read(url)
    if store is None:
        return frozenset()
    try:
        with store.reading() as connection:
            return frozenset(str(code) for code in connection.execute(select(Credential.code)).scalars())
    finally:
        store.close()


def check_form(pin: str) -> None:
    """Return when it may be a PIN.

    :raises BadPin: not 4 to 12 digits.
    """
    if not _PIN.fullmatch(pin):
        raise BadPin


def set_pin(store: Store, code: str, pin: str) -> None:
    """Keep a new PIN for the code; whoever calls has made sure that it may be set.

    :raises BadPin: not 4 to 12 digits.
    """
    check_form(pin)
    hashed = _hasher.hash(pin)
    with store.writing() as connection:
        connection.execute(delete(Credential).where(col(Credential.code) == code))
        connection.execute(insert(Credential).values(code=code, pin_hash=hashed))
        tries.forget(connection, code)


def check_pin(store: Store, code: str, pin: str, now: datetime) -> None:
    """Return when the PIN is the code's.

    :raises NoPin: none was set.
    :raises WrongPin: it is another.
    :raises TooManyTries: wrong ones came too often of late; this one was not looked at.
    """
    with store.writing() as connection:
        hashed = _hash_of(connection, code)
        if hashed is None:
            raise NoPin(code=code)
        try:
            left = tries.spend(connection, code, now)
        except tries.NoneLeft as spent:
            raise TooManyTries(code=code, minutes=spent.minutes) from None
    try:
        _hasher.verify(hashed, pin)
    except VerificationError:
        raise WrongPin(code=code, left=left) from None
    with store.writing() as connection:
        tries.forget(connection, code)


def _hash_of(connection: Connection, code: str) -> str | None:
    found = connection.execute(select(Credential.pin_hash).where(col(Credential.code) == code)).scalar()
    return None if found is None else str(found)
