"""What every request passes: names, foreign pages, sizes, slowness; and what every answer carries."""

import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from litestar.datastructures import Headers
from panel import Panel, make_station, serving

from broadcaster.journal.events import Held
from broadcaster.model import MarketId, Role
from broadcaster.web import gate as gate_module
from broadcaster.web import serving as serving_module
from broadcaster.web.addresses import Address, BadAddress, is_near, is_ours, read_address, same_place
from broadcaster.web.cookies import LONGEST, Jar, read_cookies
from broadcaster.web.gate import came_directly, stood_on
from broadcaster.web.serving import KEPT_FREE, MOST_CONNECTIONS, MOST_OF_ONE, bound, crowded

HERE = Address("127.0.0.1", 8010)
MARKET = Address("192.168.7.2", 8010)
PROXIED = Address("127.0.0.1", 8010, frozenset({"panel.example.org"}))


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:8010", "127.0.0.1", 8010),
        ("localhost:80", "127.0.0.1", 80),
        ("[::1]:0", "::1", 0),
        ("192.168.7.2:65535", "192.168.7.2", 65535),
    ],
)
def test_an_address_is_a_number_and_a_port(text: str, host: str, port: int) -> None:
    read = read_address(text)
    assert (read.host, read.port) == (host, port)


@pytest.mark.parametrize(
    "text",
    ["", "127.0.0.1", ":8010", "market:8010", "127.0.0.1:70000", "127.0.0.1:x", "a@127.0.0.1:1", "127.0.0.1:1/x"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        read_address(text)


@pytest.mark.parametrize(
    ("host", "address", "ours"),
    [
        ("127.0.0.1:8010", HERE, True),
        ("localhost:8010", HERE, True),
        ("[::1]:8010", HERE, True),
        ("192.168.7.2:8010", HERE, False),
        ("attacker.example:8010", HERE, False),
        ("127.0.0.1.attacker.example", HERE, False),
        ("127.0.0.1@attacker.example", HERE, False),
        ("", HERE, False),
        ("192.168.7.2:8010", MARKET, True),
        ("attacker.example", MARKET, False),
        ("panel.example.org", PROXIED, True),
        ("PANEL.example.org:443", PROXIED, True),
        ("other.example.org", PROXIED, False),
        ("[", HERE, False),
    ],
)
def test_a_name_that_was_not_given_is_not_answered_to(host: str, address: Address, *, ours: bool) -> None:
    """A page elsewhere can have its own name mean this computer; a number it cannot."""
    assert is_ours(host, address) is ours


@pytest.mark.parametrize(
    ("client", "address", "network", "near"),
    [
        ("127.0.0.1", HERE, False, True),
        ("::1", HERE, False, True),
        ("::ffff:127.0.0.1", HERE, False, True),
        ("192.168.7.9", MARKET, True, True),
        ("192.168.7.9", MARKET, False, False),
        ("203.0.113.9", MARKET, True, True),  # a documentation network: private, as Python counts
        ("8.8.8.8", MARKET, True, False),
        ("testclient", MARKET, True, False),
    ],
)
def test_near_is_this_computer_or_the_network_of_a_building(
    client: str, address: Address, *, network: bool, near: bool
) -> None:
    assert is_near(client, address, network=network) is near


@pytest.mark.parametrize(
    ("url", "host", "same"),
    [
        ("http://127.0.0.1:8010", "127.0.0.1:8010", True),
        ("http://127.0.0.1:8010/office", "127.0.0.1:8010", True),
        ("http://127.0.0.1:9000", "127.0.0.1:8010", False),
        ("null", "127.0.0.1:8010", False),
        ("http://[", "127.0.0.1:8010", False),
        ("", "", False),
    ],
)
def test_a_page_of_another_place_is_told_from_ours(url: str, host: str, *, same: bool) -> None:
    assert same_place(url, host) is same


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Of one station for all: nothing here changes it."""
    with serving(make_station(tmp_path_factory.mktemp("gate") / "station")) as made:
        yield made


def test_a_foreign_name_is_turned_away_before_anything_else(panel: Panel) -> None:
    answer = panel.client().get("/sign-in", headers={"host": "attacker.example"})
    assert answer.status_code == 421
    assert "attacker.example" in answer.text
    assert "<" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://attacker.example"},
        {"origin": "null"},
        {"origin": "", "referer": "http://attacker.example/x"},
        {"origin": "", "sec-fetch-site": "cross-site"},
        {"origin": "", "sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_sites_page_changes_nothing_though_it_knows_the_word(
    panel: Panel, headers: dict[str, str]
) -> None:
    browser = panel.client()
    word = browser.word()
    del browser.headers["origin"]
    sent = {name: value for name, value in headers.items() if value}
    answer = browser.post("/language", data={"csrf": word, "language": "en"}, headers=sent)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("version", "headers", "direct"),
    [
        ("1.1", {}, True),
        ("1.1", {"Viewport-Width": "360"}, True),
        ("1.0", {}, False),
        ("1.1", {"X-Forwarded-For": "203.0.113.9"}, False),
        ("1.1", {"X-Forwarded-Port": "443"}, False),
        ("1.1", {"CF-Connecting-IP": "203.0.113.9"}, False),
        ("1.1", {"Via": "1.1 cache"}, False),
    ],
)
def test_what_a_proxy_passes_on_is_told_from_a_neighbours_browser(
    version: str, headers: dict[str, str], *, direct: bool
) -> None:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    assert came_directly(version, Headers(raw)) is direct


def test_the_stalls_screen_does_not_open_through_a_proxy_that_says_nothing_of_itself(panel: Panel) -> None:
    """As nginx does where only the address to pass on to was written down."""
    with socket.create_connection((panel.address.host, panel.address.port), 10) as connection:
        host = f"127.0.0.1:{panel.address.port}"
        connection.sendall(f"GET /stall HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.split(b" ", 2)[1] == b"403"


def test_another_sites_page_cannot_read_ours_behind_a_persons_back(panel: Panel) -> None:
    looking = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    going_there = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert panel.client().get("/sign-in", headers=looking).status_code == 403
    assert panel.client().get("/sign-in", headers=going_there).status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/no-such-page", "/static/panel.css", "/", "/static/../app.py"])
def test_every_answer_carries_what_keeps_other_scripts_and_frames_out(panel: Panel, path: str) -> None:
    headers = panel.client().get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_pages_are_kept_by_nobody_and_styles_for_long(panel: Panel) -> None:
    assert panel.client().get("/sign-in").headers["cache-control"] == "no-store"
    assert "immutable" in panel.client().get("/static/panel.css").headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/panel.css%00.html",
        "/static/..\\app.py",
    ],
)
def test_no_path_leads_out_of_the_styles(panel: Panel, path: str) -> None:
    """Sent as it stands: a client that tidies paths would hide it."""
    with socket.create_connection((panel.address.host, panel.address.port), 10) as connection:
        host = f"127.0.0.1:{panel.address.port}"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.split(b" ", 2)[1] in {b"404", b"400"}
    assert b"litestar" not in answer.lower()
    assert b"root:" not in answer


def test_who_changes_the_language_after_a_form_comes_to_the_page_it_stood_on(panel: Panel) -> None:
    """The form's own address opens for no look."""
    browser = panel.client()
    refused = browser.post(
        "/sign-in",
        data={"csrf": browser.word(), "code": "nobody-1", "pin": "1"},
        headers={"referer": f"{panel.url}/sign-in?to=/office/log"},
    )
    assert refused.status_code == 422
    assert 'name="to" value="/sign-in?to=/office/log"' in refused.text
    here = {"host": "127.0.0.1:8010"}
    pages = ["http://127.0.0.1:8010/a?b=c", "http://elsewhere.example/a", "http://[", ""]
    assert [stood_on(Headers({**here, "referer": page})) for page in pages] == ["/a?b=c", "/", "/", "/"]


def test_each_visitor_has_her_own_language(panel: Panel) -> None:
    one, other = panel.client(), panel.client()
    assert one.form("/language", language="en", to="/sign-in").headers["location"] == "/sign-in"
    assert 'lang="en"' in one.get("/sign-in").text
    assert "Your code" in one.get("/sign-in").text
    assert 'lang="es"' in other.get("/sign-in").text


def test_cookies_are_no_scripts_and_no_other_sites_business(panel: Panel) -> None:
    (cookie,) = panel.client().get("/sign-in").headers.get_list("set-cookie")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie


def test_a_link_from_elsewhere_brings_no_session_and_makes_no_open_page_too_old() -> None:
    """Followed from a mail, it comes with the browser's word, which every form of a tab that is open has too."""
    jar = Jar(8010)
    within = {name: jar.cookie(name, "x").to_header(header="") for name in (jar.session, jar.visit, jar.language)}
    assert [("SameSite=strict" in cookie, "SameSite=lax" in cookie) for cookie in within.values()] == [
        (True, False),
        (False, True),
        (False, True),
    ]


@pytest.mark.parametrize(
    "others",
    ['theme={"a": 1}; ', "flag; ", "n=José; ", "a[b]=c; ", "=; ;; ", 'q="half; ', "broadcaster-8011-visit=other; "],
)
def test_what_another_program_has_set_hides_no_cookie_of_ours(others: str) -> None:
    """Browsers send every port's."""
    for header in (f"{others}broadcaster-8010-visit=abc", f"broadcaster-8010-visit=abc; {others}"):
        assert read_cookies(header)["broadcaster-8010-visit"] == "abc"
    assert read_cookies("broadcaster-8010-visit=" + "a" * (LONGEST + 1)) == {}


def test_who_holds_the_record_holds_up_no_other_page(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is kept current asks it again before each piece; meanwhile the stall must be heard."""
    asked, free = threading.Event(), threading.Event()
    roles = gate_module.Gate._roles
    hers, other = panel.signed_in(Role.COORDINATOR), panel.client()

    def held(gate: gate_module.Gate, code: str, session: str) -> frozenset[Role] | None:
        asked.set()
        free.wait(60)
        return roles(gate, code, session)

    with hers.stream("GET", "/office/events") as page:
        pieces = page.iter_text()
        assert "event: markets" in next(pieces)
        monkeypatch.setattr(gate_module.Gate, "_roles", held)
        try:
            panel.write(Held(MarketId("el-bosque"), "uid:1000", ""))
            assert asked.wait(20)
            assert other.get("/sign-in", timeout=10).status_code == 200
        finally:
            free.set()


def test_behind_a_proxy_with_tls_cookies_travel_there_only(tmp_path: Path) -> None:
    address = Address("127.0.0.1", 0, frozenset({"panel.example.org"}))
    with serving(make_station(tmp_path / "station"), address=address) as panel:
        passed_on = {"host": "panel.example.org", "x-forwarded-proto": "https", "x-forwarded-for": "198.51.100.7"}
        answer = panel.client().get("/sign-in", headers=passed_on)
        assert answer.status_code == 200
        assert "Secure" in answer.headers["set-cookie"]


def pushed(panel: Panel, headers: str) -> tuple[int, bytes]:
    """How many bytes of two gigabytes the panel lets itself be sent after these headers, and what it answers."""
    million, sent, answer = b"x" * 1_000_000, 0, b""
    with socket.create_connection((panel.address.host, panel.address.port), 20) as connection:
        head = f"POST /language HTTP/1.1\r\nHost: 127.0.0.1:{panel.address.port}\r\n{headers}\r\n\r\n"
        try:
            connection.sendall(head.encode())
            while sent < 2_000_000_000:
                connection.sendall(f"{len(million):x}\r\n".encode() + million + b"\r\n")
                sent += len(million)
        except OSError:
            pass  # it has hung up
        with suppress(OSError):
            answer = connection.recv(65536)
    return sent, answer


FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.mark.parametrize("headers", [f"{FORM}Content-Length: 2000000000", f"{FORM}Transfer-Encoding: chunked"])
def test_of_two_gigabytes_next_to_nothing_is_read(panel: Panel, headers: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sent, _answer = pushed(panel, headers)
    assert sent < 50_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_a_form_that_is_too_large_is_told_so(panel: Panel) -> None:
    browser = panel.client()
    answer = browser.post("/language", data={"csrf": browser.word(), "language": "x" * 200_000})
    assert answer.status_code == 413
    assert "demasiado grande" in answer.text


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Panel]:
    """A panel that waits for nobody longer than a blink."""
    monkeypatch.setattr(gate_module, "PATIENCE_S", 0.3)
    monkeypatch.setattr(serving_module, "HEAD_LIMIT_S", 0.3)
    with serving(make_station(tmp_path / "station")) as made:
        yield made


def test_one_neighbour_who_holds_all_the_connections_shuts_the_panel_for_nobody_else(
    monkeypatch: pytest.MonkeyPatch, panel: Panel
) -> None:
    monkeypatch.setattr(serving_module, "is_own", "127.0.0.1".__eq__)
    monkeypatch.setattr(serving_module, "MOST_OF_ONE", 5)
    place = panel.address.host, panel.address.port
    with ExitStack() as held:
        for _number in range(5):
            held.enter_context(socket.create_connection(place, 10, source_address=("127.0.0.9", 0)))
        one_more = held.enter_context(socket.create_connection(place, 10, source_address=("127.0.0.9", 0)))
        assert one_more.recv(1000) == b""
        other = held.enter_context(socket.create_connection(place, 10, source_address=("127.0.0.8", 0)))
        other.sendall(f"GET /static/icon.svg HTTP/1.1\r\nHost: 127.0.0.1:{place[1]}\r\n\r\n".encode())
        assert other.recv(65536).startswith(b"HTTP/1.1 200")


def test_the_network_never_takes_the_places_of_the_computer_itself() -> None:
    strangers = [f"10.0.0.{number}" for number in range(MOST_CONNECTIONS - KEPT_FREE)]
    assert not crowded("10.0.1.1", strangers[1:])
    assert crowded("10.0.1.1", strangers)
    assert not crowded("127.0.0.1", strangers)
    assert not crowded("::1", strangers)
    assert not crowded("::ffff:127.0.0.1", strangers)


def test_a_neighbour_is_known_by_her_address_and_of_ipv6_by_her_network() -> None:
    assert crowded("fd00::1", [f"fd00::{number:x}" for number in range(2, 2 + MOST_OF_ONE)])
    assert not crowded("fd00:0:0:1::1", [f"fd00::{number:x}" for number in range(2, 2 + MOST_OF_ONE)])
    assert crowded("10.0.0.9", ["10.0.0.9"] * MOST_OF_ONE)
    assert not crowded("10.0.0.9", ["10.0.0.8"] * MOST_OF_ONE)


def test_who_sends_a_head_drop_by_drop_is_hung_up_on(impatient: Panel) -> None:
    with socket.create_connection((impatient.address.host, impatient.address.port), 10) as connection:
        connection.settimeout(10)
        connection.sendall(b"GET /sign-in HTTP/1.1\r\n")
        assert connection.recv(1000) == b""


def test_who_says_nothing_is_hung_up_on(impatient: Panel) -> None:
    with socket.create_connection((impatient.address.host, impatient.address.port), 10) as connection:
        connection.settimeout(10)
        assert connection.recv(1000) == b""


def test_who_says_nothing_more_after_an_answer_is_hung_up_on_although_letters_drip(impatient: Panel) -> None:
    with socket.create_connection((impatient.address.host, impatient.address.port), 10) as connection:
        connection.settimeout(10)
        connection.sendall(
            f"GET /static/icon.svg HTTP/1.1\r\nHost: 127.0.0.1:{impatient.address.port}\r\n\r\n".encode()
        )
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET")
        rest = b"".join(iter(lambda: connection.recv(65536), b""))
        assert b"HTTP/1.1" not in rest


def test_a_body_that_does_not_come_is_not_waited_for(impatient: Panel) -> None:
    head = (
        f"POST /language HTTP/1.1\r\nHost: 127.0.0.1:{impatient.address.port}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ncsrf="
    )
    with socket.create_connection((impatient.address.host, impatient.address.port), 10) as connection:
        connection.settimeout(10)
        connection.sendall(head.encode())
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_slow_visitor_keeps_nobody_waiting(impatient: Panel) -> None:
    address = (impatient.address.host, impatient.address.port)
    slow = [socket.create_connection(address, 10) for _ in range(50)]
    try:
        assert impatient.client().get("/sign-in").status_code == 200
    finally:
        for connection in slow:
            connection.close()


def test_a_page_that_fails_shows_one_sentence_and_no_trace(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a title nobody may read")

    monkeypatch.setattr("broadcaster.web.signing._nobody_yet", broken)
    answer = panel.client().get("/sign-in")
    assert answer.status_code == 500
    for word in ("Traceback", "ZeroDivision", "nobody may read", ".py", "litestar"):
        assert word not in answer.text


def test_where_the_stations_settings_are_broken_the_sign_in_page_opens_all_the_same(tmp_path: Path) -> None:
    with serving(make_station(tmp_path / "station")) as panel:
        (panel.root / "config.toml").write_text("nonsense = \n")
        answer = panel.client().get("/sign-in")
    assert answer.status_code == 200
    assert "Traceback" not in answer.text


def test_no_page_waits_for_an_acknowledgement_of_its_head() -> None:
    """The event loop sends at once (``TCP_NODELAY``) where a socket says it is TCP, as what it accepts then does."""
    listening = bound(Address("127.0.0.1", 0))
    with listening, socket.create_connection(listening.getsockname()):
        listening.settimeout(10)
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP
