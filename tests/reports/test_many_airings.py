"""Of more airings than have their lines made at once, papers and files say the same."""

from datetime import date

import pytest
from golden import MADE, SEASON, Golden, golden
from sqlalchemy import Connection

from broadcaster.model import MarketId
from broadcaster.reports.documents.overview import overview
from broadcaster.reports.documents.request import Request
from broadcaster.reports.gathering import summaries_of, summary_of
from broadcaster.reports.ledger import figures, keeping
from broadcaster.reports.ledger.catching import caught_up
from broadcaster.reports.ledger.late import LateLines
from broadcaster.reports.making import Asked, Basis
from broadcaster.reports.summary import Period, Summary
from broadcaster.reports.tables.as_json import as_json

YEAR = Period(date(2021, 1, 1), SEASON.last)


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    return golden(tmp_path_factory.mktemp("season"))


@pytest.fixture
def many(season: Golden, monkeypatch: pytest.MonkeyPatch) -> Summary:
    """The season as if it had more airings than that."""
    monkeypatch.setattr(figures, "AT_HAND", 10)
    return summary_of(season.station, SEASON, MADE, plan=season.plan)


def test_a_paper_makes_no_lines(season: Golden, many: Summary, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one: a month of a whole country has tens of thousands, each read from its rows."""
    whole = season.summary(SEASON)
    wanted = overview(Request(season.station, whole, season.summary(YEAR), MADE.date()))

    def refuse(*_lines: object) -> None:
        raise AssertionError

    monkeypatch.setattr(figures._Summing, "lines", refuse)
    (so_far,) = summaries_of(season.station, (YEAR,), MADE, plan=season.plan)
    assert isinstance(many.lines, LateLines)
    assert overview(Request(season.station, many, so_far, MADE.date())) == wanted
    with pytest.raises(AssertionError):
        len(many.lines)


def test_a_file_has_them_all(season: Golden, many: Summary) -> None:
    assert as_json(season.station, many) == as_json(season.station, season.summary(SEASON))


def test_a_paper_looks_at_the_record_once(season: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """For its period and for the year so far: how far each computer's record reaches is asked once."""
    asked = list[Connection]()

    def counted(journal: Connection, ledger: Connection) -> bool:
        asked.append(journal)
        return caught_up(journal, ledger)

    monkeypatch.setattr(keeping, "caught_up", counted)
    first, last = date(2021, 7, 1), date(2021, 7, 31)
    basis = Basis(season.station, Asked("monthly", "docx", first, last, (MarketId("unicachi"),)), MADE)
    assert (basis.summary.period, basis.so_far.period) == (Period(first, last), Period(date(2021, 1, 1), last))
    assert len(asked) == 1
    for found in (basis.summary, basis.so_far):
        alone = summary_of(season.station, found.period, MADE, only=(MarketId("unicachi"),))
        assert (tuple(found.lines), found.total, found.episodes) == (alone.lines, alone.total, alone.episodes)
