"""What a report is made from, read from disk: the rows of every record at hand, the schedule, and the records' codes."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from broadcaster.config import Station
from broadcaster.journal.dailycode import Mark, daily_code
from broadcaster.journal.events import Heartbeat
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.model import Airing, MarketId
from broadcaster.reports.ledger.figures import summaries
from broadcaster.reports.ledger.keeping import Ledger
from broadcaster.reports.merging import FOR_SUMMARY
from broadcaster.reports.summary import Period, Summary
from broadcaster.reports.summing import summarise
from broadcaster.schedule.load import load_plan
from broadcaster.store.engine import open_to_read, url_of
from broadcaster.store.tables import JournalRow


def journals(station: Station, others: Sequence[Path] = ()) -> list[list[Row]]:
    """The rows of the station's record, whoever wrote them, then those of other databases. Makes nothing.

    :raises RecordUnavailable: one of them is there and cannot be read.
    :raises UnknownSchema: one was laid out by a newer program or another one.
    """
    return [read(url, kinds=FOR_SUMMARY, everyone=True) for url in _urls(station, others)]


def summary_of(
    station: Station,
    period: Period,
    made: datetime,
    *,
    plan: Sequence[Airing] | None = None,
    only: Collection[MarketId] | None = None,
    others: Sequence[Path] = (),
) -> Summary:
    """What became of the promises due in ``period``, as known at ``made`` (local, aware), however long the record is.

    ``plan``: the schedule's airings, else as its files are now; ``only``: of these markets; ``others``: databases read beside
    this station's, all their rows.

    :raises RecordUnavailable, UnknownSchema, UnknownPayload: a record is there and cannot be read.
    :raises JournalsDisagree: two rows of one key differ.
    """
    return summaries_of(station, (period,), made, plan=plan, only=only, others=others)[0]


def summaries_of(
    station: Station,
    periods: Sequence[Period],
    made: datetime,
    *,
    plan: Sequence[Airing] | None = None,
    only: Collection[MarketId] | None = None,
    others: Sequence[Path] = (),
) -> list[Summary]:
    """The same of several periods, of which all is read once; of the first one its lines are wanted most."""
    planned = load_plan(station).airings if plan is None else plan
    if not others:
        with Ledger.open(station) as ledger:
            found = summaries(ledger, planned, periods, made, only)
        if found is not None:
            return found
    rows = journals(station, others)
    return [summarise(rows, planned, station.markets, period, made, only=only) for period in periods]


def codes_of_day(station: Station, others: Sequence[Path], day: date, nodes: Collection[str]) -> dict[str, str]:
    """The daily code of each of these computers' records, by node: what was on record then can be checked with it."""
    found: dict[str, str] = {}
    for url in _urls(station, others):
        for node, marks in groupby(_marks(url, nodes), key=lambda mark: mark.row.rsplit("-", 2)[0]):
            if (code := daily_code(list(marks), day)) is not None:
                found[node] = code
    return found


def _urls(station: Station, others: Sequence[Path]) -> list[str]:
    return [station.database, *map(url_of, others)]


def _marks(url: str, nodes: Collection[str]) -> Iterator[Mark]:
    """Of every row of these nodes but the heartbeats, by node, epoch and number."""
    store = open_to_read(url)
    if store is None:
        return
    key = (col(JournalRow.node), col(JournalRow.epoch), col(JournalRow.seq))
    wanted: list[Any] = [*key, col(JournalRow.utc), col(JournalRow.offset_s), col(JournalRow.hash)]
    own = col(JournalRow.node).in_(nodes), col(JournalRow.kind) != Heartbeat.kind
    rows = select(*wanted).where(*own).order_by(*key)
    try:
        with store.reading() as connection:
            for node, epoch, seq, utc, offset, digest in connection.execute(rows):
                yield Mark(f"{node}-{epoch}-{seq}", utc, offset, digest)
    finally:
        store.close()
