"""Reports from a page: the same bytes as the command's, the summary's figures, on record with the visitor's code."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest
from docx import Document
from golden import JUNE, MARKETS
from office_season import Office, office, tree, words
from pypdf import PdfReader

from broadcaster.journal.events import Exported
from broadcaster.model import Role
from broadcaster.reports import documents, tables
from broadcaster.web.office.reports import month_of, usual

REPORTS = "/office/reports"
WHOLE_JUNE = {"first": "2021-06-01", "last": "2021-06-30"}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("office") / "station") as made:
        yield made


def taken(at: Office, document: str, format_: str, **more: str) -> bytes:
    fields = {**WHOLE_JUNE, "document": document, "format": format_, **more}
    answer = at.panel.signed_in(Role.COORDINATOR).form(f"{REPORTS}/file", page=REPORTS, **fields)
    assert answer.status_code == 200, words(tree(answer.text))
    return answer.content


def test_the_figures_on_the_page_are_those_of_the_summary(at: Office) -> None:
    page = tree(at.panel.signed_in(Role.COORDINATOR).get(REPORTS, params={**WHOLE_JUNE, "document": "monthly"}).text)
    rows = {words(row[0]): [int(words(cell)) for cell in row[1:]] for row in page.cssselect("tbody tr")}
    assert rows == {
        group.name: [
            group.counts.planned,
            group.counts.played,
            group.counts.made_good,
            group.counts.partial,
            group.counts.missed,
            group.counts.cancelled,
            group.counts.awaited,
            group.counts.to_come,
        ]
        for group in at.season.summary(JUNE).markets
    }
    figures = {words(each[0]): words(each[1]) for each in page.cssselect(".figures > div")}
    total = at.season.summary(JUNE).total
    assert figures["Emisiones realizadas"] == str(total.fulfilled)
    assert figures["Cumplimiento"] == f"{100 * total.fulfilled / total.due:.1f} %"


@pytest.mark.parametrize("document", ["certificate", "monthly", "donor", "page"])
def test_the_preview_is_the_document_with_its_own_styles_and_nothing_that_could_run(at: Office, document: str) -> None:
    asked = {**WHOLE_JUNE, "document": document, "market": MARKETS[0]}
    answer = at.panel.signed_in(Role.COORDINATOR).get(f"{REPORTS}/preview", params=asked)
    assert answer.status_code == 200
    policy = answer.headers.get_list("content-security-policy")
    assert len(policy) == 1
    assert "default-src 'none'" in policy[0]
    assert "sandbox" in policy[0]
    assert answer.headers.get_list("x-frame-options") == ["SAMEORIGIN"]
    assert at.season.station.markets[MARKETS[0]].name in words(tree(answer.text))


def test_the_certificate_as_pdf_and_word_is_of_its_market(at: Office) -> None:
    text = "".join(
        page.extract_text() for page in PdfReader(BytesIO(taken(at, "certificate", "pdf", market=MARKETS[0]))).pages
    )
    assert "CONSTANCIA" in text.upper()
    assert at.season.station.markets[MARKETS[0]].name in re.sub(r"\s+", " ", text)
    paper = Document(BytesIO(taken(at, "certificate", "docx", market=MARKETS[0])))
    assert any("CONSTANCIA" in each.text.upper() for each in paper.paragraphs)


@pytest.mark.parametrize(("document", "format_"), [("monthly", "docx"), ("donor", "docx"), ("practice", "docx")])
def test_the_other_papers_open_in_a_word_processor(at: Office, document: str, format_: str) -> None:
    assert Document(BytesIO(taken(at, document, format_))).paragraphs


def test_tables_are_read_back_by_others(at: Office) -> None:
    planned = at.season.summary(JUNE).total.planned
    assert len(list(csv.DictReader(StringIO(taken(at, "data", "csv").decode("utf-8-sig"))))) == planned
    assert json.loads(taken(at, "data", "json"))["total"]["planned"] == planned
    for format_ in ("xlsx", "r4v"):
        assert openpyxl.load_workbook(BytesIO(taken(at, "data", format_))).sheetnames
    assert "#adm3+code" in taken(at, "data", "hxl").decode() or taken(at, "data", "hxl").decode().count("#") > 3


LEAVING = [("data", format_) for format_ in tables.FORMATS] + [
    (document, format_) for document, formats in documents.FORMATS.items() for format_ in formats
]


@pytest.mark.parametrize(("document", "format_"), LEAVING)
def test_a_report_is_on_record_before_it_leaves_with_her_code(at: Office, document: str, format_: str) -> None:
    content = taken(at, document, format_, market=MARKETS[1])
    row = at.panel.desk.rows((Exported,))[-1].event
    assert isinstance(row, Exported)
    assert (row.document, row.format, row.by) == (document, format_, "coordinadora-9")
    assert (row.first, row.last, row.markets) == (date(2021, 6, 1), date(2021, 6, 30), (MARKETS[1],))
    assert row.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"document": "certificate"}, "es de un solo mercado"),
        ({"document": "monthly", "first": "2031-01-01", "last": "2031-01-31"}, "No había nada programado"),
        ({"document": "nothing"}, "no está entre las opciones"),
        ({"document": "monthly", "format": "exe"}, "no está entre las opciones"),
        ({"document": "practice", "format": "pdf"}, "no está entre las opciones"),
        ({"document": "monthly", "market": "../../etc/passwd"}, "no está entre las opciones"),
        ({"document": "monthly", "first": "2021-06-31"}, "no es una fecha"),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_goes_on_record(at: Office, fields: dict[str, str], said: str) -> None:
    before = len(at.panel.desk.rows((Exported,)))
    answer = at.panel.signed_in(Role.COORDINATOR).form(
        f"{REPORTS}/file", page=REPORTS, **{**WHOLE_JUNE, "format": "", **fields}
    )
    assert answer.status_code == 422
    assert said in words(tree(answer.text))
    assert len(at.panel.desk.rows((Exported,))) == before


def test_early_in_a_month_the_last_one_is_proposed() -> None:
    assert usual(date(2021, 7, 3)) == (date(2021, 6, 1), date(2021, 6, 30))
    assert usual(date(2021, 7, 30)) == (date(2021, 7, 1), date(2021, 7, 31))
    assert usual(date(2021, 1, 10)) == (date(2020, 12, 1), date(2020, 12, 31))
    assert month_of(date(2024, 2, 29)) == (date(2024, 2, 1), date(2024, 2, 29))
    assert month_of(date(9999, 12, 31)) == (date(9999, 12, 1), date(9999, 12, 31))
