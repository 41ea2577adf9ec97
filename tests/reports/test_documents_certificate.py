"""The certificate of airing: what it says of the golden season, read back from PDF and Word by other programs."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from golden import BOSQUE, CENTRAL, HUAMANTANGA, JULY, JUNE, UNICACHI, Golden, golden
from papers import CODE, crowded, docx_tables, docx_text, named, pdf_pages, request, words

from broadcaster import locale
from broadcaster.model import MarketId
from broadcaster.reports.documents import CERTIFICATE, Request, make
from broadcaster.reports.documents.certificate import certificate
from broadcaster.reports.summary import Period
from broadcaster.reports.summing import summarise

Paper = Callable[[MarketId, Period, str], bytes]
TOTALS = {
    (CENTRAL, JUNE): "6 4 1 1 0 1 0 48.0 40.0 5 2",
    (BOSQUE, JUNE): "6 3 1 1 1 0 0 48.0 25.7 3 0",
    (UNICACHI, JUNE): "6 3 2 1 0 2 0 48.0 41.0 5 0",
    (HUAMANTANGA, JUNE): "6 3 1 2 0 2 0 48.0 40.0 0 1",
    (UNICACHI, JULY): "9 2 2 2 3 0 0 48.0 20.2 2 1",
}
"""By hand from the golden table: planned, played, partial, missed, cancelled, made good, to come, minutes promised and put
out, left the computer, confirmed in the market. Eight minutes an episode; July's last sounded nowhere and has no known length,
and two of July were not to sound."""


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    return golden(tmp_path_factory.mktemp("season"))


@pytest.fixture(scope="module")
def paper(season: Golden) -> Paper:
    """A certificate in Spanish, made once."""

    @cache
    def made(market: MarketId, period: Period, format_: str) -> bytes:
        locale.use("es")
        return make(CERTIFICATE, format_, request(season, period, market))

    return made


@pytest.fixture(autouse=True)
def spanish() -> None:
    locale.use("es")


@pytest.mark.parametrize(("market", "period"), TOTALS)
def test_its_totals_are_those_worked_out_by_hand_in_both_formats(
    paper: Paper, market: MarketId, period: Period, tmp_path: Path
) -> None:
    wanted = TOTALS[market, period].split()
    table = named(docx_tables(paper(market, period, "docx")), "Programadas")
    assert table[1] == wanted
    text = words(" ".join(pdf_pages(paper(market, period, "pdf"), tmp_path)))
    after = text[text.index("Totales") :]
    assert re.findall(r"(?<=mercado ).*?(?= Una emisión)", after.split("Confirmadas en el ", 1)[1]) == [
        " ".join(wanted)
    ]


def test_its_lines_add_up_to_its_totals(paper: Paper) -> None:
    tables = docx_tables(paper(UNICACHI, JULY, "docx"))
    lines, totals = named(tables, "Fecha")[1:], named(tables, "Programadas")[1]
    counted = Counter(line[7] for line in lines)
    assert [
        str(len(lines)),
        *(str(counted[word]) for word in ("emitida", "incompleta", "no emitida", "cancelada")),
    ] == totals[:5]


def test_a_line_tells_promise_sound_reason_make_good_and_proof(paper: Paper) -> None:
    lines = named(docx_tables(paper(UNICACHI, JUNE, "docx")), "Fecha")
    assert lines[2] == [
        *("16/06/2021", "10:00", "—", "—", "8:00", "—", "2", "no emitida", "corte de luz", "17/06/2021 10:00, emitida"),
        *("sí, la recuperación", "no se escuchó (hoja K7F3-9QXM)", ""),
    ]
    assert lines[3] == [
        *("18/06/2021", "10:00", "10:00:00", "10:03:20", "8:00", "3:20", "3, v. 1", "incompleta"),
        *("se perdió la salida de sonido", "18/06/2021 11:00, emitida", "sí, la recuperación", "—", ""),
    ]
    central = named(docx_tables(paper(CENTRAL, JUNE, "docx")), "Fecha")
    assert central[1][11] == "se escuchó bien (defensora)"
    assert central[2][11] == "se escuchó bajo (quien opera el equipo)"
    assert central[3][2:4] == ["10:05:00", "10:13:00"]
    assert central[3][12] == "empezó 5:00 tarde"


@pytest.mark.parametrize("format_", ["pdf", "docx"])
def test_it_certifies_no_audience_and_says_how_the_record_is_checked_and_who_signs(
    paper: Paper, format_: str, tmp_path: Path
) -> None:
    content = paper(HUAMANTANGA, JUNE, format_)
    text = docx_text(content) if format_ == "docx" else words(" ".join(pdf_pages(content, tmp_path)))
    assert "No certifica audiencia" in text
    assert f"broadcaster plays verify --code 2021-06-30 {CODE}" in text
    for said in ("V.° B.°", "Firma", "Cargo", "Sello", "N.°", "Lima, 02/08/2021", "01/06/2021 al 30/06/2021"):
        assert said in text
    assert "Megamercado Señor de Huamantanga" in text
    assert "Puente Piedra (ubigeo INEI 150125)" in text


@pytest.mark.parametrize("format_", ["pdf", "docx"])
def test_it_names_no_person_and_no_code(paper: Paper, format_: str, tmp_path: Path) -> None:
    content = paper(CENTRAL, JUNE, format_)
    text = docx_text(content) if format_ == "docx" else " ".join(pdf_pages(content, tmp_path))
    assert not re.search(r"d-07|uid|1000", text)


def test_in_english_it_says_the_same(season: Golden, tmp_path: Path) -> None:
    locale.use("en")
    asked = request(season, JUNE, UNICACHI)
    tables = docx_tables(make(CERTIFICATE, "docx", asked))
    heads, totals = named(tables, "Scheduled")
    assert totals == TOTALS[UNICACHI, JUNE].split()
    counted = Counter(line[7] for line in named(tables, "Date")[1:])
    assert {head.lower(): int(number) for head, number in zip(heads[1:4], totals[1:4], strict=True)} == counted
    text = words(" ".join(pdf_pages(make(CERTIFICATE, "pdf", asked), tmp_path)))
    assert "It does not certify an audience" in text
    assert "power cut" in text


def crowd(asked: Request) -> Request:
    """A market with a very long name and sixty airings, each with all that can be said of it."""
    long = "Asociación de Comerciantes del Gran Mercado Mayorista Santísima Niña Señora de la Concepción Ñaupari"
    market = replace(asked.station.markets[UNICACHI], name=long, district="San Juan de Lurigancho y Miraflores")
    station = replace(asked.station, markets={**asked.station.markets, UNICACHI: market})
    lines = asked.summary.of_market(UNICACHI)
    said = next(line.confirmed for line in asked.summary.lines if line.confirmed)
    full = [replace(line, confirmed=said, contested=True, contradicted=True) for line in lines]
    return replace(asked, station=station, summary=replace(asked.summary, lines=tuple(full * 10)), market=UNICACHI)


def test_over_pages_its_table_repeats_the_heading_and_nothing_overflows(season: Golden, tmp_path: Path) -> None:
    content = make(CERTIFICATE, "pdf", crowd(request(season, JUNE, UNICACHI)))
    pages = pdf_pages(content, tmp_path)
    assert len(pages) > 3
    with_lines = [page for page in pages if re.search(r"\d\d/06/2021 +10:00", page)]
    assert all("Inicio real" in page and "Observaciones" in page for page in with_lines)
    assert sum(len(re.findall(r"^ *\d\d/06/2021 +10:00", page, re.MULTILINE)) for page in pages) == 60
    assert crowded(content, tmp_path) == []


def test_what_is_not_known_yet_is_provisional_and_said_so(season: Golden) -> None:
    june = season.summary(JUNE)
    without = [rows for rows in season.journals if rows[0].node != "unicachi"]
    assert len(without) == len(season.journals) - 1
    asked = request(season, JUNE, UNICACHI)
    told = summarise(without, season.plan, season.markets, JUNE, june.made)
    facts = certificate(replace(asked, summary=told), UNICACHI)
    assert len(facts.lines) == 6
    assert {line.outcome for line in facts.lines} == {"provisional"}
    assert facts.figures.open == "6"
    assert facts.codes == ()
    text = docx_text(make(CERTIFICATE, "docx", replace(asked, summary=told)))
    assert "falta el registro del mercado" in text
    assert "no hay registro de este mercado" in text
