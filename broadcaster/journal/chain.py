"""Each row holds the hash of the one before it: a row changed, taken out or slipped in later is found.

There is one chain for each node and epoch. An epoch's first row holds the hash of the row that was the newest known when it
began, a row of an earlier epoch: should the database have come back from an older copy, rows that turn up later follow
that row too, each in its own chain.

What a chain cannot show by itself is that its newest rows were cut off: the second copy shows it, and a
:mod:`day's code <broadcaster.journal.dailycode>` noted on paper.
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
    walk = _Walk()
    for record in records:
        walk.take(record)
    before = walk.before
    return Verification(walk.rows, walk.first_broken is None, before.hash if before else None, walk.first_broken)


class _Walk:
    """Along the chains: one node after the other, an epoch after the other."""

    def __init__(self) -> None:
        self.rows = 0
        self.before: Record | None = None
        self.first_broken: str | None = None
        self._older: set[str] = set()
        """Hashes of the rows of this node's epochs so far: what the next epoch may begin after."""

    def take(self, record: Record) -> None:
        self.rows += 1
        if self.before is None or self.before.node != record.node:
            self.before = None
            self._older.clear()
        if self.first_broken is None and not self._fits(record):
            self.first_broken = record.key
        self.before = record
        self._older.add(record.hash)

    def _fits(self, record: Record) -> bool:
        try:
            own = digest(record)
        except (TypeError, ValueError):  # a value put in by hand that no row of ours can hold
            return False
        return record.hash == own and self._follows(record)

    def _follows(self, record: Record) -> bool:
        before = self.before
        if before is None:
            return record.seq == 1 and record.prev_hash == GENESIS
        if before.epoch != record.epoch:
            return record.seq == 1 and record.epoch > before.epoch and record.prev_hash in self._older
        return record.seq == before.seq + 1 and record.prev_hash == before.hash
