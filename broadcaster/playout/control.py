"""The daemon's socket: who is at the box may speak to it, nobody else.

A Unix socket in the station's ``data/``, mode 0600; the kernel says whose process is at the other end, and only the daemon's
own user, or root, is answered. One line of JSON each way. The socket is a nudge: what was ordered stands in the record, and
an order that never reached the socket is found there.
"""

import asyncio
import contextlib
import json
import logging
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from broadcaster.errors import BroadcasterError
from broadcaster.playout.orders import (
    DaemonSilent,
    NoDaemon,
    NotAllowed,
    NotUnderstood,
    Order,
    from_words,
    refusal_from_words,
    refusal_to_words,
    to_words,
)

LINE_LIMIT = 1 << 16
READ_LIMIT_S = 5.0
"""Who connects and says nothing is not waited for."""
ANSWER_LIMIT_S = 5.0
PEER = struct.Struct("3i")
"""``struct ucred``: process, user, group (unix(7), ``SO_PEERCRED``)."""

Answer = Mapping[str, Any]
Obey = Callable[[Order, str], Awaitable[Answer]]
"""Does what an order says for somebody; raises the refusal."""

log = logging.getLogger(__name__)


def who(uid: int) -> str:
    """How the record names the person: by the system's user, never by a name."""
    return f"uid:{uid}"


@contextlib.contextmanager
def _reachable(path: Path) -> Iterator[str]:
    """A name for the socket that is short enough for the kernel (108 bytes), wherever the station lies."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class ControlServer:
    """Listens at ``path`` from ``async with`` to its end. The caller holds the station's lock, so an old socket is nobody's.

    A file system without sockets (an exFAT stick) is no reason not to play: orders are then found in the record.
    """

    def __init__(self, path: Path, obey: Obey) -> None:
        self._path = path
        self._obey = obey
        self._server: asyncio.Server | None = None
        self._answering: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        try:
            self._server = await asyncio.start_unix_server(self._answer, sock=self._bound(), limit=LINE_LIMIT)
        except OSError as problem:
            log.warning("no control socket: %s", problem)
        return self

    def _bound(self) -> socket.socket:
        self._path.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            with _reachable(self._path) as name:
                listening.bind(name)
        except BaseException:
            listening.close()
            raise
        finally:
            os.umask(before)
        listening.setblocking(False)  # noqa: FBT003  socket's signature
        return listening

    async def __aexit__(self, *_: object) -> None:
        for task in self._answering:
            task.cancel()
        if self._server is not None:
            self._server.close()
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        try:
            answer = await self._answer_to(reader, writer.get_extra_info("socket"))
            if answer is not None:
                writer.write(json.dumps(answer, allow_nan=False).encode() + b"\n")
                await writer.drain()
        except (OSError, asyncio.CancelledError):  # who asked went away, or the daemon does
            pass
        finally:
            writer.close()

    async def _answer_to(self, reader: asyncio.StreamReader, peer: socket.socket) -> Answer | None:
        _pid, uid, _gid = PEER.unpack(peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size))
        try:
            line = await asyncio.wait_for(reader.readline(), READ_LIMIT_S)
        except (TimeoutError, ValueError):  # silent, or longer than any order
            return None
        if uid not in {0, os.geteuid()}:  # after its line was read: what is unread would take the refusal with it
            return refusal_to_words(NotAllowed())
        try:
            order = from_words(json.loads(line))
        except (ValueError, TypeError, AttributeError, RecursionError):
            return refusal_to_words(NotUnderstood())
        try:
            return await self._obey(order, who(uid))
        except BroadcasterError as refusal:
            return refusal_to_words(refusal)
        except Exception:
            log.exception("%s was not obeyed as it should", order.word)
            return refusal_to_words(NotUnderstood())


def ask(path: Path, order: Order, limit_s: float = ANSWER_LIMIT_S) -> dict[str, Any]:
    """Ask the daemon whose socket is at ``path``, and wait for its answer, ``limit_s`` seconds at most.

    :raises NoDaemon: nobody listens there.
    :raises DaemonSilent: no answer in time.
    :raises Refusal: it said no.
    """
    answer = _asked(path, json.dumps(to_words(order)).encode() + b"\n", limit_s)
    if "refused" in answer:
        raise refusal_from_words(answer)
    return answer


def _asked(path: Path, line: bytes, limit_s: float) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line_to:
        line_to.settimeout(limit_s)
        try:
            with _reachable(path) as name:
                line_to.connect(name)
        except (TimeoutError, BlockingIOError) as silence:  # the second: so many wait for its answer that no more may
            raise DaemonSilent from silence
        except PermissionError as problem:
            raise NotAllowed from problem
        except OSError as problem:
            raise NoDaemon from problem
        try:
            line_to.sendall(line)
            with line_to.makefile("rb") as words:
                answer = json.loads(words.readline())
        except (OSError, ValueError) as problem:
            raise DaemonSilent from problem
    if not isinstance(answer, dict):
        raise DaemonSilent
    return answer
