"""How many people were within hearing, in every document: an estimate with its method, never added, small numbers not shown."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from golden import JULY, JUNE, MADE, SEASON, UNICACHI, Golden, golden
from papers import docx_tables, docx_text, named, pdf_pages, request, words

from broadcaster import locale
from broadcaster.reports.documents import FORMATS, make
from broadcaster.reports.summary import Period
from broadcaster.reports.summing import summarise

REPORTS = [
    (document, format_) for document in ("monthly", "donor", "page", "practice") for format_ in FORMATS[document]
]
LAYOUTS = sorted({(document, format_.replace("pdf", "html")) for document, format_ in REPORTS})
"""A PDF is printed from the page."""
Paper = Callable[[str, str], bytes]
CENTRAL_NAME, UNICACHI_NAME = "Mercado Municipal Gran Mariscal Castilla", "Mercado Unicachi"
COUNTED = [
    ["junio 2021", CENTRAL_NAME, "2", "40", "12", "52", "contados uno por uno"],
    ["junio 2021", UNICACHI_NAME, "1", "25", "menos de 5", "—", "estimados al ojo"],
    ["julio 2021", CENTRAL_NAME, "1", "20", "10", "30", "contados en una parte del mercado y multiplicados"],
]
"""By hand from the golden season: at the market in the centre two airings of June were counted, 52 and 33 people."""


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    return golden(tmp_path_factory.mktemp("season"))


@pytest.fixture(autouse=True)
def spanish() -> None:
    locale.use("es")


@pytest.fixture(scope="module")
def paper(season: Golden) -> Paper:
    """A document of the whole season in Spanish, made once."""

    @cache
    def made(document: str, format_: str) -> bytes:
        locale.use("es")
        return make(document, format_, request(season, SEASON))

    return made


def text_of(content: bytes, format_: str, folder: Path) -> str:
    if format_ == "docx":
        return docx_text(content)
    if format_ == "pdf":
        return words(" ".join(pdf_pages(content, folder)))
    return words(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", content.decode(), flags=re.DOTALL)))


@pytest.mark.parametrize(("document", "format_"), REPORTS)
def test_each_number_has_its_month_market_and_method_beside_it(
    paper: Paper, document: str, format_: str, tmp_path: Path
) -> None:
    if format_ == "docx":
        assert named(docx_tables(paper(document, format_)), "Mes")[1:] == COUNTED
        return
    text = text_of(paper(document, format_), format_, tmp_path)
    for row in COUNTED:
        if format_ == "pdf":  # lines of one row are mixed there: its numbers stay beside each other
            assert " ".join(row[2:5]) in text
        else:
            assert " ".join(row) in text
    assert "estimación" in text


@pytest.mark.parametrize(("document", "format_"), REPORTS)
def test_nothing_is_added_and_nothing_small_is_told(paper: Paper, document: str, format_: str, tmp_path: Path) -> None:
    """Neither airings (70 women, 85 people) nor markets (65, 77, 80) nor months (60, 82), nor what gives 3 men away (28)."""
    text = text_of(paper(document, format_), format_, tmp_path)
    told = text[text.index("Personas al alcance") :]
    told = told[: told.index("se podría deducir")]
    assert not re.search(r"\b(70|85|65|77|80|60|82|110|28|3)\b", told)
    assert "ni los meses se suman" in told


@pytest.mark.parametrize(("period", "months"), [(JUNE, {"junio 2021"}), (JULY, {"julio 2021"})])
def test_a_month_s_report_has_that_month_s_numbers_alone(season: Golden, period: Period, months: set[str]) -> None:
    table = named(docx_tables(make("monthly", "docx", request(season, period))), "Mes")
    assert {row[0] for row in table[1:]} == months


@pytest.mark.parametrize(("document", "format_"), LAYOUTS)
def test_where_nobody_counted_it_says_so(season: Golden, document: str, format_: str, tmp_path: Path) -> None:
    rows = [[row for row in journal if row.event.kind != "observed"] for journal in season.journals]
    asked = request(season, SEASON)
    unseen = replace(asked, summary=summarise(rows, season.plan, season.markets, SEASON, MADE))
    text = text_of(make(document, format_, unseen), format_, tmp_path)
    assert "Nadie contó oyentes en este período." in text
    assert "ni los meses se suman" not in text


@pytest.mark.parametrize(("document", "format_"), LAYOUTS)
def test_a_market_that_the_station_has_no_longer_is_told_by_its_id(
    season: Golden, document: str, format_: str, tmp_path: Path
) -> None:
    """Its plays are on record, and a report of last year must still be made."""
    markets = {id_: market for id_, market in season.markets.items() if id_ != UNICACHI}
    station = replace(season.station, markets=markets)
    summary = summarise(season.journals, season.plan, markets, SEASON, MADE)
    asked = replace(request(season, SEASON), station=station, summary=summary, so_far=summary)
    assert summary.total.planned == 61
    assert "unicachi" in text_of(make(document, format_, asked), format_, tmp_path)
