"""The golden season in every tabular format, read back by somebody else's reader, gives the totals worked out by hand."""

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import hxl
import pytest
from golden import CENTRAL, HUAMANTANGA, JUNE, LIMA, MADE, SEASON, UNICACHI, Golden, golden
from hxl.input import InputOptions
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from broadcaster.cli.group import speak
from broadcaster.reports import tables
from broadcaster.reports.summary import Period, Summary
from broadcaster.reports.summing import summarise
from broadcaster.reports.tables.mapping import MappingBroken, of_year
from broadcaster.reports.tables.separated import written

LIVE = "=1+1"
FIVE_W = (
    *("Country", "Admin1", "Admin2", "Appealing_org", "Implementation", "Implementing_partner", "Month", "Subsector"),
    *("Indicator", "Activity_Name", "Activity_Description", "COVID19", "RMRPActivity", "CVA", "Value"),
    *("Delivery_mechanism", "Quantity_output", "Total_monthly", "New_beneficiaries", "IN_DESTINATION", "IN_TRANSIT"),
    *("Host_Communities", "PENDULARS", "Returnees", "Girls", "Boys", "Women", "Men", "Other_under", "Other_above"),
)
PERSONS = FIVE_W[FIVE_W.index("Total_monthly") :]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    speak("es")
    return golden(tmp_path_factory.mktemp("golden"))


@pytest.fixture(autouse=True)
def spanish() -> None:
    speak("es")


def made(season: Golden, format_: str, summary: Summary | None = None) -> bytes:
    return tables.make(format_, season.station, summary or season.summary())


def as_dicts(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def test_csv_gives_the_totals(season: Golden) -> None:
    rows = as_dicts(made(season, "csv"))
    assert Counter(row["Resultado"] for row in rows) == {
        "emitida": 18,
        "incompleta": 13,
        "no emitida": 16,
        "cancelada": 14,
    }
    assert sum(int(row["Realizada (1 o 0)"]) for row in rows) == 24
    assert sum(float(row["Oído, una sola vez (s)"]) for row in rows) == 12_630
    assert Counter(row["Distrito"] for row in rows)["Villa El Salvador"] == 15
    assert {row["Ubigeo (INEI)"] for row in rows} == {"150101", "150132", "150142", "150125"}


def test_csv_has_accents_a_mark_for_spreadsheets_and_moments_with_their_offset(season: Golden) -> None:
    content = made(season, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    row = next(row for row in as_dicts(content) if row["Emisión"] == "2021-06-16T10:00/huamantanga")
    assert row["Mercado"] == "Megamercado Señor de Huamantanga"
    assert datetime.fromisoformat(row["Inicio"]) == datetime.fromisoformat("2021-06-16T10:05:00-05:00")
    assert date.fromisoformat(row["Fecha"]) == date(2021, 6, 16)


@pytest.mark.parametrize("text", ["=1+1", "+51 1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_compute_is_text(text: str) -> None:
    assert written(text) == f"'{text}"
    assert written(-1.5) == "-1.5"


@pytest.mark.parametrize(
    ("text", "inert"), [("a;=1+1", "a;'=1+1"), ("a; @SUM(A1)", "a; '@SUM(A1)"), ("a\t-1", "a\t'-1")]
)
def test_nor_one_that_computes_behind_what_another_spreadsheet_takes_for_the_end_of_a_cell(
    text: str, inert: str
) -> None:
    """Where lists are written with semicolons, a comma ends no cell and quotes within a line mean nothing."""
    assert written(text) == inert
    assert written("Mercado A; Mercado B - Zárate") == "Mercado A; Mercado B - Zárate"


def test_json_gives_the_totals_and_every_group(season: Golden) -> None:
    whole = json.loads(made(season, "json"))
    total = whole["total"]
    assert [total[name] for name in ("planned", "due", "played", "partial", "missed", "cancelled")] == [
        61,
        52,
        18,
        13,
        16,
        14,
    ]
    assert (total["made_good"], total["fulfilled"], total["heard_s"]) == (6, 24, 12_630)
    assert {each["key"]: each["fulfilled"] for each in whole["markets"]}[HUAMANTANGA] == 7
    assert sum(each["planned"] for each in whole["weeks"]) == 61
    assert sum(each["count"] for each in total["reasons"] if each["outcome"] == "missed") == 16
    assert {each["code"]: each["value"] for each in whole["indicators"]}["fulfilment"] == pytest.approx(100 * 24 / 52)
    assert sum(line["fulfilled"] for line in whole["lines"]) == 24
    assert whole["provisional"] is False


def test_json_says_of_nobody_who_she_was(season: Golden) -> None:
    content = made(season, "json").decode()
    assert "d-07" not in content
    assert "uid:" not in content
    confirmed = [line["confirmed"]["heard"] for line in json.loads(content)["lines"] if line["confirmed"]]
    assert sorted(confirmed) == ["low", "no", "well"]


def workbook(content: bytes) -> Any:
    return load_workbook(BytesIO(content))


def table_of(sheet: Any, head: str) -> list[dict[str, Any]]:
    """The rows below the row that begins with this head, by their heads; a second table's heads are numbered."""
    rows = list(sheet.iter_rows(values_only=True))
    at = next(place for place, row in enumerate(rows) if row[0] == head)
    heads = [f"{name} {place}" if name in rows[at][:place] else name for place, name in enumerate(rows[at])]
    return [dict(zip(heads, row, strict=True)) for row in rows[at + 1 :]]


def test_xlsx_gives_the_totals(season: Golden) -> None:
    book = workbook(made(season, "xlsx"))
    assert book.sheetnames == ["resumen", "emisiones", "no emitidas y motivos", "indicadores"]
    total, *groups = table_of(book["resumen"], "Grupo")
    assert [
        total[head] for head in ("Programadas", "Por realizar", "Emitidas", "Incompletas", "No emitidas", "Canceladas")
    ] == [*(61, 52, 18, 13, 16, 14)]
    assert (total["Recuperadas"], total["Realizadas"]) == (6, 24)
    assert (total["Minutos programados"], total["Minutos emitidos"]) == (384, 210.5)
    markets = {row["Código"]: row for row in groups if row["Grupo"] == "mercado"}
    assert {key: row["Realizadas"] for key, row in markets.items()} == {
        CENTRAL: 6,
        "el-bosque": 4,
        UNICACHI: 7,
        HUAMANTANGA: 7,
    }
    assert sum(row["Programadas"] for row in groups if row["Grupo"] == "semana") == 61
    airings = table_of(book["emisiones"], "Emisión")
    assert len(airings) == 61
    assert sum(row["Realizada (1 o 0)"] for row in airings) == 24
    assert sum(row["Oído, una sola vez (s)"] for row in airings) == 12_630


def test_xlsx_tells_what_was_not_played_and_counts_the_reasons(season: Golden) -> None:
    rows = table_of(workbook(made(season, "xlsx"))["no emitidas y motivos"], "Fecha")
    assert len([row for row in rows if row["Fecha"] is not None]) == 13 + 16 + 14
    counted = {(row["Resultado 14"], row["Motivo 15"]): row["Cuántas"] for row in rows if row["Cuántas"]}
    assert sum(counted.values()) == 13 + 16 + 14
    assert sum(number for (outcome, _reason), number in counted.items() if outcome == "no emitida") == 16


def test_xlsx_has_real_days_and_numbers_filters_and_heads_that_stay(season: Golden) -> None:
    book = workbook(made(season, "xlsx"))
    first = table_of(book["emisiones"], "Emisión")[0]
    assert isinstance(first["Programada"], datetime)
    assert first["Programada"].isoformat() == "2021-06-11T10:00:00"
    assert first["Fecha"].isoformat() == "2021-06-11T00:00:00"
    assert first["Ubigeo (INEI)"] == "150132"
    assert isinstance(first["Duración programada (s)"], int | float)
    for sheet in book:
        head = 1 + next(place for place, row in enumerate(sheet.iter_rows(values_only=True)) if row[3] is not None)
        assert sheet.freeze_panes == f"{'B' if sheet.title == 'emisiones' else 'D'}{head + 1}"
        assert sheet.auto_filter.ref.startswith(f"A{head}:")
        assert sheet.print_title_rows in {f"{head}:{head}", f"${head}:${head}"}


def widths(sheet: Any) -> dict[str, float]:
    """Of each column of the tables, in letters; neighbours of one width stand in the file as one."""
    found = {}
    for column in sheet.column_dimensions.values():
        found.update({get_column_letter(at): column.width for at in range(column.min, column.max + 1)})
    return found


def test_a_moment_fits_into_its_column(season: Golden) -> None:
    """Else a spreadsheet shows hashes in its place."""
    for sheet in workbook(made(season, "xlsx")):
        wide = widths(sheet)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, datetime) and "hh" in cell.number_format:
                    assert wide[cell.column_letter] > len("11/06/2021 10:00:00")


@pytest.mark.parametrize("format_", ["xlsx", "r4v"])
def test_on_paper_each_page_is_legible_and_says_of_what_its_rows_are(season: Golden, format_: str) -> None:
    """A letter of 11 points on A4 across: 150 letters side by side at its size, so 250 at six and a half points."""
    for sheet in workbook(made(season, format_)):
        wide = widths(sheet)
        pages = int(sheet.page_setup.fitToWidth or 1)
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        first = sheet.print_title_cols
        assert bool(first) == (pages > 1), sheet.title
        repeated = sum(wide[letter] for letter in "ABC" if first and letter <= first.replace("$", "")[-1])
        assert (sum(wide.values()) - repeated) / pages + repeated <= 250 + len(wide), sheet.title
        assert "&P" in (sheet.oddFooter.right.text or "")


def test_what_stays_in_sight_above_a_table_is_short_however_many_markets_and_months_there_are(season: Golden) -> None:
    """Else it fills the window of a small screen, and the table below cannot be moved into it."""
    summary = season.summary(SEASON)
    long = replace(summary, reach=summary.reach * 40, records=summary.records * 40)
    sheet = workbook(made(season, "xlsx", long))["resumen"]
    assert int(sheet.freeze_panes.lstrip("D")) <= 12
    said = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert (said.count("Oyentes (estimación)"), said.count("Registro")) == (120, 160)
    assert said.index("Oyentes (estimación)") > said.index("mes")


def test_xlsx_measures_the_same_as_the_indicators(season: Golden) -> None:
    rows = table_of(workbook(made(season, "xlsx"))["indicadores"], "Grupo")
    total = {row["Indicador"]: row["Valor"] for row in rows if row["Grupo"] == "total"}
    assert total["fulfilment"] == pytest.approx(100 * 24 / 52)
    assert total["punctuality"] == pytest.approx(100 * 15 / 18)
    unicachi = {row["Indicador"]: row["Valor"] for row in rows if row["Código"] == UNICACHI}
    assert unicachi["fulfilled"] == 7


def test_no_text_becomes_a_formula(season: Golden) -> None:
    """A market's name is what somebody wrote in a file."""
    markets = {id_: replace(market, name=LIVE, district=LIVE) for id_, market in season.markets.items()}
    station = replace(season.station, name=LIVE, markets=markets)
    summary = summarise(season.journals, season.plan, markets, SEASON, MADE)
    for format_ in ("xlsx", "r4v"):
        content = tables.make(format_, station, summary)
        cells = [cell for sheet in workbook(content) for row in sheet.iter_rows() for cell in row]
        assert any(cell.value == LIVE for cell in cells)
        assert not [cell for cell in cells if cell.data_type == "f"]
        with ZipFile(BytesIO(content)) as parts:
            assert not [part for part in parts.namelist() if b"<f>" in parts.read(part) or b"<f " in parts.read(part)]
    for format_ in ("csv", "hxl"):
        rows = csv.reader(StringIO(tables.make(format_, station, summary).decode("utf-8-sig")))
        texts = [text for row in rows for text in row]
        assert f"'{LIVE}" in texts
        assert LIVE not in texts


def test_the_summary_says_what_is_missing_how_listeners_were_counted_and_what_it_does_not_say(season: Golden) -> None:
    without = summarise(season.journals[:3], season.plan, season.markets, SEASON, MADE)
    sheet = workbook(made(season, "xlsx", without))["resumen"]
    said = {row[0]: row[2] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert said["Provisional"].startswith("15 emisiones")
    assert "Huamantanga" in said["Aún sin registro de"]
    listeners = [row[2] for row in sheet.iter_rows(values_only=True) if row[0] == "Oyentes (estimación)"]
    assert any("40 mujeres, 12 hombres" in text and "uno por uno" in text for text in listeners)
    assert any("25 mujeres, menos de 5 hombres" in text for text in listeners)
    assert all("28" not in text for text in listeners)  # what would give the small number away
    assert "Cuántas personas" in said["Lo que esto no dice"]


def hxl_of(content: bytes, folder: Path) -> Any:
    (folder / "report.csv").write_bytes(content)
    return hxl.data(str(folder / "report.csv"), InputOptions(allow_local=True))


def test_hxl_is_valid_and_gives_the_totals(season: Golden, tmp_path: Path) -> None:
    content = made(season, "hxl")
    judged = hxl.validate(hxl_of(content, tmp_path))
    assert judged["is_valid"], judged["issues"]
    data = hxl_of(content, tmp_path).cache()
    assert len(list(data)) == 61
    assert sum(int(row.get("#output+num")) for row in data) == 24
    assert Counter(row.get("#status") for row in data) == {
        "played": 18,
        "made_good": 6,
        "partial": 13 - 3,  # three of them were made good
        "missed": 16 - 3,
        "cancelled": 14,
    }
    assert Counter(row.get("#adm3+code+v_ubigeo") for row in data)["150101"] == 16


def test_hxl_has_the_tags_that_the_exchange_expects(season: Golden, tmp_path: Path) -> None:
    tags = (
        "#date+occurred #date+start #date+end #adm1+name #adm2+name #adm3+name #adm3+code+v_ubigeo #loc+market+name "
        "#activity+project+name #activity+id #activity+name+i_es #org+impl+name #org+reporting+name #org+funding+name "
        "#sector+name #indicator+name #output+num #status #meta+id"
    )
    assert hxl_of(made(season, "hxl"), tmp_path).display_tags == tags.split()
    heads = made(season, "hxl").decode().split("\r\n")[0]
    assert "Código del registro" in heads


def test_hxl_dates_carry_their_offset_and_a_bare_time_would_be_found(season: Golden, tmp_path: Path) -> None:
    content = made(season, "hxl")
    starts = {row.get("#date+start") for row in hxl_of(content, tmp_path)}
    assert all(not start or datetime.fromisoformat(start).utcoffset() is not None for start in starts)
    broken = content.replace(b"2021-06-11T10:00:00-05:00", b"10:00", 1)
    assert not hxl.validate(hxl_of(broken, tmp_path))["is_valid"]


def five_w(content: bytes) -> list[dict[str, Any]]:
    return table_of(workbook(content)["5W"], "Country")


def test_r4v_has_its_columns_and_one_row_a_month(season: Golden) -> None:
    rows = five_w(made(season, "r4v"))
    assert [tuple(row) for row in rows] == [FIVE_W, FIVE_W]
    assert [(row["Month"], row["Quantity_output"]) for row in rows] == [("June", 18), ("July", 6)]
    assert {(row["Country"], row["Admin1"], row["Admin2"]) for row in rows} == {("Peru", "Lima", "Lima")}
    assert rows[0]["Appealing_org"] == "OIM Perú"
    assert rows[0]["Value"] is None


def test_r4v_counts_persons_only_where_somebody_counted_and_never_gives_away_a_small_number(season: Golden) -> None:
    june, july = five_w(made(season, "r4v"))
    assert (june["Women"], june["Men"], june["Total_monthly"]) == (65, None, None)  # 40 and 25; three men are not told
    assert (july["Women"], july["Men"], july["Total_monthly"]) == (20, 10, 30)
    journals = [[row for row in journal if row.event.kind != "observed"] for journal in season.journals]
    unseen = summarise(journals, season.plan, season.markets, SEASON, MADE)
    assert all(row[column] is None for row in five_w(made(season, "r4v", unseen)) for column in PERSONS)


def test_r4v_has_the_districts_in_an_annex_and_the_method_beside_the_numbers(season: Golden) -> None:
    book = workbook(made(season, "r4v"))
    annex = table_of(book["anexo por distrito"], "Mes")
    assert sum(row["Realizadas"] for row in annex if row["Mes"] == "2021-06") == 18
    assert {row["Distrito"] for row in annex} == {
        "Lima",
        "Puente Piedra",
        "San Juan de Lurigancho",
        "Villa El Salvador",
    }
    methods = [row[0] for row in book["cómo se contó"].iter_rows(values_only=True)][1:]
    assert any("uno por uno" in text for text in methods)


def test_an_office_can_change_the_columns_of_a_year_without_code(season: Golden, tmp_path: Path) -> None:
    station = replace(season.station, root=tmp_path)
    folder = tmp_path / "templates"
    folder.mkdir()
    assert of_year(station, 2024) == "r4v-2022.toml"
    text = '[[columns]]\nhead = "Pais"\ntext = "Perú"\n[[columns]]\nhead = "Salida"\nvalue = "output"\n'
    (folder / "r4v-2021.toml").write_text(text, encoding="utf-8")
    sheet = workbook(tables.make("r4v", station, season.summary(JUNE)))["5W"]
    assert list(sheet.iter_rows(values_only=True)) == [("Pais", "Salida"), ("Perú", 18)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("columns = 3", "columns"),
        ("[[columns]]\nhead = 3", "columns[1]"),
        ('[[columns]]\nhead = "A"', "columns[1]"),
        ('[[columns]]\nhead = "A"\ntext = "a"\nvalue = "output"', "columns[1]"),
        ('[[columns]]\nhead = "A"\nvalue = "nothing"', "columns[1].value"),
        ('[[columns]]\nhead = "A"\ntext = "a"\nlive = "a"', "columns[1].live"),
        ("[[columns", "]]"),
    ],
)
def test_a_broken_list_of_columns_is_refused_in_a_sentence(
    season: Golden, tmp_path: Path, text: str, told: str
) -> None:
    station = replace(season.station, root=tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "hxl.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingBroken) as refused:
        tables.make("hxl", station, season.summary(JUNE))
    assert told in str(refused.value)
    assert "templates/hxl.toml" in str(refused.value)


def test_the_same_summary_gives_the_same_bytes(season: Golden) -> None:
    for format_ in tables.FORMATS:
        assert made(season, format_) == made(season, format_)


def test_english_on_request(season: Golden) -> None:
    speak("en")
    try:
        assert workbook(made(season, "xlsx")).sheetnames[0] == "summary"
        rows = as_dicts(made(season, "csv"))
        assert "Made good (1 or 0)" in rows[0]
        assert Counter(row["Outcome"] for row in rows) == {"aired": 18, "incomplete": 13, "missed": 16, "cancelled": 14}
        book = workbook(made(season, "xlsx"))
        total = table_of(book["summary"], "Group")[0]
        heads = ("Scheduled", "Aired", "Incomplete", "Missed", "Cancelled")
        assert tuple(total[head] for head in heads) == (61, 18, 13, 16, 14)
        words = " ".join(str(cell) for name in book.sheetnames[:3] for row in book[name].values for cell in row)
        assert not re.findall(r"(?i)promised|put out|planned|played", words)
    finally:
        speak("es")


def test_r4v_says_of_which_days_a_month_is_that_the_period_cuts(season: Golden) -> None:
    def notes(period: Period) -> list[str]:
        book = workbook(made(season, "r4v", season.summary(period)))
        return [row[1] for row in book["de qué se hizo"].iter_rows(values_only=True) if row[0] == "Mes incompleto"]

    assert notes(SEASON) == []
    [cut] = notes(Period(date(2021, 6, 1), date(2021, 7, 15)))
    assert "2021-07" in cut
    assert "15/07/2021" in cut


def test_the_workbook_says_it_too_of_each_month_that_is_cut(season: Golden) -> None:
    book = workbook(made(season, "xlsx", season.summary(Period(date(2021, 6, 15), date(2021, 7, 15)))))
    told = [row[2] for row in book["resumen"].iter_rows(values_only=True) if row[0] == "Mes incompleto"]
    assert [text.split(":")[0] for text in told] == ["2021-06", "2021-07"]
    assert "15/06/2021 al 30/06/2021" in told[0]
    assert "01/07/2021 al 15/07/2021" in told[1]


def test_a_month_that_is_not_over_is_told_so_in_both(season: Golden) -> None:
    """At noon of 1 July nothing of July has aired, and a row of the month must not be taken for all of it."""
    now = datetime(2021, 7, 1, 12, tzinfo=LIMA)
    known = [[row for row in journal if row.utc < now] for journal in season.journals]
    summary = summarise(known, season.plan, season.markets, SEASON, now)
    for format_, sheet, column in (("r4v", "de qué se hizo", 1), ("xlsx", "resumen", 2)):
        rows = list(workbook(made(season, format_, summary))[sheet].iter_rows(values_only=True))
        assert [row[column] for row in rows if row[0] == "Mes incompleto"] == [
            "2021-07: todavía no termina; se cuenta lo que hay hasta el 01/07/2021."
        ]
