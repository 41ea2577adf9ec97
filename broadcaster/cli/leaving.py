"""What leaves the station is put on record first, where the station has a record: making a schedule needs none."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.cli.context import Desk
from broadcaster.cli.signed import who

if TYPE_CHECKING:
    from broadcaster.model import MarketId


def on_record(  # noqa: PLR0917  what the row says, and who signs
    desk: Desk,
    document: str,
    format_: str,
    days: tuple[date, date],
    markets: "Iterable[MarketId]",
    content: bytes,
    code: str | None,
    pin_file: Path | None,
) -> None:
    """That this document is about to leave; ``days``: the first and the last that it tells of.

    :raises RecordUnavailable: there is a record, and it could not be written. Then nothing may leave.
    """
    if not _has_record(desk):
        return
    from broadcaster.reports.registering import register  # noqa: PLC0415  the record is heavy
    from broadcaster.reports.summary import Period  # noqa: PLC0415

    with desk.open_journal() as journal:
        register(journal, document, format_, Period(*days), markets, content, who(journal, code, pin_file))


def _has_record(desk: Desk) -> bool:
    from broadcaster.store.engine import open_to_read  # noqa: PLC0415  the database is heavy

    store = open_to_read(desk.station.database)
    if store is None:
        return False
    store.close()
    return True
