"""What playout is told of the library, on which day."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

from people_at_hand import FOR_EVER
from real_station import TEN, make_station

from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, ConsentRegistered
from broadcaster.model import EpisodeNumber, Reason
from broadcaster.playout.repertoire import StationRepertoire, Statuses, file_version


def test_aloud_no_day_of_long_ago_brings_back_a_consent_that_has_ended(tmp_path: Path) -> None:
    """Nor does it matter that the day which plays is one on which it still held."""
    station = make_station(tmp_path / "station", 1.0)
    day = TEN.date()
    with Journal.open(station.database, ShiftedClock(TEN), station.timezone) as journal:
        signed = next(row.event for row in journal.rows() if isinstance(row.event, ConsentRegistered))
        admitted = next(row.event for row in journal.rows() if isinstance(row.event, Admitted))
        assert (signed.expires, admitted.consent_refs) == (FOR_EVER, ("CONS-1",))
    after = FOR_EVER + timedelta(days=1)
    version = file_version(station.database)

    def told(not_before: date) -> Reason | None:
        library = StationRepertoire(station, version, samples_may_air=True, not_before=not_before)
        return asyncio.run(_statuses(library, day))[EpisodeNumber(1)].reason

    assert told(date.min) is None
    assert told(after) is Reason.NO_CONSENT


async def _statuses(library: StationRepertoire, day: date) -> Statuses:
    return await library.statuses(day)
