"""``plays confirm``, ``plays declare`` and ``plays sheet`` as a person types them: beside the machine's word, never over it."""

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from people_at_hand import staff

from broadcaster.cli.group import speak
from broadcaster.cli.program import run
from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Confirmed, Declared, Ended, Event
from broadcaster.journal.reading import read
from broadcaster.library.pins import set_pin
from broadcaster.model import (
    AiringId,
    Cause,
    ClockTrust,
    EpisodeNumber,
    Evidence,
    HeardAs,
    MarketId,
    Outcome,
    Reason,
    Seconds,
    Source,
)
from broadcaster.reports.merging import merge
from broadcaster.store.engine import url_of

LIMA = ZoneInfo("America/Lima")
SHIPPED = Path(__file__).parents[2]
TEN = datetime(2021, 6, 18, 10, tzinfo=LIMA)
HEARD, DARK = AiringId("2021-06-18T10:00/unicachi"), AiringId("2021-06-23T10:00/unicachi")
ME = f"uid:{os.geteuid()}"
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def station(tmp_path: Path) -> Path:
    """A Friday that was heard, and a Wednesday when the box was dark; the rest of the season is planned."""
    (tmp_path / "config.toml").write_bytes((SHIPPED / "config.toml").read_bytes())
    (tmp_path / "schedules").mkdir()
    season = SHIPPED / "schedules" / "2021-junio-julio.toml"
    (tmp_path / "schedules" / season.name).write_bytes(season.read_bytes())
    with Journal.open(url(tmp_path), ShiftedClock(TEN, trust=ClockTrust.SYNCED), LIMA) as journal:
        market, three = MarketId("unicachi"), EpisodeNumber(3)
        whole = {"played_s": Seconds(21.5), "expected_s": Seconds(21.5), "evidence": Evidence.MONITOR}
        journal.append(Ended(HEARD, market, TEN, Outcome.PLAYED, Reason.ON_TIME, three, started=TEN, **whole))  # type: ignore[arg-type]
        due = TEN.replace(day=23)
        journal.append(Ended(DARK, market, due, Outcome.MISSED, Reason.POWER_LOSS, EpisodeNumber(4)))
        for event in staff("d-07"):
            journal.append(event)
        set_pin(journal.store, "d-07", "246810")
    return tmp_path


def url(station: Path) -> str:
    return url_of(station / "data" / "broadcaster.db")


@pytest.fixture
def typed(station: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    """Type a command at the station: exit code, standard output, standard error."""

    def type_(*words: str, language: str = "en") -> tuple[int, str, str]:
        code = run(["--station", str(station), "--language", language, "plays", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield type_
    speak("es")


@pytest.fixture
def sheet(typed: Typed, station: Path) -> str:
    """The number of June's sheet."""
    code, _, err = typed("sheet", "--month", "2021-06", "--market", "unicachi", "-o", str(station / "hoja.pdf"))
    assert code == 0
    found = re.search(r"sheet ([2-9A-Z]{4}-[2-9A-Z]{4}), 6 airings", err)
    assert found is not None
    return found[1]


def rows(station: Path, *kinds: type[Event]) -> list[Event]:
    return [row.event for row in read(url(station), kinds=kinds)]


def line(typed: Typed, airing: AiringId) -> dict[str, object]:
    found = [each for each in json.loads(typed("--json")[1]) if each["airing"] == airing]
    assert len(found) == 1
    return dict(found[0])


def test_a_word_stands_beside_the_outcome_and_the_newest_counts(typed: Typed, station: Path) -> None:
    before = line(typed, HEARD)
    assert (before["confirmed"], before["declared"], before["make_goods"], before["made_good"]) == (
        None,
        None,
        [],
        False,
    )
    assert typed("confirm", HEARD, "--heard", "low")[0] == 0
    code, out, _ = typed("confirm", HEARD, "--heard", "no", language="es")
    assert code == 0
    assert "no se escuchó" in out
    after = line(typed, HEARD)
    confirmed = after.pop("confirmed")
    assert isinstance(confirmed, dict)
    assert (confirmed["heard"], confirmed["by"], confirmed["sheet"]) == ("no", ME, None)
    assert after == {key: value for key, value in before.items() if key != "confirmed"}
    assert rows(station, Confirmed) == [Confirmed(HEARD, HeardAs.LOW, ME), Confirmed(HEARD, HeardAs.NO, ME)]


@pytest.mark.parametrize(
    "words",
    [("2021-06-18", "10:00", "unicachi"), ("2021-06-18", "Mercado Unicachi"), ("18/06/2021", "10:00", "unicachi")],
)
def test_an_airing_is_named_as_people_name_it(typed: Typed, station: Path, words: tuple[str, ...]) -> None:
    assert typed("confirm", *words, "--heard", "well")[0] == 0
    assert rows(station, Confirmed) == [Confirmed(HEARD, HeardAs.WELL, ME)]


def test_what_nobody_could_mean_is_told_with_an_example_and_what_is_two_with_both(typed: Typed, station: Path) -> None:
    code, _out, err = typed("confirm", "03:00", "unicachi", "--heard", "well")
    assert (code, "T10:00/" in err) == (65, True)
    code, _out, err = typed("confirm", "2021-06-18", "--heard", "well")
    assert code == 65
    assert "More than one airing" in err
    assert rows(station, Confirmed) == []


def test_with_a_code_and_its_pin_the_row_says_the_code(typed: Typed, station: Path, tmp_path: Path) -> None:
    pin = tmp_path / "pin"
    pin.write_text("246810\n", encoding="ascii")
    assert typed("confirm", HEARD, "--heard", "well", "--as", "d-07", "--pin-file", str(pin))[0] == 0
    pin.write_text("0000\n", encoding="ascii")
    assert typed("confirm", HEARD, "--heard", "no", "--as", "d-07", "--pin-file", str(pin))[0] == 65
    assert typed("confirm", HEARD, "--heard", "no", "--as", "d-99", "--pin-file", str(pin))[0] == 65
    assert rows(station, Confirmed) == [Confirmed(HEARD, HeardAs.WELL, "d-07")]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("confirm", "2021-06-18T10:00/nowhere", "--heard", "well"), 65, "There is no airing"),
        (("confirm", "2021-06-30T10:00/unicachi", "--heard", "well"), 65, "does not yet say"),
        (("confirm", HEARD, "--heard", "well", "--sheet", "K7F3"), 65, "not the number of a control sheet"),
        (("confirm", HEARD, "--heard", "loud"), 64, "loud"),
        (("declare", HEARD, "--heard", "well", "--sheet", "2222-2222"), 65, "not of unicachi"),
        (("declare", HEARD, "--heard", "well"), 64, "--sheet"),
    ],
)
def test_what_cannot_be_said_is_told_and_leaves_no_row(
    typed: Typed, station: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    found, _, err = typed(*words)
    assert found == code
    assert said in err
    assert rows(station, Confirmed, Declared) == []


def test_a_line_of_the_sheet_is_typed_in_also_of_an_airing_that_the_machine_missed(
    typed: Typed, station: Path, sheet: str
) -> None:
    loose = sheet.replace("-", " ").lower()
    words = ("declare", DARK, "--sheet", loose, "--heard", "low", "--at", "10:04", "--from", "usb", "--why", "noise")
    code, out, _ = typed(*words)
    assert code == 0
    assert "changes nothing of it" in out
    (declared,) = rows(station, Declared)
    began = datetime(2021, 6, 23, 10, 4, tzinfo=LIMA)
    assert declared == Declared(DARK, sheet, HeardAs.LOW, ME, began, Source.USB, Cause.NOISE)
    shown = line(typed, DARK)
    assert (shown["outcome"], shown["reason"], shown["evidence"]) == ("missed", "power_loss", "none")
    said = shown["declared"]
    assert isinstance(said, dict)
    assert (said["heard"], said["began"], said["source"], said["sheet"]) == ("low", began.isoformat(), "usb", sheet)
    table = typed("--market", "unicachi")[1]
    for word in ("People say", "softly", "10:04", "USB", sheet[-4:]):
        assert word in table


def test_an_airing_of_a_box_that_was_dead_all_the_time_is_known_by_the_schedule(
    typed: Typed, station: Path, sheet: str
) -> None:
    """It has promised nothing yet; its own word comes when it is started."""
    later = AiringId("2021-06-30T10:00/unicachi")
    assert typed("declare", later, "--sheet", sheet, "--heard", "well", "--from", "usb")[0] == 0
    assert len(rows(station, Declared)) == 1
    with Journal.open(url(station), ShiftedClock(TEN.replace(day=30)), LIMA) as journal:
        due = TEN.replace(day=30)
        journal.append(Ended(later, MarketId("unicachi"), due, Outcome.MISSED, Reason.POWER_LOSS, EpisodeNumber(6)))
    shown = line(typed, later)
    assert (shown["outcome"], shown["declared"] is None) == ("missed", False)


def test_a_line_typed_twice_is_told_and_a_correction_is_a_row_of_its_own(
    typed: Typed, station: Path, sheet: str
) -> None:
    words = ("declare", HEARD, "--sheet", sheet, "--heard")
    assert typed(*words, "low")[0] == 0
    code, _, err = typed(*words, "low")
    assert code == 65
    assert "says the same" in err
    code, _, err = typed(*words, "well")
    assert code == 65
    assert "--correct" in err
    assert len(rows(station, Declared)) == 1
    assert typed(*words, "well", "--correct")[0] == 0
    first, second = (row for row in read(url(station), kinds=[Declared]))
    assert isinstance(second.event, Declared)
    assert second.event.corrects == first.play
    said = line(typed, HEARD)["declared"]
    assert isinstance(said, dict)
    assert said["heard"] == "well"


def test_a_correction_counts_though_the_clock_was_set_back_before_it(typed: Typed, station: Path, sheet: str) -> None:
    typed("declare", HEARD, "--sheet", sheet, "--heard", "low")
    set_back = ShiftedClock(TEN.replace(hour=12), trust=ClockTrust.SYNCED)
    with Journal.open(url(station), set_back, LIMA) as journal:
        first = next(iter(journal.rows(kinds=[Declared])))
        second = journal.append(Declared(HEARD, sheet, HeardAs.WELL, ME, corrects=first.play))
        assert second.utc < first.utc
    said = line(typed, HEARD)["declared"]
    assert isinstance(said, dict)
    assert said["heard"] == "well"
    assert merge([read(url(station))]).declared[HEARD][0].play == second.play


def test_a_second_sheet_of_the_month_with_the_same_airing_is_told(typed: Typed, station: Path, sheet: str) -> None:
    assert typed("declare", HEARD, "--sheet", sheet, "--heard", "low")[0] == 0
    other = f"{sheet[:5]}{'2345' if sheet[5:] != '2345' else '2346'}"
    code, _, err = typed("declare", HEARD, "--sheet", other, "--heard", "well")
    assert code == 0
    assert sheet in err


def test_the_sheets_number_is_the_same_for_the_same_airings_and_another_when_the_schedule_changes(
    typed: Typed, station: Path, sheet: str
) -> None:
    def number(*words: str) -> str:
        return typed("sheet", *words, "-o", str(station / "otra.pdf"))[2].partition("sheet ")[2][:9]

    assert number("--month", "2021-06", "--market", "unicachi") == sheet
    assert number("--month", "2021-06", "--market", "el bosque") != sheet
    july = number("--month", "2021-07", "--market", "unicachi")
    assert july[:4] != sheet[:4]
    season = station / "schedules" / "2021-junio-julio.toml"
    season.write_text(season.read_text(encoding="utf-8").replace('["10:00"]', '["11:00"]'), encoding="utf-8")
    changed = number("--month", "2021-06", "--market", "unicachi")
    assert changed[:5] == sheet[:5]
    assert changed != sheet


def test_a_month_without_airings_has_no_sheet(typed: Typed, station: Path) -> None:
    code, _, err = typed("sheet", "--month", "2021-09", "--market", "unicachi", "-o", str(station / "hoja.pdf"))
    assert code == 64
    assert "2021-09" in err
    assert not (station / "hoja.pdf").exists()
