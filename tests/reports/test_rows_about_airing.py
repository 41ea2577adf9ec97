"""One airing is explained from the few rows about it as it is from all of the record."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from golden import MADE, MARKETS, golden, write

from broadcaster.clock import SystemClock
from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import PlanAccepted, Promise
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, EpisodeNumber, MarketId, Plan, Seconds, Sha256
from broadcaster.reports.explanation import explain
from broadcaster.reports.explanation.told import BESIDE, case_of
from broadcaster.reports.ledger.keeping import Ledger
from broadcaster.reports.ledger.one_airing import rows_about


def about(station: Station, airing: AiringId) -> list[Row]:
    with Ledger.open(station) as ledger:
        return rows_about(ledger, airing, BESIDE)


@pytest.mark.parametrize("market", MARKETS)
def test_few_rows_explain_every_airing_as_the_whole_record_does(tmp_path: Path, market: MarketId) -> None:
    """From that market's own record, as its computer has it."""
    (tmp_path / "all").mkdir()
    season = golden(tmp_path / "all")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "config.toml").write_bytes((tmp_path / "all" / "config.toml").read_bytes())
    station, plan = load_station(tmp_path / "own"), Plan(season.plan)
    write(station, list(season.records[MARKETS.index(market)]))
    whole = read(station.database, everyone=True)
    lines = season.summary().of_market(market)
    assert len(lines) >= 15
    for line in lines:
        few = about(station, line.airing)
        assert explain(case_of(line.airing, few, plan, station, MADE)) == explain(
            case_of(line.airing, whole, plan, station, MADE)
        ), line.airing


def test_at_an_office_the_computer_whose_end_counts_tells_the_airing(tmp_path: Path) -> None:
    """Four sticks brought four records; of an airing only its own computer's rows are told."""
    season = golden(tmp_path)
    airing = AiringId(f"2021-06-16T10:00/{MARKETS[2]}")
    assert {row.node for row in about(season.station, airing)} == {"unicachi"}


def test_of_an_airing_that_nobody_knows_there_is_nothing(tmp_path: Path) -> None:
    season = golden(tmp_path)
    assert about(season.station, AiringId("2021-06-16T10:01/nowhere")) == []


def test_every_change_of_a_promise_is_told_and_no_repetition_of_it(tmp_path: Path) -> None:
    """However often the ledger was caught up meanwhile."""
    station, airing = golden(tmp_path).station, AiringId("2021-12-24T10:00/unicachi")
    due = datetime(2021, 12, 24, 15, tzinfo=UTC)
    first = Promise(airing, MarketId("unicachi"), due, EpisodeNumber(7), Seconds(600.0))
    changed = replace(first, grace_s=Seconds(300.0))
    said = [PlanAccepted(Sha256("a" * 64), (each,)) for each in (first, first, changed, changed, first)]
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        places = []
        for event in said:
            places.append(journal.append(event).play)
            told = [places.index(row.play) for row in about(station, airing) if row.play in places]
            assert told == [number for number in (0, 2, 4) if number < len(places)]
