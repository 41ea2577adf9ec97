"""The calendar's figures are the summary's; each cell says what became of its promise, or what it still lacks."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from golden import MARKETS, WORDS, on
from office_season import Office, office, tree, words
from panel import Panel, WallClock, make_station, serving

from broadcaster.journal.events import Ended
from broadcaster.model import AiringId, EpisodeNumber, MarketId, Outcome, Reason, Role, Sha256
from broadcaster.reasons import name
from broadcaster.reports.documents.charts import mark
from broadcaster.reports.fates import fate_of
from broadcaster.reports.summary import Period
from broadcaster.web.office import calendar, season

JUNE_ON = date(2021, 6, 7)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("office") / "station") as made:
        yield made


def shown(at: Office, first: date) -> str:
    answer = at.panel.signed_in(Role.APPROVER).get("/office/calendar", params={"from": str(first)})
    assert answer.status_code == 200
    return answer.text


def period(first: date) -> Period:
    return Period(first, first + timedelta(days=7 * calendar.WEEKS - 1))


@pytest.mark.parametrize("first", [JUNE_ON, JUNE_ON + timedelta(weeks=calendar.WEEKS)])
def test_the_figures_above_the_weeks_are_those_of_the_summary(at: Office, first: date) -> None:
    total = at.season.summary(period(first)).total
    figures = [int(words(each)) for each in tree(shown(at, first)).cssselect(".counts .figure")]
    assert figures == [
        total.planned,
        total.played,
        total.made_good,
        total.partial,
        total.missed,
        total.cancelled,
        total.awaited,
        total.to_come,
    ]
    assert total.planned > 15


@pytest.mark.parametrize("first", [JUNE_ON, JUNE_ON + timedelta(weeks=calendar.WEEKS)])
def test_there_is_one_cell_for_every_promise_and_make_good_with_the_sign_of_what_became_of_it(
    at: Office, first: date
) -> None:
    summary = at.season.summary(period(first))
    kinds = Counter(each.get("class").removeprefix("cell ") for each in tree(shown(at, first)).cssselect("td .cell"))
    lines = [*summary.lines, *summary.make_goods]
    open_ones = {line.airing for line in lines if line.outcome is None}
    assert kinds.total() == len(lines)
    assert kinds == Counter("awaited" if line.airing in open_ones else mark(fate_of(line)).value for line in lines)


def test_each_week_says_how_many_were_heard_whole(at: Office) -> None:
    summary = at.season.summary(period(JUNE_ON))
    told = [words(each) for each in tree(shown(at, JUNE_ON)).cssselect("section h2 .hint")]
    counts = {group.key: group.counts for group in summary.weeks}
    assert told == [f"{each.fulfilled} de {each.due} se oyeron completas" for each in counts.values()]


def test_a_cell_says_why(at: Office) -> None:
    page = tree(shown(at, JUNE_ON))
    day, market = on("06-16"), MARKETS[1]
    row = next(row for row in page.cssselect("tbody tr") if "mié 16" in words(row[0]))
    cell = next(each for each in row if each.get("data-market") == at.season.station.markets[market].name)
    reason = Reason(WORDS[day][1].removeprefix("~").partition("/")[0])
    assert "incompleta" in words(cell)
    assert name(reason) in words(cell)


def test_whoever_may_not_read_the_log_is_given_no_links_to_it(at: Office) -> None:
    assert "/office/airing" not in shown(at, JUNE_ON)
    assert "/office/airing" in at.panel.signed_in(Role.COORDINATOR).get(f"/office/calendar?from={JUNE_ON}").text


@pytest.mark.parametrize("nonsense", ["2021-13-40", "<script>", "9999999-01-01", "'; --"])
def test_what_is_no_date_is_told_in_one_sentence(at: Office, nonsense: str) -> None:
    answer = at.panel.signed_in(Role.COORDINATOR).get("/office/calendar", params={"from": nonsense})
    assert answer.status_code == 422
    assert "no es una fecha" in words(tree(answer.text))
    assert "<script>" not in answer.text


@pytest.mark.parametrize("far", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_all_calendars_are_empty_weeks(at: Office, far: str) -> None:
    answer = at.panel.signed_in(Role.COORDINATOR).get("/office/calendar", params={"from": far})
    assert answer.status_code == 200
    assert "No se prometió nada en estas semanas." in words(tree(answer.text))


@pytest.fixture
def young(tmp_path: Path) -> Iterator[Panel]:
    """A station four days before its season: no episode has come yet."""
    with serving(make_station(tmp_path / "station"), WallClock(datetime(2021, 6, 14, 15, tzinfo=UTC))) as made:
        yield made


def test_what_is_to_come_says_what_it_still_lacks(young: Panel) -> None:
    """The shipped season without a single recording: nothing will air, and each cell says so; the first day is over."""
    page = tree(young.signed_in(Role.COORDINATOR).get("/office/calendar").text)
    kinds = Counter(each.get("class").removeprefix("cell ") for each in page.cssselect("td .cell"))
    assert set(kinds) == {"stopped", "awaited"}
    assert kinds["stopped"] > 20
    assert "falta" in words(page.cssselect("td .cell.stopped")[0])
    assert words(page.cssselect(".pager span")[0]) == "07/06/2021 – 04/07/2021"


def test_a_market_that_the_station_has_no_longer_is_shown_unless_there_are_too_many(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An office may have the record of a whole country: its calendar and its glance stay those of its own markets."""
    due = panel.desk.now() - timedelta(days=3)
    airing, market = AiringId(f"{due:%Y-%m-%d}T10:00/lejos"), MarketId("lejos")
    panel.write(Ended(airing, market, due, Outcome.MISSED, Reason.POWER_LOSS, EpisodeNumber(1), 1, Sha256("5d" * 32)))
    browser, path = panel.signed_in(Role.APPROVER), f"/office/calendar?from={due:%Y-%m-%d}"
    assert "lejos" in browser.get(path).text
    monkeypatch.setattr(season, "MOST_MARKETS", len(panel.desk.station.markets))
    assert "lejos" not in browser.get(path).text
    assert "lejos" not in browser.get("/office/markets").text
