"""An office changes the layouts of its documents without code: copied out, changed, tried, used; a broken one is named."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from golden import JUNE, UNICACHI, Golden, golden
from papers import docx_text, request

from broadcaster import locale
from broadcaster.reports.documents import CERTIFICATE, make
from broadcaster.reports.documents.layouts import SHIPPED, LayoutBroken
from broadcaster.reports.documents.own_layouts import State, copy_to, faults, layouts

NOW = datetime(2021, 8, 2, 9, 0, tzinfo=ZoneInfo("America/Lima"))


@pytest.fixture
def season(tmp_path: Path) -> Iterator[Golden]:
    locale.use("es")
    yield golden(tmp_path)
    locale.use("es")


def mine(season: Golden) -> Path:
    return season.station.root / "templates"


def states(season: Golden) -> dict[str, State]:
    return {layout.name: layout.state for layout in layouts(season.station)}


def told(season: Golden, *words: str) -> subprocess.CompletedProcess[str]:
    station = ("--station", str(season.station.root), "--language", "en")
    command = [sys.executable, "-m", "broadcaster", *station, "layouts", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def edit(path: Path, words: str) -> None:
    """As in Word: a paragraph more."""
    document = Document(str(path))
    document.add_paragraph(words)
    document.save(str(path))


def test_every_layout_is_copied_once_and_what_is_there_stays_as_it_is(season: Golden) -> None:
    written = copy_to(mine(season))
    assert {name for name in written if name.endswith(".docx")} == {
        f"{language}/{document}.docx"
        for language in ("es", "en")
        for document in ("certificate", "donor", "monthly", "practice")
    }
    edit(mine(season) / "es" / "certificate.docx", "Oficina")
    kept = (mine(season) / "es" / "certificate.docx").read_bytes()
    assert copy_to(mine(season)) == []
    assert (mine(season) / "es" / "certificate.docx").read_bytes() == kept


def test_it_is_said_which_layouts_the_office_changed(season: Golden) -> None:
    assert set(states(season).values()) == {State.PROGRAM}
    copy_to(mine(season), ("certificate",), ("es",))
    edit(mine(season) / "es" / "certificate.docx", "Oficina")
    (mine(season) / "es" / "constancia.docx").write_bytes(b"a name of her own")
    found = states(season)
    assert found["es/certificate.docx"] is State.CHANGED
    assert found["es/certificate.html"] is State.COPIED
    assert found["en/certificate.docx"] is State.PROGRAM
    assert found["es/constancia.docx"] is State.UNKNOWN


def test_a_changed_layout_is_the_one_that_is_used(season: Golden) -> None:
    copy_to(mine(season), ("certificate",))
    edit(mine(season) / "es" / "certificate.docx", "Expediente de {{ market.name }}: {{ figures.planned }}")
    assert list(faults(season.station, NOW)) == []
    text = docx_text(make(CERTIFICATE, "docx", request(season, JUNE, UNICACHI)))
    assert "Expediente de Mercado Unicachi: 6" in text


@pytest.mark.parametrize("words", ["{{ nombre }}", "{{ figures.planned", "{%p for line in lines %}"])
def test_a_broken_layout_is_found_before_it_is_needed_and_named(season: Golden, words: str) -> None:
    copy_to(mine(season), ("monthly",), ("es",))
    edit(mine(season) / "es" / "monthly.docx", words)
    [(name, fault)] = faults(season.station, NOW)
    assert name == "es/monthly.docx"
    assert isinstance(fault, LayoutBroken)
    assert "es/monthly.docx" in str(fault)
    assert "\n" not in str(fault)
    with pytest.raises(LayoutBroken):
        make("monthly", "docx", request(season, JUNE))


def test_a_file_that_is_no_word_document_is_found_too(season: Golden) -> None:
    copy_to(mine(season), ("practice",), ("es",))
    (mine(season) / "es" / "practice.docx").write_bytes(b"not a document")
    [(name, _fault)] = faults(season.station, NOW)
    assert name == "es/practice.docx"


def test_the_shipped_layouts_are_good_and_trying_them_leaves_the_language_as_it_was(season: Golden) -> None:
    copy_to(mine(season))
    for path in mine(season).rglob("*.docx"):
        edit(path, "changed")
    for path in mine(season).rglob("*.html"):
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    locale.use("en")
    assert list(faults(season.station, NOW)) == []
    assert locale.language() == "en"


def test_the_command_copies_lists_and_checks(season: Golden, tmp_path: Path) -> None:
    done = told(season, "copy", "certificate", "--only", "es")
    assert done.returncode == 0, done.stderr
    assert "es/certificate.docx" in done.stdout.split()
    again = told(season, "copy", "certificate", "--only", "es")
    assert (again.returncode, len(again.stderr.strip().splitlines())) == (64, 1)
    assert json.loads(told(season, "--json").stdout)
    assert "copied here" in told(season).stdout
    edit(mine(season) / "es" / "certificate.docx", "{{ nombre }}")
    checked = told(season, "check")
    assert checked.returncode == 1
    assert "es/certificate.docx" in checked.stderr
    sent = tmp_path / "sent"
    assert told(season, "copy", "--to", str(sent)).returncode == 0
    assert (sent / "en" / "donor.docx").read_bytes() == (SHIPPED / "en" / "donor.docx").read_bytes()


@pytest.mark.parametrize("words", ["{{ nombre }}", "{% if reach %}{{ reach[0].nombre }}{% endif %}", "{{ reach"])
def test_a_broken_part_that_pages_share_is_found_and_it_is_the_one_that_is_named(season: Golden, words: str) -> None:
    copy_to(mine(season), (), ("es",))
    part = mine(season) / "es" / "listeners.html"
    part.write_text(part.read_text(encoding="utf-8") + words, encoding="utf-8")
    [(name, fault)] = faults(season.station, NOW)
    assert name == "es/listeners.html"
    assert "es/listeners.html" in str(fault)


def test_a_part_that_pages_share_is_changed_once_for_all_of_them(season: Golden) -> None:
    copy_to(mine(season))
    part = mine(season) / "es" / "listeners.html"
    part.write_text("<p>Contado por la oficina</p>", encoding="utf-8")
    assert list(faults(season.station, NOW)) == []
    for document in ("monthly", "donor", "page"):
        assert b"Contado por la oficina" in make(document, "html", request(season, JUNE))


def test_a_row_that_only_a_real_season_has_is_tried_too(season: Golden) -> None:
    copy_to(mine(season), ("certificate",), ("es",))
    page = mine(season) / "es" / "certificate.html"
    text = page.read_text(encoding="utf-8")
    assert "codes[0].command" in text
    page.write_text(text.replace("codes[0].command", "codes[0].orden"), encoding="utf-8")
    assert [name for name, _fault in faults(season.station, NOW)] == ["es/certificate.html"]


def test_of_a_page_and_a_part_that_are_both_broken_each_is_told_once(season: Golden) -> None:
    copy_to(mine(season), (), ("es",))
    for name in ("es/listeners.html", "es/page.html", "es/certificate.html"):
        (mine(season) / name).write_text("{{ nombre }}", encoding="utf-8")
    told = [(name, str(fault)) for name, fault in faults(season.station, NOW)]
    assert sorted(name for name, _said in told) == ["es/certificate.html", "es/listeners.html", "es/page.html"]
    assert all(name in said for name, said in told)


@pytest.mark.parametrize("everything", [True, False])
def test_a_page_that_asks_a_part_for_what_is_not_there_is_the_one_that_is_named(
    season: Golden, *, everything: bool
) -> None:
    copy_to(mine(season), () if everything else ("page",), ("es",))
    page = mine(season) / "es" / "page.html"
    page.write_text(page.read_text(encoding="utf-8") + "{{ charts.bars(nombre) }}", encoding="utf-8")
    [(name, fault)] = faults(season.station, NOW)
    assert name == "es/page.html"
    assert "es/page.html" in str(fault)


@pytest.mark.parametrize("words", ["changes[0].market", "reason_bars[0].total", "by_message[0]", "reasons[0].measure"])
def test_a_row_is_tried_before_any_airing(season: Golden, words: str) -> None:
    """A layout may use what a season brings only later, and a wrong word in it is found before."""
    copy_to(mine(season), ("page",), ("es",))
    page = mine(season) / "es" / "page.html"
    shipped = page.read_text(encoding="utf-8")
    page.write_text(f"{shipped}{{{{ {words} }}}}", encoding="utf-8")
    assert list(faults(season.station, NOW)) == []
    page.write_text(f"{shipped}{{{{ {words}.nombre }}}}", encoding="utf-8")
    assert [name for name, _fault in faults(season.station, NOW)] == ["es/page.html"]


def test_a_part_goes_with_the_program_and_with_the_copies_that_an_office_asks_for(
    season: Golden, tmp_path: Path
) -> None:
    """What a page takes in is in the wheel, is copied with all of them, and a page of the office alone still finds it."""
    shared = {"charts.html", "style.css", "es/listeners.html", "en/listeners.html"}
    assert shared <= set(copy_to(tmp_path / "all"))
    assert copy_to(mine(season), ("page",), ("es",)) == ["es/page.html"]
    page = mine(season) / "es" / "page.html"
    page.write_text(page.read_text(encoding="utf-8") + "<p>Oficina</p>", encoding="utf-8")
    made = make("page", "html", request(season, JUNE)).decode()
    assert "<p>Oficina</p>" in made
    assert "Personas al alcance del parlante" in made


def test_a_part_of_the_office_s_own_is_used_where_a_page_of_hers_takes_it_in(season: Golden) -> None:
    copy_to(mine(season), ("page",), ("es",))
    page, part = mine(season) / "es" / "page.html", mine(season) / "es" / "firma.html"
    part.write_text("<p>Firma de la oficina</p>", encoding="utf-8")
    assert states(season)["es/firma.html"] is State.UNKNOWN
    page.write_text(page.read_text(encoding="utf-8") + '{% include "es/firma.html" %}', encoding="utf-8")
    assert states(season)["es/firma.html"] is State.CHANGED
    assert list(faults(season.station, NOW)) == []
    assert b"Firma de la oficina" in make("page", "html", request(season, JUNE))
    part.write_text("{{ nombre }}", encoding="utf-8")
    [(name, fault)] = faults(season.station, NOW)
    assert name == "es/firma.html"
    assert "es/firma.html" in str(fault)
