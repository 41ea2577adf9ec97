"""The page for the office's wall, read back from the PDF."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from office import AUTHORISATION, ROOT, Office, office
from pypdf import PdfReader

from broadcaster import locale
from broadcaster.model import MarketId
from broadcaster.reports.paper import drawable
from broadcaster.reports.timetable import Line, timetable
from broadcaster.reports.timetable_pdf import as_pdf
from broadcaster.schedule.load import plan_of
from broadcaster.schedule.season import Rule

A4_POINTS = (595.28, 841.89)


@pytest.fixture(scope="module")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def printed(amended: Office) -> PdfReader:
    """In Spanish."""
    spoken = locale.language()
    locale.use("es")
    made = as_pdf(timetable(amended.station, amended.plan, amended.seasons, amended.plan.airings, amended.noon))
    locale.use(spoken)
    return PdfReader(BytesIO(made))


@pytest.fixture(autouse=True)
def _spanish() -> Iterator[None]:
    spoken = locale.language()
    locale.use("es")
    yield
    locale.use(spoken)


def text(reader: PdfReader) -> str:
    """All pages' words, one blank between them."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def lines(here: Office) -> tuple[Line, ...]:
    facts = timetable(here.station, here.plan, here.seasons, here.plan.airings, here.noon)
    return tuple(line for part in facts.parts for line in part.lines)


def test_every_airing_is_on_one_line_of_the_page(amended: Office) -> None:
    """Markets that share minute and episode share the line; none is left out or there twice."""
    names = {market.name: market.id for market in amended.station.markets.values()}
    stands: list[str] = []
    for line in lines(amended):
        meant = set(names)
        if not line.places.startswith("todos"):
            meant = {name for name in names if name in line.places}
        elif "menos" in line.places:
            meant = {name for name in names if name not in line.places}
        stands += [f"{line.day} {line.time} {line.episode} {names[name]}" for name in meant]
    assert len(stands) == len(set(stands)) == len(amended.plan.airings)
    assert "viernes 11 de junio 10:00 1 unicachi" in stands
    assert "jueves 17 de junio 11:00 2 huamantanga" in stands
    assert "sábado 19 de junio 16:00 2 el-bosque" in stands


def test_the_page_holds_every_line_in_order(amended: Office, printed: PdfReader) -> None:
    """Day, time, episode, markets and remark, as they were put down."""
    said = text(printed)
    at = 0
    for line in lines(amended):
        words = " ".join(filter(None, (line.day, line.time, line.episode, line.places, line.note)))
        at = said.index(words, at)
    assert at > 0


def test_markets_stand_with_their_hours_and_permits(printed: PdfReader) -> None:
    """A permit that is not on record is said to be unconfirmed, never made up."""
    said = text(printed).replace("- ", "-")  # a long number may go on on the next line
    assert f"Mercado Unicachi Villa El Salvador 06:00–18:00 20:00–08:00 {AUTHORISATION}" in said
    assert said.count("sin confirmar") == 3


def test_amendments_stand_with_their_dates_and_reasons(printed: PdfReader) -> None:
    """Numbered as the remarks name them."""
    said = text(printed)
    for number, amended, reason in (
        (1, "3 de junio", "El mercado cierra por fiestas."),
        (2, "10 de junio", "Corte de luz anunciado."),
        (3, "10 de junio", "Se repite."),
        (4, "14 de junio", "Feria de servicios: «¿sabía usted?», 20 °C."),
    ):
        assert f"Enmienda {number} " in said
        assert re.search(rf"{number}\. Enmienda del {amended}: [^.]+\. Motivo: {re.escape(reason)}", said)


def test_the_page_names_its_plan_and_its_day(amended: Office, printed: PdfReader) -> None:
    """What a person compares with the screen; the season's title and dates; the number of pages."""
    said = text(printed)
    name = timetable(amended.station, amended.plan, amended.seasons, amended.plan.airings, amended.noon).name
    assert f"Cronograma {name} · hecho el 10 de junio de 2021 a las 12:00" in said
    assert "Junio y julio de 2021 · del 11 de junio al 30 de julio de 2021" in said
    assert f"página 1 de {len(printed.pages)}" in said


def test_the_page_is_a4_with_its_fonts_inside(printed: PdfReader) -> None:
    """Any printer prints it as it was meant."""
    for page in printed.pages:
        assert (round(float(page.mediabox.width), 2), round(float(page.mediabox.height), 2)) == A4_POINTS
        fonts = [font.get_object() for font in resources(page)["/Font"].values()]
        assert fonts
        assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def resources(page: Any) -> Any:
    return page["/Resources"].get_object()


def test_the_file_says_what_it_is_and_in_which_language(printed: PdfReader) -> None:
    """For those who have it read aloud, and for those who file it."""
    assert printed.metadata is not None
    assert printed.metadata.title == "Defensoras al Parlante: Cronograma de emisiones"
    assert str(printed.root_object["/Lang"]) == "es"


def test_no_title_of_an_episode_is_inside(printed: PdfReader) -> None:
    """Those of the shipped samples, for instance."""
    titles = [
        re.findall(r'^title = "(.+)"', file.read_text(encoding="utf-8"), re.MULTILINE)[0]
        for file in (ROOT / "episodes").glob("*/episode.toml")
    ]
    assert titles
    assert not [title for title in titles if title in text(printed)]


def test_the_same_facts_give_the_same_bytes(amended: Office, tmp_path: Path) -> None:
    """The moment it was made is one of the facts."""
    here = timetable(amended.station, amended.plan, amended.seasons, amended.plan.airings, amended.noon)
    again = office(tmp_path)
    there = timetable(again.station, again.plan, again.seasons, again.plan.airings, again.noon)
    assert as_pdf(here) == as_pdf(there)
    assert as_pdf(here) != as_pdf(replace(here, made="otro día"))


def test_the_shipped_season_fits_one_page_in_both_languages(tmp_path: Path) -> None:
    """Fifteen lines for sixty airings."""
    here = office(tmp_path, "")
    for language, told in (("es", "viernes 30 de julio 10:00 15"), ("en", "Friday July 30 10:00 15")):
        locale.use(language)
        facts = timetable(here.station, here.plan, here.seasons, here.plan.airings, here.noon)
        reader = PdfReader(BytesIO(as_pdf(facts)))
        assert len(reader.pages) == 1
        assert told in text(reader)


def test_a_long_season_goes_on_with_its_heading_on_every_page(amended: Office) -> None:
    """Seventy days over a new year, four different times a day: each line once, each page counted, dates told apart."""
    (season,) = amended.seasons
    rules = tuple(
        Rule(frozenset(range(7)), (time(10 + hour),), (market,)) for hour, market in enumerate(amended.station.markets)
    )
    first = date(2021, 11, 20)
    long = replace(season, first=first, last=first + timedelta(days=69), rules=rules, exceptions=())
    plan = plan_of(amended.station, [long])
    facts = timetable(amended.station, plan, [long], plan.airings, amended.noon)
    reader = PdfReader(BytesIO(as_pdf(facts)))
    assert 1 < len(reader.pages) <= 14
    for number, page in enumerate(reader.pages, start=1):
        said = " ".join(page.extract_text().split())
        assert f"página {number} de {len(reader.pages)}" in said
        assert "Día Hora Episodio Mercados Observaciones" in said
    assert len(re.findall(r"\d\d:00 \d+ M", text(reader))) == len(plan.airings) == 280
    assert "sábado 1 de enero de 2022 10:00 43" in text(reader)


def test_a_line_of_very_many_markets_is_printed_whole(amended: Office) -> None:
    """Half of two hundred markets: a line taller than a page goes on on the next."""
    model = next(iter(amended.station.markets.values()))
    markets = {MarketId(f"m{n}"): replace(model, id=MarketId(f"m{n}"), name=f"Mercado {n}x") for n in range(200)}
    station = replace(amended.station, markets=markets)
    (season,) = amended.seasons
    day = date(2021, 6, 11)
    halves = [tuple(markets)[:100], tuple(markets)]
    rules = tuple(Rule(frozenset({4}), (time(10 + n),), half) for n, half in enumerate(halves))
    here = replace(season, first=day, last=day, rules=rules, exceptions=())
    plan = plan_of(station, [here])
    said = text(PdfReader(BytesIO(as_pdf(timetable(station, plan, [here], plan.airings, amended.noon)))))
    assert {f"Mercado {n}x" for n in range(100)} <= set(re.findall(r"Mercado \d+x", said))


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("áéíóúüñ ÁÉÍÓÚÜÑ ¿¡ «» – — ° º …", "áéíóúüñ ÁÉÍÓÚÜÑ ¿¡ «» – — ° º …"),
        ("Asháninka, tẽ, Māori", "Asháninka, te, Maori"),
        ("市場 ✓ \u202eoir", "?? ? ?oir"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_letters_are_drawn_or_replaced_by_the_nearest(written: str, drawn: str) -> None:
    """Every Spanish one is there; none becomes an empty box."""
    assert drawable(written) == drawn


def test_marks_of_a_markup_language_are_only_letters(amended: Office) -> None:
    """A market called so is called so."""
    station = replace(amended.station, name="Radio <b>&amp; más")
    facts = timetable(station, amended.plan, amended.seasons, amended.plan.airings, amended.noon)
    assert "Radio <b>&amp; más" in text(PdfReader(BytesIO(as_pdf(facts))))
