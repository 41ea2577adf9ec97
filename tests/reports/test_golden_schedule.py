"""The golden season's schedule on paper, as a calendar and as control sheets, read back by other programs."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from golden import DAYS, LIMA, MARKETS, UNICACHI, Golden, golden
from icalendar import Calendar
from people_at_hand import staff
from pypdf import PdfReader

from broadcaster import locale
from broadcaster.cli.group import speak
from broadcaster.cli.program import run
from broadcaster.clock import SystemClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Exported
from broadcaster.journal.reading import read
from broadcaster.library.pins import set_pin
from broadcaster.reports.control_sheet import control_sheet
from broadcaster.reports.control_sheet_pdf import as_pdf as sheet_pdf
from broadcaster.reports.timetable import timetable
from broadcaster.reports.timetable_pdf import as_pdf
from broadcaster.schedule.load import load_plan
from broadcaster.schedule.season import read_seasons

CONTACT = "Coordinación del programa, teléfono 000 000 000"
PERMIT = "RG 0123-2021-MML/GDE"
PIN = "246810"
Typed = Callable[..., int]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    return golden(tmp_path_factory.mktemp("season"))


@pytest.fixture
def typed(season: Golden) -> Typed:
    def type_(*asked: str) -> int:
        code = run(["--station", str(season.station.root), "--language", "es", *asked])
        speak("es")
        return code

    return type_


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def test_the_calendar_has_every_airing_once(season: Golden, typed: Typed, tmp_path: Path) -> None:
    """Fifteen days at four markets: sixty, as many as the summary has promised beside the one that was moved."""
    file = tmp_path / "temporada.ics"
    assert typed("schedule", "export", str(file)) == 0
    events: list[Any] = list(Calendar.from_ical(file.read_bytes()).walk("VEVENT"))
    assert {str(event["uid"]) for event in events} == {airing.id for airing in season.plan}
    assert len(events) == len(DAYS) * len(MARKETS) == 60
    at = Counter(event["dtstart"].dt.astimezone(LIMA) for event in events)
    assert at == {datetime(day.year, day.month, day.day, 10, tzinfo=LIMA): 4 for day in DAYS}
    assert {str(event["status"]) for event in events} == {"CONFIRMED"}
    assert season.summary().total.planned == len(events) + 1


def test_the_printed_schedule_has_hours_permits_and_whom_to_call(season: Golden) -> None:
    locale.use("es")
    allowed = replace(season.markets[UNICACHI], authorisation=PERMIT)
    documents = replace(season.station.documents, contact=CONTACT)
    station = replace(season.station, documents=documents, markets={**season.markets, UNICACHI: allowed})
    facts = timetable(
        station, load_plan(station), read_seasons(station), season.plan, datetime(2021, 6, 10, tzinfo=LIMA)
    )
    text = " ".join(pages(as_pdf(facts)))
    assert f"Para consultas o quejas: {CONTACT}" in text
    for market in season.markets.values():
        assert market.name in text
    assert PERMIT in text
    assert text.count("06:00–18:00") == len(MARKETS)
    assert len(re.findall(r"(?:miércoles|viernes) \d+ de (?:junio|julio) 10:00", text)) == len(DAYS)


def test_whom_to_call_is_written_by_hand_where_nobody_said(season: Golden) -> None:
    locale.use("es")
    facts = timetable(
        season.station,
        load_plan(season.station),
        read_seasons(season.station),
        season.plan,
        datetime(2021, 6, 10, tzinfo=LIMA),
    )
    assert re.search(r"Para consultas o quejas: _{20}", " ".join(pages(as_pdf(facts))))


def test_a_control_sheet_has_a_line_for_every_airing_somebody_may_have_waited_for(season: Golden) -> None:
    """By hand, June at Unicachi: six airings, three make-goods, and one sound by hand on the 20th."""
    locale.use("es")
    rows, unicachi = season.journals[MARKETS.index(UNICACHI)], season.markets[UNICACHI]
    facts = control_sheet(season.station, unicachi, date(2021, 6, 1), load_plan(season.station), rows, date(2021, 7, 1))
    text = " ".join(pages(sheet_pdf(facts)))
    found = Counter(re.findall(r"(vie|mié|jue|dom) (\d+), (\d\d:\d\d)", text))
    assert sorted((int(day), time) for _weekday, day, time in found) == [
        *((11, "10:00"), (16, "10:00"), (16, "16:00"), (17, "10:00"), (18, "10:00"), (18, "11:00")),
        *((20, "12:00"), (23, "10:00"), (25, "10:00"), (30, "10:00")),
    ]
    assert facts.number in text
    assert "Mercado Unicachi" in text


def test_every_paper_of_the_schedule_is_on_record_with_its_days_markets_and_who_asked(
    season: Golden, typed: Typed, tmp_path: Path
) -> None:
    with Journal.open(season.station.database, SystemClock(), season.station.timezone) as journal:
        for event in staff("d-07"):
            journal.append(event)
        set_pin(journal.store, "d-07", PIN)
    (tmp_path / "pin").write_text(f"{PIN}\n", encoding="utf-8")
    signed = ("--as", "d-07", "--pin-file", str(tmp_path / "pin"))
    before = len(read(season.station.database, kinds=(Exported,)))
    wanted = {
        ("schedule", "ics"): ("schedule", "export", str(tmp_path / "a.ics"), "--market", "unicachi"),
        ("schedule", "pdf"): ("schedule", "print", str(tmp_path / "a.pdf"), "--from", "2021-07-01"),
        ("control_sheet", "pdf"): (
            "plays",
            "sheet",
            "--month",
            "2021-07",
            "--market",
            "unicachi",
            "-o",
            str(tmp_path / "h.pdf"),
        ),
    }
    for command in wanted.values():
        assert typed(*command, *signed) == 0
    found = [row.event for row in read(season.station.database, kinds=(Exported,))][before:]
    rows = [each for each in found if isinstance(each, Exported)]
    assert [(each.document, each.format) for each in rows] == list(wanted)
    assert {each.by for each in rows} == {"d-07"}
    assert [(each.first, each.last, len(each.markets)) for each in rows] == [
        (DAYS[0], DAYS[-1], 1),
        (date(2021, 7, 2), DAYS[-1], 4),
        (date(2021, 7, 1), date(2021, 7, 31), 1),
    ]
    files = [tmp_path / "a.ics", tmp_path / "a.pdf", tmp_path / "h.pdf"]
    assert [each.sha256 for each in rows] == [sha256(file.read_bytes()).hexdigest() for file in files]
