"""What Tab offers after ``plays explain``: the days on which something aired lately, then the markets."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from test_completion import MARKETS, SHIPPED, bash

from broadcaster.clock import ShiftedClock
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended
from broadcaster.model import AiringId, MarketId, Outcome, Reason

LIMA = ZoneInfo("America/Lima")


def test_the_last_days_on_record_and_then_the_markets(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(SHIPPED.read_bytes())
    assert bash(tmp_path, "broadcaster", "plays", "explain", "") == []
    station, due = load_station(tmp_path), datetime(2021, 6, 16, 10, tzinfo=LIMA)
    with Journal.open(station.database, ShiftedClock(due), LIMA) as journal:
        for days in (0, 2, 2, 7):
            day = due + timedelta(days=days)
            airing = AiringId(f"{day:%Y-%m-%dT%H:%M}/unicachi")
            journal.append(Ended(airing, MarketId("unicachi"), day, Outcome.MISSED, Reason.POWER_LOSS))
    assert bash(tmp_path, "broadcaster", "plays", "explain", "") == ["2021-06-23", "2021-06-18", "2021-06-16"]
    assert bash(tmp_path, "broadcaster", "plays", "explain", "2021-06-18", "") == MARKETS
