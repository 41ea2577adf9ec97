"""A station with a play log of any length, written straight into its database: the appending itself would take hours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import insert

from broadcaster.clock import ShiftedClock
from broadcaster.journal import payload
from broadcaster.journal.append import Journal
from broadcaster.journal.chain import link
from broadcaster.journal.events import Ended, Event, Intent, ProcessId, Started
from broadcaster.journal.row import Record
from broadcaster.model import (
    AiringId,
    EpisodeNumber,
    Evidence,
    MarketId,
    Milliseconds,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.store.engine import url_of
from broadcaster.store.tables import JournalRow

LIMA = ZoneInfo("America/Lima")
FIRST = datetime(2021, 6, 18, 6, tzinfo=LIMA)
MARKETS = ("el-bosque", "huamantanga", "mercado-central", "unicachi")
A_DAY = 48
"""Airings of one market a day, a quarter of an hour apart."""
MASTER = Sha256("3c" * 32)
_BATCH = 5_000


def write_log(station: Path, rows: int) -> None:
    """Fill the station's new database with ``rows`` rows: a start, intents and their ends; every eighth airing was missed."""
    database = station / "data" / "broadcaster.db"
    with Journal.open(url_of(database), ShiftedClock(FIRST), LIMA) as journal, journal.store.writing() as connection:
        before, batch = None, []
        for seq, (moment, event) in zip(range(1, rows + 1), _history(journal.node), strict=False):
            before = link(_record(journal.node, seq, moment, event), before)
            batch.append({name: getattr(before, name) for name in Record.__slots__})
            if len(batch) == _BATCH or seq == rows:
                connection.execute(insert(JournalRow), batch)
                batch.clear()


def _history(node: str) -> Iterator[tuple[datetime, Event]]:
    seq = 1
    yield FIRST, Started("0.1.0", 1, tuple(MarketId(market) for market in MARKETS))
    for number in range(10**9):
        slot, market = number // len(MARKETS), MarketId(MARKETS[number % len(MARKETS)])
        due = FIRST + timedelta(days=slot // A_DAY, minutes=15 * (slot % A_DAY))
        for event in _airing(number, due, market, PlayId(f"{node}-1-{seq + 1}")):
            seq += 1
            yield due + timedelta(seconds=24 if isinstance(event, Ended) else -3), event


def _airing(number: int, due: datetime, market: MarketId, play: PlayId) -> Iterator[Event]:
    airing, episode = AiringId(f"{due:%Y-%m-%dT%H:%M}/{market}"), EpisodeNumber(number % 12 + 1)
    if number % 8 == 7:
        yield Ended(airing, market, due, Outcome.MISSED, Reason.POWER_LOSS, episode)
        return
    player, whole = ProcessId(4711, 98765), Seconds(23.9)
    yield Intent(airing, market, episode, 1, MASTER, due, Seconds(0.0), whole, f"broadcaster-{market}", player, player)
    yield Ended(
        *(airing, market, due, Outcome.PLAYED, Reason.ON_TIME, episode, 1, MASTER, play),
        *(due + timedelta(milliseconds=12), due + timedelta(seconds=23.912), whole, whole, Evidence.MONITOR),
        start_error_ms=Milliseconds(12.0),
    )


def _record(node: str, seq: int, moment: datetime, event: Event) -> Record:
    return Record(
        node=node,
        epoch=1,
        seq=seq,
        utc=payload.utc_text(moment.astimezone(UTC)),
        offset_s=-18_000,
        monotonic_s=(moment - FIRST).total_seconds(),
        boot_id="0d6c2a4e-5b1f-4f7e-9a53-1f5b2f0c8d11",
        clock="synced",
        kind=event.kind,
        airing=getattr(event, "airing", None),
        version=payload.VERSION,
        payload=payload.encode(event),
        prev_hash="",
        hash="",
    )
