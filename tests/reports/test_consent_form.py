"""The form that a voice signs, read back from the PDF: what it must say, and what must never stand on it."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from office import Office, office
from pypdf import PdfReader

from broadcaster import locale
from broadcaster.cli.consent_form import form
from broadcaster.cli.context import Desk
from broadcaster.model import Scope
from broadcaster.reports.consent_form import SCOPES, consent_form
from broadcaster.reports.consent_form_pdf import as_pdf

A4_POINTS = (595.28, 841.89)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def printed(here: Office, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    """As the command writes it, on a screen that speaks English."""
    file = tmp_path_factory.mktemp("form") / "formulario.pdf"
    locale.use("en")
    try:
        form.main([str(file)], obj=Desk(here.station.root), standalone_mode=False)
        assert locale.language() == "en"
    finally:
        locale.use("es")
    return PdfReader(file)


def text(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_is_one_sheet_of_two_sides_in_spanish(printed: PdfReader) -> None:
    assert [tuple(map(float, page.mediabox[2:])) for page in printed.pages] == [pytest.approx(A4_POINTS, abs=0.1)] * 2
    said = text(printed)
    assert "Consentimiento para usar mi voz" in said
    assert not re.search(r"\b(the|voice|consent)\b", said)


@pytest.mark.parametrize(
    "words",
    [
        "Código de la voz",
        "Junio y julio de 2021 (11/06/2021 – 30/07/2021)",
        "Mercado Unicachi",
        "Si solo está marcado el primer cuadro, son los parlantes y nada más.",
        "retirar este consentimiento cuando quiera, antes o después de que suene, sin decir por qué",
        "Ley 29733",
        "ANPD",
        "Madre, padre o tutor",
        "Firma o huella",
        "A quién avisar: teléfono o lugar",
    ],
)
def test_it_says_what_a_voice_must_know_before_she_signs(printed: PdfReader, words: str) -> None:
    assert words in text(printed)


def test_every_scope_has_its_box_and_its_meaning_loudspeakers_first(printed: PdfReader) -> None:
    """The consent register knows no scope that nobody could tick."""
    assert list(SCOPES) == list(Scope)
    names = [locale.gettext(name) for name, _ in SCOPES.values()]
    places = [text(printed).index(name) for name in names]
    assert places == sorted(places)
    squares = re.findall(rb" re\b", printed.pages[0].get_contents().get_data())  # type: ignore[union-attr]
    assert len(squares) >= len(Scope)


def test_nothing_on_it_is_filled_in_but_the_station_and_its_season(here: Office) -> None:
    """No code, no name: two stations' forms differ in what their files say and in nothing else."""
    locale.use("es")
    blank = consent_form(here.station, None, date(2021, 6, 1))
    assert blank.season == ""
    said = text(PdfReader(BytesIO(as_pdf(blank))))
    assert "2021" not in said.replace("01/06/2021", "")
    assert as_pdf(blank) == as_pdf(blank)


def test_a_season_that_is_not_there_is_named(here: Office, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="2021-junio-julio"):
        form.main([str(tmp_path / "f.pdf"), "--season", "otoño"], obj=Desk(here.station.root), standalone_mode=False)
    assert list(tmp_path.iterdir()) == []
