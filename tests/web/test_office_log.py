"""The play log: filters, pages that meet every line once, and files that other programs read back."""

import csv
import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from golden import MARKETS
from office_season import Office, office, tree, words

from broadcaster.journal.events import Exported
from broadcaster.locale import gettext as _
from broadcaster.model import Evidence, Outcome, Reason, Role
from broadcaster.reports.summary import Line
from broadcaster.web.office import log, log_page
from broadcaster.web.office.asked import NotAChoice
from broadcaster.web.office.market_names import OFFERED, fitting, meant, typed

LOG, EXPORT = "/office/log", "/office/log/export"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("office") / "station") as made:
        yield made


def airings(text: str) -> list[str]:
    links = tree(text).cssselect("tbody th a")
    return [dict(parse_qsl(urlsplit(each.get("href")).query))["id"] for each in links]


def asked(at: Office, **filters: object) -> list[str]:
    """All airings that fit, page by page."""
    browser, found = at.panel.signed_in(Role.COORDINATOR), []
    address: str | None = (
        log.Filter().address(LOG) + "?" + "&".join(f"{name}={value}" for name, value in filters.items())
    )
    while address:
        answer = browser.get(address)
        assert answer.status_code == 200
        found += airings(answer.text)
        following = tree(answer.text).cssselect('a[rel="next"]')
        address = following[0].get("href") if following else None
    return found


def ended(at: Office) -> list[Line]:
    summary = at.season.summary()
    return [line for line in (*summary.lines, *summary.make_goods, *summary.by_hand) if line.outcome is not None]


def test_the_pages_meet_every_airing_that_has_ended_once_the_newest_first(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "ON_A_PAGE", 7)
    found, lines = asked(at), ended(at)
    assert sorted(found) == sorted(line.airing for line in lines)
    assert len(set(found)) == len(found) > 60
    dues = {str(line.airing): line.due for line in lines}
    assert [dues[each] for each in found] == sorted((dues[each] for each in found), reverse=True)


@pytest.mark.parametrize(
    ("filters", "fits"),
    [
        ({"first": "2021-07-01"}, lambda line: line.day >= date(2021, 7, 1)),
        ({"last": "2021-06-16"}, lambda line: line.day <= date(2021, 6, 16)),
        ({"market": MARKETS[1]}, lambda line: line.market == MARKETS[1]),
        ({"episode": "3"}, lambda line: line.episode == 3),
        ({"outcome": "missed"}, lambda line: line.outcome is Outcome.MISSED),
        ({"reason": "power_loss"}, lambda line: line.reason is Reason.POWER_LOSS),
        ({"evidence": "microphone"}, lambda line: line.evidence is Evidence.MICROPHONE),
        (
            {"market": MARKETS[3], "outcome": "played", "first": "2021-06-20", "last": "2021-07-10"},
            lambda line: (
                line.market == MARKETS[3]
                and line.outcome is Outcome.PLAYED
                and date(2021, 6, 20) <= line.day <= date(2021, 7, 10)
            ),
        ),
    ],
)
def test_a_filter_shows_what_fits_and_nothing_else(at: Office, filters: dict[str, str], fits: Any) -> None:
    wanted = sorted(line.airing for line in ended(at) if fits(line))
    assert wanted
    assert sorted(asked(at, **filters)) == wanted


@pytest.mark.parametrize(
    "nonsense",
    [
        {"first": "yesterday"},
        {"first": "2021-07-02", "last": "2021-07-01"},
        {"market": "'; DROP TABLE journal; --"},
        {"episode": "-1"},
        {"episode": "٣" * 9},
        {"outcome": "<script>alert(1)</script>"},
        {"reason": "nothing"},
        {"evidence": "word"},
        {"after": "nowhere"},
    ],
)
def test_what_cannot_be_asked_for_is_told_in_one_sentence(at: Office, nonsense: dict[str, str]) -> None:
    answer = at.panel.signed_in(Role.COORDINATOR).get(LOG, params=nonsense)
    assert answer.status_code == 422
    assert len(tree(answer.text).cssselect(".notice.bad")) == 1
    assert "<script>" not in answer.text


def test_of_many_markets_the_page_holds_no_list_and_takes_what_people_type(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_page, "FEW", len(MARKETS) - 1)
    market, browser = at.season.station.markets[MARKETS[1]], at.panel.signed_in(Role.COORDINATOR)
    (field,) = tree(browser.get(LOG).text).cssselect("#market")
    assert (field.tag, field.get("value")) == ("input", "")
    offered = browser.get(field.get("data-names"), params={"part": market.name.split()[-1].upper()})
    assert offered.json() == [market.name]
    answer = browser.get(LOG, params={"market": market.name.upper()})
    assert tree(answer.text).cssselect("#market")[0].get("value") == market.name
    assert {str(each).rpartition("/")[2] for each in airings(answer.text)} == {MARKETS[1]}


def test_a_market_is_meant_by_its_id_or_its_name_without_accents_and_capitals() -> None:
    names = {"jm": "Jesús María", "m1": "San Juan", "m2": "San Juan", "sj": "San Jerónimo"}
    assert [meant(text, names) for text in ("", " ", "jm", "JESUS MARIA ", "m2")] == ["", "", "jm", "jm", "m2"]
    for nobody in ("San", "San Juan", "x"):
        with pytest.raises(NotAChoice):
            meant(nobody, names)
    assert fitting("san j", names) == ["San Jerónimo", "m1", "m2"]
    assert fitting("mar", names) == ["Jesús María"]
    assert len(fitting("", {f"m{number}": f"m{number}" for number in range(1000)})) == OFFERED


@pytest.mark.parametrize(
    "names",
    [
        {"a": "San José", "b": "San Jose"},
        {"centro": "Mercado Uno", "m2": "Centro"},
        {"a": "San Juan", "b": "San Juan", "c": "san juan"},
        {"b": "a", "a": "b", "c": "B"},
        {"jm": "Jesús María"},
    ],
)
def test_whatever_stands_for_a_market_brings_it_back(names: dict[str, str]) -> None:
    """Offered while somebody types, or in the field when the page comes back."""
    assert sorted(meant(offered, names) for offered in fitting("", names)) == sorted(names)
    assert [meant(typed(id_, names), names) for id_ in names] == list(names)


def export(at: Office, format_: str, **filters: str) -> bytes:
    answer = at.panel.signed_in(Role.COORDINATOR).form(EXPORT, page=LOG, format=format_, **filters)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="log-')
    return answer.content


def test_csv_json_and_workbook_hold_what_is_filtered_line_by_line(at: Office) -> None:
    filters = {"market": MARKETS[0], "outcome": "missed"}
    wanted = sorted(
        (line for line in ended(at) if line.market == MARKETS[0] and line.outcome is Outcome.MISSED),
        key=lambda line: line.due,
    )
    rows = list(csv.DictReader(StringIO(export(at, "csv", **filters).decode("utf-8-sig"))))
    assert [row[_("Airing")] for row in rows] == [line.airing for line in wanted]
    assert [row[_("Outcome")] for row in rows] == ["no emitida"] * len(wanted)
    assert [datetime.fromisoformat(row[_("Due")]) for row in rows] == [line.due for line in wanted]
    told = json.loads(export(at, "json", **filters))
    assert [each["airing"] for each in told] == [line.airing for line in wanted]
    assert [each["reason"] for each in told] == [line.reason for line in wanted]
    sheet = openpyxl.load_workbook(BytesIO(export(at, "xlsx", **filters))).active
    assert sheet is not None
    heads, *lines = sheet.iter_rows(values_only=True)
    assert [line[heads.index(_("Airing"))] for line in lines] == [line.airing for line in wanted]
    assert [line[heads.index(_("Due"))] for line in lines] == [line.due.replace(tzinfo=None) for line in wanted]


def test_an_export_tells_of_nobody_who_said_something(at: Office) -> None:
    """What people say is in it; their codes are not."""
    told = json.loads(export(at, "json"))
    assert sum(each["confirmed"] is not None for each in told) == 3
    assert "d-07" not in export(at, "json").decode()
    assert "uid:1000" not in export(at, "csv").decode()


def test_an_export_is_on_record_with_its_days_markets_content_and_who_took_it(at: Office) -> None:
    content = export(at, "csv", market=MARKETS[2])
    row = next(row.event for row in reversed(at.panel.desk.rows((Exported,))) if isinstance(row.event, Exported))
    assert (row.document, row.format, row.by) == ("log", "csv", "coordinadora-9")
    assert row.markets == (MARKETS[2],)
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert (row.first, row.last) == (date(2021, 6, 11), date(2021, 7, 30))


def test_nothing_and_too_much_make_no_file(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = at.panel.signed_in(Role.COORDINATOR)
    before = len(at.panel.desk.rows((Exported,)))
    empty = browser.form(EXPORT, page=LOG, format="csv", episode="77")
    monkeypatch.setattr(log, "MOST", 10)
    large = browser.form(EXPORT, page=LOG, format="csv")
    assert (empty.status_code, large.status_code) == (422, 422)
    assert "no se hizo ningún archivo" in words(tree(empty.text))
    assert "más de 10 líneas" in words(tree(large.text))
    assert len(at.panel.desk.rows((Exported,))) == before


def test_the_protection_officer_reads_the_log_and_is_offered_no_file(at: Office) -> None:
    text = at.panel.signed_in(Role.PROTECTION_OFFICER).get(LOG).text
    assert airings(text)
    assert log_page.PATH + "/export" not in text


def test_one_airing_is_explained_step_by_step(at: Office) -> None:
    """An airing of another computer's record, which a stick brought, as that computer lived it."""
    browser = at.panel.signed_in(Role.PROTECTION_OFFICER)
    page = tree(browser.get("/office/airing", params={"id": f"2021-06-16T10:00/{MARKETS[2]}"}).text)
    assert "no emitida" in words(page.cssselect(".lead")[0])
    assert "Se fue la luz" in words(page.cssselect(".chain .broken")[0])
    assert words(page.cssselect(".notice.bad")[0]) == "Se cortó aquí: Programa."


@pytest.mark.parametrize("name", ["", "nothing", "<script>alert(1)</script>", "2021-06-16T10:00/" + "x" * 5000])
def test_an_airing_that_nobody_knows_is_told_as_that(at: Office, name: str) -> None:
    answer = at.panel.signed_in(Role.COORDINATOR).get("/office/airing", params={"id": name})
    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert "No hay ninguna emisión" in words(tree(answer.text))
