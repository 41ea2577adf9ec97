"""Layouts: an office changes them without code, and nothing that it writes can do harm or break in silence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from docx import Document
from docx.oxml.ns import qn
from golden import JUNE, UNICACHI, Golden, golden
from papers import docx_text, request
from PIL import Image
from pypdf import PdfReader

from broadcaster import locale
from broadcaster.config import load_station
from broadcaster.reports.documents import CERTIFICATE, FORMATS, charts, make
from broadcaster.reports.documents.certificate import Certificate, CertificateLine, JournalCode
from broadcaster.reports.documents.figures import Figures
from broadcaster.reports.documents.layouts import SHIPPED, LayoutBroken
from broadcaster.reports.documents.listeners import Listeners
from broadcaster.reports.documents.overview import Change, Counted, Overview, Place, ReasonRow


@pytest.fixture
def season(tmp_path: Path) -> Golden:
    locale.use("es")
    (tmp_path / "templates" / "es").mkdir(parents=True)
    return golden(tmp_path)


def own(season: Golden, name: str) -> Path:
    return season.station.root / "templates" / "es" / name


def test_every_document_has_its_layouts_in_both_languages_and_no_author() -> None:
    for document, formats in FORMATS.items():
        for language in locale.LANGUAGES:
            assert any(format_ == "docx" for format_ in formats) == (SHIPPED / language / f"{document}.docx").is_file()
            assert any(format_ != "docx" for format_ in formats) == (SHIPPED / language / f"{document}.html").is_file()
    for layout in SHIPPED.rglob("*.docx"):
        about = Document(str(layout)).core_properties
        assert (about.author, about.last_modified_by, about.comments) == ("", "", "")


def test_no_table_of_a_word_layout_is_wider_than_the_text_on_its_page() -> None:
    twips = 635
    for layout in SHIPPED.rglob("*.docx"):
        document = Document(str(layout))
        page = document.sections[0]
        room = ((page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)) // twips
        for table in document.tables:
            grid = [int(column.get(qn("w:w")) or 0) for column in table._tbl.tblGrid.gridCol_lst]
            assert sum(grid) <= room + 20, f"{layout.parent.name}/{layout.name}: {table.rows[0].cells[0].text}"


TABLE_PARTS = ["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"]
"""In the order that the standard gives (ECMA-376, part 1, 17.4.59); Word may refuse a document with another."""


def test_what_a_word_layout_says_of_a_table_stands_in_the_order_of_the_standard() -> None:
    for layout in SHIPPED.rglob("*.docx"):
        for table in Document(str(layout)).tables:
            parts = [part.tag.rpartition("}")[2] for part in table._tbl.tblPr]
            assert parts == sorted(parts, key=TABLE_PARTS.index), f"{layout.parent.name}/{layout.name}"


def test_the_donor_s_report_names_who_funds_it_in_every_form(season: Golden, tmp_path: Path) -> None:
    funds = "PRM (Departamento de Estado de los Estados Unidos)"
    asked = request(season, JUNE)
    assert re.search(rf"<th>Financia</th><td>{re.escape(funds)}</td>", make("donor", "html", asked).decode())
    assert f"Financia {funds}" in docx_text(make("donor", "docx", asked))


def test_an_office_s_own_page_goes_before_ours_and_may_use_our_charts_and_style(season: Golden) -> None:
    layout = (
        '{% import "charts.html" as charts %}<style>{% include "style.css" %}</style><p>Oficina: {{ figures.done }}</p>'
    )
    own(season, "page.html").write_text(layout + "{{ charts.bars(weeks) }}", encoding="utf-8")
    page = make("page", "html", request(season, JUNE)).decode()
    assert "<p>Oficina: 18</p>" in page
    assert 'class="bars"' in page
    assert "table-header-group" in page


def test_an_office_s_own_word_document_goes_before_ours(season: Golden) -> None:
    layout = Document(str(SHIPPED / "es" / "certificate.docx"))
    layout.add_paragraph("Oficina de la {{ programme }}: {{ figures.planned }} programadas, año 2021")
    layout.save(str(own(season, "certificate.docx")))
    text = docx_text(make(CERTIFICATE, "docx", request(season, JUNE, UNICACHI)))
    assert "Oficina de la Defensoras al Parlante: 6 programadas, año 2021" in text


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        ("{% for line in lines %}", "es/page.html"),
        ("{{ nombre }}", "nombre"),
        ("{{ figures.__class__.__mro__ }}", "__class__"),
        ('{% include "../../config.toml" %}', "config.toml"),
        ("{{ figures.done + 1 }}", "es/page.html"),
        ("{{ 1 / (markets|length - markets|length) }}", "division"),
        ("{{ markets[99].name }}", "es/page.html"),
    ],
)
def test_a_page_s_fault_is_told_with_its_place_and_nothing_comes_of_it(season: Golden, layout: str, told: str) -> None:
    own(season, "page.html").write_text(layout, encoding="utf-8")
    with pytest.raises(LayoutBroken) as refused:
        make("page", "html", request(season, JUNE))
    assert told in str(refused.value)
    assert "es/page.html" in str(refused.value) or "config.toml" in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"no es un documento", "{{ nombre }}", "{{ figures.done + 1 }}", "{{ 1 / 0 }}"],
)
def test_a_word_document_that_cannot_be_filled_in_is_refused_in_a_sentence(
    season: Golden, content: bytes | str
) -> None:
    if isinstance(content, str):
        layout = Document()
        layout.add_paragraph(content)
        layout.save(str(own(season, "practice.docx")))
    else:
        own(season, "practice.docx").write_bytes(content)
    with pytest.raises(LayoutBroken, match=r"practice\.docx"):
        make("practice", "docx", request(season, JUNE))


@contextmanager
def server() -> Iterator[tuple[int, list[str]]]:
    """A web server of this machine, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        Thread(target=http.serve_forever, daemon=True).start()
        yield http.server_port, asked
        http.shutdown()


def test_a_pdf_shows_a_picture_beside_the_layouts_and_fetches_nothing_else(season: Golden) -> None:
    logo = season.station.root / "templates" / "logo.png"
    Image.new("RGB", (8, 4), "teal").save(logo)
    Image.new("RGB", (16, 16), "red").save(season.station.root / "secret.png")
    with server() as (port, asked):
        pictures = f'<img src="logo.png"><img src="../secret.png"><img src="http://127.0.0.1:{port}/a.png">'
        style = f'<link rel="stylesheet" href="http://127.0.0.1:{port}/a.css">'
        own(season, "certificate.html").write_text(f"{style}{pictures}<p>{{{{ programme }}}}</p>", encoding="utf-8")
        content = make(CERTIFICATE, "pdf", request(season, JUNE, UNICACHI))
    assert asked == []
    sizes = [image.image.size for page in PdfReader(BytesIO(content)).pages for image in page.images if image.image]
    assert sizes == [(8, 4)]


def test_what_a_layout_is_given_cannot_write_into_it(season: Golden) -> None:
    config = season.station.root / "config.toml"
    text = config.read_text(encoding="utf-8").replace(
        'name = "Defensoras al Parlante"', 'name = "<b>A & B</b> {{ 7 * 7 }}"'
    )
    config.write_text(text, encoding="utf-8")
    changed = Golden(load_station(season.station.root), season.plan, season.records)
    assert "&lt;b&gt;A &amp; B&lt;/b&gt; {{ 7 * 7 }}" in make("page", "html", request(changed, JUNE)).decode()
    assert "<b>A & B</b> {{ 7 * 7 }}" in docx_text(make("practice", "docx", request(changed, JUNE)))


def test_the_manual_names_every_word_that_a_layout_may_use() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "documents.md").read_text(encoding="utf-8")
    given = (Certificate, CertificateLine, JournalCode, Overview, Figures, Place, ReasonRow, Change, Counted, Listeners)
    drawn = (charts.Key, charts.Cell, charts.CalendarRow, charts.CalendarBlock, charts.Part, charts.Bar)
    words = {field.name for kind in (*given, *drawn) for field in fields(kind)}
    assert [word for word in sorted(words) if not re.search(rf"`(\w+\.)?{word}(\.\w+)?`", manual)] == []
