"""How papers lie on their pages: who signs sees what she signs, heads stay whole, and a print in grey tells the same."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from golden import SEASON, UNICACHI, Golden, golden
from papers import pdf_boxes, pdf_pages, request

from broadcaster import locale
from broadcaster.reports.documents import CERTIFICATE, make
from broadcaster.reports.documents.layouts import SHIPPED

SIGNED = {
    ("en", "certificate"): ("Signature", "Totals"),
    ("es", "certificate"): ("Firma", "Totales"),
    ("en", "monthly"): ("Signature", "Annexes"),
    ("es", "monthly"): ("Firma", "Anexos"),
    ("en", "donor"): ("Signature", "Complaints on record"),
    ("es", "donor"): ("Firma", "Quejas registradas"),
}
"""Where one signs, and what must stand on the same page: a certificate's totals, else the last thing before."""


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    return golden(tmp_path_factory.mktemp("season"))


@pytest.mark.parametrize(("language", "document"), SIGNED)
def test_nobody_signs_a_page_on_which_nothing_else_stands(
    season: Golden, language: str, document: str, tmp_path: Path
) -> None:
    """However long the report: the last part goes over with the signatures, on paper and in Word."""
    sign, last = SIGNED[language, document]
    with locale.speaking(language):
        content = make(document, "pdf", request(season, SEASON, UNICACHI if document == CERTIFICATE else None))
    (page,) = (each for each in pdf_pages(content, tmp_path) if sign in each)
    assert last in page
    layout = Document(str(SHIPPED / language / f"{document}.docx"))
    before = layout.tables[-1]._tbl.getprevious()
    while True:
        assert all(Paragraph(each, layout).paragraph_format.keep_with_next for each in before.iter(qn("w:p")))
        if last in "".join(before.itertext()):
            break
        before = before.getprevious()


@pytest.mark.parametrize("language", locale.LANGUAGES)
@pytest.mark.parametrize("document", [CERTIFICATE, "monthly", "donor"])
def test_a_head_that_breaks_has_its_hyphen(season: Golden, language: str, document: str, tmp_path: Path) -> None:
    layout = (SHIPPED / language / f"{document}.html").read_text(encoding="utf-8")
    parts = {part for cut in re.findall(r"\w+(?:&shy;\w+)+", layout) for part in cut.split("&shy;")[:-1]}
    asked = request(season, SEASON, UNICACHI if document == CERTIFICATE else None)
    with locale.speaking(language):
        content = make(document, "pdf", asked)
    read = {box.word for *_size, boxes in pdf_boxes(content, tmp_path) for box in boxes}
    assert not parts & read
    assert {"Time", "scheduled"} <= read or (language, document) != ("en", CERTIFICATE)


def test_in_grey_what_charts_tell_apart_is_told_apart() -> None:
    """By how light it is, a tenth of the way from black to white at least; what is white has different edges."""
    style = (SHIPPED / "style.css").read_text(encoding="utf-8")
    found = dict(re.findall(r"^\.(played|partial|made_good|missed) +{ background: (#\w+);", style, re.MULTILINE))
    assert len(found) == 4
    for (one, shade), (other, another) in combinations(found.items(), 2):
        assert abs(light(shade) - light(another)) > 0.1, (one, other)


def light(shade: str) -> float:
    """From 0, black, to 1 (ITU-R BT.601), as printers and televisions have it."""
    digits = shade[1:] if len(shade) == 7 else "".join(2 * digit for digit in shade[1:])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue
