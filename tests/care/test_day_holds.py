"""A pause that ends by itself, beside one that waits for somebody: which markets stay silent today whatever is touched."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadcaster.care.day_holds import held_for_the_day
from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event, Held, Resumed
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.model import MarketId

LIMA = ZoneInfo("America/Lima")
AT = datetime(2021, 6, 18, 10, tzinfo=LIMA)
MIDNIGHT = datetime(2021, 6, 19, tzinfo=LIMA)
NORTE = MarketId("norte")
BY_HAND = Held(NORTE, "uid:1000", "ruido")
FOR_SAFETY = Held(NORTE, "uid:1000", until=MIDNIGHT, safety=True)
LIFTED = Resumed(NORTE, "uid:1000")


def rows(folder: Path, *events: Event) -> list[Row]:
    url = f"sqlite:///{folder}/record.db"
    with Journal.open(url, ShiftedClock(AT), LIMA) as journal:
        for event in events:
            journal.append(event)
    return read(url)


@pytest.mark.parametrize(
    ("events", "now", "held"),
    [
        ([], AT, ()),
        ([BY_HAND], AT, ()),
        ([FOR_SAFETY], AT, (NORTE,)),
        ([FOR_SAFETY, BY_HAND], AT, (NORTE,)),
        ([BY_HAND, FOR_SAFETY], AT, (NORTE,)),
        ([BY_HAND, FOR_SAFETY], MIDNIGHT - timedelta(seconds=1), (NORTE,)),
        ([BY_HAND, FOR_SAFETY], MIDNIGHT, ()),
        ([BY_HAND, FOR_SAFETY], None, (NORTE,)),
        ([BY_HAND, FOR_SAFETY, LIFTED], AT, ()),
        ([FOR_SAFETY, LIFTED, BY_HAND], AT, ()),
    ],
)
def test_a_day_is_kept_whatever_else_pauses_the_market(
    tmp_path: Path, events: Collection[Event], now: datetime | None, held: Collection[MarketId]
) -> None:
    assert tuple(held_for_the_day(rows(tmp_path, *events), now)) == tuple(held)
