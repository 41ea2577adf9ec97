"""The ledger beside the journal is what all of the journal's rows come to, however and whenever it was made."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from golden import LIMA, MARKETS, ROOT, SEASON, Told, as_record, end_of, golden, name, on, ten
from golden import UNICACHI as MARKET
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_histories import DAYS, add, files, histories, plans

from broadcaster.config import Station, load_station
from broadcaster.journal import fold
from broadcaster.journal.row import Record, Row, understand
from broadcaster.model import Airing, Evidence, MarketId, Outcome, Reason
from broadcaster.reports.fates import fates
from broadcaster.reports.gathering import summary_of
from broadcaster.reports.ledger import catching, figures
from broadcaster.reports.ledger.figures import summary
from broadcaster.reports.ledger.keeping import Ledger
from broadcaster.reports.ledger.pages import Asked, NoSuchPlace, markets, page
from broadcaster.reports.merging import FOR_SUMMARY, merge
from broadcaster.reports.summary import Period, Summary
from broadcaster.reports.summing import summarise
from broadcaster.store.engine import open_to_write, url_of

MADE = datetime(2021, 7, 2, 11, 0, tzinfo=LIMA)
"""In the middle of the days told of."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """A station whose database has no rows, to be copied: laying one out takes time."""
    folder = tmp_path_factory.mktemp("empty")
    shutil.copy(ROOT / "config.toml", folder)
    station = load_station(folder)
    open_to_write(station.database).close()
    return station


def copied(station: Station, folder: str | Path) -> Station:
    data = Path(folder) / "data"
    shutil.copytree(station.data, data)
    return replace(station, root=Path(folder), database=url_of(data / "broadcaster.db"))


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catching, "AT_ONCE", 7)
    monkeypatch.setattr(catching, "NAMED", 3)


def plain(value: Any) -> Any:
    """The value as what can be compared: sums of seconds are equal when a millionth does not tell them apart."""
    if isinstance(value, float):
        return round(value, 6)
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in value]
    return value


def read(lot: Sequence[Record]) -> list[Row]:
    """What a report reads of it."""
    return [row for row in map(understand, lot) if isinstance(row.event, FOR_SUMMARY)]


def folded(
    rows: Sequence[Row], plan: Sequence[Airing], station: Station, period: Period, only: set[MarketId] | None
) -> Summary:
    return summarise([rows], plan, station.markets, period, MADE, only=only)


periods = st.builds(
    lambda first, last: Period(min(first, last), max(first, last)), st.sampled_from(DAYS), st.sampled_from(DAYS)
)
some_markets = st.none() | st.sets(st.sampled_from(MARKETS), min_size=1, max_size=2)


@given(lots=histories(), plan=plans, period=periods, only=some_markets, at_hand=st.sampled_from([0, 5_000]))
@settings(max_examples=80, deadline=None)
def test_a_summary_from_the_ledger_is_the_summary_of_all_rows(  # noqa: PLR0917  what is drawn
    empty: Station,
    lots: list[list[Record]],
    plan: list[Airing],
    period: Period,
    only: set[MarketId] | None,
    at_hand: int,
) -> None:
    """Caught up after each lot of rows or all at once; lines made at once or later; of any days and markets.

    So is what papers draw of its lines.
    """
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "AT_HAND", at_hand)
        station, rows = copied(empty, folder), list[Row]()
        for lot in lots:
            add(station, lot)
            rows += read(lot)
            with Ledger.open(station) as ledger:
                found = summary(ledger, plan, period, MADE, only)
            whole = folded(rows, plan, station, period, only)
            assert found is not None
            assert sorted(fates(found.lines), key=repr) == sorted(fates(whole.lines), key=repr)
            assert plain(found) == plain(whole)
        (station.data / "broadcaster.ledger").unlink()
        with Ledger.open(station) as ledger:
            assert plain(summary(ledger, plan, period, MADE, only)) == plain(found)


def fits(record: fold.PlayRecord, asked: Asked) -> bool:
    day = record.due.astimezone(LIMA).date()
    return (
        (asked.first or date.min) <= day <= (asked.last or date.max)
        and (not asked.markets or record.market in asked.markets)
        and asked.episode in (None, record.episode)
        and asked.outcome in (None, record.outcome)
        and asked.reason in (None, record.reason)
        and asked.evidence in (None, record.evidence)
    )


day = st.none() | st.sampled_from([date.min, *DAYS, date.max])
asking = st.builds(
    Asked,
    *(day, day, st.sampled_from([(), MARKETS[:1], MARKETS[1:]]), st.sampled_from([None, 1, 3])),
    st.sampled_from([None, Outcome.PLAYED, Outcome.MISSED]),
    st.sampled_from([None, Reason.ON_TIME, Reason.POWER_LOSS]),
    st.sampled_from([None, Evidence.MONITOR, Evidence.MICROPHONE]),
)


def paged(ledger: Ledger, asked: Asked, limit: int, *, newest_first: bool) -> Iterator[fold.PlayRecord]:
    after: str | None = None
    while True:
        found = page(ledger, asked, after=after, limit=limit, newest_first=newest_first)
        assert len(found.records) <= limit
        yield from found.records
        if (after := found.after) is None:
            return


@given(lots=histories(), asked=asking, limit=st.integers(1, 5), newest_first=st.booleans())
@settings(max_examples=80, deadline=None)
def test_the_pages_of_the_log_one_after_the_other_are_the_log(
    empty: Station, lots: list[list[Record]], asked: Asked, limit: int, newest_first: bool
) -> None:
    """Whatever is asked for, in either direction: each airing once, by the end that stands for it in a report too."""
    with tempfile.TemporaryDirectory() as folder:
        station, rows = copied(empty, folder), list[Row]()
        with Ledger.open(station) as ledger:
            for lot in lots:
                add(station, lot)
                rows += read(lot)
                log = sorted(fold.plays(merge([rows]).rows), key=lambda each: (each.due, each.market, each.airing))
                wanted = [record for record in log if fits(record, asked)]
                shown = list(paged(ledger, asked, limit, newest_first=newest_first))
                assert shown == (wanted[::-1] if newest_first else wanted)


def test_the_golden_season_from_the_ledger(tmp_path: Path) -> None:
    season = golden(tmp_path)
    for period in (SEASON, Period(on("06-28"), on("07-04"))):
        found = summary_of(season.station, period, ten(on("07-31"), 20), plan=season.plan)
        whole = summarise(season.journals, season.plan, season.markets, period, ten(on("07-31"), 20))
        assert plain(found) == plain(whole)
    with Ledger.open(season.station) as ledger:
        assert set(markets(ledger)) == set(MARKETS)


@pytest.fixture
def season(tmp_path: Path) -> Station:
    return golden(tmp_path).station


def counted(station: Station) -> int:
    found = summary_of(station, SEASON, ten(on("07-31"), 20), plan=())
    return found.total.played


def test_another_record_in_its_place_is_found(
    season: Station, tmp_path_factory: pytest.TempPathFactory, empty: Station
) -> None:
    """A ledger of rows that are not there any more tells nothing."""
    played = counted(season)
    for file in empty.data.iterdir():
        shutil.copy(file, season.data)
    assert (played, counted(season)) == (18, 0)


def test_a_page_asked_for_again_has_what_has_come_since(season: Station) -> None:
    own = golden_records()
    with Ledger.open(season) as ledger:
        before = len(page(ledger, limit=500).records)
        add(season, own)
        after = page(ledger, limit=500).records
    assert (len(after), after[0].airing) == (before + 1, name(on("08-02"), MARKET))


def golden_records() -> list[Record]:
    """One more row of a market's computer."""
    end = end_of("on_time", name(on("08-02"), MARKET), MARKET, ten(on("08-02")), 3)
    return [as_record(("unicachi", 2, 1), Told(ten(on("08-02"), 11), end))]


def test_rows_that_come_in_before_those_it_knows_are_found(season: Station) -> None:
    """However that may have come about."""
    with Ledger.open(season) as ledger:
        before = len(page(ledger, limit=500).records)
        early = end_of("-power_loss", name(on("05-01"), MARKET), MARKET, ten(on("05-01")), 3)
        add(season, [as_record(("unicachi", 0, 1), Told(ten(on("05-01")), early))])
        assert len(page(ledger, limit=500).records) == before + 1


@pytest.mark.parametrize("content", [b"", b"no database" * 1000], ids=["empty", "something else"])
def test_a_ledger_that_is_none_is_made_anew(season: Station, content: bytes) -> None:
    (season.data / "broadcaster.ledger").write_bytes(content)
    assert counted(season) == 18
    assert counted(season) == 18
    with sqlite3.connect(season.data / "broadcaster.ledger") as raw:
        assert raw.execute("SELECT count(*) FROM ledger_airings").fetchone() > (0,)


def gone(ledger: Path) -> None:
    ledger.unlink()


def overwritten(ledger: Path) -> None:
    ledger.write_bytes(b"no database" * 1000)


def torn(ledger: Path) -> None:
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


@pytest.mark.parametrize("spoil", [gone, overwritten, torn])
def test_a_ledger_that_is_spoilt_while_it_is_open_is_made_anew(season: Station, spoil: Callable[[Path], None]) -> None:
    file = season.data / "broadcaster.ledger"
    with Ledger.open(season) as ledger:
        before = page(ledger, limit=500).records
        spoil(file)
        assert page(ledger, limit=500).records == before
        add(season, golden_records())
        assert len(page(ledger, limit=500).records) == len(before) + 1
    with sqlite3.connect(file) as raw:
        assert raw.execute("SELECT count(*) FROM ledger_airings").fetchone() > (len(before),)


def test_rows_that_come_back_between_others_are_found(season: Station) -> None:
    """A record that takes rows in from its second copy begins a new epoch: its newest rows may be the ones it had."""
    lost = (name(on("06-23"), MARKET),)
    with sqlite3.connect(season.data / "broadcaster.db") as raw:
        raw.execute("DROP TRIGGER journal_refuses_delete")
        [row] = raw.execute("SELECT * FROM journal WHERE kind = 'ended' AND airing = ?", lost)
        raw.execute("DELETE FROM journal WHERE kind = 'ended' AND airing = ?", lost)
        raw.commit()
        assert counted(season) == 17
        raw.execute(f"INSERT INTO journal VALUES ({','.join('?' * len(row))})", row)  # noqa: S608  only question marks
        raw.execute("UPDATE identity SET epoch = epoch + 1")
        raw.commit()
    assert counted(season) == 18


def test_a_ledger_of_another_program_is_made_anew(season: Station) -> None:
    assert counted(season) == 18
    with sqlite3.connect(season.data / "broadcaster.ledger") as raw:
        raw.execute("UPDATE ledger_made SET value = 'yesterday'")
        raw.execute("DELETE FROM ledger_airings")
    assert counted(season) == 18


def test_where_nothing_can_be_written_the_ledger_is_in_memory(season: Station) -> None:
    (season.data / "broadcaster.ledger").mkdir()
    assert counted(season) == 18
    assert list((season.data / "broadcaster.ledger").iterdir()) == []


def test_looking_makes_no_journal_and_no_ledger_of_none(tmp_path: Path) -> None:
    shutil.copy(ROOT / "config.toml", tmp_path)
    station = load_station(tmp_path)
    with Ledger.open(station) as ledger:
        assert page(ledger).records == ()
        assert markets(ledger) == ()
    assert summary_of(station, SEASON, MADE, plan=()).total.planned == 0
    assert [each.name for each in tmp_path.iterdir()] == ["config.toml"]


def test_nobody_else_on_the_machine_may_read_it(season: Station) -> None:
    counted(season)
    assert (season.data / "broadcaster.ledger").stat().st_mode & 0o777 == 0o600


def test_the_journal_is_not_written_to(season: Station) -> None:
    """Not a byte: whoever plays waits for nobody who reads."""
    store = open_to_write(season.database)
    with store.writing():  # somebody is writing all the while
        assert counted(season) == 18
    store.close()
    assert "broadcaster.ledger" in files(season.root)


@pytest.mark.parametrize("after", ["", "yesterday", "12", "1~a", "~a~b", "9" * 30 + "~a~b", "1.5~a~b"])
def test_a_place_that_is_none_is_refused(season: Station, after: str) -> None:
    with Ledger.open(season) as ledger, pytest.raises(NoSuchPlace):
        page(ledger, after=after)


KILLED = """
import os, signal, sys
from pathlib import Path
from broadcaster.config import load_station
from broadcaster.reports.ledger import catching, keeping
from broadcaster.reports.ledger.pages import page
catching.AT_ONCE = 10
steps = [0]
real = keeping.step
def step(*given):
    more = real(*given)
    steps[0] += 1
    if steps[0] == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return more
keeping.step = step
page(keeping.Ledger.open(load_station(Path(sys.argv[1]))))
"""


@pytest.mark.parametrize("steps", [1, 3])
def test_killed_while_it_catches_up_it_goes_on_from_there(season: Station, steps: int) -> None:
    died = subprocess.run([sys.executable, "-c", KILLED, str(season.root), str(steps)], check=False)
    assert died.returncode == -9
    assert counted(season) == 18
