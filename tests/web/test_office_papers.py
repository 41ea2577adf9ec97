"""The schedule and the control sheet from a page: the command's own bytes, on record with her code, in her language."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import httpx
import pytest
from golden import DAYS, MARKETS, UNICACHI
from icalendar import Calendar
from office_season import Office, office, tree, words
from pypdf import PdfReader

from broadcaster.journal.events import Exported
from broadcaster.model import Role
from broadcaster.reports import sheet_making
from broadcaster.web.office import calendar_page, papers, reports_page
from broadcaster.web.office.papers import SCHEDULE, SHEET

PAGES = {SCHEDULE: calendar_page.PATH, SHEET: reports_page.PATH}
"""Where each is asked for."""
JUNE_AT_UNICACHI = {"month": "2021-06", "market": UNICACHI}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("office") / "station") as made:
        yield made


def asked(at: Office, path: str, **fields: str) -> httpx.Response:
    return at.panel.signed_in(Role.COORDINATOR).form(path, page=PAGES[path], **fields)


def taken(at: Office, path: str, **fields: str) -> bytes:
    answer = asked(at, path, **fields)
    assert answer.status_code == 200, words(tree(answer.text))
    return answer.content


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def on_record(at: Office) -> list[Exported]:
    return [row.event for row in at.panel.desk.rows((Exported,)) if isinstance(row.event, Exported)]


def test_the_calendar_is_the_commands_to_the_byte(at: Office) -> None:
    line = [sys.executable, "-m", "broadcaster", "--station", str(at.panel.root), "--language", "es"]
    typed = subprocess.run([*line, "schedule", "export", "-", "--market", UNICACHI], capture_output=True, check=True)
    assert taken(at, SCHEDULE, format="ics", market=UNICACHI) == typed.stdout


def test_without_days_and_market_it_is_the_whole_schedule(at: Office) -> None:
    events = Calendar.from_ical(taken(at, SCHEDULE, format="ics")).walk("VEVENT")
    assert {str(event["uid"]) for event in events} == {str(airing.id) for airing in at.panel.desk.plan().airings}


def test_days_and_a_market_by_its_name_choose_what_is_in_it(at: Office) -> None:
    name = at.season.station.markets[UNICACHI].name
    content = taken(at, SCHEDULE, format="ics", first="2021-06-16", last="2021-06-18", market=name)
    found = [str(event["uid"]) for event in Calendar.from_ical(content).walk("VEVENT")]
    assert found == ["2021-06-16T10:00/unicachi", "2021-06-18T10:00/unicachi"]


def test_the_page_for_the_wall_names_the_schedule_as_the_screen_does(at: Office) -> None:
    line = [sys.executable, "-m", "broadcaster", "--station", str(at.panel.root), "--language", "es"]
    shown = subprocess.run([*line, "schedule", "preview"], capture_output=True, check=True, text=True).stdout
    said = text_of(taken(at, SCHEDULE, format="pdf"))
    name = re.search(r"Cronograma (.{9}) · hecho el", said)
    assert name
    assert f"Cronograma {name[1]}." in shown
    assert all(at.season.station.markets[market].name in said for market in MARKETS)


def test_the_sheet_is_the_makers_with_its_number(at: Office) -> None:
    station = at.panel.desk.station
    made = sheet_making.made(station, station.markets[UNICACHI], date(2021, 6, 30), at.panel.desk.now())
    content = taken(at, SHEET, **JUNE_AT_UNICACHI)
    assert content == made.content
    assert f"Hoja {made.number}" in text_of(content)


LEAVING = [
    pytest.param(
        SCHEDULE,
        {"format": "ics"},
        ("schedule-2021-06-11-2021-07-30.ics", "text/calendar; charset=utf-8"),
        (DAYS[0], DAYS[-1], MARKETS),
        id="calendar",
    ),
    pytest.param(
        SCHEDULE,
        {"format": "pdf", "first": "2021-07-01", "last": "2021-07-02", "market": UNICACHI},
        ("schedule-unicachi-2021-07-02-2021-07-02.pdf", "application/pdf"),
        (date(2021, 7, 2), date(2021, 7, 2), (UNICACHI,)),
        id="wall",
    ),
    pytest.param(
        SHEET,
        JUNE_AT_UNICACHI,
        ("control_sheet-unicachi-2021-06.pdf", "application/pdf"),
        (date(2021, 6, 1), date(2021, 6, 30), (UNICACHI,)),
        id="sheet",
    ),
]


@pytest.mark.parametrize(("path", "fields", "file", "told"), LEAVING)
def test_each_is_on_record_before_it_leaves_and_is_kept_by_no_browser_but_as_a_file(
    at: Office, path: str, fields: dict[str, str], file: tuple[str, str], told: tuple[date, date, tuple[str, ...]]
) -> None:
    (name, kind), before = file, len(on_record(at))
    answer = asked(at, path, **fields)
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (kind, "no-store")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    (row,) = on_record(at)[before:]
    document, format_ = name.partition("-")[0], name.rpartition(".")[2]
    assert (row.document, row.format, row.by) == (document, format_, "coordinadora-9")
    assert (row.first, row.last, set(row.markets)) == (*told[:2], set(told[2]))
    assert row.sha256 == hashlib.sha256(answer.content).hexdigest()


@pytest.mark.parametrize(
    ("path", "fields", "spanish", "english"),
    [
        (SCHEDULE, {"format": "pdf"}, "Cronograma de emisiones", "Airing schedule"),
        (SHEET, JUNE_AT_UNICACHI, "Hoja de control", "Control sheet"),
    ],
)
def test_each_is_in_the_language_of_the_person(
    at: Office, path: str, fields: dict[str, str], spanish: str, english: str
) -> None:
    browser = at.panel.signed_in(Role.COORDINATOR)
    assert spanish in text_of(browser.form(path, page=PAGES[path], **fields).content)
    browser.form("/language", language="en")
    assert english in text_of(browser.form(path, page=PAGES[path], **fields).content)


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        (SCHEDULE, {"first": "2031-01-01"}, "Ahí no hay nada programado"),
        (SCHEDULE, {"first": "2021-07-02", "last": "2021-07-01"}, "viene después"),
        (SCHEDULE, {"first": "ayer"}, "no es una fecha"),
        (SCHEDULE, {"format": "docx"}, "no está entre las opciones"),
        (SCHEDULE, {"market": "../../etc/passwd"}, "no está entre las opciones"),
        (SHEET, {"month": "2021-06"}, "es de un solo mercado"),
        (SHEET, {"month": "2021-06", "market": "../../etc/passwd"}, "no está entre las opciones"),
        (SHEET, {"month": "2021-13", "market": UNICACHI}, "no es un mes"),
        (SHEET, {"month": "junio", "market": UNICACHI}, "no es un mes"),
        (SHEET, {"market": UNICACHI}, "no es un mes"),
        (SHEET, {"month": "2031-01", "market": UNICACHI}, "Vea el cronograma en Calendario."),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_goes_on_record(
    at: Office, path: str, fields: dict[str, str], said: str
) -> None:
    before = len(on_record(at))
    answer = asked(at, path, **fields)
    assert answer.status_code == 422
    assert said in words(tree(answer.text))
    assert len(on_record(at)) == before


def test_more_airings_than_a_calendar_takes_in_are_no_file(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST", len(at.panel.desk.plan().airings))
    assert asked(at, SCHEDULE, format="ics").status_code == 200
    monkeypatch.setattr(papers, "MOST", len(at.panel.desk.plan().airings) - 1)
    answer = asked(at, SCHEDULE, format="ics")
    assert answer.status_code == 422
    assert "Elija menos días" in words(tree(answer.text))


@pytest.mark.parametrize("role", [Role.APPROVER, Role.PROTECTION_OFFICER])
def test_whoever_only_reads_the_calendar_is_offered_nothing_to_take(at: Office, role: Role) -> None:
    assert SCHEDULE not in at.panel.signed_in(role).get(calendar_page.PATH).text
    assert SCHEDULE in at.panel.signed_in(Role.COORDINATOR).get(calendar_page.PATH).text


def test_the_sheet_is_offered_for_this_month_or_for_the_one_that_is_looked_at(at: Office) -> None:
    browser = at.panel.signed_in(Role.COORDINATOR)

    def offered(**query: str) -> tuple[str, str]:
        page = tree(browser.get(reports_page.PATH, params=query).text)
        (chosen,) = page.cssselect("#sheet-market option[selected]") or page.cssselect("#sheet-market option")[:1]
        return page.cssselect("#month")[0].get("value"), chosen.get("value")

    assert offered() == (f"{at.panel.desk.now():%Y-%m}", MARKETS[0])
    assert offered(first="2021-06-01", last="2021-06-30", market=UNICACHI) == ("2021-06", UNICACHI)
