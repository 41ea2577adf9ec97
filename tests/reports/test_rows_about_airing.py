"""One airing is explained from the few rows about it as it is from all of the record."""

from pathlib import Path

import pytest
from golden import MADE, MARKETS, golden, write

from broadcaster.config import load_station
from broadcaster.journal.about import rows_about
from broadcaster.journal.reading import read
from broadcaster.model import AiringId, MarketId, Plan
from broadcaster.reports.explanation import explain
from broadcaster.reports.explanation.told import BESIDE, case_of


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
        few = rows_about(station.database, line.airing, BESIDE)
        assert explain(case_of(line.airing, few, plan, station, MADE)) == explain(
            case_of(line.airing, whole, plan, station, MADE)
        ), line.airing


def test_at_an_office_the_computer_whose_end_counts_tells_the_airing(tmp_path: Path) -> None:
    """Four sticks brought four records; of an airing only its own computer's rows are told."""
    season = golden(tmp_path)
    airing = AiringId(f"2021-06-16T10:00/{MARKETS[2]}")
    assert {row.node for row in rows_about(season.station.database, airing, BESIDE)} == {"unicachi"}


def test_of_an_airing_that_nobody_knows_there_is_nothing(tmp_path: Path) -> None:
    season = golden(tmp_path)
    assert rows_about(season.station.database, AiringId("2021-06-16T10:01/nowhere"), BESIDE) == []
