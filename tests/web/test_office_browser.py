"""What the coordinator does in the office, in a real browser: she filters the log and takes the certificate with her."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from golden import MARKETS
from office_season import Office, office
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from test_every_page import faults

from broadcaster.journal.events import MessageReceived
from broadcaster.model import AiringId, Outcome, Reason, Role
from broadcaster.web.office import log, log_page

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("office") / "station") as made:
        yield made


def opened(chromium: Browser, at: Office, width: int = 1280) -> Page:
    context = chromium.new_context(base_url=at.panel.url, viewport={"width": width, "height": 900})
    at.panel.sign_in(context, Role.COORDINATOR)
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def test_the_coordinator_filters_the_log_and_downloads_the_certificate(
    chromium: Browser, at: Office, tmp_path: Path
) -> None:
    page = opened(chromium, at)
    page.goto("/office/log")
    page.get_by_label("Mercado").select_option(MARKETS[0])
    page.get_by_label("Resultado").select_option("missed")
    page.get_by_role("button", name="Mostrar").click()
    missed = [line for line in at.season.summary().of_market(MARKETS[0]) if line.outcome is Outcome.MISSED]
    expect(page.locator("tbody tr")).to_have_count(len(missed))
    page.get_by_role("link", name="Informes").click()
    page.get_by_label("Para qué").select_option("certificate")
    page.get_by_role("form", name="Qué informe").get_by_label("Mercado").select_option(MARKETS[0])
    page.get_by_label("Desde").fill("2021-06-01")
    page.get_by_label("Hasta").fill("2021-06-30")
    page.get_by_role("button", name="Mostrar").click()
    frame = page.frame_locator("iframe.preview")
    expect(frame.locator("h1")).to_have_text(re.compile("CONSTANCIA", re.IGNORECASE))
    with page.expect_download() as coming:
        page.get_by_role("button", name="Como PDF").click()
    assert coming.value.suggested_filename == "certificate-mercado-central-2021-06-01-2021-06-30.pdf"
    content = Path(coming.value.path()).read_bytes()
    text = "".join(each.extract_text() for each in PdfReader(BytesIO(content)).pages)
    assert "CONSTANCIA" in text.upper()
    assert at.season.station.markets[MARKETS[0]].name in text
    page.context.close()


def test_with_a_phone_alone_she_takes_the_schedule_and_the_control_sheet(chromium: Browser, at: Office) -> None:
    page = opened(chromium, at, 360)
    page.goto("/office/calendar")
    page.get_by_text("Llevarse el cronograma").press("Enter")
    assert list(faults(page)) == []
    page.get_by_label("Mercado").select_option(MARKETS[2])
    for button, ending in (("Para el calendario (.ics)", "ics"), ("Para imprimir (PDF)", "pdf")):
        with page.expect_download() as coming:
            page.get_by_role("button", name=button).click()
        assert coming.value.suggested_filename == f"schedule-unicachi-2021-06-11-2021-07-30.{ending}"
    page.goto("/office/reports")
    sheet = page.locator("section", has=page.get_by_role("heading", name="Hoja de control de un mes"))
    sheet.get_by_label("Mes").fill("2021-06")
    sheet.get_by_label("Mercado").select_option(MARKETS[2])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_download() as coming:
        sheet.get_by_role("button", name="Para imprimir (PDF)").click()
    assert coming.value.suggested_filename == "control_sheet-unicachi-2021-06.pdf"
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF")
    page.context.close()


def test_of_many_markets_names_are_offered_while_she_types_by_keyboard_alone(
    chromium: Browser, at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_page, "FEW", 1)
    page = opened(chromium, at, 360)
    page.goto("/office/log")
    field = page.get_by_label("Mercado", exact=True)
    field.focus()
    name = at.season.station.markets[MARKETS[2]].name
    page.keyboard.type(name.split()[-1].lower())
    expect(page.locator("#market-names option")).to_have_text([name])
    assert list(faults(page)) == []
    field.fill(name.lower())
    page.keyboard.press("Enter")
    expect(field).to_have_value(name)
    assert {each.strip() for each in page.locator("tbody td:first-of-type").all_inner_texts()} == {name}
    page.context.close()


def test_the_glance_changes_while_it_is_looked_at(chromium: Browser, at: Office) -> None:
    """A message comes by telephone and is typed in elsewhere; the page tells it without being loaded again."""
    page = opened(chromium, at, 360)
    page.goto("/office/markets")
    card = page.locator("section", has=page.locator(f"#market-{MARKETS[3]}"))
    expect(card).to_contain_text("nunca")
    due = at.season.summary().lines[0].due
    said = MessageReceived(
        AiringId("2021-06-11T10:00/huamantanga"),
        MARKETS[3],
        due,
        Outcome.PLAYED,
        Reason.ON_TIME,
        "K7F3-9QXM",
        True,
        "x",
    )
    at.panel.write(said)
    expect(card).to_contain_text("mensaje: 9:00")
    page.context.close()


def test_on_a_phone_an_airing_of_the_log_is_a_few_lines(chromium: Browser, at: Office) -> None:
    page = opened(chromium, at, 360)
    page.goto("/office/log")
    rows = page.locator(".log tbody tr")
    heights = rows.evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")
    assert len(heights) == log.ON_A_PAGE
    assert max(heights) < 900 / 3
    page.context.close()


@pytest.mark.parametrize(
    "path", ["/office/markets", "/office/calendar?from=2021-06-07", "/office/log", "/office/sticks"]
)
def test_on_a_phone_no_page_is_wider_than_the_phone(chromium: Browser, at: Office, path: str) -> None:
    page = opened(chromium, at, 360)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for table in page.locator(".table-wrap").all():
        assert table.evaluate("each => each.scrollWidth <= each.clientWidth + 1"), path
    page.context.close()
