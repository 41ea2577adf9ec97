"""The socket: bound before anything else, and closed to whoever keeps it busy for nothing."""

import asyncio
import logging
import socket
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

import h11
import uvicorn
from litestar.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause
from broadcaster.web.addresses import Address, is_own, neighbour
from broadcaster.web.app import create_app
from broadcaster.web.desk import Desk

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

MOST_CONNECTIONS = 200
MOST_OF_ONE = 60
"""Connections of one neighbour: one computer in the network shuts the panel for nobody else."""
KEPT_FREE = 20
"""Connections that only this computer gets, whatever the network does."""
HEAD_LIMIT_S = 10.0
"""Who connects has so long to say what is wanted: an open connection that says nothing takes somebody's place."""
LARGEST_HEAD = 16_384
KEEP_ALIVE_S = 5
ENDING_S = 2
"""Live pages never end by themselves; they are not waited for."""


class CannotListen(UsageError):
    """The address is taken, or not this computer's."""

    sentence: ClassVar[str] = N_(
        "The panel cannot be opened at {address} ({problem}). Close what uses that port, or give the panel another address."
    )


def bound(address: Address) -> socket.socket:
    """A socket that holds the address.

    :raises CannotListen: it cannot be had.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    # The protocol is said: where it is not, asyncio leaves each answer waiting for the acknowledgement of its head, 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address.host, address.port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        problem = clause(error) if isinstance(error, OSError) else str(error)
        raise CannotListen(address=f"{address.host}:{address.port}", problem=problem) from error
    listening.setblocking(False)  # noqa: FBT003  socket's signature
    return listening


class Serving:
    """One panel that serves until it is told to end."""

    def __init__(self, desk: Desk, address: Address, *, network: bool = False) -> None:
        """Hold the address. Nothing is answered before :meth:`run`.

        :raises CannotListen: it cannot be had.
        """
        self._socket = bound(address)
        self.address = replace(address, port=self._socket.getsockname()[1])
        self._desk = desk
        app = create_app(desk, self.address, network=network)
        self._server = uvicorn.Server(_config(app, proxied=bool(address.names)))

    def run(self) -> None:
        """Serve, until :meth:`end` or a signal."""
        try:
            with suppress(KeyboardInterrupt):  # which uvicorn raises again when it has ended in order
                self._server.run(sockets=[self._socket])
        finally:
            self._desk.close()

    def end(self) -> None:
        """From any thread: no further request, and soon no answer."""
        self._server.should_exit = True

    @property
    def began(self) -> bool:
        """Whether it answers."""
        return self._server.started


def _config(app: ASGIApp, *, proxied: bool) -> uvicorn.Config:
    for name in ("uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what went wrong in a page the gate has put into the log
    return uvicorn.Config(
        cast("ASGI3Application", app),  # two descriptions of one protocol
        http=PromptProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=proxied,
        forwarded_allow_ips="127.0.0.1",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=ENDING_S,
        h11_max_incomplete_event_size=LARGEST_HEAD,
    )


def crowded(client: str, others: Collection[str]) -> bool:
    """Whether there is no place for one more of this client beside those that are connected. Pure."""
    if is_own(client):
        return False
    who = neighbour(client)
    full = len(others) >= MOST_CONNECTIONS - KEPT_FREE
    return full or sum(neighbour(other) == who for other in others) >= MOST_OF_ONE


def _who(protocol: object) -> str:
    """The address at the other end; nothing where that has gone already."""
    client = getattr(protocol, "client", None)
    return client[0] if client else ""


class PromptProtocol(H11Protocol):
    """Closes a connection whose request does not begin, or whose head does not end, in :data:`HEAD_LIMIT_S`.

    And at once one too many of a neighbour's (:data:`MOST_OF_ONE`), or where the network has all that it gets
    (:data:`KEPT_FREE`).
    """

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if crowded(_who(self), [_who(each) for each in self.connections if each is not self]):
            transport.close()
        else:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_there()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._head_is_there()
        elif self._head_timer is None:
            self._wait_for_head()

    def _wait_for_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_LIMIT_S, self._too_slow)

    def _head_is_there(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        self._head_timer = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()
