"""What messages said of airings, beside what the record says: which are still open, which are confirmed, which differ.

A message is provisional: only a terminal row of the market's own record ends an airing. Once that is on record, it counts.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from broadcaster.journal.dailycode import code_after, plain
from broadcaster.journal.events import Ended, MessageReceived
from broadcaster.journal.nodes import COLUMNS
from broadcaster.journal.reading import as_records, read
from broadcaster.journal.row import Row, understand
from broadcaster.model import AiringId
from broadcaster.store.engine import open_to_read
from broadcaster.store.tables import JournalRow

AT_ONCE = 500
"""Airings asked for in one question."""


@dataclass(frozen=True)
class Claim:
    """The newest message about an airing."""

    said: MessageReceived
    ends: tuple[tuple[Row, Ended], ...]
    """The airing's ends on record, of every computer."""
    at: datetime | None = None
    """When it was put on record, in the local time of then; ``None``: it was not."""

    @property
    def is_open(self) -> bool:
        """Whether no record has come yet that tells of the airing."""
        return not self.ends

    @property
    def differs(self) -> bool:
        """Whether the record tells something else."""
        said = self.said.outcome, self.said.reason
        return bool(self.ends) and all((end.outcome, end.reason) != said for _row, end in self.ends)

    @property
    def code_differs(self) -> bool:
        """Whether the record, which tells the same, is not the one that the message was made from: its code is another's.

        Costs some hundredths of a second.
        """
        said = self.said.outcome, self.said.reason
        same = [row for row, end in self.ends if (end.outcome, end.reason) == said]
        code = plain(self.said.code)
        return bool(same) and all(plain(code_after(row.hash, row.local.date())) != code for row in same)


def claims(rows: Iterable[Row]) -> dict[AiringId, Claim]:
    """The newest message about each airing, beside its ends; ``rows``: of both kinds, of everybody, in any order."""
    newest: dict[AiringId, tuple[Row, MessageReceived]] = {}
    ends: dict[AiringId, list[tuple[Row, Ended]]] = {}
    for row in sorted(rows, key=lambda row: (row.utc, row.node, row.epoch, row.seq)):
        if isinstance(row.event, MessageReceived):
            newest[row.event.airing] = row, row.event
        elif isinstance(row.event, Ended):
            ends.setdefault(row.event.airing, []).append((row, row.event))
    return {airing: Claim(said, tuple(ends.get(airing, ())), row.local) for airing, (row, said) in newest.items()}


def claims_at(url: str) -> dict[AiringId, Claim]:
    """Those on record at ``url``, without ever making one.

    :raises RecordUnavailable: the database is there and cannot be read.
    """
    received = read(url, kinds=(MessageReceived,), everyone=True)
    airings = {row.event.airing for row in received if isinstance(row.event, MessageReceived)}
    return claims([*received, *ends_of(url, airings)])


def ends_of(url: str, airings: Collection[AiringId]) -> list[Row]:
    """Every terminal row of these airings, whoever wrote it. Raises as :func:`claims_at`."""
    found: list[Row] = []
    store, wanted = open_to_read(url), sorted(airings)
    if store is None:
        return found
    try:
        with store.reading() as connection:
            for at in range(0, len(wanted), AT_ONCE):
                some = col(JournalRow.airing).in_(wanted[at : at + AT_ONCE])
                asked = select(*COLUMNS).where(col(JournalRow.kind) == Ended.kind, some)
                found += map(understand, as_records(connection.execute(asked)))
    finally:
        store.close()
    return found
