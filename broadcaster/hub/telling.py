"""The message about an airing that has ended at this computer, for the operator's phone. Reads; makes and writes nothing."""

from collections.abc import Iterator

from sqlmodel import col, select

from broadcaster.config import Station
from broadcaster.hub.fellows import fellows
from broadcaster.hub.keys import FILE, keys_of
from broadcaster.hub.message import Message, can_be_told
from broadcaster.hub.message_refusals import NothingEnded, NothingToTell
from broadcaster.journal.dailycode import code_after
from broadcaster.journal.events import Ended, OfficePaired
from broadcaster.journal.nodes import COLUMNS
from broadcaster.journal.reading import as_records, read
from broadcaster.journal.row import Row, understand
from broadcaster.model import AiringId, ClockTrust, MarketId
from broadcaster.store.engine import open_to_read, whose
from broadcaster.store.tables import JournalRow


def message_of(station: Station, airing: AiringId | None = None, market: MarketId | None = None) -> Message:
    """What became of this airing or, without one, of the newest that ended here, as a message in the language spoken now.

    :param market: only an airing of this one.
    :raises NothingEnded, NothingToTell: none has ended.
    :raises RecordUnavailable: the record is there and cannot be read.
    """
    row, said = next(_ends(station, airing, market), (None, None))
    if row is None or said is None:
        raise NothingEnded if airing is None and market is None else NothingToTell(what=airing or market)
    known = station.markets.get(said.market)
    message = Message(
        airing=said.airing,
        market=said.market,
        due=said.due.astimezone(station.timezone),
        outcome=said.outcome,
        reason=said.reason,
        code=code_after(row.hash, row.local.date()),
        place=known.name if known else "",
    )
    return message.sealed(secret_of(station))


def secret_of(station: Station) -> bytes | None:
    """What only this computer and its office know; ``None`` where it belongs to none."""
    rows = read(station.database, kinds=(OfficePaired,))
    office = fellows(rows).office
    if office is None or not (station.data / FILE).exists():
        return None
    return keys_of(station).shared_with(office)


def _ends(station: Station, airing: AiringId | None, market: MarketId | None) -> Iterator[tuple[Row, Ended]]:
    """This computer's own ends of airings, the newest first; of one airing the first end, which stands."""
    store = open_to_read(station.database)
    if store is None:
        return
    place = (col(JournalRow.epoch), col(JournalRow.seq))
    wanted = select(*COLUMNS).where(col(JournalRow.kind) == Ended.kind)
    order = [column.desc() for column in place] if airing is None else list(place)
    try:
        with store.reading() as connection:
            wanted = wanted.where(col(JournalRow.node) == whose(connection).node)
            if airing is not None:
                wanted = wanted.where(col(JournalRow.airing) == airing)
            for row in map(understand, as_records(connection.execute(wanted.order_by(*order)))):
                said = row.event
                real = row.clock is not ClockTrust.SHIFTED
                if isinstance(said, Ended) and real and can_be_told(said.airing) and market in {None, said.market}:
                    yield row, said
    finally:
        store.close()
