"""Who may come in where: asked of every route there is, so that one nobody thought of cannot stand open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from panel import CODES, Browser, Panel, WallClock, make_station, serving

from broadcaster.model import Role
from broadcaster.web.app import routes
from broadcaster.web.desk import Desk
from broadcaster.web.doors import CHANGES_NOTHING, Door, Kind, at_the_door, door_of

EXAMPLES = {"int": "1", "str": "mercado-central", "path": "panel.css", "date": "2021-06-18", "uuid": "0"}
PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
REFUSED = {401, 403}


@dataclass(frozen=True)
class Way:
    """One method of one path."""

    method: str
    path: str
    door: Door
    has_door: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def example(self) -> str:
        return PARAMETER.sub(lambda found: EXAMPLES[found[2]], self.path)


def ways() -> Iterator[Way]:
    """The whole route table, but for what the framework answers by itself."""
    app = routes(Desk(Path(), WallClock()))
    for route in app.routes:
        assert isinstance(route, HTTPRoute), route
        for method, (handler, _kwargs) in route.route_handler_map.items():
            assert isinstance(handler, HTTPRouteHandler)
            if method != "OPTIONS":
                yield Way(method, route.path, door_of(handler), isinstance(handler.opt.get("door"), Door))


WAYS = sorted(ways(), key=str)
LOCKED = [way for way in WAYS if way.door.kind is Kind.A_CODE]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    with serving(make_station(tmp_path_factory.mktemp("doors") / "station")) as made:
        yield made


@pytest.fixture(scope="module")
def stranger(panel: Panel) -> tuple[Browser, str]:
    """A browser that nobody has signed in with, and the word of its forms."""
    browser = panel.client()
    return browser, browser.word()


@pytest.fixture(scope="module")
def known(panel: Panel) -> dict[Role, tuple[Browser, str]]:
    """Somebody of each role, and the word of her forms."""
    browsers = {role: panel.signed_in(role) for role in CODES}
    return {role: (browser, browser.word()) for role, browser in browsers.items()}


def knock(browser: Browser, way: Way, word: str = "") -> httpx.Response:
    data = None if way.method in CHANGES_NOTHING else {"csrf": word}
    return browser.request(way.method, way.example, data=data)


def refused(answer: httpx.Response) -> bool:
    return answer.status_code in REFUSED or answer.headers.get("location", "").startswith("/sign-in?to=")


def test_every_route_says_its_door() -> None:
    assert [str(way) for way in WAYS if not way.has_door] == []


def test_what_anybody_may_open_are_the_first_page_the_sign_in_page_the_language_and_the_style() -> None:
    open_ = {str(way) for way in WAYS if way.door.kind is Kind.NOTHING}
    assert open_ == {
        "GET /",
        "GET /sign-in",
        "POST /sign-in",
        "POST /language",
        "GET /static/{file_path:path}",
        "HEAD /static/{file_path:path}",
    }


@pytest.mark.parametrize("way", LOCKED, ids=str)
def test_nobody_comes_in_without_a_session(way: Way, stranger: tuple[Browser, str]) -> None:
    browser, word = stranger
    assert refused(knock(browser, way, word))


@pytest.mark.parametrize("way", [way for way in LOCKED if way.door.roles], ids=str)
def test_nobody_comes_in_with_another_role(way: Way, known: dict[Role, tuple[Browser, str]]) -> None:
    for role in set(CODES) - way.door.roles:
        browser, word = known[role]
        assert refused(knock(browser, way, word)), role


@pytest.mark.parametrize("way", [way for way in WAYS if way.door.kind is Kind.NEARNESS], ids=str)
def test_the_stalls_screen_does_not_open_to_who_comes_from_elsewhere(way: Way, panel: Panel) -> None:
    """What a proxy passes on comes from this computer and is somebody else's."""
    passed_on = panel.client()
    word = passed_on.word()
    passed_on.headers["x-forwarded-for"] = "203.0.113.9"
    assert refused(knock(passed_on, way, word))


@pytest.mark.parametrize("way", [way for way in WAYS if way.method not in CHANGES_NOTHING], ids=str)
@pytest.mark.parametrize("word", ["", "0" * 64, "ñ"])
def test_nothing_is_changed_by_a_form_without_its_word(
    way: Way, word: str, panel: Panel, known: dict[Role, tuple[Browser, str]]
) -> None:
    may = next(iter(way.door.roles), Role.COORDINATOR)
    before = panel.desk.version()
    assert knock(known[may][0], way, word).status_code == 403
    assert panel.desk.version() == before


def test_a_route_that_says_no_door_opens_to_nobody() -> None:
    @get("/forgotten")
    async def forgotten() -> str:
        return "open"

    app = Litestar([forgotten], guards=[at_the_door], openapi_config=None)
    (route,) = (route for route in app.routes if isinstance(route, HTTPRoute))
    door = door_of(route.route_handler_map["GET"][0])
    assert door.kind is Kind.A_CODE
    assert not door.roles & set(Role)
