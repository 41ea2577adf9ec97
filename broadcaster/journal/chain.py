"""Each row holds the hash of the one before it: a row changed, taken out or slipped in later is found.

What a chain cannot show by itself is that its newest rows were cut off: compare ``head`` and ``rows`` with a copy noted
elsewhere.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from broadcaster.journal.payload import dumps
from broadcaster.journal.row import Record

GENESIS = "0" * 64
"""What the first row of all holds for the hash of the row before it."""

_HASHED = tuple(field.name for field in fields(Record) if field.name != "hash")


@dataclass(frozen=True)
class Verification:
    """What a walk along the chain found."""

    rows: int
    intact: bool
    head: str | None
    """Hash of the newest row; ``None`` when there are none."""
    first_broken: str | None
    """Key of the first row that does not fit, ``node-epoch-seq``."""


def canonical(record: Record) -> bytes:
    """The bytes a row's hash is taken over: canonical JSON of every column but the hash itself, UTF-8."""
    return dumps({name: getattr(record, name) for name in _HASHED}).encode()


def digest(record: Record) -> str:
    """SHA-256 of :func:`canonical`, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(record)).hexdigest()


def link(record: Record, before: Record | None) -> Record:
    """The record with its place in the chain: after ``before``, or first of all."""
    placed = replace(record, prev_hash=before.hash if before else GENESIS)
    return replace(placed, hash=digest(placed))


def verify(records: Iterable[Record]) -> Verification:
    """Walk along the records, in the order of their keys, and name the first that does not fit."""
    before: Record | None = None
    count, first_broken = 0, None
    for record in records:
        count += 1
        if first_broken is None and not _fits(record, before):
            first_broken = record.key
        before = record
    return Verification(count, first_broken is None, before.hash if before else None, first_broken)


def _fits(record: Record, before: Record | None) -> bool:
    try:
        own = digest(record)
    except (TypeError, ValueError):  # a value put in by hand that no row of ours can hold
        return False
    return record.hash == own and _follows(record, before)


def _follows(record: Record, before: Record | None) -> bool:
    if before is None or before.node != record.node:
        return record.seq == 1 and record.prev_hash == GENESIS
    if before.epoch != record.epoch:
        return record.seq == 1 and record.epoch > before.epoch and record.prev_hash == before.hash
    return record.seq == before.seq + 1 and record.prev_hash == before.hash
