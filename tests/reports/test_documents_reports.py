"""The reports of all markets: what they say of the golden season, read back from PDF, Word and HTML by other programs."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from golden import JULY, MADE, SEASON, Golden, golden
from papers import crowded, docx_tables, docx_text, named, pdf_pages, request, words

from broadcaster import locale
from broadcaster.model import MarketId, Outcome, Reason
from broadcaster.reports.counting import count
from broadcaster.reports.documents import FORMATS, Request, make
from broadcaster.reports.summary import Period
from broadcaster.reports.summing import summarise

Paper = Callable[[str, str, Period], bytes]
REPORTS = ("monthly", "donor", "page", "practice")
BY_MARKET = [
    ["Mercado El Bosque – Zárate", "San Juan de Lurigancho", "15", "3", "1", "4", "4", "4", "13", "4", "30.8 %"],
    ["Megamercado Señor de Huamantanga", "Puente Piedra", "15", "5", "2", "3", "4", "3", "14", "7", "50.0 %"],
    ["Mercado Municipal Gran Mariscal Castilla", "Lima", "16", "5", "1", "2", "5", "4", "12", "6", "50.0 %"],
    ["Mercado Unicachi", "Villa El Salvador", "15", "5", "2", "4", "3", "3", "13", "7", "53.8 %"],
    ["Total", "", "61", "18", "6", "13", "16", "14", "52", "24", "46.2 %"],
]
"""By hand from the golden table: planned, played, made good, partial, missed, cancelled, to be carried out, carried out."""
UNICACHI_BY_DAY = "ERREIEENICEICCN"
"""By hand: E emitida, R recuperada, I incompleta, N no emitida, C cancelada."""


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    return golden(tmp_path_factory.mktemp("season"))


@pytest.fixture(scope="module")
def paper(season: Golden) -> Paper:
    """A document in Spanish, made once."""

    @cache
    def made(document: str, format_: str, period: Period) -> bytes:
        locale.use("es")
        return make(document, format_, request(season, period))

    return made


@pytest.fixture(autouse=True)
def spanish() -> None:
    locale.use("es")


class Reader(HTMLParser):
    """A page's cells by row, each with the class of its style, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, str]]] = []
        self.text = ""
        self._open = False
        self._styles = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append((dict(attrs).get("class") or "", ""))
            self._open = True
        self._styles = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._open = False
        self._styles = False

    def handle_data(self, data: str) -> None:
        if self._styles:
            return
        self.text += f" {data}"
        if self._open:
            style, text = self.rows[-1][-1]
            self.rows[-1][-1] = style, text + data


def text_of(content: bytes, format_: str, folder: Path) -> str:
    if format_ == "docx":
        return docx_text(content)
    return words(Reader(content.decode()).text if format_ == "html" else " ".join(pdf_pages(content, folder)))


ALL = [(document, format_) for document in REPORTS for format_ in FORMATS[document]]
LAYOUTS = sorted({(document, format_.replace("pdf", "html")) for document, format_ in ALL})
"""A PDF is printed from the page."""


def test_the_monthly_report_has_the_plan_s_figures_of_the_month_and_so_far(paper: Paper, tmp_path: Path) -> None:
    month, minutes = (
        ["28", "6", "21.4 %", "52", "24", "46.2 %"],
        ["192.0", "63.8", "33.2 %", "384.0", "210.5", "54.8 %"],
    )
    table = named(docx_tables(paper("monthly", "docx", JULY)), "Unidad de medida")
    assert [row[1:] for row in table[1:]] == [month, minutes]
    text = text_of(paper("monthly", "pdf", JULY), "pdf", tmp_path)
    assert " ".join(month) in text
    assert " ".join(minutes) in text
    assert "INFORME N.°" in text
    for heading in ("ASUNTO", "REFERENCIA", "FECHA", "Antecedentes", "Conclusiones", "Recomendaciones", "Anexos"):
        assert heading in text
    assert "julio 2021" in text


def test_the_donor_s_report_has_every_market_s_figures_in_all_three_formats(paper: Paper, tmp_path: Path) -> None:
    assert named(docx_tables(paper("donor", "docx", SEASON)), "Mercado")[1:] == BY_MARKET
    rows = [[text for _, text in row] for row in Reader(paper("donor", "html", SEASON).decode()).rows]
    assert [row for row in rows if len(row) == len(BY_MARKET[0])][1:] == BY_MARKET
    text = text_of(paper("donor", "pdf", SEASON), "pdf", tmp_path)
    for row in BY_MARKET:
        assert " ".join(row[2:]) in text
    for part in (
        "Línea base",
        "Medio de verificación",
        "variación",
        "Riesgos de protección",
        "Retroalimentación comunitaria",
    ):
        assert part in text


def test_the_donor_s_report_tells_proofs_incidents_feedback_and_complaints(paper: Paper) -> None:
    tables = docx_tables(paper("donor", "docx", SEASON))
    assert [row[1] for row in named(tables, "Cómo se probó lo emitido")[1:]] == ["1", "16", "7", "0"]
    assert [row[1] for row in named(tables, "Lo que se detuvo para proteger a alguien")[1:]] == ["1", "2", "2"]
    assert [row[1] for row in named(tables, "Lo que dijo quien estaba en el mercado, o su hoja de control")[1:]] == [
        "2"
    ] * 3
    assert [row[1] for row in named(tables, "Quejas registradas")[1:]] == ["2", "1", "1"]
    reasons = named(tables, "Motivo")
    assert len(reasons) == 36
    sums = [sum(int(row[at]) for row in tables_of_reasons(tables)) for at in (1, 2, 3)]
    assert sums == [13, 16, 14]


def tables_of_reasons(tables: list[list[list[str]]]) -> list[list[str]]:
    """The rows that say a measure, too."""
    return next(table[1:] for table in tables if table[0][-1] == "Medida")


def test_the_calendar_and_the_weeks_show_each_airing(paper: Paper) -> None:
    rows = Reader(paper("page", "html", SEASON).decode()).rows
    (unicachi,) = [row for row in rows if len(row) == 16 and row[0][1] == "Mercado Unicachi"]
    assert "".join(text for _, text in unicachi[1:]) == UNICACHI_BY_DAY
    kinds = {"E": "played", "R": "made_good", "I": "partial", "N": "missed", "C": "cancelled"}
    assert [style for style, _ in unicachi[1:]] == [kinds[letter] for letter in UNICACHI_BY_DAY]
    for document in ("monthly", "donor"):
        (table,) = [
            table for table in docx_tables(paper(document, "docx", SEASON)) if table[0][1:3] == ["11/06", "16/06"]
        ]
        (row,) = [row for row in table if row[0] == "Mercado Unicachi"]
        assert "".join(row[1:]) == UNICACHI_BY_DAY
        weeks = named(docx_tables(paper(document, "docx", SEASON)), "Semana del lunes")
        assert [row[3] for row in weeks[1:]] == ["4", "8", "8", "8", "8", "9", "8", "8"]
        assert all(len(row[1]) >= int(row[3]) for row in weeks[1:])


@pytest.mark.parametrize(("document", "format_"), ALL)
def test_every_percentage_is_that_of_two_numbers_printed_beside_it(
    paper: Paper, document: str, format_: str, tmp_path: Path
) -> None:
    text = text_of(paper(document, format_, SEASON), format_, tmp_path)
    found = list(re.finditer(r"(\d+\.\d) %", text))
    assert found
    for each in found:
        near = text[max(0, each.start() - 90) : each.start()] + text[each.end() : each.end() + 90]
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d)?", near)]
        shares = {f"{100 * part / of:.1f}" for part in numbers for of in numbers if of and part <= of}
        assert each[1] in shares, f"{each[0]}: {near}"


@pytest.mark.parametrize(("document", "format_"), ALL)
def test_it_certifies_no_audience_and_names_no_person(
    paper: Paper, document: str, format_: str, tmp_path: Path
) -> None:
    text = text_of(paper(document, format_, SEASON), format_, tmp_path)
    assert re.search(r"[Nn]o certifican? audiencia|[Nn]inguna cifra certifica audiencia", text)
    assert not re.search(r"d-07|uid:|1000", text)
    assert "Señor de Huamantanga" in text


@pytest.mark.parametrize(("document", "format_"), LAYOUTS)
def test_in_english_nothing_spanish_is_left_but_names(
    season: Golden, document: str, format_: str, tmp_path: Path
) -> None:
    locale.use("en")
    text = text_of(make(document, format_, request(season, SEASON)), format_, tmp_path)
    for each in season.station.markets.values():
        text = text.replace(each.name, "").replace(each.district, "")
    for organisation in season.station.organisations:
        text = text.replace(organisation.name, "")
    assert not re.search(r"[áéíóúñ«]|\b(emisi|motivo|semana|quejas|episodio)", text), text
    assert not re.search(
        r"(?i)\b(planned|played|put out|to be done|done)\b", text.replace("loudspeakers put out", "")
    ), text


def longer(asked: Request) -> Request:
    """Markets with very long names."""
    long = "Asociación de Comerciantes del Gran Mercado Mayorista Santísima Niña Señora de la Concepción"
    markets = {
        id_: replace(market, name=f"{long} {number}", district="Santiago de Surco Pueblo y Miraflores")
        for number, (id_, market) in enumerate(asked.station.markets.items(), start=1)
    }
    return replace(asked, station=replace(asked.station, markets=markets))


@pytest.mark.parametrize("document", ["monthly", "donor"])
def test_nothing_overflows_no_word_is_cut_and_a_heading_stands_on_every_page(
    season: Golden, document: str, paper: Paper, tmp_path: Path
) -> None:
    assert crowded(paper(document, "pdf", SEASON), tmp_path) == []
    pages = pdf_pages(paper(document, "pdf", SEASON), tmp_path)
    told = set(" ".join(pages).split())
    for market in season.station.markets.values():
        assert set(f"{market.name} {market.district}".split()) <= told
    measures = [page for page in pages if page.count("Que la coordinación revise el equipo") > 1]
    assert len(measures) > 1
    assert all("Medida" in page for page in measures if "8. Recomendaciones" not in page)
    content = make(document, "pdf", longer(request(season, SEASON)))
    assert crowded(content, tmp_path) == []


def test_pages_stand_alone(paper: Paper) -> None:
    for document in ("page", "donor"):
        page = paper(document, "html", SEASON).decode()
        assert not re.search(r"https?://|src=|href=|url\(|@import|<script|<link", page)


def test_a_period_without_airings_and_one_without_faults_are_told_so(season: Golden, tmp_path: Path) -> None:
    summary = season.summary(SEASON)
    good = [line for line in summary.lines if line.outcome and line.outcome.value == "played"]
    asked = request(season, SEASON)
    perfect = replace(summary, lines=tuple(good), total=count(good), markets=(), complaints={})
    nothing = "No consta ninguna emisión incompleta, no emitida ni cancelada"
    for document, format_ in LAYOUTS:
        text = text_of(make(document, format_, replace(asked, summary=perfect)), format_, tmp_path)
        assert (nothing in text) == (document != "practice")
        assert ("No hubo cambios" in text) == (document == "monthly")
    empty = season.summary(Period(SEASON.first.replace(month=1), SEASON.first.replace(month=1, day=31)))
    for document, format_ in LAYOUTS:
        assert make(document, format_, replace(asked, summary=empty))
    assert not empty.lines
    assert MarketId("unicachi") not in {group.key for group in empty.markets}


ALL_WENT_WELL = re.compile(r"todo (lo programado )?(se emitió|salió)|a su hora, y por qué|No hubo variación")


@pytest.mark.parametrize(("document", "format_"), LAYOUTS)
def test_what_is_awaited_or_late_is_not_said_to_have_gone_well(
    season: Golden, document: str, format_: str, tmp_path: Path
) -> None:
    """Of markets whose record has not come nobody knows; an airing of the fifth minute was not on time."""
    asked = request(season, SEASON)
    unknown = summarise([], season.plan, season.markets, SEASON, MADE)
    assert unknown.total.awaited == 60 - unknown.total.off_calendar
    late = [line for line in asked.summary.lines if line.reason is Reason.LATE]
    for summary in (unknown, replace(asked.summary, lines=tuple(late), total=count(late))):
        text = text_of(make(document, format_, replace(asked, summary=summary)), format_, tmp_path)
        assert not ALL_WENT_WELL.search(text)


def test_where_only_the_calendar_took_airings_out_the_schedule_is_to_be_kept(season: Golden, tmp_path: Path) -> None:
    asked = request(season, SEASON)
    lines = [line for line in asked.summary.lines if line.outcome is Outcome.PLAYED or line.off_calendar]
    summary = replace(asked.summary, lines=tuple(lines), total=count(lines))
    for format_ in ("html", "docx"):
        text = text_of(make("monthly", format_, replace(asked, summary=summary)), format_, tmp_path)
        assert "Mantener el cronograma y las medidas actuales" in text
