"""The play log read from the database a few rows at a time is the log that all rows come to."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written import Key, write

from broadcaster.clock import ShiftedClock
from broadcaster.journal import fold
from broadcaster.journal import playlog as reader
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, Event, Heartbeat, Intent, ProcessId, Started
from broadcaster.journal.payload import UnknownPayload
from broadcaster.journal.playlog import PlayLog, Wanted
from broadcaster.journal.reading import read
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    Evidence,
    MarketId,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.store.engine import open_to_write, url_of
from broadcaster.store.problems import RecordMissing

ZONES = [ZoneInfo(name) for name in ("America/Lima", "Pacific/Kiritimati", "Etc/GMT+12")]
TEN = datetime(2021, 6, 18, 10)  # noqa: DTZ001  of whichever zone
MARKETS = ["el-bosque", "unicachi"]
NODES = ["a1", "b2"]

dues = st.builds(
    lambda hours, zone: (TEN + timedelta(hours=hours)).replace(tzinfo=zone),
    st.integers(-60, 60),
    st.sampled_from(ZONES),
)
plays = st.one_of(
    st.none(),
    st.sampled_from(["", "a1", "a1-1", "a1-1-01", "a1-1-1x", "-1-1", "a1-1-99", "a1-1-" + "9" * 30]),
    st.builds(
        lambda node, epoch, seq: f"{node}-{epoch}-{seq}", st.sampled_from(NODES), st.integers(1, 2), st.integers(1, 9)
    ),
)


@st.composite
def ends(draw: st.DrawFn) -> Ended:
    """An airing named by the local day it was due, or by hand; some come twice, with another fate."""
    due, market = draw(dues), MarketId(draw(st.sampled_from(MARKETS)))
    name = draw(st.sampled_from([f"{due:%Y-%m-%dT%H:%M}/{market}", f"manual/{due:%H}/{market}"]))
    outcome, reason = draw(st.sampled_from([(Outcome.PLAYED, Reason.ON_TIME), (Outcome.MISSED, Reason.POWER_LOSS)]))
    play = draw(plays)
    episode = draw(st.sampled_from([None, EpisodeNumber(3), EpisodeNumber(4)]))
    return Ended(AiringId(name), market, due, outcome, reason, episode, play=None if play is None else PlayId(play))


intents = st.builds(
    lambda market: Intent(
        *(AiringId("2021-06-18T10:00/x"), MarketId(market), EpisodeNumber(3), 1, Sha256("m"), TEN.replace(tzinfo=UTC)),
        *(Seconds(0), Seconds(20), "sink", ProcessId(1, 1), None),
    ),
    st.sampled_from(MARKETS),
)
starts = st.builds(lambda rehearsal: Started("0.1.0", 1, (), rehearsal=rehearsal), st.booleans())
beats = st.just(Heartbeat(PlayId("a1-1-1"), Seconds(1), Evidence.MONITOR))
events: st.SearchStrategy[Event] = st.one_of(ends(), intents, starts, beats)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Key, ClockTrust, Event]]:
    """Rows of two nodes, one of which was once put back from a copy."""
    drawn = draw(st.lists(st.tuples(st.sampled_from([("a1", 1), ("a1", 2), ("b2", 1)]), events), max_size=24))
    counted: dict[tuple[str, int], int] = {}
    rows = []
    for place, event in drawn:
        counted[place] = counted.get(place, 0) + 1
        rows.append(((*place, counted[place]), draw(st.sampled_from(ClockTrust)), event))
    return rows


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows, to be copied: laying one out takes time."""
    path = tmp_path_factory.mktemp("empty") / "journal.db"
    open_to_write(url_of(path)).close()
    return path


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "AT_ONCE", 3)


def folded(url: str) -> list[fold.PlayRecord]:
    return fold.plays(read(url, kinds=fold.FOR_PLAYS, everyone=True))


day = st.none() | st.dates(date(2021, 6, 15), date(2021, 6, 21))
choices = st.builds(
    Wanted,
    *(day, day),
    st.sampled_from([None, *MARKETS, "nowhere"]),
    st.sampled_from([None, 3, 5]),
    st.sampled_from([None, Outcome.PLAYED, Outcome.CANCELLED]),
    st.sampled_from([(), ("nowhere", "unicachi")]),
)


@given(history=histories(), wanted=choices)
@settings(max_examples=120)
def test_it_is_the_fold_of_all_rows_and_choosing_loses_nothing(
    empty: Path, history: Sequence[tuple[Key, ClockTrust, Event]], wanted: Wanted
) -> None:
    """In whichever zone the station stands today, and though an airing's end was once written twice."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(empty, folder))
        url = write(path, history)
        log, whole = PlayLog(url), folded(url)
        assert list(log.plays()) == whole
        chosen = list(log.plays(wanted))
        log.close()
    for zone in ZONES:
        fitting = [record for record in whole if fits(record, wanted, zone)]
        assert [record for record in chosen if fits(record, wanted, zone)] == fitting
    assert [record for record in whole if record in chosen] == chosen


def fits(record: fold.PlayRecord, wanted: Wanted, zone: ZoneInfo) -> bool:
    return (
        (wanted.first or date.min) <= record.due.astimezone(zone).date() <= (wanted.last or date.max)
        and wanted.market in (None, record.market)
        and wanted.episode in (None, record.episode)
        and wanted.outcome in (None, record.outcome)
        and (not wanted.named or record.market in wanted.named)
    )


@given(history=histories(), cut=st.integers(0, 24))
@settings(max_examples=50)
def test_what_is_newer_and_what_was_there_make_the_whole(
    empty: Path, history: Sequence[tuple[Key, ClockTrust, Event]], cut: int
) -> None:
    """Followed from any moment of a station's life, each airing is told once, and once more where a real end comes to stand
    over a rehearsed one; also over a database put back."""
    rising = sorted((row for row in history if row[0][0] == "a1"), key=itemgetter(0))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(empty, folder))
        log = PlayLog(write(path, rising[:cut]))
        told = list(log.plays())
        assert log.newer() == []
        url = write(path, rising[cut:])
        told += log.newer()
        assert log.newer() == []
        log.close()
        whole = folded(url)
    last = {record.airing: record.rehearsal for record in told}
    assert last == {record.airing: record.rehearsal for record in whole}
    assert len({(record.airing, record.rehearsal) for record in told}) == len(told)


@pytest.mark.parametrize("days", [(date.min, date.max), (date.max, date.max), (date.min, date.min), (None, date.min)])
def test_the_ends_of_the_calendar_are_days_like_others(tmp_path: Path, days: tuple[date | None, date]) -> None:
    due = datetime(2021, 6, 18, 15, tzinfo=UTC)
    end = Ended(AiringId("2021-06-18T10:00/a"), MarketId("a"), due, Outcome.MISSED, Reason.POWER_LOSS)
    log = PlayLog(write(tmp_path / "journal.db", [(("a1", 1, 1), ClockTrust.SYNCED, end)]))
    assert len(list(log.plays(Wanted(*days)))) == (days == (date.min, date.max))
    log.close()


def test_a_row_that_cannot_be_understood_is_refused_not_left_out(tmp_path: Path) -> None:
    due = datetime(2021, 6, 18, 15, tzinfo=UTC)
    end = Ended(AiringId("2021-06-18T10:00/a"), MarketId("a"), due, Outcome.MISSED, Reason.POWER_LOSS)
    for name, payload in {"cut": '{"airing":"2021-06', "newer": '{"tomorrow":1}'}.items():
        url = write(tmp_path / name / "journal.db", [(("a1", 1, 1), ClockTrust.SYNCED, end)])
        store = open_to_write(url)
        with store.writing() as connection:
            connection.exec_driver_sql("DROP TRIGGER journal_refuses_update")
            connection.exec_driver_sql("UPDATE journal SET payload = ?", (payload,))
        store.close()
        log = PlayLog(url)
        with pytest.raises(UnknownPayload):
            list(log.plays(Wanted(date(2021, 6, 18), date(2021, 6, 18), market="a", episode=9)))
        assert list(log.plays(Wanted(date(2021, 6, 18), date(2021, 6, 18), market="b"))) == [], "its name is another's"
        log.close()


@pytest.fixture
def station(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").touch()
    return tmp_path


def add(url: str, day: int) -> None:
    with Journal.open(url, ShiftedClock(TEN.replace(tzinfo=UTC)), ZONES[0]) as journal:
        name, due = f"2021-06-{day}T10:00/a", datetime(2021, 6, day, 15, tzinfo=UTC)
        journal.append(Ended(AiringId(name), MarketId("a"), due, Outcome.MISSED, Reason.POWER_LOSS))


def test_a_database_that_is_made_meanwhile_is_found_and_one_that_is_lost_is_said_so(station: Path) -> None:
    url = url_of(station / "data" / "broadcaster.db")
    log = PlayLog(url)
    assert (list(log.plays()), log.newer(), log.markets()) == ([], [], set())
    assert [each.name for each in station.iterdir()] == ["config.toml"]
    add(url, 18)
    assert [record.airing for record in log.newer()] == ["2021-06-18T10:00/a"]
    add(url, 21)
    assert [record.airing for record in log.newer()] == ["2021-06-21T10:00/a"]
    shutil.rmtree(station / "data")
    with pytest.raises(RecordMissing):
        log.newer()
    log.close()
