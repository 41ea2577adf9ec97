"""Who may come in. Every route says its door where it is declared; one that says none opens to nobody.

``@get("/office/log", **open_to(Role.COORDINATOR))``. Whoever changes something also shows that the form came from a page
of ours: its hidden field ``csrf`` holds what only that browser's pages were given.
"""

import hmac
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from broadcaster.model import Role
from broadcaster.web.refusals import NotHerDoor, NotTheStall, PageTooOld, SignInFirst
from broadcaster.web.visitor import Visitor

FIELD = "csrf"
"""The hidden field of every form."""
HEADER = "x-csrf-token"
"""Where a script says it instead."""
CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})


class Kind(Enum):
    """What a door asks for."""

    NOTHING = "nothing"
    NEARNESS = "nearness"
    """The stall's: no session, but only from the box itself or the stall's own network."""
    A_CODE = "a code"
    """Signed in, with one of the door's roles when it names any."""


@dataclass(frozen=True)
class Door:
    """Of one route."""

    kind: Kind
    roles: frozenset[Role] = field(default=frozenset())

    def let_in(self, visitor: Visitor) -> None:
        """Return when the visitor may come in.

        :raises TurnedAway: she may not.
        """
        if self.kind is Kind.NEARNESS and not visitor.near:
            raise NotTheStall
        if self.kind is not Kind.A_CODE:
            return
        if not visitor.signed_in:
            raise SignInFirst
        if not visitor.may(*self.roles):
            raise NotHerDoor(code=visitor.code)


def open_to(*roles: Role) -> dict[str, Any]:
    """A route for whoever has signed in and holds one of these roles."""
    if not roles:
        raise ValueError("no role: say SIGNED_IN")
    return {"door": Door(Kind.A_CODE, frozenset(roles))}


ANYBODY: dict[str, Any] = {"door": Door(Kind.NOTHING)}
STALL: dict[str, Any] = {"door": Door(Kind.NEARNESS)}
SIGNED_IN: dict[str, Any] = {"door": Door(Kind.A_CODE)}
STREAMED: dict[str, Any] = {"streamed": True}
"""Added to a door: the handler reads what is sent piece by piece, and shows the form's word to :func:`same_page` itself."""


def visitor_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Visitor:
    """Whom the gate found behind this request."""
    visitor = connection.scope["state"]["visitor"]
    assert isinstance(visitor, Visitor)  # noqa: S101  the gate put it there
    return visitor


async def at_the_door(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every route.

    :raises TurnedAway: the visitor may not come in, or her form is not from a page of ours.
    """
    visitor = visitor_of(connection)
    door_of(handler).let_in(visitor)
    assert isinstance(connection, Request)  # noqa: S101  every route here is http
    if connection.method in CHANGES_NOTHING:
        return
    word = connection.headers.get(HEADER)
    if word is None and not handler.opt.get("streamed"):
        word = str((await connection.form()).get(FIELD, ""))
    if word is not None:
        same_page(visitor, word)


def door_of(handler: BaseRouteHandler) -> Door:
    """The door of a route; one that nobody can open where none was said."""
    door = handler.opt.get("door")
    return door if isinstance(door, Door) else Door(Kind.A_CODE, frozenset({NOBODY}))


NOBODY: Any = "nobody"
"""No role of anybody's."""


def same_page(visitor: Visitor, word: str) -> None:
    """Return when the form was given to this browser by a page of ours.

    :raises PageTooOld: it carries another word, or none.
    """
    if not visitor.csrf or not hmac.compare_digest(word.encode(), visitor.csrf.encode()):
        raise PageTooOld


def word_of(visit: str) -> str:
    """What the forms of a browser carry: it follows from the browser's own cookie, so that it outlives the panel's end.

    A stop button on a page that was loaded before must still stop.
    """
    return hmac.new(visit.encode(), b"a form of the panel", sha256).hexdigest()
