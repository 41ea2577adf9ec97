"""What people type is shown as they typed it, and is never anything but words; what nobody expects breaks nothing."""

import logging
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from full_station import SCRIPT, fill
from litestar.openapi.config import OpenAPIConfig
from panel import OFFICER, PIN, Browser, Panel, WallClock, make_station, serving
from test_every_page import pages

from broadcaster.journal.events import PersonRolesChanged
from broadcaster.model import Role
from broadcaster.web.app import routes
from broadcaster.web.desk import Desk

LIVE = "<script>window.hurt"
ENDS = {"/sign-out"}
"""Forms that are no words."""
EXAMPLES = 6
"""Of each route; more find nothing else and take their time."""


class Forms(HTMLParser):
    """The forms of a page that change something: where they go, and what a careless or hostile hand fills in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form" and known.get("method", "").lower() == "post":
            self.found.append((known.get("action", ""), known.get("enctype", ""), {}))
        elif self.found and (name := known.get("name", "")):
            self._fill(tag, name, known)
        elif self.found and tag == "option" and self._select and known.get("value"):
            self.found[-1][2].setdefault(self._select, known["value"])
        if tag == "select":
            self._select = known.get("name", "")

    def _fill(self, tag: str, name: str, known: dict[str, str]) -> None:
        fields = self.found[-1][2]
        match known.get("type", "text"):
            case _ if tag == "textarea":
                fields[name] = SCRIPT
            case _ if tag == "select":
                return
            case "hidden" | "radio" | "checkbox" | "submit":
                fields.setdefault(name, known.get("value", "on"))
            case "number" | "range":
                fields[name] = known.get("min") or "1"
            case "date":
                fields[name] = "2021-07-01"
            case "password":
                fields[name] = PIN
            case "file":
                return
            case _:
                fields[name] = known.get("value") or SCRIPT


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    with serving(fill(make_station(tmp_path_factory.mktemp("words") / "station"))) as made:
        made.write(PersonRolesChanged(OFFICER, tuple(Role), OFFICER))
        made.give_pin(OFFICER)
        yield made


def forms_of(text: str) -> list[tuple[str, str, dict[str, str]]]:
    parser = Forms()
    parser.feed(text)
    return parser.found


def every_page(browser: Browser) -> Iterator[tuple[str, str]]:
    for way in pages():
        answer = browser.get(way.example)
        if "text/html" in answer.headers.get("content-type", ""):
            yield way.example, answer.text


def test_a_script_typed_into_every_field_of_every_form_runs_on_no_page(panel: Panel) -> None:
    browser = panel.signed_in(OFFICER)
    sent: set[str] = set()
    for path, text in every_page(browser):
        assert LIVE not in text, path
        for action, enctype, fields in forms_of(text):
            where = action or path
            for overwritten in (fields, {**fields, **{n: SCRIPT for n in fields if n not in {"csrf", "pin", "to"}}}):
                if where.partition("?")[0] in ENDS or "multipart" in enctype:
                    continue
                answer = browser.post(where, data=overwritten)
                assert answer.status_code < 500, (where, overwritten)
                assert LIVE not in answer.text, where
                sent.add(where)
    assert "/language" in sent
    for path, text in every_page(browser):
        assert LIVE not in text, path


def test_the_words_are_there_all_the_same(panel: Panel) -> None:
    """Nothing is swallowed: what was typed is shown, as letters."""
    assert "&lt;script&gt;window.hurt=1&lt;/script&gt;" in panel.client().get("/sign-in").text


def test_what_no_route_expects_breaks_none(panel: Panel, caplog: pytest.LogCaptureFixture) -> None:
    """Words where numbers are asked for, letters of every alphabet, missing and doubled fields: by schemathesis."""
    described = routes(Desk(Path(), WallClock()), OpenAPIConfig(title="panel", version="1")).openapi_schema.to_schema()
    described["paths"] = {path: ways for path, ways in described["paths"].items() if not path.endswith("/events")}
    schema = schemathesis.openapi.from_dict(described)
    browser = panel.signed_in(OFFICER)
    cookies = {panel.jar.session: browser.cookies[panel.jar.session]}
    word = browser.word()
    cookies[panel.jar.visit] = browser.cookies[panel.jar.visit]
    headers = {"origin": panel.url, "x-csrf-token": word, "accept": "text/html"}
    wrong: list[str] = []
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        if operation.path in ENDS:
            continue

        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def send(case: Any) -> None:
            answer = case.call(base_url=panel.url, headers=headers, cookies=cookies, allow_redirects=False)
            if answer.status_code >= 500:
                wrong.append(f"{case.method} {case.formatted_path} {case.body!r} {case.query!r}: {answer.status_code}")

        with caplog.at_level(logging.CRITICAL):
            send()
    assert wrong == []
