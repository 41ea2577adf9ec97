"""Sticks from a page: the same exchange as the command's, only with what is plugged in, and on record with her code."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from office_season import tree, words
from panel import Panel, make_station, serving
from stick_stations import Place, SetClock

from broadcaster.hub.exchange import take_stick
from broadcaster.hub.keys import keys_of
from broadcaster.hub.outgoing import write_for_office
from broadcaster.journal.events import BoxPaired, LeaseGiven, StickByHand, StickTaken
from broadcaster.model import MarketId, Role
from broadcaster.web.office import mounted
from broadcaster.web.office.sticks_page import errands_of

STICKS = "/office/sticks"
CENTRAL = MarketId("mercado-central")


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where systems put what is plugged in."""
    made = tmp_path / "media" / "somebody" / "STICK"
    (made / "broadcaster").mkdir(parents=True)
    monkeypatch.setattr(mounted, "PLACES", (tmp_path / "media",))
    return made


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[Panel]:
    with serving(make_station(tmp_path / "office"), SetClock()) as made:
        yield made


def done(panel: Panel) -> html.HtmlElement:
    """The page once the stick's errand is over."""
    browser = panel.signed_in(Role.COORDINATOR)
    while True:
        now = errands_of(panel.desk).now
        assert now is not None
        if now.done:
            return tree(browser.get(STICKS).text)
        time.sleep(0.02)


def send(panel: Panel, way: str, who: Role = Role.COORDINATOR, **fields: object) -> int:
    return panel.signed_in(who).form(f"{STICKS}/{way}", page=STICKS, **fields).status_code


def pair(panel: Panel, stick: Path, tmp_path: Path) -> Place:
    """The box of the market in the centre and the office come to know each other, by the page at the office's side."""
    box = Place.new(tmp_path / "box", serves=CENTRAL)
    assert send(panel, "out", stick=stick, market=CENTRAL) == 303
    code = words(done(panel).cssselect(".errand")[0]).rpartition(": ")[2]
    with box.journal() as journal:
        take_stick(box.station, journal, stick, lambda _market: code)
        own = keys_of(box.station).card(journal.node).code
    assert send(panel, "in", stick=stick, code=own) == 303
    assert "ya se conoce aquí" in words(done(panel).cssselect(".errand")[0])
    return box


def test_an_office_and_a_box_come_to_know_each_other_and_rows_go_both_ways(
    panel: Panel, stick: Path, tmp_path: Path
) -> None:
    box = pair(panel, stick, tmp_path)
    assert send(panel, "out", stick=stick, market=CENTRAL) == 303
    assert "El USB está listo" in words(done(panel).cssselect(".errand")[0])
    assert "14 de junio" in words(done(panel).cssselect(".errand")[0]), "tomorrow it is still shown, and is no news"
    with box.journal() as journal:
        take_stick(box.station, journal, stick, lambda _market: "")
        write_for_office(box.station, journal, stick)
    assert send(panel, "in", stick=stick) == 303
    name = panel.desk.station.markets[CENTRAL].name
    row = words(next(each for each in done(panel).cssselect(".sticks tbody tr") if name in words(each)))
    assert "lunes 14 de junio de 2021" in row
    kinds = [type(each.event) for each in panel.desk.rows((BoxPaired, LeaseGiven, StickTaken))]
    assert kinds.count(StickTaken) == 1
    assert LeaseGiven in kinds


def test_who_had_a_stick_written_or_taken_in_is_on_record(panel: Panel, stick: Path) -> None:
    send(panel, "out", stick=stick, market=CENTRAL)
    done(panel)
    events = [row.event for row in panel.desk.rows((StickByHand,))]
    assert events == [StickByHand("coordinadora-9", "out", CENTRAL)]


@pytest.mark.parametrize("named", ["/", "/etc", "../..", "", "relative"])
def test_only_what_is_plugged_in_can_be_named(panel: Panel, stick: Path, named: str) -> None:
    for way in ("in", "out"):
        assert send(panel, way, stick=named, market=CENTRAL) == 422
    assert errands_of(panel.desk).now is None
    assert panel.desk.rows((StickByHand,)) == []


def test_a_stick_that_holds_nothing_says_so_and_changes_nothing(panel: Panel, stick: Path) -> None:
    assert send(panel, "in", stick=stick) == 303
    assert "no trae nada para este equipo" in words(done(panel).cssselect(".notice.bad")[0])


def test_a_key_that_is_not_known_yet_asks_for_its_code(panel: Panel, stick: Path, tmp_path: Path) -> None:
    box = Place.new(tmp_path / "box", serves=CENTRAL)
    send(panel, "out", stick=stick, market=CENTRAL)
    code = words(done(panel).cssselect(".errand")[0]).rpartition(": ")[2]
    with box.journal() as journal:
        take_stick(box.station, journal, stick, lambda _market: code)
    send(panel, "in", stick=stick)
    assert "dicten su código" in words(done(panel).cssselect(".notice.bad")[0])
    assert panel.desk.rows((BoxPaired,)) == []


def test_the_protection_officer_sees_how_it_stands_and_moves_nothing(panel: Panel, stick: Path) -> None:
    page = tree(panel.signed_in(Role.PROTECTION_OFFICER).get(STICKS).text)
    assert page.cssselect("table.sticks")
    assert not page.cssselect(f'form[action^="{STICKS}"]')
    assert send(panel, "out", Role.PROTECTION_OFFICER, stick=stick, market=CENTRAL) == 403


def test_without_a_stick_the_commands_are_told(panel: Panel, stick: Path) -> None:
    (stick / "broadcaster").rmdir()
    page = tree(panel.signed_in(Role.COORDINATOR).get(STICKS).text)
    assert not page.cssselect(f'form[action^="{STICKS}"]')
    assert "broadcaster bundle import" in words(page.cssselect(".commands")[0])


def test_a_link_among_the_places_is_no_stick(tmp_path: Path, stick: Path) -> None:
    (tmp_path / "media" / "link").symlink_to("/")
    assert mounted.sticks() == (stick,)
