"""``plays`` and ``plays verify`` as a person types them."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadcaster.cli.group import speak
from broadcaster.cli.program import run
from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.chain import digest
from broadcaster.journal.events import Ended, Intent, ProcessId, Stopped
from broadcaster.journal.row import Record
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    Evidence,
    MarketId,
    Milliseconds,
    Outcome,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.store.engine import url_of

ZONE = ZoneInfo("America/Lima")
TEN = datetime(2021, 6, 18, 10, tzinfo=ZONE)
Typed = Callable[..., tuple[int, str, str]]

FIELDS = [
    *("play", "airing", "market", "ubigeo_inei", "episode", "revision", "master_sha256", "due", "started", "ended"),
    *("played_s", "expected_s", "outcome", "reason", "evidence", "late_s", "start_error_ms", "make_good_of", "clock"),
    "rehearsal",
]
"""The names others rely on."""


@pytest.fixture
def station(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_bytes((Path(__file__).parents[2] / "config.toml").read_bytes())
    return tmp_path


@pytest.fixture
def typed(station: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    """Type a command at the station: exit code, standard output, standard error."""

    def type_(*words: str, language: str = "en") -> tuple[int, str, str]:
        code = run(["--station", str(station), "--language", language, *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield type_
    speak("es")


def record(database: Path) -> None:
    """A Friday heard at one market, a Wednesday missed at another."""
    database.parent.mkdir(parents=True)
    clock = ShiftedClock(TEN, trust=ClockTrust.SYNCED)
    with Journal.open(url_of(database), clock, ZONE) as journal:
        airing, market = AiringId("2021-06-18T10:00/unicachi"), MarketId("unicachi")
        intent = journal.append(
            Intent(
                airing,
                market,
                EpisodeNumber(3),
                1,
                Sha256("b" * 64),
                TEN,
                Seconds(0),
                Seconds(21.5),
                "m1",
                ProcessId(7, 7),
                witness=None,
            )
        )
        journal.append(
            Ended(
                airing,
                market,
                TEN,
                Outcome.PLAYED,
                Reason.ON_TIME,
                EpisodeNumber(3),
                1,
                Sha256("b" * 64),
                intent.play,
                started=TEN + timedelta(milliseconds=12),
                ended=TEN + timedelta(seconds=21.5),
                played_s=Seconds(21.4),
                expected_s=Seconds(21.5),
                evidence=Evidence.MONITOR,
                start_error_ms=Milliseconds(12.0),
            )
        )
        due = TEN + timedelta(days=5)
        missed = AiringId("2021-06-23T10:00/el-bosque")
        journal.append(Ended(missed, MarketId("el-bosque"), due, Outcome.MISSED, Reason.POWER_LOSS, EpisodeNumber(4)))


@pytest.fixture
def recorded(station: Path) -> Path:
    record(station / "data" / "broadcaster.db")
    return station


def test_the_play_log_has_the_promised_fields_in_local_time(typed: Typed, recorded: Path) -> None:
    code, out, _ = typed("plays", "--json")
    played, missed = json.loads(out)
    assert code == 0
    assert set(FIELDS) <= set(played)
    assert played["airing"] == "2021-06-18T10:00/unicachi"
    assert played["play"].endswith("-1-1")
    assert (played["due"], played["started"]) == ("2021-06-18T10:00:00-05:00", "2021-06-18T10:00:00.012000-05:00")
    assert (played["outcome"], played["evidence"], played["start_error_ms"]) == ("played", "monitor", 12.0)
    assert (played["ubigeo_inei"], played["clock"], played["rehearsal"]) == ("150142", "synced", False)
    assert (missed["play"], missed["started"], missed["reason"]) == (None, None, "power_loss")


@pytest.mark.parametrize(
    ("words", "episodes"),
    [
        ((), [3, 4]),
        (("--from", "2021-06-19"), [4]),
        (("--until", "2021-06-18"), [3]),
        (("--from", "2021-06-18", "--until", "2021-06-23"), [3, 4]),
        (("--market", "unicachi"), [3]),
        (("--episode", "4"), [4]),
        (("--outcome", "missed"), [4]),
        (("--outcome", "missed", "--market", "unicachi"), []),
    ],
)
def test_the_play_log_shows_what_is_asked_for(
    typed: Typed, recorded: Path, words: tuple[str, ...], episodes: list[int]
) -> None:
    assert [line["episode"] for line in json.loads(typed("plays", *words, "--json")[1])] == episodes


def test_a_first_word_on_its_minute_has_no_minus_before_the_nought(typed: Typed, recorded: Path) -> None:
    due = TEN + timedelta(days=7)
    ended = Ended(
        AiringId("2021-06-25T10:00/unicachi"),
        MarketId("unicachi"),
        due,
        Outcome.PLAYED,
        Reason.ON_TIME,
        started=due,
        start_error_ms=Milliseconds(-0.3),
    )
    with Journal.open(url_of(recorded / "data" / "broadcaster.db"), ShiftedClock(due), ZONE) as journal:
        journal.append(ended)
    _, english, _ = typed("plays")
    assert "+0 ms" in english
    assert "-0 ms" not in english


def test_people_read_reasons_as_sentences_in_their_language(typed: Typed, recorded: Path) -> None:
    _, english, _ = typed("plays")
    assert "The power went out." in english
    assert "+12 ms" in english
    assert "Mercado Unicachi" in english
    assert "21.4 of 21.5 s" in english
    _, spanish, _ = typed("plays", language="es")
    assert "power" not in spanish
    assert "no emitida" in spanish


def test_a_whole_record_is_verified(typed: Typed, recorded: Path) -> None:
    code, out, _ = typed("plays", "verify", "--json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == ["rows", "intact", "head", "first_broken", "day", "code", "copy"]
    assert (found["rows"], found["intact"], found["first_broken"]) == (3, True, None)
    assert found["head"] in typed("plays", "verify")[1].replace("\n", "")


def test_a_record_edited_by_hand_is_exit_1_and_the_row_is_named(typed: Typed, recorded: Path) -> None:
    """With the triggers out of the way, a missed airing is made a played one."""
    with sqlite3.connect(recorded / "data" / "broadcaster.db") as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE journal SET payload = replace(payload, 'missed', 'played') WHERE seq = 3")
    code, out, err = typed("plays", "verify")
    assert (code, out) == (1, "")
    assert "-1-3" in err
    code, out, _ = typed("plays", "verify", "--json")
    assert code == 1
    assert json.loads(out)["first_broken"].endswith("-1-3")


def test_a_newest_row_edited_by_hand_with_its_hash_made_anew_stays_told_after_the_next_row(
    typed: Typed, recorded: Path
) -> None:
    """The chain fits again, and the second copy is begun anew: what it said before is kept, and is what contradicts."""
    database, url = recorded / "data" / "broadcaster.db", url_of(recorded / "data" / "broadcaster.db")
    with sqlite3.connect(database) as raw:
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE journal SET payload = replace(payload, 'missed', 'played') WHERE seq = 3")
        raw.row_factory = sqlite3.Row
        edited = Record(**dict(raw.execute("SELECT * FROM journal WHERE seq = 3").fetchone()))
        raw.execute("UPDATE journal SET hash = ? WHERE seq = 3", (digest(edited),))
        for _name, sql in triggers:
            raw.execute(sql)
    assert typed("plays", "verify")[0] == 1
    with Journal.open(url, ShiftedClock(TEN), ZONE) as journal:
        journal.append(Stopped("next"))
    code, out, err = typed("plays", "verify")
    assert (code, out) == (1, "")
    assert "-1-3" in err
    [aside] = (recorded / "data").glob("*.aside-*")
    assert aside.name in err.replace("\n", "")
    assert json.loads(typed("plays", "verify", "--json")[1])["copy"]["aside"]["row"].endswith("-1-3")
    aside.rename(recorded / "kept-by-the-coordinator.jsonl")
    assert typed("plays", "verify")[0] == 0


def test_without_a_record_there_is_nothing_and_nothing_is_made(typed: Typed, station: Path) -> None:
    assert json.loads(typed("plays", "--json")[1]) == []
    code, out, _ = typed("plays", "verify", "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["rows"], found["intact"], found["head"], found["first_broken"]) == (0, True, None, None)
    assert (found["code"], found["copy"]) == (None, None)
    assert [file.name for file in station.iterdir()] == ["config.toml"]


def test_a_rehearsals_record_is_read_by_its_name_or_as_the_latest(typed: Typed, station: Path) -> None:
    record(station / "rehearsals" / "20261121T100000Z" / "journal.db")
    (station / "rehearsals" / "20261122T100000Z").mkdir()
    for name in ("latest", "20261121T100000Z"):
        assert len(json.loads(typed("plays", "--rehearsal", name, "--json")[1])) == 2
    assert json.loads(typed("plays", "--json")[1]) == []
    for words in (("--rehearsal", "latest", "verify"), ("verify", "--rehearsal", "latest")):
        assert json.loads(typed("plays", *words, "--json")[1])["rows"] == 3


@pytest.mark.parametrize("name", ["../data", "nothing"])
def test_a_rehearsal_that_is_not_there_is_exit_65_and_names_those_that_are(
    typed: Typed, station: Path, name: str
) -> None:
    record(station / "rehearsals" / "20261121T100000Z" / "journal.db")
    code, out, err = typed("plays", "--rehearsal", name)
    assert (code, out) == (65, "")
    assert name in err
    assert "20261121T100000Z" in err


@pytest.mark.parametrize("name", ["latest", "nothing"])
def test_where_nothing_was_ever_rehearsed_it_is_exit_65_and_says_where_it_looked(
    typed: Typed, station: Path, name: str
) -> None:
    code, out, err = typed("plays", "--rehearsal", name)
    assert (code, out) == (65, "")
    assert str(station / "rehearsals") in err
