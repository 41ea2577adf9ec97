"""Histories written straight into a database, whatever they say."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import insert

from broadcaster.journal import payload
from broadcaster.journal.chain import link
from broadcaster.journal.events import Event
from broadcaster.journal.row import Record
from broadcaster.model import ClockTrust
from broadcaster.store.engine import open_to_write, url_of
from broadcaster.store.tables import JournalRow

START = datetime(2021, 6, 18, 15, tzinfo=UTC)
Key = tuple[str, int, int]


def write(database: Path, history: Iterable[tuple[Key, ClockTrust, Event]]) -> str:
    """Put the rows into the database, made if need be; answers its URL."""
    before: Record | None = None
    records = []
    for at, (key, clock, event) in enumerate(history):
        before = link(record(key, START + timedelta(seconds=at), clock, event), before)
        records.append({name: getattr(before, name) for name in Record.__slots__})
    store = open_to_write(url_of(database))
    with store.writing() as connection:
        if records:
            connection.execute(insert(JournalRow), records)
    store.close()
    return url_of(database)


def record(key: Key, moment: datetime, clock: ClockTrust, event: Event) -> Record:
    return Record(
        *key,
        utc=payload.utc_text(moment),
        offset_s=-18_000,
        monotonic_s=1.0,
        boot_id="boot",
        clock=clock.value,
        kind=event.kind,
        airing=getattr(event, "airing", None),
        version=payload.VERSION,
        payload=payload.encode(event),
        prev_hash="",
        hash="",
    )
