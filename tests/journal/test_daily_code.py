"""A day's code: short enough for a notebook, and nothing that was on record when it was noted can change unnoticed."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from record_history import withdrawal, write

from broadcaster.cli.group import speak
from broadcaster.cli.program import run
from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.copy import copy_of
from broadcaster.journal.dailycode import ALPHABET, Mark, code_after, daily_code, noted, plain
from broadcaster.journal.payload import utc_text
from broadcaster.journal.proofs import code_of_day
from broadcaster.store.engine import database_path, url_of

LIMA = ZoneInfo("America/Lima")
FRIDAY, SATURDAY, SUNDAY = date(2021, 6, 18), date(2021, 6, 19), date(2021, 6, 20)
Typed = Callable[..., tuple[int, str, str]]


def mark(number: int, day: int, hour: int = 10) -> Mark:
    """A row of a day of June 2021, by Lima's time."""
    utc = datetime(2021, 6, day, hour, tzinfo=UTC) + timedelta(hours=5)
    return Mark(f"a-1-{number}", utc_text(utc), -18_000, f"{number:064x}")


MARKS = [mark(1, 17), mark(2, 18), mark(3, 18, 18), mark(4, 20)]


def test_a_code_has_eight_letters_that_nobody_takes_for_others() -> None:
    code = code_after("0" * 64, FRIDAY)
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert not set("01OILBGSUZ").intersection(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_a_code_is_for_ever_the_same_for_the_same_row_and_day() -> None:
    """Codes on paper outlive versions of the program: these two are frozen."""
    assert code_after("0" * 64, FRIDAY) == "J53V-RAC2"
    assert code_after("f" * 64, SATURDAY) == "QYW3-XKD9"


def test_the_days_code_is_that_of_its_last_row_and_a_day_without_rows_has_the_one_before() -> None:
    assert daily_code(MARKS, FRIDAY) == code_after(MARKS[2].hash, FRIDAY)
    assert daily_code(MARKS, SATURDAY) == code_after(MARKS[2].hash, SATURDAY)
    assert daily_code(MARKS, SUNDAY) == code_after(MARKS[3].hash, SUNDAY)
    assert daily_code(MARKS, date(2021, 6, 16)) is None
    assert daily_code([], FRIDAY) is None


def test_a_code_noted_at_any_moment_of_the_day_names_the_row_it_was_noted_after() -> None:
    """Early in the morning the newest row is one of the day before."""
    for known in (MARKS[:1], MARKS[:2], MARKS[:3]):
        code = code_after(known[-1].hash, FRIDAY)
        found = noted(MARKS, FRIDAY, code)
        assert found is not None
        assert found.row == known[-1].row
    assert noted(MARKS, SATURDAY, code_after(MARKS[2].hash, SATURDAY)) is not None


def test_a_code_of_another_day_or_another_record_is_none_of_this_day() -> None:
    assert noted(MARKS, FRIDAY, code_after(MARKS[2].hash, SATURDAY)) is None
    assert noted(MARKS, FRIDAY, code_after("e" * 64, FRIDAY)) is None
    changed = [MARKS[0], *(replace(each, hash=f"{7:064x}") for each in MARKS[1:3]), MARKS[3]]
    assert noted(changed, FRIDAY, code_after(MARKS[2].hash, FRIDAY)) is None


def test_a_clock_that_was_wrong_for_a_while_takes_no_other_days_code_away() -> None:
    """Rows of 1970 and of 2030 between two of today."""
    wrong = [
        Mark("a-1-9", "1970-01-01T05:00:00.000000Z", -18_000, f"{9:064x}"),
        Mark("a-1-10", "2030-01-01T05:00:00.000000Z", -18_000, f"{10:064x}"),
        Mark("a-1-11", "today", -18_000, f"{11:064x}"),
    ]
    for day in (FRIDAY, SATURDAY, SUNDAY):
        assert daily_code([*MARKS[:3], *wrong, MARKS[3]], day) == daily_code(MARKS, day)
        code = daily_code(MARKS[:3], day)
        assert code is not None
        assert noted([*MARKS[:3], *wrong, MARKS[3]], day, code) is not None


def test_a_code_is_read_however_it_was_written() -> None:
    code = code_after(MARKS[2].hash, FRIDAY)
    for written in (code.lower(), code.replace("-", " "), f" {code} ", code.replace("8", "B").replace("5", "S")):
        assert plain(written) == plain(code)
        assert noted(MARKS, FRIDAY, written) is not None


# On a station


@pytest.fixture
def station(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_bytes((Path(__file__).parents[2] / "config.toml").read_bytes())
    return tmp_path


@pytest.fixture
def database(station: Path) -> str:
    return url_of(station / "data" / "broadcaster.db")


@pytest.fixture
def typed(station: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    def type_(*words: str, language: str = "en") -> tuple[int, str, str]:
        code = run(["--station", str(station), "--language", language, *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield type_
    speak("es")


def a_day(database: str, moment: datetime, *causes: str) -> str:
    """Some rows of a day, and the code somebody notes after them."""
    with Journal.open(database, ShiftedClock(moment), LIMA) as journal:
        write(journal, *causes)
    code = code_of_day(database, moment.date())
    assert code is not None
    return code


def test_the_municipality_finds_the_record_as_it_was_when_the_operator_noted_the_code(
    database: str, typed: Typed
) -> None:
    code = a_day(database, datetime(2021, 6, 18, 10, 30, tzinfo=LIMA), "a", "b")
    a_day(database, datetime(2021, 6, 18, 18, tzinfo=LIMA), "c")
    a_day(database, datetime(2021, 6, 23, 10, tzinfo=LIMA), "d")
    done, out, _ = typed("plays", "verify", "--code", "2021-06-18", code.lower())
    assert done == 0
    assert "Friday 18 June, 10:30" in out
    assert "-1-2)" in out
    found = json.loads(typed("plays", "verify", "--code", "2021-06-18", code, "--json")[1])
    assert found["noted"]["row"].endswith("-1-2")
    assert found["noted"]["written"].startswith("2021-06-18T10:30")


def test_a_record_written_anew_from_end_to_end_does_not_give_the_noted_code(
    database: str, station: Path, typed: Typed
) -> None:
    """Somebody with the program and time: the chain is whole again, the copy agrees, and the notebook says no."""
    code = a_day(database, datetime(2021, 6, 18, 10, 30, tzinfo=LIMA), "missed", "b")
    path = database_path(database)
    for file in path.parent.iterdir():
        file.unlink()
    (station / ".record").unlink()
    a_day(database, datetime(2021, 6, 18, 10, 30, tzinfo=LIMA), "played", "b")
    assert typed("plays", "verify")[0] == 0
    done, _, err = typed("plays", "verify", "--code", "2021-06-18", code)
    assert done == 1
    assert code in err
    assert json.loads(typed("plays", "verify", "--code", "2021-06-18", code, "--json")[1])["noted"] is None


def test_todays_code_stands_under_the_log_and_in_the_verification(database: str, typed: Typed) -> None:
    a_day(database, datetime.now(LIMA), "a")

    def todays() -> str:
        return code_of_day(database, datetime.now(LIMA).date()) or ""

    for words in (("plays",), ("plays", "verify")):
        for language in ("en", "es"):
            codes = [todays()]
            done, out, _ = typed(*words, language=language)
            assert done == 0
            assert any(code in out for code in [*codes, todays()]), "midnight may pass meanwhile"
    codes = [todays()]
    assert json.loads(typed("plays", "verify", "--json")[1])["code"] in {*codes, todays()}


def test_a_row_that_was_taken_out_at_the_end_is_known_by_the_second_copy(database: str, typed: Typed) -> None:
    """The chain alone cannot show it."""
    with Journal.open(database, ShiftedClock(datetime(2021, 6, 18, 10, tzinfo=LIMA)), LIMA) as journal:
        write(journal, "a", "b")
        journal.append(withdrawal())
    with sqlite3.connect(database_path(database)) as raw:
        [trigger] = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'journal_refuses_delete'").fetchone()
        raw.execute("DROP TRIGGER journal_refuses_delete")
        raw.execute("DELETE FROM journal WHERE seq = 3")
        raw.execute(trigger)
    done, _, err = typed("plays", "verify")
    assert done == 1
    assert "1 rows that the record lacks" in err
    assert json.loads(typed("plays", "verify", "--json")[1])["copy"]["beyond"] == 1


def test_rows_and_hashes_computed_anew_in_the_database_alone_are_known_by_the_second_copy(
    database: str, typed: Typed
) -> None:
    a_day(database, datetime(2021, 6, 18, 10, tzinfo=LIMA), "a", "missed")
    copy = copy_of(database_path(database))
    kept = copy.read_bytes()
    for file in copy.parent.iterdir():
        file.unlink()
    (copy.parents[1] / ".record").unlink()
    a_day(database, datetime(2021, 6, 18, 10, tzinfo=LIMA), "a", "played")
    with sqlite3.connect(database_path(database)) as raw:
        [node] = raw.execute("SELECT node FROM identity").fetchone()
    theirs = json.loads(kept.splitlines()[0])["node"]
    copy.write_bytes(kept)
    assert node != theirs
    done, _, err = typed("plays", "verify")
    assert done == 1
    assert "lacks" in err
