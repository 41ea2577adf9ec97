"""The markets at a glance: now, next, last, how each computer is, when it was heard from, until when it may play."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from golden import MADE, MARKETS, NODES
from lxml import html
from office_season import Office, office, tree, words
from panel import APPROVERS, OFFICER, WallClock

from broadcaster.care.doctor import Kept
from broadcaster.journal.events import (
    BoxPaired,
    DoctorRan,
    LeaseGiven,
    Looked,
    MessageReceived,
    PersonRetired,
    StickTaken,
)
from broadcaster.model import AiringId, MarketId, Outcome, Reason, Role
from broadcaster.reasons import word
from broadcaster.web.office.glance import Told, health

CENTRAL, BOSQUE = MARKETS[0], MARKETS[1]


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Office]:
    """On the day after the season's last airing."""
    with office(tmp_path / "station", WallClock(datetime(2021, 7, 31, 15, tzinfo=UTC))) as made:
        yield made


def card(at: Office, market: MarketId) -> html.HtmlElement:
    answer = at.panel.signed_in(Role.APPROVER).get("/office/markets")
    assert answer.status_code == 200
    return tree(answer.text).get_element_by_id(f"market-{market}").getparent()


def facts(at: Office, market: MarketId) -> list[str]:
    return [words(each) for each in card(at, market).cssselect("dd")]


def test_the_last_airing_of_each_market_is_told_with_its_outcome(at: Office) -> None:
    for market in MARKETS:
        lines = [line for line in at.season.summary().of_market(market) if not line.off_calendar]
        assert lines[-1].outcome is not None
        assert word(lines[-1].outcome) in facts(at, market)[2]
        assert "30 jul" in facts(at, market)[2]


def test_a_market_of_which_nothing_came_by_stick_or_message_was_never_heard_from(at: Office) -> None:
    assert facts(at, CENTRAL)[3] == "nunca"


def test_sticks_messages_and_permissions_are_told(at: Office) -> None:
    """A box that is known, whose stick came today and may play until the end of August; a message came by telephone."""
    due = datetime(2021, 7, 30, 15, tzinfo=UTC)
    airing = AiringId("2021-07-30T10:00/mercado-central")
    said = MessageReceived(
        airing, CENTRAL, due, Outcome.PLAYED, Reason.ON_TIME, "K7F3-9QXM", proved=True, by="coordinadora-9"
    )
    at.panel.write(BoxPaired(CENTRAL, NODES[CENTRAL], "a" * 64, "b" * 64))
    at.panel.write(StickTaken(NODES[CENTRAL], 1, 20, 20), LeaseGiven(NODES[CENTRAL], date(2021, 8, 31)), said)
    told = facts(at, CENTRAL)
    assert told[0] == "suena en su propio equipo"
    assert "USB: 10:00" in told[3]
    assert "mensaje: 10:00" in told[3]
    assert told[4] == "31/08/2021"


def test_the_page_changes_by_itself_when_something_comes(at: Office) -> None:
    """The same part of the page is sent again, with what has happened since."""
    browser = at.panel.signed_in(Role.COORDINATOR)
    with browser.stream("GET", "/office/events", timeout=30) as stream:
        parts = _parts(stream)
        assert "nunca" in next(parts)
        at.panel.write(
            BoxPaired(BOSQUE, NODES[BOSQUE], "a" * 64, "b" * 64), LeaseGiven(NODES[BOSQUE], date(2021, 7, 1))
        )
        assert "terminó el 01/07/2021" in next(parts)


def test_the_page_of_somebody_who_is_retired_is_told_nothing_more(at: Office) -> None:
    with at.panel.signed_in(Role.APPROVER).stream("GET", "/office/events", timeout=30) as stream:
        parts = _parts(stream)
        assert "nunca" in next(parts)
        at.panel.write(PersonRetired(APPROVERS[0], OFFICER), BoxPaired(BOSQUE, NODES[BOSQUE], "a" * 64, "b" * 64))
        assert next(parts, None) is None


def _parts(stream: httpx.Response) -> Iterator[str]:
    found: list[str] = []
    for line in stream.iter_lines():
        if line.startswith("data:"):
            found.append(line.removeprefix("data:"))
        elif not line and found:
            yield "\n".join(found)
            found = []


TODAY = date(2021, 7, 31)


def kept(*red: str) -> Kept:
    return Kept(MADE, DoctorRan("evening", tuple(Looked(code) for code in red)))


@pytest.mark.parametrize(
    ("told", "awaited", "badge", "said"),
    [
        (Told(here=False, box=True, lease=date(2021, 7, 30)), 0, "bad", "terminó el 30/07/2021"),
        (Told(here=False, box=True, lease=TODAY + timedelta(days=3)), 0, "warn", "hasta el 03/08/2021"),
        (Told(here=False, box=True, lease=TODAY + timedelta(days=30), kept=kept("volume")), 0, "bad", "Volumen"),
        (Told(here=False, box=True, lease=TODAY + timedelta(days=30)), 2, "warn", "2 emisiones"),
        (Told(here=False, box=True, kept=kept()), 0, "ok", "todo estaba listo"),
        (Told(here=True, box=False), 0, "ok", "No se sabe de nada malo."),
        (Told(here=False, box=False), 0, "quiet", "Todavía no se sabe nada"),
    ],
)
def test_health_tells_the_gravest_thing_first(at: Office, told: Told, awaited: int, badge: str, said: str) -> None:
    found = health(told, awaited, TODAY)
    assert (found.badge, said in found.said) == (badge, True), found
