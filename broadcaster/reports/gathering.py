"""What a report is made from, read from disk: the rows of every record at hand, the schedule, and the records' codes."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from broadcaster.config import Station
from broadcaster.journal.append import read
from broadcaster.journal.dailycode import Mark, daily_code
from broadcaster.journal.events import Heartbeat
from broadcaster.journal.row import Row
from broadcaster.reports.merging import FOR_SUMMARY
from broadcaster.store.engine import open_to_read, url_of
from broadcaster.store.tables import JournalRow


def journals(station: Station, others: Sequence[Path] = ()) -> list[list[Row]]:
    """The rows of the station's record, whoever wrote them, then those of other databases. Makes nothing.

    :raises RecordUnavailable: one of them is there and cannot be read.
    :raises UnknownSchema: one was laid out by a newer program or another one.
    """
    return [read(url, kinds=FOR_SUMMARY, everyone=True) for url in _urls(station, others)]


def codes_of_day(station: Station, others: Sequence[Path], day: date) -> dict[str, str]:
    """The daily code of each computer's record, by node: what was on record then can be checked with it."""
    found: dict[str, str] = {}
    for url in _urls(station, others):
        for node, marks in groupby(_marks(url), key=lambda mark: mark.row.rsplit("-", 2)[0]):
            if (code := daily_code(list(marks), day)) is not None:
                found[node] = code
    return found


def _urls(station: Station, others: Sequence[Path]) -> list[str]:
    return [station.database, *map(url_of, others)]


def _marks(url: str) -> Iterator[Mark]:
    """Of every row but the heartbeats, by node, epoch and number."""
    store = open_to_read(url)
    if store is None:
        return
    key = (col(JournalRow.node), col(JournalRow.epoch), col(JournalRow.seq))
    wanted: list[Any] = [*key, col(JournalRow.utc), col(JournalRow.offset_s), col(JournalRow.hash)]
    rows = select(*wanted).where(col(JournalRow.kind) != Heartbeat.kind).order_by(*key)
    try:
        with store.reading() as connection:
            for node, epoch, seq, utc, offset, digest in connection.execute(rows):
                yield Mark(f"{node}-{epoch}-{seq}", utc, offset, digest)
    finally:
        store.close()
