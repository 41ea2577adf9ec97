"""What every request passes and every answer carries, before and after the routes.

A request that another site's page had the browser send, or that came under a name which is not ours, ends here. Who asks and
in which language is found here; roles come from the record, anew each time.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit

from litestar.datastructures import Headers
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Message, Receive, Scope, Send

from broadcaster.errors import BroadcasterError, trace
from broadcaster.locale import LANGUAGES, language, speaking
from broadcaster.locale import gettext as _
from broadcaster.locale.shown import shown
from broadcaster.model import Role
from broadcaster.web.addresses import Address, is_near, is_ours, is_plain, same_place
from broadcaster.web.cookies import Jar, read_cookies
from broadcaster.web.desk import Desk
from broadcaster.web.doors import CHANGES_NOTHING, word_of
from broadcaster.web.refusals import ForeignHost, ForeignPage, NoSuchPlace, TooSlow, TurnedAway
from broadcaster.web.visitor import Visitor

POLICY = (
    b"default-src 'self'; img-src 'self' data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'"
)
CARRIED: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"microphone=(self), camera=(), geolocation=()"),
)
"""By every answer that does not say it otherwise itself, as a document shown within a page does, which has its own styles.
``no-referrer`` would have browsers send forms without saying from where."""
KEPT_BY_NOBODY = (b"cache-control", b"no-store")
PASSED_ON = ("forwarded", "via", "x-real-ip", "x-forwarded-", "cf-", "true-client-ip")
"""Who passes requests on for others says so in a header that begins like one of these: it is not a neighbour's browser."""
PATIENCE_S = 30.0
SLOWEST_BYTES_PER_S = 2000
"""A body that comes more slowly, after a first patience, is not waited for; a phone on the oldest network is faster."""

FORGOTTEN_BYTES, FORGETTING_S = 4_000_000, 5.0
"""What is refused is taken in and forgotten so far, and so long; then the connection is closed."""

log = logging.getLogger(__name__)


class Gate:
    """Around the application."""

    def __init__(self, app: ASGIApp, desk: Desk, address: Address, *, network: bool) -> None:
        self._app = app
        self._desk = desk
        self._address = address
        self._network = network
        self._port = address.port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; or the application's own start and end."""
        if str(scope["type"]) == "http":
            await self._http(cast("HTTPScope", scope), receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        headers = Headers(scope["headers"])
        jar = Jar(self._port, secure=scope["scheme"] == "https")
        cookies = read_cookies(headers.get("cookie", ""))
        spoken = await self._language(cookies.get(jar.language, ""))
        known = cookies.get(jar.visit, "")
        visit = known or secrets.token_urlsafe(24)
        fresh = [] if known else [(b"set-cookie", jar.cookie(jar.visit, visit).to_header(header="").encode())]
        has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        exchange = _Exchange(receive, send, fresh, has_body=has_body)
        with speaking(spoken):
            try:
                refuse_foreigners(scope["method"], scope["path"], headers, self._address)
                state = scope.setdefault("state", {})
                state["jar"], state["session"] = jar, cookies.get(jar.session, "")
                visitor = await self._visitor(scope, headers, state["session"], visit)
                state["visitor"] = visitor
                if visitor.signed_in:
                    exchange.as_long_as = partial(self._is_still, visitor, state["session"])
                await self._app(scope, exchange.receive, exchange.send)
            except (LetGo, BaseExceptionGroup) as ended:
                if isinstance(ended, BaseExceptionGroup) and ended.subgroup(LetGo) is None:
                    log.error("a page failed: %s", trace(ended))  # noqa: TRY400
            except TurnedAway as refused:
                await exchange.plainly(refused.status, str(refused))
            except Exception as error:  # the last net: where it happened goes to the log, a sentence to the person
                log.error("a page failed: %s", trace(error))  # noqa: TRY400  a message may quote what people wrote
                await exchange.plainly(HTTPStatus.INTERNAL_SERVER_ERROR, _("Something unexpected happened."))

    async def _language(self, wanted: str) -> str:
        return wanted if wanted in LANGUAGES else await asyncio.to_thread(self._stations_language)

    def _stations_language(self) -> str:
        try:
            return self._desk.station.language
        except BroadcasterError:
            return LANGUAGES[0]

    async def _visitor(self, scope: HTTPScope, headers: Headers, session: str, visit: str) -> Visitor:
        client = scope["client"][0] if scope["client"] else ""
        direct = came_directly(scope["http_version"], headers)
        plain = is_plain(headers.get("host", ""), self._address)
        code = self._desk.sessions.code_of(session, self._desk.clock.now().monotonic_s) if session else ""
        roles = await asyncio.to_thread(self._roles, code, session) if code else None
        return Visitor(
            code=code if roles else "",
            roles=roles or frozenset(),
            language=language(),
            near=direct and plain and is_near(client, self._address, network=self._network),
            visit=visit,
            csrf=word_of(visit),
            address=client,
            path=_asked(scope),
            back=_asked(scope) if scope["method"] in CHANGES_NOTHING else stood_on(headers),
        )

    async def _is_still(self, visitor: Visitor, session: str) -> bool:
        """Whether somebody whose page is kept current is who she was when it was opened.

        The record is asked by a thread: whoever holds it holds up no other page, and no stop.
        """
        in_ = self._desk.sessions.goes_on(session, self._desk.clock.now().monotonic_s)
        return in_ and await asyncio.to_thread(self._roles, visitor.code, session) == visitor.roles

    def _roles(self, code: str, session: str) -> frozenset[Role] | None:
        """What the code may do now; ``None``: nothing any more, or this session was begun with another PIN."""
        try:
            person = self._desk.decisions().people.get(code)
            pins = self._desk.pins_set(code)
        except BroadcasterError:
            return None  # who may what is on record alone
        stays = person is not None and not person.retired and self._desk.sessions.pin_of(session) == pins
        return frozenset(person.roles) if person is not None and stays else None


def refuse_foreigners(method: str, path: str, headers: Headers, address: Address) -> None:
    """Return when the request is meant for this panel and, if it changes something, was sent by a page of it. Pure.

    :raises ForeignHost, ForeignPage, NoSuchPlace: it was not.
    """
    if not path.isprintable():
        raise NoSuchPlace
    host = headers.get("host", "")
    if not is_ours(host, address):
        raise ForeignHost(host=shown(host))
    site = headers.get("sec-fetch-site", "none")
    if method in CHANGES_NOTHING:
        if site == "cross-site" and headers.get("sec-fetch-mode", "navigate") != "navigate":
            raise ForeignPage  # another site's page looks at ours without the person going there
        return
    said = headers.get("origin") or headers.get("referer")
    if (said is not None and not same_place(said, host)) or site not in {"none", "same-origin"}:
        raise ForeignPage


def came_directly(version: str, headers: Headers) -> bool:
    """Whether nobody passed it on. A proxy that was told nothing else speaks HTTP/1.0, as no browser has for long. Pure."""
    return version != "1.0" and not any(name.lower().startswith(PASSED_ON) for name in headers.keys())  # noqa: SIM118  of several values


def stood_on(headers: Headers) -> str:
    """The page of ours on which a form stood, as far as the browser says so. Pure."""
    try:
        page = urlsplit(headers.get("referer", ""))
    except ValueError:
        return "/"
    path = f"{page.path}?{page.query}" if page.query else page.path
    return path if page.netloc == headers.get("host", "") and path.startswith("/") else "/"


class LetGo(BaseException):
    """The end of an answer that would go on for ever. No error, and nobody else's to catch."""


class _Exchange:
    """One request's way in and out: what comes, comes in time; every answer carries what it must."""

    def __init__(self, receive: Receive, send: Send, cookies: Iterable[tuple[bytes, bytes]], *, has_body: bool) -> None:
        self._receive = receive
        self._send = send
        self._cookies = cookies
        self._begun_s = asyncio.get_running_loop().time()
        self._came = 0
        self._whole = not has_body
        self._answered = False
        self.as_long_as: Callable[[], Awaitable[bool]] | None = None
        """Asked before each further piece of an answer that goes on."""

    async def receive(self) -> HTTPReceiveMessage:
        """What is sent next.

        :raises TooSlow: it did not come in time.
        """
        if self._whole or self._answered:
            return cast("HTTPReceiveMessage", await self._receive())
        until_s = self._begun_s + PATIENCE_S + self._came / SLOWEST_BYTES_PER_S
        try:
            async with asyncio.timeout_at(until_s):
                message = cast("HTTPReceiveMessage", await self._receive())
        except TimeoutError:
            raise TooSlow from None
        if message["type"] == "http.request":
            self._came += len(message["body"])
            self._whole = not message["more_body"]
        return message

    async def send(self, message: Message) -> None:
        """The answer, piece by piece. What is still being sent when it begins is not read to its end."""
        if message["type"] == "http.response.start":
            await self._let_it_come()
            self._answered = True
            own = {name.lower() for name, _value in message["headers"]}
            carried = [(name, value) for name, value in CARRIED if name not in own]
            headers = [*message["headers"], *carried, *self._cookies]
            if not any(name.lower() == b"cache-control" for name, _value in headers):
                headers.append(KEPT_BY_NOBODY)
            if not self._whole:
                headers.append((b"connection", b"close"))
            message["headers"] = headers
        elif message["type"] == "http.response.body" and message["more_body"] and not await self._still_stands():
            raise LetGo
        await self._send(message)

    async def _still_stands(self) -> bool:
        return self.as_long_as is None or await self.as_long_as()

    async def _let_it_come(self) -> None:
        """A little of what is still being sent is taken and forgotten: a browser that is hung up on shows no answer."""
        with suppress(TooSlow, TimeoutError):
            async with asyncio.timeout(FORGETTING_S):
                while not self._whole and self._came < FORGOTTEN_BYTES:
                    if (await self.receive())["type"] != "http.request":
                        return

    async def plainly(self, status: HTTPStatus, said: str) -> None:
        """An answer of one sentence; nothing where another has begun."""
        if self._answered:
            return
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": said.encode(), "more_body": False})


def _asked(scope: HTTPScope) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else scope["path"]
